#include "ingest/http/answer_head.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include "ingest/http/problem.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

/// \param encrypted HSTS means something only there (RFC 6797 §7.2)
std::multimap<std::string, std::string, CaseLess> guarding_fields(bool encrypted) {
  std::multimap<std::string, std::string, CaseLess> fields{
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
       "frame-ancestors 'none'; base-uri 'none'"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"}};
  if (encrypted) fields.emplace("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  return fields;
}

bool frames(std::string_view name) {
  return same_word(name, "content-length") || same_word(name, "transfer-encoding") || same_word(name, "connection");
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!is_token(name) || value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos)
    throw std::logic_error(fmt::format("an answer's field {} has a value that no field can have", name));
  text.append(name).append(": ").append(value).append("\r\n");
}

std::optional<std::uint64_t> stated_length(const Response& response) {
  const auto field = response.headers.find("content-length");
  if (field == response.headers.end()) return std::nullopt;
  std::uint64_t length{};
  const std::string& value = field->second;
  if (std::from_chars(value.data(), value.data() + value.size(), length).ptr != value.data() + value.size())
    throw std::logic_error("an answer's Content-Length is not a number");
  return length;
}

}  // namespace

AnswerHead::AnswerHead(const Response& response, const Request& request, bool closes)
    : text(fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status))) {
  append_field(text, "Date", Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT));
  for (const auto& [name, value] : guarding_fields(request.peer.encrypted))
    if (!response.headers.contains(name)) append_field(text, name, value);
  for (const auto& [name, value] : response.headers)
    if (!frames(name)) append_field(text, name, value);
  if (closes) append_field(text, "Connection", "close");
  if (may_have_body(response.status)) {
    append_field(text, "Content-Type", response.content_type);
    if (response.write) stated = stated_length(response);
    chunked = response.write && !stated;
    if (chunked)
      append_field(text, "Transfer-Encoding", "chunked");
    else
      append_field(text, "Content-Length", std::to_string(stated.value_or(response.body.size())));
  }
  text += "\r\n";
}

}  // namespace answerable::http
