#include "ingest/http/form.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/MediaType.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>
#include <Poco/Net/NameValueCollection.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <istream>
#include <iterator>
#include <limits>
#include <sstream>
#include <system_error>

#include "ingest/http/connection.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

namespace net = Poco::Net;

[[noreturn]] void refuse_form(int status, std::string detail) {
  throw Problem{.status = status, .detail = std::move(detail)};
}

std::string whole_body(Request& request) {
  if (request.stream == nullptr) return request.body;
  return {std::istreambuf_iterator<char>(*request.stream), {}};
}

Form read_urlencoded(Request& request, const FormLimits& limits) {
  const std::string body = whole_body(request);
  auto pairs = parse_pairs(body);
  if (!pairs) refuse_form(400, "The form is not percent-encoded UTF-8.");
  if (pairs->size() > limits.fields) refuse_form(413, fmt::format("A form has at most {} fields.", limits.fields));
  for (const auto& [name, value] : *pairs) {
    if (name.size() + value.size() > limits.field_bytes)
      refuse_form(413, fmt::format("A field has at most {} bytes.", limits.field_bytes));
  }
  return {.fields = std::move(*pairs), .uploads = {}};
}

/// Reads the part by its buffer, past which no fault of the body can be lost, and to its end but once: Poco's buffer
/// would go on with the next part.
template <class Take>
void each_piece(std::istream& part, Take take) {
  std::array<char, 16 << 10> piece;
  std::streamsize got = 0;
  do {
    got = part.rdbuf()->sgetn(piece.data(), piece.size());
    take(std::string_view(piece.data(), static_cast<std::size_t>(got)));
  } while (got == static_cast<std::streamsize>(piece.size()));
}

std::string read_text(std::istream& part, std::size_t most) {
  std::string text;
  each_piece(part, [&](std::string_view piece) {
    if (piece.size() > most - text.size()) refuse_form(413, fmt::format("A field has at most {} bytes.", most));
    text += piece;
  });
  return text;
}

Upload keep_upload(std::istream& part, const std::filesystem::path& folder) {
  std::string name = (folder / "answerable-upload-XXXXXX").string();
  const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0) throw std::system_error(errno, std::generic_category(), "an upload cannot be kept in " + name);
  Upload upload;
  upload.file = {std::make_unique<std::filesystem::path>(name).release(), [](const std::filesystem::path* path) {
                   const std::unique_ptr<const std::filesystem::path> mine(path);
                   std::error_code ignored;
                   std::filesystem::remove(*mine, ignored);
                 }};
  each_piece(part, [&](std::string_view piece) {
    upload.bytes += piece.size();
    while (!piece.empty()) {
      const ssize_t written = ::write(file.number(), piece.data(), piece.size());
      if (written < 0) throw std::system_error(errno, std::generic_category(), "an upload cannot be kept in " + name);
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
  });
  return upload;
}

void read_part(const net::MessageHeader& header, std::istream& part, const FormLimits& limits, Form& form) {
  std::string disposition;
  net::NameValueCollection parameters;
  net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition, parameters);
  if (!same_word(disposition, "form-data") || !parameters.has("name"))
    refuse_form(400, "A part of the form does not say which field it is (Content-Disposition: form-data; name=\"…\").");
  const std::string& name = parameters.get("name");
  if (!parameters.has("filename")) {
    form.fields.emplace_back(name, read_text(part, limits.field_bytes));
  } else {
    Upload upload = keep_upload(part, limits.folder);
    upload.field = name;
    upload.file_name = parameters.get("filename");
    upload.content_type = header.get("Content-Type", "application/octet-stream");
    form.uploads.push_back(std::move(upload));
  }
}

Form read_multipart(std::istream& body, const std::string& boundary, const FormLimits& limits) {
  Form form;
  net::MultipartReader reader(body, boundary);
  bool last = false;
  while (!last && reader.hasNextPart()) {
    if (form.fields.size() + form.uploads.size() == limits.fields)
      refuse_form(413, fmt::format("A form has at most {} fields.", limits.fields));
    net::MessageHeader header;
    reader.nextPart(header);
    read_part(header, reader.stream(), limits, form);
    last = dynamic_cast<net::MultipartInputStream&>(reader.stream()).lastPart();
  }
  if (!last) refuse_form(400, "The form ends before its last boundary.");
  body.ignore(std::numeric_limits<std::streamsize>::max());
  return form;
}

void check_text(const Form& form) {
  for (const auto& [name, value] : form.fields)
    if (!is_plain_text(name) || !is_plain_text(value)) refuse_form(400, "A field of the form is not UTF-8 text.");
  for (const Upload& upload : form.uploads)
    if (!is_plain_text(upload.field) || !is_plain_text(upload.file_name))
      refuse_form(400, "The name of a file in the form is not UTF-8 text.");
}

}  // namespace

std::optional<std::string_view> Form::value(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

Form read_form(Request& request, const FormLimits& limits) {
  if (request.content_type == "application/x-www-form-urlencoded") return read_urlencoded(request, limits);
  if (request.content_type != "multipart/form-data")
    refuse_form(415, "Expected a form: application/x-www-form-urlencoded or multipart/form-data.");
  try {
    const net::MediaType type{std::string{*request.headers.find("content-type")}};
    if (!type.hasParameter("boundary"))
      refuse_form(400, "The form does not say how its parts are told apart (boundary).");
    std::istringstream buffered(request.body);
    std::istream& body = request.stream != nullptr ? *request.stream : buffered;
    Form form = read_multipart(body, type.getParameter("boundary"), limits);
    check_text(form);
    return form;
  } catch (const Poco::Exception& error) {
    refuse_form(400, fmt::format("The form cannot be read: {}.", error.displayText()));
  } catch (const std::ios_base::failure&) {  // Poco marks the stream as bad where the form ends too early
    refuse_form(400, "The form ends before its last boundary.");
  }
}

}  // namespace answerable::http
