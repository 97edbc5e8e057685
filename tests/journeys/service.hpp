#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/journeys/journey.hpp"
#include "tests/support/raw_http.hpp"

namespace answerable::testing {

/// A service, as its program runs it: answers once this is made; told to end (SIGTERM) and waited for at the end.
class RunningService {
 public:
  /// \param command the program and its words; listens at a free port of this machine \param log where its log goes
  RunningService(std::vector<std::string> command, const std::filesystem::path& log) {
    command.insert(command.end(), {"--listen", "127.0.0.1:0"});
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      const int to = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
      ::dup2(pipe_ends[1], STDOUT_FILENO);
      ::dup2(to, STDERR_FILENO);
      std::vector<char*> words;
      for (auto& word : command) words.push_back(word.data());
      words.push_back(nullptr);
      ::execv(words.front(), words.data());
      ::_exit(127);
    }
    ::close(pipe_ends[1]);
    char c{};
    while (!told_.ends_with('\n') && ::read(pipe_ends[0], &c, 1) == 1) told_ += c;
    const auto at = told_.rfind(':');
    // What else it says comes in the same breath.
    ::fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
    while (::read(pipe_ends[0], &c, 1) == 1) told_ += c;
    ::close(pipe_ends[0]);
    if (at == told_.npos) {
      kill(SIGKILL);
      throw std::runtime_error("the service did not start: " + slurp(log));
    }
    port_ = static_cast<std::uint16_t>(std::stoi(told_.substr(at + 1)));
  }
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;
  ~RunningService() { kill(SIGTERM); }

  std::uint16_t port() const { return port_; }
  /// What it printed when it had started.
  const std::string& told() const { return told_; }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  pid_t process() const { return child_; }
  /// Sends the signal and waits for the end. \return what waitpid(2) says
  int kill(int signal) {
    if (child_ <= 0) return 0;
    ::kill(child_, signal);
    int status = 0;
    ::waitpid(std::exchange(child_, 0), &status, 0);
    return status;
  }

  struct Answer {
    int status{};
    std::string head, body;
    std::string field(const std::string& name) const {
      const auto at = head.find("\r\n" + name + ": ");
      if (at == head.npos) return "";
      const auto from = at + name.size() + 4;
      return head.substr(from, head.find("\r\n", from) - from);
    }
    nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(body); }
  };
  /// \param fields further head fields, each ended by \r\n
  Answer ask(const std::string& method, const std::string& path, const std::string& fields = "",
             const std::string& body = "") const {
    std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}", method, path, fields);
    if (!body.empty() || method == "POST") request += fmt::format("Content-Length: {}\r\n", body.size());
    const std::string all = raw_exchange(port_, request + "\r\n" + body);
    const auto end = all.find("\r\n\r\n");
    if (end == all.npos || all.size() < 12) throw std::runtime_error("no answer to " + method + " " + path);
    return {std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
  }

 private:
  pid_t child_{};
  std::string told_;
  std::uint16_t port_{};
};

}  // namespace answerable::testing
