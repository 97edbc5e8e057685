// The published rsyslog.conf.example, run as it stands: what the services log is soon on another machine, by TLS, and
// on none of another name.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* logged = R"({"time":"2026-01-01T00:00:00Z","event":"security","what":"signed-in"})";

int free_port() {
  const int line = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(line, any, size) != 0 || ::getsockname(line, any, &size) != 0) throw std::runtime_error("no port");
  ::close(line);
  return ntohs(address.sin_port);
}

class LogSending : public ::testing::Test {
 protected:
  /// What a machine with a certificate of this name was sent, and what rsyslog said meanwhile.
  struct Outcome {
    std::string arrived, said;
  };
  Outcome send_to(const std::string& name) {
    const fs::path here = folder_ / name;
    fs::create_directory(here);
    const int port = free_port();
    std::string conf = slurp(fs::path(ANSWERABLE_SOURCE) / "ingest/service/rsyslog.conf.example");
    const auto change = [&](const std::string& from, const std::string& to) {
      const auto at = conf.find(from);
      if (at == conf.npos) throw std::runtime_error("the published file no longer says " + from);
      conf.replace(at, from.size(), to);
    };
    change("global(", fmt::format("global(workDirectory=\"{}\" processInternalMessages=\"on\"", here.string()));
    change("/etc/ssl/certs/logs-authority.pem", (folder_ / "authority.pem").string());
    change("/etc/ssl/certs/answerable-logs.pem", (folder_ / "logs.pem").string());
    change("/etc/ssl/private/answerable-logs.key", (folder_ / "logs.key").string());
    change(R"(target="logs.example.gov.uk" port="6514")", fmt::format(R"(target="127.0.0.1" port="{}")", port));
    change(R"(module(load="imjournal" StateFile="answerable-journal"))",
           fmt::format(R"(module(load="imfile") input(type="imfile" File="{}" Tag="answerable-reports:"))",
                       (here / "log").string()));
    spill(here / "rsyslog.conf",
          conf + fmt::format("syslog.* action(type=\"omfile\" file=\"{}\")\n", (here / "said").string()));
    spill(here / "log", std::string(logged) + "\n");
    run(fmt::format(
        "cd {0} && mkfifo open && : >said && {{ sleep 60 >open & held=$!;"
        " openssl s_server -accept 127.0.0.1:{1} -cert ../{2}.pem -key ../{2}.key <open >arrived 2>&1 & receiver=$!;"
        " for i in $(seq 100); do grep -q ACCEPT arrived && break; sleep 0.05; done;"
        " rsyslogd -n -f rsyslog.conf -i {0}/pid >out 2>&1 & sender=$!;"
        " for i in $(seq 200); do grep -q signed-in arrived && break; grep -q 'not permitted' said && break; sleep "
        "0.1; done;"
        " kill $sender $receiver $held; wait; }}",
        here.string(), port, name));
    return {slurp(here / "arrived"), slurp(here / "said")};
  }
  LogSending() {
    for (const char* name : {"logs", "other"})
      run(fmt::format(
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
          "/CN={1}.example.gov.uk -addext subjectAltName=DNS:{1}.example.gov.uk -keyout {0}/{1}.key -out {0}/{1}.pem",
          folder_.path().string(), name));
    spill(folder_ / "authority.pem", slurp(folder_ / "logs.pem") + slurp(folder_ / "other.pem"));
  }

  Folder folder_;
};

TEST_F(LogSending, WhatIsLoggedIsOnTheOtherMachineAndOnNoneOfAnotherName) {
  const auto good = send_to("logs");
  EXPECT_NE(good.arrived.find(logged), std::string::npos) << good.said;
  EXPECT_NE(good.arrived.find(" answerable-reports "), std::string::npos) << good.arrived;
  const auto bad = send_to("other");
  EXPECT_EQ(bad.arrived.find("signed-in"), std::string::npos) << bad.arrived;
  EXPECT_NE(bad.said.find("not permitted to talk to"), std::string::npos) << bad.said;
}

}  // namespace
}  // namespace answerable::testing
