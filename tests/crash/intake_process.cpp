#include "tests/crash/intake_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

/// The first line that comes, or what there was before the end.
std::string first_line(int from) {
  std::string line;
  for (char c{}; ::read(from, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

IntakeProcess::IntakeProcess(std::filesystem::path folder) : folder_(std::move(folder)) {}

void IntakeProcess::start() {
  const std::string command =
      fmt::format("exec {}/answerable-ingest serve --data {} --per-minute 1000000 --listen 127.0.0.1:{} 2>>{}",
                  ANSWERABLE_BIN, (folder_ / "data").string(), port_.load(), (folder_ / "log").string());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  const std::string line = first_line(ends[0]);
  ::close(ends[0]);
  const auto colon = line.rfind(':');
  if (line.find("answers at") == line.npos || colon == line.npos) {
    kill();
    throw std::runtime_error(fmt::format("the service did not start: {}", log()));
  }
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

void IntakeProcess::kill() noexcept {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

bool IntakeProcess::running() {
  if (process_ < 0 || ::waitpid(process_, nullptr, WNOHANG) == 0) return process_ >= 0;
  process_ = -1;
  return false;
}

std::string IntakeProcess::log() const {
  return slurp(folder_ / "log");
}

Failing::Failing(const std::vector<pid_t>& processes, const std::string& what) {
  std::string command =
      fmt::format("exec strace -f -qq -o /dev/null -e trace={} -e inject={}", what.substr(0, what.find(':')), what);
  for (const pid_t process : processes) command += fmt::format(" -p {}", process);
  strace_ = ::fork();
  if (strace_ == 0) {
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
}

Failing::~Failing() {
  ::kill(strace_, SIGTERM);  // it lets go of them
  ::waitpid(strace_, nullptr, 0);
}

}  // namespace answerable::testing
