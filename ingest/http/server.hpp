#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/http/message.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/route.hpp"

namespace answerable::http {

/// TLS 1.2 and 1.3. Both files are PEM.
struct Tls {
  std::filesystem::path certificate;  ///< the server's, then those that vouch for it
  std::filesystem::path key;
  bool ask_for_certificate{};  ///< asks clients for theirs (Peer::certificate_sha256); none is needed
};

/// Where a server listens: at addresses, on a Unix socket, or both.
struct Listening {
  std::vector<std::string> addresses{};  ///< "127.0.0.1:8080", "[::1]:8080", "example.org:80"; port 0: a free one
  std::optional<Tls> tls{};              ///< for all addresses, never for the Unix socket
  std::filesystem::path unix_socket{};   ///< made with mode 0660, removed at the end; empty: none
};

/// What a stranger can make the server hold or wait for.
struct Limits {
  std::size_t connections{4096};           ///< at once; for further ones, those that say nothing for longest are closed
  std::size_t connections_each{2048};      ///< from one address (IPv6: one /64); further ones are closed
  std::chrono::milliseconds head{10'000};  ///< for the head of a request to be whole, TLS handshake included
  std::chrono::milliseconds idle{30'000};  ///< between requests
  std::chrono::milliseconds silence{10'000};  ///< how long a body, or the reading of an answer, may pause
  std::size_t slowest{1024};                  ///< bytes a second, on average, of a body and of reading an answer
  std::chrono::milliseconds finish{10'000};   ///< for requests under way when the server is dropped
  int threads{16};                            ///< requests under way at once
  std::size_t waiting{64};  ///< requests whose head came and that wait for a thread; further ones: 503
};

/// A request that was answered, without anything that could tell who or what it was about.
struct Answered {
  std::string method;  ///< empty when no route was found
  std::string route;   ///< "/submissions/{id}"; empty when none was found
  int status;
  std::uint64_t received, sent;    ///< bytes of the bodies
  std::chrono::microseconds took;  ///< from when a thread took it to the last byte of the answer
};

/// Called by many threads at once; none needs to be given.
struct Hooks {
  std::function<void(const std::exception&)> failed{};  ///< what a handler threw, answered with 500 without the reason
  std::function<void(const Answered&)> answered{};
  std::function<Response(const Problem&, const Request&)> problem_page{
      to_response};  ///< the answer that shows a problem
};

/// An HTTP/1.1 server (RFC 9112) that hands requests to routes.
///
/// One thread holds every connection until the head of its request is whole and well-formed, so that slow ones cost
/// nothing but memory; then one of `threads` takes it over, and gives the connection back after the answer. What is
/// malformed is refused and its connection closed: nothing after it is ever read as a request.
/// Bodies: Content-Length, or chunks with a Content-Digest. A body is never handed on as whole that is not, or that
/// differs from its Content-Digest.
class Server {
 public:
  /// Listens and answers until it is dropped, which lets requests that are under way finish.
  /// \throws std::runtime_error when an address is not one or is taken, or a certificate cannot be used
  Server(Listening where, Router router, Hooks hooks = {}, Limits limits = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Of the first address.
  std::uint16_t port() const;
  /// "127.0.0.1:8080": the first.
  std::string address() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::http
