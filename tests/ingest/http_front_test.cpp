// The documented nginx, before a server that listens on a Unix socket.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include "ingest/http/client.hpp"
#include "ingest/http/syntax.hpp"
#include "tests/ingest/http_malformed.hpp"
#include "tests/journeys/journey.hpp"
#include "tests/support/slow_crowd.hpp"

namespace answerable::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::honest_request;
using testing::raw_exchange;
using testing::RawConnection;
using ::testing::StartsWith;

/// nginx with the file that we publish: only its ports and paths are the test's.
class Nginx {
 public:
  Nginx(const testing::Folder& folder, const std::filesystem::path& socket) {
    const std::string here = folder.path().string();
    log_ = folder / "asked";
    testing::run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout " +
        here + "/key.pem -out " + here + "/certificate.pem");
    // Asked for and let go again: nobody else on this machine takes them within these milliseconds.
    port = free_port();
    tls_port = free_port();
    std::string site =
        testing::slurp(std::filesystem::path{ANSWERABLE_SOURCE} / "ingest/http/front/nginx.conf.example");
    const auto change = [&](const std::string& from, const std::string& to) {
      const auto at = site.find(from);
      if (at == site.npos) throw std::runtime_error(from + " is not in the published file");
      site.replace(at, from.size(), to);
    };
    change("unix:/run/answerable/http.sock", "unix:" + socket.string());
    change("access_log /var/log/nginx/answerable.log combined;", "access_log " + here + "/asked asked;");
    change("listen 443 ssl http2", "listen 127.0.0.1:" + std::to_string(tls_port) + " ssl http2");
    change("listen [::]:443 ssl http2", "listen 127.0.0.1:" + std::to_string(port));
    change("/etc/ssl/certs/answerable.pem", here + "/certificate.pem");
    change("/etc/ssl/private/answerable.key", here + "/key.pem");
    testing::spill(folder / "nginx.conf",
                   "pid " + here +
                       "/pid;\nmaster_process off;\ndaemon off;\nevents { worker_connections 8192; }\n"
                       "worker_rlimit_nofile 16384;\nhttp {\nlog_format asked $upstream_addr;\n"
                       "access_log " +
                       here +
                       "/asked asked;\n"
                       "client_body_temp_path " +
                       here + "/body;\nproxy_temp_path " + here +
                       "/proxy;\n"
                       "fastcgi_temp_path " +
                       here + "/f;\nuwsgi_temp_path " + here + "/u;\nscgi_temp_path " + here + "/s;\n" + site + "}\n");
    pipe_ = ::popen(
        ("exec nginx -e " + here + "/errors -c " + here + "/nginx.conf >/dev/null 2>&1 & echo $!; wait").c_str(), "r");
    if (pipe_ == nullptr || std::fscanf(pipe_, "%d", &pid_) != 1) throw std::runtime_error("no nginx");
    for (int i = 0; i < 500 && !listens(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  ~Nginx() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    if (pipe_ != nullptr) ::pclose(pipe_);
  }
  /// Requests that it handed on, by its own log.
  std::size_t handed_on() const {
    const std::string log = testing::slurp(log_);
    return static_cast<std::size_t>(std::ranges::count(log, '\n') - std::ranges::count(log, '-'));
  }
  std::uint16_t port{}, tls_port{};

 private:
  static std::uint16_t free_port() { return Server({.addresses = {"127.0.0.1:0"}}, Router({})).port(); }
  bool listens() const {
    try {
      RawConnection probe(port);
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }
  std::filesystem::path log_;
  std::FILE* pipe_{};
  int pid_{};
};

class HttpFront : public ::testing::Test {
 protected:
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(nginx_.port) + path; }
  testing::Folder folder_;
  Echo echo_{{}, {.unix_socket = folder_ / "socket"}};
  Nginx nginx_{folder_, folder_ / "socket"};
};

TEST_F(HttpFront, HandsRequestsOnAsTheyCame) {
  const std::string body(500'000, 'x');
  EXPECT_EQ(post(url("/streamed"), "text/plain", body).body, "POST /streamed text/plain " + body);
  EXPECT_THAT(
      raw_exchange(nginx_.port, "GET /things/a%20b%C3%A9?c=%26 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      EndsWith("GET /things/a%20b%C3%A9  a b\xc3\xa9"));
  EXPECT_THAT(raw_exchange(nginx_.port, "GET /things/%2e%2e/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(raw_exchange(nginx_.port, "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("|unix||"));
}

TEST_F(HttpFront, SpeaksTls) {
  ::setenv("SSL_CERT_FILE", (folder_ / "certificate.pem").c_str(), 1);
  EXPECT_EQ(post("https://localhost:" + std::to_string(nginx_.tls_port) + "/buffered", "text/plain", "x").status, 200);
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(HttpFront, AThousandSlowOnesAreNotInTheWayOfAnHonestOne) {
  const auto alone = honest_request(nginx_.port);
  ASSERT_TRUE(alone);
  const testing::SlowCrowd crowd(nginx_.port, 1000);
  double slowest = 0;
  for (int i = 0; i < 20; ++i) {
    const auto took = honest_request(nginx_.port);
    ASSERT_TRUE(took);
    slowest = std::max(slowest, took->count());
  }
  EXPECT_LT(slowest, 5000) << "measured by ./run bench connections; this machine may be busy";
  std::printf("Through nginx: alone %.1f ms; beside 1,000 slow connections at most %.1f ms\n", alone->count(), slowest);
}

TEST_F(HttpFront, NothingIsSmuggledPastIt) {
  for (const probes::Malformed& one : probes::malformed()) {
    SCOPED_TRACE(::testing::PrintToString(one.request.substr(0, 200)));
    RawConnection connection(nginx_.port);
    connection.send(one.request + probes::smuggled + probes::smuggled);
    connection.end();
    connection.rest();
    EXPECT_THAT(raw_exchange(nginx_.port, "GET /things/mine HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                EndsWith("GET /things/mine  mine"))
        << "somebody else's answer";
    // nginx writes its log when it has done with a request, which may be a moment later.
    for (int i = 0; i < 100 && echo_.log().size() > nginx_.handed_on(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    EXPECT_LE(echo_.log().size(), nginx_.handed_on()) << "more requests were read than nginx handed on";
    std::this_thread::sleep_for(std::chrono::milliseconds{25});  // the published rate of requests
  }
  EXPECT_GT(echo_.log().size(), 0U);
}

TEST_F(HttpFront, ABodyThatIsCutOffOrChangedIsNotTaken) {
  RawConnection cut(nginx_.port);
  cut.send("POST /streamed HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  cut.end();
  cut.rest();
  EXPECT_THAT(
      raw_exchange(nginx_.port, "POST /streamed HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n" +
                                    content_digest("hello") + "\r\nhallo"),
      StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(raw_exchange(nginx_.port,
                           "POST /streamed HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" +
                               content_digest("hello") + "\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("hello")));
  EXPECT_THAT(echo_.asked(), ::testing::ElementsAre("POST /streamed  hello"));
}

TEST_F(HttpFront, SaysItselfWhoAsks) {
  const auto socket = folder_ / "another";
  const Server server({.unix_socket = socket},
                      Router({{.method = "GET", .path = "/", .handle = [&](Request& request) -> Response {
                                 std::string text;
                                 for (const auto& [name, value] : request.headers)
                                   text += lower(name) + ": " + value + '\n';
                                 return {.body = text};
                               }}}));
  testing::Folder folder;
  const Nginx nginx(folder, socket);
  const std::string answer = raw_exchange(
      nginx.port,
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
      "Forwarded: for=9.9.9.9\r\nX-Remote-User: admin\r\nRemote-User: admin\r\nRemote_User: admin\r\n"
      "X-Answerable-Email: admin\r\nx-answerable-council: 905\r\nX_Answerable_Email: admin\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("x-forwarded-for: 127.0.0.1\n"));
  EXPECT_THAT(answer, HasSubstr("x-forwarded-proto: http\n"));
  EXPECT_THAT(answer,
              ::testing::Not(::testing::AnyOf(HasSubstr("9.9.9.9"), HasSubstr("admin"), HasSubstr("x-answerable"))));
}

TEST_F(HttpFront, KeepsMetricsOnTheMachine) {
  const auto socket = folder_ / "another";
  const Server server({.unix_socket = socket},
                      Router({{.method = "GET", .path = "/metrics", .handle = [](Request&) -> Response {
                                 return {.body = "how much was done"};
                               }}}));
  const testing::Folder folder;
  const Nginx nginx(folder, socket);
  for (const char* path : {"/metrics", "/m%65trics", "/metrics?x", "/x/../metrics", "//metrics"})
    EXPECT_THAT(
        raw_exchange(nginx.port, std::string{"GET "} + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ::testing::Not(HasSubstr("how much was done")))
        << path;
}

TEST_F(HttpFront, WhatItAnswersItselfIsGuardedToo) {
  const auto ask = [&](const char* path) {
    return raw_exchange(nginx_.port, fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path));
  };
  const auto its_own = ask("/metrics"), ours = ask("/things/mine");
  EXPECT_THAT(its_own, AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("frame-ancestors 'none'")));
  for (const auto& answer : {its_own, ours}) {
    EXPECT_THAT(answer, HasSubstr("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"));
    const auto first = answer.find("Content-Security-Policy");
    EXPECT_EQ(answer.find("Content-Security-Policy", first + 1), answer.npos)
        << "two policies, and only what both allow";
  }
}

}  // namespace
}  // namespace answerable::http
