#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP/1.1 (RFC 9110, RFC 9112): what is asked and what is answered.
namespace answerable::http {

/// ASCII letters count as the same in either case, as in field names.
struct CaseLess {
  using is_transparent = void;
  bool operator()(std::string_view one, std::string_view other) const;
};

/// A request's header fields. A field that was sent on several lines is one value, joined with ", " (Cookie: "; ") as
/// RFC 9110 §5.3 allows for lists; of fields that can have one value only, a second line is refused before this exists.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
  void add(std::string_view name, std::string_view value);
  /// Nothing when the field was not sent. Names in either case.
  std::optional<std::string_view> find(std::string_view name) const;
  /// Every cookie of this name, as sent: more than one means that somebody planted one.
  std::vector<std::string_view> cookies(std::string_view name) const;
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::map<std::string, std::string, CaseLess> fields_;
};

/// Who is at the other end of the connection.
struct Peer {
  std::string address{};             ///< "192.0.2.1" or "2001:db8::1", without the port; empty on a Unix socket
  bool unix_socket{};                ///< came by the Unix socket, which only the trusted proxy can open
  bool encrypted{};                  ///< by this server's own TLS
  std::string certificate_sha256{};  ///< of the client certificate's DER, in hex; empty without one. Nobody vouches
                                     ///< for it: all that is proved is that the client has its key

  /// Came over TCP from this machine itself.
  bool loopback() const { return address == "127.0.0.1" || address == "::1"; }
};

struct Request {
  std::string method{};                             ///< "POST"
  std::string path{};                               ///< "/submissions/S-1": without the query, still percent-encoded
  std::string route{};                              ///< "/submissions/{id}": safe to log, which the path is not
  std::map<std::string, std::string> parameters{};  ///< of the route's path, percent-decoded, UTF-8
  std::vector<std::pair<std::string, std::string>> query{};  ///< percent-decoded, UTF-8, in the order sent
  Headers headers{};
  std::string content_type{};  ///< media type in lower case, without parameters; empty when not sent
  std::string body{};          ///< of routes with Body::buffered: whole, its digest checked
  std::istream* stream{};      ///< of routes with Body::streamed: read it once, to its end. Throws BodyFault, at the
                               ///< latest before its last byte is given out, when the body is not what was announced
  Peer peer{};

  /// The first of this name.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

/// Whose request it is: the peer's address, or, on the Unix socket, what the proxy there says of whom it speaks for
/// (the last of X-Forwarded-For: those before it are whatever the client sent). "" when nobody said.
std::string client_address(const Request& request);

struct Response {
  int status{200};
  std::string content_type{"text/plain; charset=utf-8"};
  std::string body{};
  /// Further fields. One that the server sets by itself (Content-Security-Policy, Cache-Control …) takes this value
  /// instead; an empty value leaves it out.
  std::multimap<std::string, std::string, CaseLess> headers{};
  /// Instead of `body`: called once with where to write, after the head was sent. In chunks, unless `headers` state a
  /// Content-Length. When it throws the connection is cut, so that the reader sees that something is missing.
  std::function<void(std::ostream&)> write{};
};

/// A body that is not what its request announced. Let it through: the server answers with `status` and closes.
struct BodyFault : std::runtime_error {
  BodyFault(int with, const std::string& why) : runtime_error(why), status(with) {}
  int status;
};
/// It ended, or nothing more came, before its end.
struct CutOff : BodyFault {
  using BodyFault::BodyFault;
};
/// It came whole, and is not what Content-Digest says (RFC 9530).
struct WrongDigest : BodyFault {
  using BodyFault::BodyFault;
};

}  // namespace answerable::http
