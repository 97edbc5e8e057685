#include "ingest/xml/worker_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace answerable::xml {
namespace {

struct SpawnActions {
  posix_spawn_file_actions_t it{};
  SpawnActions() { ::posix_spawn_file_actions_init(&it); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&it); }
};

}  // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& program) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
  socket_ = ends[0];
  SpawnActions actions;
  ::posix_spawn_file_actions_adddup2(&actions.it, ends[1], STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions.it, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions.it, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions.it, 3);
  std::string path = program.string(), argument = "parse-worker", language = "LANG=C";
  std::array<char*, 3> arguments{path.data(), argument.data(), nullptr};
  std::array<char*, 2> environment{language.data(), nullptr};
  const int error = ::posix_spawn(&process_, path.c_str(), &actions.it, nullptr, arguments.data(), environment.data());
  ::close(ends[1]);
  if (error != 0) {
    ::close(socket_);
    throw std::system_error(error, std::generic_category(), "cannot start the parse worker " + path);
  }
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
}

WorkerProcess::~WorkerProcess() {
  ::close(socket_);
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void WorkerProcess::fail() {
  alive_ = false;
  out_.clear();
}

void WorkerProcess::write_some() {
  while (has_to_write()) {
    const auto& frame = out_.front();
    const auto put = ::send(socket_, frame.data() + out_done_, frame.size() - out_done_, MSG_NOSIGNAL);
    if (put < 0) {
      if (errno != EAGAIN && errno != EINTR) fail();
      return;
    }
    out_done_ += static_cast<std::size_t>(put);
    if (out_done_ < frame.size()) continue;
    out_.pop_front();
    out_done_ = 0;
  }
}

void WorkerProcess::read_some() {
  constexpr std::size_t piece = 256 << 10;
  while (alive_) {
    if (in_.size() < in_end_ + piece) in_.resize(in_end_ + piece);
    const auto got = ::recv(socket_, in_.data() + in_end_, piece, 0);
    if (got > 0) {
      in_end_ += static_cast<std::size_t>(got);
      if (static_cast<std::size_t>(got) < piece) return;
      if (in_end_ - in_done_ > wire::most_frame) return;
      continue;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    fail();
  }
}

bool WorkerProcess::take(Frame& frame) {
  const auto left = std::string_view(in_).substr(in_done_, in_end_ - in_done_);
  if (left.size() < wire::prefix_size) return false;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(left[i])); };
  const auto size = byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
  if (size < 1 || size > wire::most_frame) {
    fail();
    return false;
  }
  if (left.size() < 4 + size) return false;
  frame.kind = static_cast<wire::FrameKind>(left[4]);
  frame.content = left.substr(wire::prefix_size, size - 1);
  in_done_ += 4 + size;
  if (in_done_ == in_end_) {
    in_done_ = in_end_ = 0;
  } else if (in_done_ > (std::size_t{1} << 20)) {
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(in_done_), in_.begin() + static_cast<std::ptrdiff_t>(in_end_),
              in_.begin());
    in_end_ -= in_done_;
    in_done_ = 0;
  }
  return true;
}

}  // namespace answerable::xml
