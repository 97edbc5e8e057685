#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string>

#include "ingest/http/client.hpp"
#include "tests/ingest/http_serving.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::http {
namespace {

using ::testing::HasSubstr;

TEST(HttpClient, GoesNowhereElse) {
  Echo echo;
  EXPECT_EQ(post(echo.url("/elsewhere"), "text/plain", "").status, 302);
  for (const char* url : {"ftp://127.0.0.1/", "nonsense", "", "file:///etc/passwd"})
    EXPECT_THAT(failure([&] { post(url, "text/plain", ""); }), HasSubstr("http")) << url;
  EXPECT_THAT(failure([&] { post("http://witness.example/add-checkpoint", "text/plain", ""); }), HasSubstr("https://"))
      << "in the clear to another machine";
  EXPECT_THAT(failure([&] { post("http://127.0.0.1:1/x", "text/plain", ""); }), HasSubstr("http://127.0.0.1:1/x"));
}

TEST(HttpClient, TakesNoMoreThanItShould) {
  Echo echo;
  EXPECT_THAT(
      failure([&] { post(echo.url("/buffered"), "text/plain", std::string(200, 'x'), std::chrono::seconds{5}, 100); }),
      HasSubstr("more than 100 bytes"));
}

TEST(HttpClient, AsksOverAUnixSocketToo) {
  const testing::Folder folder;
  const auto socket = folder / "http.sock";
  Server server({.unix_socket = socket}, Router({{.method = "POST",
                                                  .path = "/here",
                                                  .body = Body::buffered,
                                                  .body_cap = 100,
                                                  .handle = [](Request& request) -> Response {
                                                    return {.status = request.peer.unix_socket ? 201 : 500,
                                                            .body = request.body,
                                                            .headers = {{"Location", "/there"}}};
                                                  }}}));
  std::istringstream body("what is sent, and no more");
  const auto answer =
      ask({.server = "unix:" + socket.string(), .method = "POST", .path = "/here", .body = &body, .bytes = 12});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "what is sent");
  EXPECT_EQ(answer.headers.find("location")->second, "/there");
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
