// TLS as others speak it: openssl's own client, certificates made by openssl.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "ingest/http/client.hpp"
#include "tests/ingest/http_serving.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class HttpTls : public ::testing::Test {
 protected:
  HttpTls() {
    make("server", "-subj /CN=localhost -addext subjectAltName=DNS:localhost");
    make("client", "-subj /CN=sender");
    make("stranger", "-subj /CN=sender");
  }
  void make(const std::string& name, const std::string& about) {
    testing::run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 " + about + " -keyout " +
                 path(name + ".key") + " -out " + path(name + ".pem"));
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Listening listening(bool ask = true) const {
    return {.addresses = {"127.0.0.1:0"},
            .tls = Tls{.certificate = path("server.pem"), .key = path("server.key"), .ask_for_certificate = ask}};
  }
  std::string ask(const Echo& echo, const std::string& options) const {
    return testing::run(
               "printf 'GET /peer HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 "
               "openssl s_client -quiet -ign_eof -connect 127.0.0.1:" +
               std::to_string(echo.server.port()) + " -servername localhost -CAfile " + path("server.pem") + ' ' +
               options)
        .out;
  }
  std::string with(const std::string& certificate, const std::string& key) const {
    return " -cert " + path(certificate + ".pem") + " -key " + path(key + ".key");
  }
  std::string fingerprint(const std::string& name) const {
    return testing::run("openssl x509 -in " + path(name + ".pem") + " -outform DER | openssl dgst -sha256 -r")
        .out.substr(0, 64);
  }
  testing::Folder folder_;
};

TEST_F(HttpTls, SpeaksOnePointTwoAndOnePointThreeOnly) {
  const Echo echo({}, listening());
  for (const char* version : {"-tls1_2", "-tls1_3"})
    EXPECT_THAT(ask(echo, version), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("127.0.0.1||tls|"))) << version;
  for (const char* version : {"-tls1_1", "-tls1"})
    EXPECT_EQ(ask(echo, std::string{version} + " -cipher ALL:@SECLEVEL=0"), "") << version;
  EXPECT_EQ(ask(echo, "-tls1_2 -cipher AES128-GCM-SHA256"), "") << "without forward secrecy";
  EXPECT_EQ(testing::raw_exchange(echo.server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n").substr(0, 4).find("HTTP"),
            std::string::npos);
}

TEST_F(HttpTls, IsTrustedByClientsThatKnowTheCertificate) {
  const Echo echo({}, listening());
  ::setenv("SSL_CERT_FILE", path("server.pem").c_str(), 1);
  const std::string url = "https://localhost:" + std::to_string(echo.server.port());
  EXPECT_EQ(post(url + "/buffered", "text/plain", std::string(500'000, 'x')).body.size(), 500'026U);
  EXPECT_EQ(post(url + "/streamed", "text/plain", std::string(500'000, 'x')).body.size(), 500'026U);
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(HttpTls, TellsByWhichCertificateAClientIsKnown) {
  const Echo echo({}, listening());
  EXPECT_THAT(ask(echo, with("client", "client")), EndsWith("|tls|" + fingerprint("client")));
  EXPECT_THAT(ask(echo, with("client", "client") + " -tls1_2"), EndsWith("|tls|" + fingerprint("client")));
  EXPECT_NE(fingerprint("client"), fingerprint("stranger"));
  const Echo uninterested({}, listening(false));
  EXPECT_THAT(ask(uninterested, with("client", "client")), EndsWith("|tls|")) << "not asked for";
}

/// Somebody else's certificate, which anybody can copy, with a key that claims to be its own and is not.
TEST_F(HttpTls, ACertificateWithoutItsKeyIsWorthNothing) {
  testing::spill(folder_ / "forge.py", R"(
import subprocess, sys
def der(*command): return subprocess.run(("openssl",) + command, capture_output=True, check=True).stdout
client, stranger, forged = sys.argv[1:]
public = lambda key: der("ec", "-in", key, "-pubout", "-outform", "DER")[-65:]
key = der("ec", "-in", stranger, "-outform", "DER")
assert public(stranger) in key
open(forged + ".der", "wb").write(key.replace(public(stranger), public(client)))
der("ec", "-inform", "DER", "-in", forged + ".der", "-out", forged)
)");
  ASSERT_EQ(testing::run("python3 " + path("forge.py") + ' ' + path("client.key") + ' ' + path("stranger.key") + ' ' +
                         path("forged.key"))
                .code,
            0);
  const Echo echo({}, listening());
  for (const char* version : {" -tls1_2", " -tls1_3"})
    EXPECT_EQ(ask(echo, with("client", "forged") + version), "") << version;
  EXPECT_THAT(ask(echo, with("client", "client")), HasSubstr(fingerprint("client")));
}

TEST_F(HttpTls, TellsBrowsersToComeBackEncrypted) {
  const Echo echo({}, listening());
  EXPECT_THAT(ask(echo, ""), HasSubstr("\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n"));
}

TEST_F(HttpTls, ASlowHandshakeHoldsNobodyUp) {
  const Echo echo({.threads = 2}, listening());
  std::vector<std::unique_ptr<testing::RawConnection>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<testing::RawConnection>(echo.server.port()));
    if (i % 2 == 0) slow.back()->send("\x16\x03\x01\x02");
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(ask(echo, ""), StartsWith("HTTP/1.1 200"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5});
}

TEST_F(HttpTls, SaysWhatIsWrongWithItsFiles) {
  const auto use = [&](const std::string& certificate, const std::string& key) {
    return failure([&] {
      Server({.addresses = {"127.0.0.1:0"}, .tls = Tls{.certificate = path(certificate), .key = path(key)}},
             Router({}));
    });
  };
  EXPECT_THAT(use("server.pem", "client.key"), AllOf(HasSubstr("server.pem"), HasSubstr("belong together")));
  EXPECT_THAT(use("missing.pem", "server.key"), HasSubstr("missing.pem"));
  EXPECT_THAT(use("server.pem", "missing.key"), HasSubstr("missing.key"));
  EXPECT_EQ(use("server.pem", "server.key"), "no failure");
  for (const auto& [bits, says] : {std::pair{"2048", "RSA of 3072 bits or more"}, std::pair{"3072", "no failure"}}) {
    testing::run(fmt::format("openssl req -x509 -newkey rsa:{} -nodes -days 2 -subj /CN=localhost -keyout {} -out {}",
                             bits, path("rsa.key"), path("rsa.pem")));
    EXPECT_THAT(use("rsa.pem", "rsa.key"), HasSubstr(says)) << bits;
  }
}

}  // namespace
}  // namespace answerable::http
