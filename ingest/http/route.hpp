#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/http/message.hpp"
#include "ingest/http/problem.hpp"

namespace answerable::http {

/// What becomes of a request's body.
enum class Body {
  none,      ///< none is taken: one that is sent is refused
  buffered,  ///< whole in Request::body, before the handler is called
  streamed,  ///< read by the handler from Request::stream, in flat memory
};

/// One door: a method, a path, and who answers there.
struct Route {
  std::string method;  ///< "GET" answers HEAD too
  std::string path;    ///< "/submissions/{id}": a part in braces is any one part of a path, never an empty one
  Body body{Body::none};
  std::size_t body_cap{};                      ///< bytes; more is answered with 413
  std::function<Response(Request&)> handle{};  ///< called by many threads at once; throws Problem for what it refuses
};

/// All doors. Decides from the head of a request alone, so before a byte of its body is read.
class Router {
 public:
  /// \throws std::logic_error when two routes are the same, or a path is not one
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route;
    std::map<std::string, std::string> parameters;
  };
  /// The route, or 404, or 405 with Allow. Between two that fit, the one with the fixed part before the one in braces.
  /// \param path still percent-encoded
  std::variant<Match, Problem> find(std::string_view method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace answerable::http
