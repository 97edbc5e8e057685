#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace answerable::testing {

/// The real `answerable-ingest serve` on a private server, as often as it is started. Always at the same port, as
/// senders know it.
class IntakeProcess {
 public:
  /// \param folder its data lie in folder/data, its log is added to folder/log
  explicit IntakeProcess(std::filesystem::path folder);
  IntakeProcess(const IntakeProcess&) = delete;
  IntakeProcess& operator=(const IntakeProcess&) = delete;
  ~IntakeProcess() { kill(); }

  /// Returns once requests are answered. \throws std::runtime_error when it ended instead
  void start();
  /// SIGKILL, and gone when this returns.
  void kill() noexcept;
  bool running();
  pid_t process() const { return process_; }

  std::uint16_t port() const { return port_; }
  std::string log() const;

 private:
  const std::filesystem::path folder_;
  std::atomic<std::uint16_t> port_{0};
  pid_t process_{-1};
};

/// strace(1) makes system calls of running processes, and of those they start, fail as a broken disk would.
class Failing {
 public:
  /// \param what strace's words: "fsync:error=EIO:when=3+"
  Failing(const std::vector<pid_t>& processes, const std::string& what);
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing();

 private:
  pid_t strace_{-1};
};

}  // namespace answerable::testing
