#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "ingest/http/client.hpp"
#include "ingest/http/server.hpp"
#include "tests/journeys/journey.hpp"
#include "tests/support/raw_http.hpp"

namespace answerable::http {
namespace {

using ::testing::HasSubstr;
using testing::raw_exchange;
using testing::RawConnection;
using ::testing::StartsWith;

/// A server that says what it was asked.
struct Echo {
  explicit Echo(Limits limits = {})
      : server(
            "127.0.0.1:0",
            [this](const Request& request) -> Response {
              ++asked;
              if (request.path == "/throw") throw std::logic_error("a secret reason");
              if (request.path == "/elsewhere")
                return {.status = 302, .body = "elsewhere", .headers = {{"Location", "http://127.0.0.1:1/"}}};
              return {.body = request.method + ' ' + request.path + ' ' + request.content_type + ' ' + request.body,
                      .headers = {}};
            },
            [this](const std::exception& error) {
              const std::scoped_lock lock(mutex);
              told = error.what();
            },
            limits) {}
  std::string url(const std::string& path) { return "http://" + server.address() + path; }
  std::atomic<int> asked{};
  std::mutex mutex;
  std::string told;
  Server server;
};

std::string failure(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no failure";
}

TEST(HttpServer, HandsWholeRequestsOn) {
  Echo echo;
  const Response answer = post(echo.url("/path?query"), "text/plain", "body");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST /path text/plain body");
  EXPECT_THAT(raw_exchange(echo.server.port(), "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("nosniff"), HasSubstr("\r\n\r\nGET /a  ")));
  EXPECT_THAT(raw_exchange(echo.server.port(), "HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              ::testing::EndsWith("\r\n\r\n"));
}

TEST(HttpServer, KeepsConnectionsOpen) {
  Echo echo;
  RawConnection connection(echo.server.port());
  for (const char* path : {"/1", "/2", "/3"}) {
    connection.send(std::string{"POST "} + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_THAT(connection.answer(), HasSubstr(std::string{"POST "} + path + "  hi"));
  }
}

TEST(HttpServer, RefusesWhatItShouldNotTake) {
  Echo echo({.body = 100});
  const auto status = [&](const std::string& head, const std::string& body) {
    return raw_exchange(echo.server.port(), "POST / HTTP/1.1\r\nHost: x\r\n" + head + "\r\n" + body).substr(0, 12);
  };
  EXPECT_EQ(status("Content-Length: 100\r\nConnection: close\r\n", std::string(100, 'x')), "HTTP/1.1 200");
  EXPECT_EQ(echo.asked, 1);
  EXPECT_EQ(status("Content-Length: 101\r\n", std::string(101, 'x')), "HTTP/1.1 413");
  EXPECT_EQ(status("Content-Length: 99999999999\r\n", ""), "HTTP/1.1 413");
  EXPECT_EQ(status("", ""), "HTTP/1.1 411");
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n"), "HTTP/1.1 411");
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\nhi\r\n0\r\n\r\n"), "HTTP/1.1 411");
  EXPECT_EQ(echo.asked, 1) << "none of these reached the handler";
}

TEST(HttpServer, WhoSendsTooMuchHearsOfIt) {
  Echo echo({.body = 1000});
  for (int i = 0; i < 50; ++i) ASSERT_EQ(post(echo.url("/"), "text/plain", std::string(500'000, 'x')).status, 413) << i;
}

TEST(HttpServer, ABodyThatWasCutOffIsNotHandedOn) {
  Echo echo;
  RawConnection connection(echo.server.port());
  connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  connection.end();
  EXPECT_THAT(connection.rest(), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(echo.asked, 0);
}

TEST(HttpServer, WhatTheHandlerThrowsStaysInTheHouse) {
  Echo echo;
  const Response answer = post(echo.url("/throw"), "text/plain", "x");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("secret")));
  const std::scoped_lock lock(echo.mutex);
  EXPECT_EQ(echo.told, "a secret reason");
}

TEST(HttpServer, NobodyHoldsAThreadForEver) {
  Echo echo({.silence = std::chrono::seconds{1}, .connection = std::chrono::seconds{2}, .threads = 2});
  const auto start = std::chrono::steady_clock::now();
  // Three on a server with two threads: one says nothing, two feed byte by byte.
  std::vector<std::future<bool>> drips;
  drips.push_back(std::async(std::launch::async, [&] { return RawConnection(echo.server.port()).rest().empty(); }));
  for (const char* head : {"POST / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"}) {
    drips.push_back(std::async(std::launch::async, [&, head] {
      RawConnection connection(echo.server.port());
      connection.send(head);
      for (int i = 0; i < 80; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        if (!connection.send("x")) return true;
      }
      return false;
    }));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  EXPECT_EQ(post(echo.url("/"), "text/plain", "x", std::chrono::seconds{15}).status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{7});
  for (auto& drip : drips) EXPECT_TRUE(drip.get()) << "held for eight seconds";
  EXPECT_EQ(echo.asked, 1);
}

TEST(HttpServer, ManyAtOnceAreAllAnsweredAndStoppingTakesNoTime) {
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < 10; ++round) {
    Echo echo({.threads = 4, .waiting = 100});
    std::vector<std::future<int>> clients;
    for (int i = 0; i < 50; ++i)
      clients.push_back(std::async(std::launch::async, [&] { return post(echo.url("/"), "text/plain", "x").status; }));
    for (auto& client : clients) EXPECT_EQ(client.get(), 200);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{9}) << "Poco's threads idle for ten seconds";
}

TEST(HttpServer, StopsAtOnceWithIdleConnectionsOpen) {
  std::optional<Echo> echo(std::in_place);
  RawConnection idle(echo->server.port());
  idle.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(idle.answer(), StartsWith("HTTP/1.1 200"));
  const auto start = std::chrono::steady_clock::now();
  echo.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{3});
}

TEST(HttpServer, SaysWhichAddressCannotBeHad) {
  Echo echo;
  const auto listen = [](const std::string& address) { return failure([&] { Server(address, nullptr, nullptr); }); };
  EXPECT_THAT(listen(echo.server.address()), HasSubstr(echo.server.address()));
  EXPECT_THAT(listen("nonsense"), HasSubstr("such as 127.0.0.1:8080"));
  EXPECT_THAT(listen("192.0.2.1:80"), HasSubstr("192.0.2.1:80"));
}

TEST(HttpClient, GoesNowhereElse) {
  Echo echo;
  EXPECT_EQ(post(echo.url("/elsewhere"), "text/plain", "").status, 302);
  for (const char* url : {"ftp://127.0.0.1/", "nonsense", "", "file:///etc/passwd"})
    EXPECT_THAT(failure([&] { post(url, "text/plain", ""); }), HasSubstr("http")) << url;
  EXPECT_THAT(failure([&] { post("http://127.0.0.1:1/x", "text/plain", ""); }), HasSubstr("http://127.0.0.1:1/x"));
}

TEST(HttpClient, TakesNoMoreThanItShould) {
  Echo echo;
  EXPECT_THAT(failure([&] { post(echo.url("/"), "text/plain", std::string(200, 'x'), std::chrono::seconds{5}, 100); }),
              HasSubstr("more than 100 bytes"));
}

/// A server of another make, with a certificate of its own making.
class TlsServer {
 public:
  explicit TlsServer(const testing::Folder& folder) : certificate((folder / "certificate.pem").string()) {
    const std::string key = (folder / "key.pem").string(), script = (folder / "server.py").string();
    testing::run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout " +
        key + " -out " + certificate);
    testing::spill(script, R"(
import http.server, ssl, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
)");
    pipe_ = ::popen(("exec python3 " + script + ' ' + certificate + ' ' + key + " 2>/dev/null & echo $!; wait").c_str(),
                    "r");
    if (pipe_ == nullptr || std::fscanf(pipe_, "%d %d", &pid_, &port) != 2)
      throw std::runtime_error("no Python server");
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    if (pipe_ != nullptr) ::pclose(pipe_);
  }
  std::string certificate;
  int port{};

 private:
  std::FILE* pipe_{};
  int pid_{};
};

TEST(HttpClient, TrustsOnlyCertificatesThatThisMachineTrusts) {
  const testing::Folder folder;
  const TlsServer server(folder);
  const auto ask = [&](const std::string& host) {
    return post("https://" + host + ":" + std::to_string(server.port) + "/", "text/plain", "body").body;
  };
  EXPECT_THAT(failure([&] { ask("localhost"); }), HasSubstr("certificate"));
  ::setenv("SSL_CERT_FILE", server.certificate.c_str(), 1);
  EXPECT_EQ(ask("localhost"), "body");
  EXPECT_THAT(failure([&] { ask("127.0.0.1"); }), HasSubstr("ertificate")) << "the name is checked too";
  ::unsetenv("SSL_CERT_FILE");
}

}  // namespace
}  // namespace answerable::http
