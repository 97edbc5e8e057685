#pragma once

#include <atomic>
#include <exception>
#include <filesystem>
#include <functional>
#include <istream>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "ingest/http/server.hpp"
#include "tests/support/raw_http.hpp"

/// What the tests of the server share.
namespace answerable::http {

/// A server that says what it was asked, and remembers it.
class Echo {
 public:
  static constexpr std::size_t cap = 1 << 20;

  explicit Echo(Limits limits = {}, Listening where = {.addresses = {"127.0.0.1:0"}})
      : server(std::move(where), Router(routes()),
               {.failed = [this](const std::exception& error) { remember(failures_, error.what()); },
                .answered =
                    [this](const Answered& one) {
                      remember(log_, one.method + ' ' + one.route + ' ' + std::to_string(one.status) + ' ' +
                                         std::to_string(one.received) + ' ' + std::to_string(one.sent));
                    }},
               limits) {}
  std::string url(const std::string& path) const { return "http://" + server.address() + path; }
  /// "POST /buffered text/plain body", of every request that a handler was called for and that came whole.
  std::vector<std::string> asked() const { return all(asked_); }
  std::vector<std::string> failures() const { return all(failures_); }
  std::vector<std::string> log() const { return all(log_); }
  std::atomic<int> begun{};  ///< handlers that were called

 private:
  Response tell(const Request& request, const std::string& body) {
    std::string text = request.method + ' ' + request.path + ' ' + request.content_type + ' ' + body;
    remember(asked_, text);
    return {.body = std::move(text)};
  }
  std::vector<Route> routes() {
    const auto buffered = [this](Request& request) { return ++begun, tell(request, request.body); };
    const auto streamed = [this](Request& request) {
      ++begun;
      return tell(request, {std::istreambuf_iterator<char>(*request.stream), {}});
    };
    return {
        {.method = "GET", .path = "/", .handle = buffered},
        {.method = "GET",
         .path = "/things/{id}",
         .handle = [this](Request& request) { return ++begun, tell(request, request.parameters.at("id")); }},
        {.method = "POST", .path = "/buffered", .body = Body::buffered, .body_cap = cap, .handle = buffered},
        {.method = "PUT", .path = "/buffered", .body = Body::buffered, .body_cap = cap, .handle = buffered},
        {.method = "POST", .path = "/streamed", .body = Body::streamed, .body_cap = cap, .handle = streamed},
        {.method = "POST",
         .path = "/throw",
         .body = Body::buffered,
         .body_cap = cap,
         .handle = [](Request&) -> Response { throw std::logic_error("a secret reason"); }},
        {.method = "POST",
         .path = "/unread",
         .body = Body::streamed,
         .body_cap = cap,
         .handle = [this](Request&) -> Response {
           ++begun;
           throw Problem{.status = 403, .detail = "Not you."};
         }},
        {.method = "POST",
         .path = "/elsewhere",
         .body = Body::buffered,
         .body_cap = cap,
         .handle = [](Request&) -> Response {
           return {.status = 302, .body = "elsewhere", .headers = {{"Location", "http://127.0.0.1:1/"}}};
         }},
        {.method = "GET",
         .path = "/peer",
         .handle = [](Request& request) -> Response {
           return {.body = request.peer.address + '|' + (request.peer.unix_socket ? "unix" : "") + '|' +
                           (request.peer.encrypted ? "tls" : "") + '|' + request.peer.certificate_sha256};
         }},
        {.method = "GET",
         .path = "/written",
         .handle = [](Request& request) -> Response {
           Response response;
           if (const auto stated = request.query_value("stated")) response.headers.emplace("Content-Length", *stated);
           response.write = [breaks = request.query_value("break").has_value()](std::ostream& out) {
             out << "one, " << std::flush << "two";
             if (breaks) throw std::runtime_error("broke off");
           };
           return response;
         }},
    };
  }
  void remember(std::vector<std::string>& where, std::string what) {
    const std::scoped_lock lock(mutex_);
    where.push_back(std::move(what));
  }
  std::vector<std::string> all(const std::vector<std::string>& where) const {
    const std::scoped_lock lock(mutex_);
    return where;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> asked_, failures_, log_;

 public:
  Server server;
};

inline std::string content_digest(std::string_view body) {
  return "Content-Digest: sha-256=:" + base64(sha256(as_bytes(body))) + ":\r\n";
}

inline std::string failure(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no failure";
}

}  // namespace answerable::http
