#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/http/message.hpp"
#include "ingest/http/problem.hpp"

/// The head of a request (RFC 9112 §2 to §7), read to the letter: what two readers could take for two different things
/// is refused, whoever else would forgive it.
namespace answerable::http {

/// The head of a request as it stands, checked.
struct Head {
  std::string method;
  std::string path;  ///< of a plain path, or "*"
  std::vector<std::pair<std::string, std::string>> query;
  Headers headers;
  std::string content_type;             ///< lower case, without parameters
  std::optional<std::uint64_t> length;  ///< Content-Length
  bool chunked{};
  bool expects_continue{};  ///< the client waits for "100 Continue" before it sends the body
  bool closes{};            ///< the client wants the connection closed after the answer
};

constexpr std::size_t most_head_bytes = 32 << 10;
constexpr std::size_t most_line_bytes = 8 << 10;  ///< of the first line, and of each field
constexpr std::size_t most_fields = 100;

/// Looks for the end of a head while it comes in, byte by byte if need be, at a cost that is linear in its size.
class HeadFinder {
 public:
  /// \param came everything since the head began, a little more each time
  /// \return the size of the head, with the empty line that ends it; nothing while it is not whole
  /// \throws Problem 400 as soon as a line ends otherwise than with CR LF, 414 and 431 as soon as it is too long
  std::optional<std::size_t> find(std::string_view came);

 private:
  std::size_t seen_{}, line_start_{}, lines_{};
};

/// \param text a head as HeadFinder found it \throws Problem 400, 414, 417, 431, 501, 505
Head parse_head(std::string_view text);

/// One "name: value" of a head or a trailer section, without its line end. \throws Problem 400
std::pair<std::string_view, std::string_view> parse_field(std::string_view line);

}  // namespace answerable::http
