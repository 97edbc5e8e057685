#include "ingest/pg/listener.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include "ingest/pg/session.hpp"

namespace answerable::pg {
namespace {

struct FreeNotify {
  void operator()(PGnotify* notify) const { PQfreemem(notify); }
};

}  // namespace

Listener::Listener(const std::string& conninfo, std::string_view purpose, std::string_view role,
                   const std::string& channel)
    : connection_(conninfo, purpose, role) {
  const bool plain =
      !channel.empty() && std::ranges::all_of(channel, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (!plain) throw std::logic_error("a channel's name is small letters and underscores");
  connection_.session_->execute("listener/listen", fmt::format("LISTEN {}", channel).c_str());
}

bool Listener::wait(std::chrono::milliseconds longest, int stop) {
  PGconn* const line = connection_.session_->line.get();
  const auto heard = [line] {
    if (PQconsumeInput(line) != 1) throw Error("listener/wait", "08006", "the line to the database died");
    bool any = false;
    while (const std::unique_ptr<PGnotify, FreeNotify> notify{PQnotifies(line)}) any = true;
    return any;
  };
  if (heard()) return true;
  std::array<pollfd, 2> watched{{{PQsocket(line), POLLIN, 0}, {stop, POLLIN, 0}}};
  const auto milliseconds = static_cast<int>(std::min<std::int64_t>(longest.count(), 3'600'000));
  if (poll(watched.data(), watched.size(), milliseconds) < 0 && errno != EINTR)
    throw std::runtime_error("the line to the database cannot be watched");
  return heard();
}

}  // namespace answerable::pg
