#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/access/role.hpp"
#include "ingest/http/server.hpp"
#include "ingest/service/log.hpp"
#include "ingest/service/metrics.hpp"

namespace CLI {
class App;
}

namespace answerable::service {

/// What `serve` of each program asks: where to listen, and of whom a second factor.
struct ServeOptions {
  std::vector<std::string> listen;
  std::string unix_socket, certificate, certificate_key;
  bool ask_for_certificate{};
  std::optional<std::vector<access::Role>> second_factor;  ///< as it was said; not said: nothing

  /// \param address where to listen when nobody says otherwise
  void add_to(CLI::App& command, const std::string& address);
  /// \throws cli::Failure(usage) for a certificate without its key, or other halves
  http::Listening listening() const;
  /// Who has one of these sets up a second factor before anything else: everybody, unless it was said otherwise.
  std::vector<access::Role> need_second_factor() const;
};

/// A service's frame: its log and metrics, the doors every service has (GET /live, /ready, /metrics), and its end.
class Service {
 public:
  /// \param name "ingest", "audit", "reports"
  explicit Service(std::string name);

  Log& log() { return log_; }
  Metrics& metrics() { return metrics_; }

  /// How a problem is shown that no door could: before run(). Else as http::to_response() does.
  void show_problems(std::function<http::Response(const http::Problem&, const http::Request&)> page) {
    problem_page_ = std::move(page);
  }

  /// Answers until this process is told to end (SIGTERM, SIGINT, SIGQUIT); then finishes what is under way.
  /// \param ready whether work can be done; asked by GET /ready. What it throws means no.
  /// \param started told the first address, as a URL, once requests are answered
  /// \throws std::runtime_error when an address cannot be listened at
  void run(const http::Listening& where, std::vector<http::Route> routes, std::function<bool()> ready,
           const std::function<void(const std::string& url)>& started);

 private:
  std::vector<http::Route> own_routes(std::function<bool()> ready);

  Log log_;
  Metrics metrics_;
  std::function<http::Response(const http::Problem&, const http::Request&)> problem_page_{http::to_response};
};

}  // namespace answerable::service
