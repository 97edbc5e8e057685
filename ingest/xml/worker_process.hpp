#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>

#include "ingest/xml/wire.hpp"

namespace answerable::xml {

/// One parse worker, seen from its parent: a child process and a socket, both ended with this.
class WorkerProcess {
 public:
  struct Frame {
    wire::FrameKind kind{};
    std::string content;
  };

  /// Starts the program with the argument parse-worker; it inherits nothing but the socket.
  /// \throws std::system_error when it cannot be started
  explicit WorkerProcess(const std::filesystem::path& program);
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  int socket() const { return socket_; }
  pid_t process() const { return process_; }
  bool alive() const { return alive_; }

  void send(std::string frame) { out_.push_back(std::move(frame)); }
  bool has_to_write() const { return alive_ && !out_.empty(); }
  /// Writes what the socket takes without waiting.
  void write_some();
  /// Reads what there is without waiting. A worker that hangs up, or says what no worker says, is not alive() any more.
  void read_some();
  /// The next whole frame. False when there is none yet.
  bool take(Frame& frame);

 private:
  void fail();
  int socket_{-1};
  pid_t process_{-1};
  bool alive_{true};
  std::deque<std::string> out_;
  std::size_t out_done_{};
  std::string in_;  ///< larger than what was read: filled up to in_end_, taken up to in_done_
  std::size_t in_done_{}, in_end_{};
};

}  // namespace answerable::xml
