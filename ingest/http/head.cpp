#include "ingest/http/head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

[[noreturn]] void refuse_head(int status, std::string detail) {
  throw Problem{.status = status, .detail = std::move(detail)};
}

/// Of these a second line is a second opinion (RFC 9110 §5.3).
bool has_one_value(std::string_view name) {
  static const std::set<std::string_view, CaseLess> single{"authorization",
                                                           "content-length",
                                                           "content-location",
                                                           "content-range",
                                                           "content-type",
                                                           "date",
                                                           "expect",
                                                           "from",
                                                           "host",
                                                           "idempotency-key",
                                                           "if-modified-since",
                                                           "if-range",
                                                           "if-unmodified-since",
                                                           "max-forwards",
                                                           "origin",
                                                           "proxy-authorization",
                                                           "range",
                                                           "referer",
                                                           "transfer-encoding",
                                                           "user-agent"};
  return single.contains(name);
}

/// RFC 3986 §3.2.2 and §3.2.3, for names, IPv4 and bracketed IPv6 addresses.
bool is_authority(std::string_view text) {
  const auto in = [](std::string_view some) {
    return [some](char c) { return is_digit(c) || some.find(lower_letter(c)) != some.npos; };
  };
  std::string_view host = text, port;
  const auto end_of_host = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[')) {
    if (end_of_host == text.npos) return false;
    host = text.substr(1, end_of_host - 1);
    port = text.substr(end_of_host + 1);
    if (!std::ranges::all_of(host, in("abcdef:."))) return false;
  } else {
    host = text.substr(0, end_of_host);
    port = text.substr(host.size());
    if (!std::ranges::all_of(host, in("abcdefghijklmnopqrstuvwxyz-._"))) return false;
  }
  if (host.empty() || port == ":") return false;
  return port.empty() || (port.starts_with(':') && port.size() <= 6 && std::ranges::all_of(port.substr(1), is_digit));
}

bool is_query_character(char c) {
  return c > ' ' && c < 0x7F && std::string_view{"\"#<>[]\\^`{|}"}.find(c) == std::string_view::npos;
}

/// Path and query, and the authority of an absolute address (RFC 9112 §3.2.2), which a proxy would send.
std::optional<std::string_view> read_target(std::string_view target, Head& head) {
  std::optional<std::string_view> authority;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_word(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    authority = target.substr(0, target.find_first_of("/?#"));
    target.remove_prefix(authority->size());
  }
  const std::string_view path = cut_off(target, '?');
  if (!is_plain_path(path) && !(path == "*" && !authority && head.method == "OPTIONS"))
    refuse_head(400,
                "The path of the request is not one: expected /, then letters, digits, percent-encoded UTF-8, and no . "
                "or .. parts.");
  head.path = path;
  auto query = std::ranges::all_of(target, is_query_character) ? parse_pairs(target) : std::nullopt;
  if (!query) refuse_head(400, "What follows the question mark is not percent-encoded UTF-8.");
  head.query = std::move(*query);
  return authority;
}

/// \return the authority, when the request line has one
std::optional<std::string_view> read_request_line(std::string_view line, Head& head) {
  const auto method_end = line.find(' '), target_end = line.rfind(' ');
  if (method_end == line.npos || target_end == method_end)
    refuse_head(400, "The first line is not METHOD, one space, a path, one space, HTTP/1.1.");
  const std::string_view version = line.substr(target_end + 1);
  if (!is_token(line.substr(0, method_end)) || version.size() != 8 || !version.starts_with("HTTP/") ||
      !is_digit(version[5]) || version[6] != '.' || !is_digit(version[7]))
    refuse_head(400, "The first line is not METHOD, one space, a path, one space, HTTP/1.1.");
  if (version != "HTTP/1.1") refuse_head(505, "This server speaks HTTP/1.1 only.");
  head.method = line.substr(0, method_end);
  return read_target(line.substr(method_end + 1, target_end - method_end - 1), head);
}

void read_fields(std::string_view rest, Head& head) {
  for (std::size_t fields = 0; !rest.empty(); ++fields) {
    if (fields == most_fields) refuse_head(431, fmt::format("At most {} header fields are taken.", most_fields));
    const auto end = rest.find("\r\n");
    const auto [name, value] = parse_field(rest.substr(0, end));
    if (has_one_value(name) && head.headers.find(name))
      refuse_head(400, fmt::format("The field {} was sent twice.", lower(name)));
    head.headers.add(name, value);
    rest.remove_prefix(end + 2);
  }
}

std::uint64_t read_length(std::string_view text) {
  constexpr std::size_t most_digits = 18;  // of a number that cannot overflow
  if (text.empty() || text.size() > most_digits || !std::ranges::all_of(text, is_digit))
    refuse_head(400, "Content-Length is not a number of bytes.");
  std::uint64_t length = 0;
  for (const char digit : text) length = length * 10 + static_cast<std::uint64_t>(digit - '0');
  return length;
}

void read_framing(Head& head) {
  const auto length = head.headers.find("content-length"), coding = head.headers.find("transfer-encoding");
  if (length && coding) refuse_head(400, "A request states Content-Length or Transfer-Encoding, never both.");
  if (coding && !same_word(*coding, "chunked"))
    refuse_head(501, "The only Transfer-Encoding that is understood is chunked.");
  head.chunked = coding.has_value();
  if (length) head.length = read_length(*length);
}

void read_wishes(Head& head) {
  const auto expected = head.headers.find("expect");
  if (expected && !same_word(*expected, "100-continue"))
    refuse_head(417, "The only Expect that is met is 100-continue.");
  head.expects_continue = expected.has_value();
  std::string_view connection = head.headers.find("connection").value_or("");
  while (!connection.empty()) head.closes |= same_word(trimmed(cut_off(connection, ',')), "close");
  std::string_view type = head.headers.find("content-type").value_or("");
  head.content_type = lower(trimmed(cut_off(type, ';')));
}

}  // namespace

std::optional<std::size_t> HeadFinder::find(std::string_view came) {
  for (; seen_ < came.size(); ++seen_) {
    const std::size_t length = seen_ - line_start_;
    if (length > most_line_bytes && lines_ == 0)
      refuse_head(414, fmt::format("The first line has more than {} bytes.", most_line_bytes));
    if (length > most_line_bytes || seen_ >= most_head_bytes)
      refuse_head(
          431, fmt::format("Header fields may have {} bytes each and {} together.", most_line_bytes, most_head_bytes));
    if (came[seen_] != '\n') {
      if (length != 0 && came[seen_ - 1] == '\r') refuse_head(400, "A carriage return stands without a line feed.");
      continue;
    }
    if (length == 0 || came[seen_ - 1] != '\r') refuse_head(400, "A line ends otherwise than with CR LF.");
    if (length == 1 && lines_ == 0) refuse_head(400, "The first line is empty.");
    ++lines_;
    line_start_ = seen_ + 1;
    if (length == 1) return ++seen_;
  }
  return std::nullopt;
}

std::pair<std::string_view, std::string_view> parse_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon)))
    refuse_head(400, "A header field is not a name, directly followed by a colon, and a value on the same line.");
  const std::string_view value = trimmed(line.substr(colon + 1));
  const auto is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; };
  if (std::ranges::any_of(value, is_control)) refuse_head(400, "The value of a header field holds control characters.");
  return {line.substr(0, colon), value};
}

Head parse_head(std::string_view text) {
  constexpr std::string_view end = "\r\n";
  Head head;
  const auto first_end = text.find(end);
  if (first_end == text.npos || !text.ends_with("\r\n\r\n")) refuse_head(400, "The head of the request is not whole.");
  const auto authority = read_request_line(text.substr(0, first_end), head);
  text.remove_suffix(end.size());
  read_fields(text.substr(first_end + end.size()), head);
  const auto host = head.headers.find("host");
  if (!host || !is_authority(*host))
    refuse_head(400, "The field Host, with a name and perhaps a port, is needed once.");
  if (authority && !same_word(*authority, *host)) refuse_head(400, "The address and the field Host name two hosts.");
  read_framing(head);
  read_wishes(head);
  return head;
}

}  // namespace answerable::http
