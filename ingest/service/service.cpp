#include "ingest/service/service.hpp"

#include <Poco/Util/ServerApplication.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <exception>
#include <utility>

#include "ingest/cli/program.hpp"
#include "ingest/service/later.hpp"

namespace answerable::service {
namespace {

/// Poco's frame of a server: it waits for the signals that end one.
class Frame : public Poco::Util::ServerApplication {
 public:
  explicit Frame(const std::function<void(const std::function<void()>& wait)>& work) : work_(work) {}

  /// \throws whatever `work` throws
  void enter() {
    std::array<char, 11> name{"answerable"};
    std::array<char*, 1> arguments{name.data()};
    run(static_cast<int>(arguments.size()), arguments.data());
    if (failed_) std::rethrow_exception(failed_);
  }

 protected:
  int main(const ArgVec&) override {
    try {
      work_([this] { waitForTerminationRequest(); });
    } catch (...) {
      failed_ = std::current_exception();
    }
    return EXIT_OK;
  }

 private:
  const std::function<void(const std::function<void()>&)>& work_;
  std::exception_ptr failed_;
};

bool from_this_machine(const http::Peer& peer) {
  return peer.unix_socket || peer.loopback();
}

}  // namespace

void ServeOptions::add_to(CLI::App& command, const std::string& address) {
  listen = {address};
  command.add_option("--listen", listen, "Addresses to answer at; port 0 takes a free one")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  command.add_option("--unix-socket", unix_socket, "Also answer on a Unix socket, for a proxy that vouches for people")
      ->type_name("FILE");
  command.add_option("--certificate", certificate, "Speak TLS: the certificate and those that vouch for it (PEM)")
      ->type_name("FILE");
  command.add_option("--certificate-key", certificate_key, "The certificate's key (PEM)")->type_name("FILE");
  command.add_flag("--client-certificates", ask_for_certificate, "Ask clients for a certificate of theirs");
  const auto choose = [this](const std::vector<std::string>& words) {
    second_factor.emplace();
    if (words == std::vector<std::string>{"none"}) return;
    for (const auto& word : words) {
      const auto role = access::parse_role(word);
      if (!role) throw CLI::ValidationError("--second-factor", word + " is no role, and not \"none\"");
      second_factor->push_back(*role);
    }
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--second-factor", choose,
          "Roles that must set up a second factor before anything else (default: all of them)")
      ->delimiter(',')
      ->type_name("ROLE,…|none");
}

std::vector<access::Role> ServeOptions::need_second_factor() const {
  return second_factor.value_or(std::vector<access::Role>(access::all_roles.begin(), access::all_roles.end()));
}

http::Listening ServeOptions::listening() const {
  http::Listening where{.addresses = listen, .tls = {}, .unix_socket = unix_socket};
  if (certificate.empty() != certificate_key.empty())
    throw cli::Failure(cli::usage, "--certificate and --certificate-key go together");
  if (!certificate.empty()) where.tls = http::Tls{certificate, certificate_key, ask_for_certificate};
  for (const std::string& address : listen)
    if (certificate.empty() && !address.starts_with("127.") && !address.starts_with("[::1]") &&
        !address.starts_with("localhost:"))
      throw cli::Failure(cli::usage,
                         fmt::format("--listen {}: others could read along there. Give --certificate and "
                                     "--certificate-key, or listen at 127.0.0.1 behind a proxy that speaks TLS",
                                     address));
  if (certificate.empty() && ask_for_certificate)
    throw cli::Failure(cli::usage, "--client-certificates needs --certificate: certificates are shown over TLS only");
  return where;
}

Service::Service(std::string name) : log_(std::move(name)) {
  // Before any thread is made, so that all have them blocked and the frame alone waits for them.
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
}

std::vector<http::Route> Service::own_routes(std::function<bool()> ready) {
  std::vector<http::Route> routes;
  routes.push_back({.method = "GET", .path = "/live", .handle = [](http::Request&) -> http::Response {
                      return {.body = "live\n"};
                    }});
  routes.push_back(
      {.method = "GET", .path = "/ready", .handle = [this, ready = std::move(ready)](http::Request&) -> http::Response {
         bool is = false;
         try {
           is = ready();
         } catch (const std::exception& error) {
           log_.error("not-ready", error);
         }
         if (is) return {.body = "ready\n"};
         return {.status = 503, .body = "not ready\n", .headers = {{"Retry-After", "5"}}};
       }});
  routes.push_back({.method = "GET", .path = "/metrics", .handle = [this](http::Request& request) -> http::Response {
                      if (!from_this_machine(request.peer)) throw http::Problem{.status = 404};
                      return {.content_type = Metrics::content_type, .body = metrics_.text()};
                    }});
  return routes;
}

void Service::run(const http::Listening& where, std::vector<http::Route> routes, std::function<bool()> ready,
                  const std::function<void(const std::string& url)>& started) {
  auto all = own_routes(std::move(ready));
  for (auto& route : routes) all.push_back(unless_later(std::move(route), log_));
  http::Hooks hooks;
  hooks.problem_page = problem_page_;
  hooks.failed = [this](const std::exception& error) { log_.error("request-failed", error); };
  hooks.answered = [this](const http::Answered& request) {
    metrics_.answered(request);
    log_.info("answered", {{"method", request.method},
                           {"route", request.route},
                           {"status", request.status},
                           {"received", request.received},
                           {"sent", request.sent},
                           {"microseconds", request.took.count()}});
  };
  const std::function<void(const std::function<void()>&)> work = [&](const std::function<void()>& wait) {
    const http::Server server(where, http::Router(std::move(all)), hooks);
    log_.info("started", {{"version", ANSWERABLE_VERSION}});
    if (started) started((where.tls ? "https://" : "http://") + server.address());
    wait();
    log_.info("ending");
  };
  Frame(work).enter();
  log_.info("ended");
}

}  // namespace answerable::service
