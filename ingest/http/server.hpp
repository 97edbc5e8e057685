#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "ingest/http/message.hpp"

namespace answerable::http {

/// What a stranger can make the server hold or wait for.
struct Limits {
  std::size_t body{1 << 20};            ///< bytes; more is answered with 413
  std::chrono::seconds silence{10};     ///< how long a connection may send nothing
  std::chrono::seconds connection{60};  ///< how long a connection may last, however busy: no feeding byte by byte
  int threads{16};                      ///< requests under way at once
  int waiting{64};                      ///< connections in the queue; further ones are closed
};

/// An HTTP/1.1 server (RFC 9112) that hands whole requests to a function. Without TLS: put a proxy before it.
///
/// A request must state its length (else 411), may not be too long (413), and is not handed on when its body was cut
/// off. What the handler throws is told to `failed` and answered with 500, without the reason.
class Server {
 public:
  using Handler = std::function<Response(const Request&)>;  ///< called by many threads at once
  using Failed = std::function<void(const std::exception&)>;

  /// Listens and answers until it is dropped, which lets requests that are under way finish.
  /// \param address "127.0.0.1:8080", "[::1]:8080", "example.org:80"; port 0 takes a free one
  /// \throws std::runtime_error when the address is not one or is taken
  Server(const std::string& address, Handler handler, Failed failed, Limits limits = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  std::uint16_t port() const;
  /// "127.0.0.1:8080"
  std::string address() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::http
