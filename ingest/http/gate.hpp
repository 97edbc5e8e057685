#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/http/connection.hpp"
#include "ingest/http/head.hpp"
#include "ingest/http/listener.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/server.hpp"

namespace answerable::http {

/// A connection whose request can be answered: its head, or what is wrong with it.
struct Task {
  std::shared_ptr<Connection> connection;
  std::variant<Head, Problem> asked;
};

/// How many connections there are, in all and from each address.
class Seats {
 public:
  Seats();
  /// A seat, free again when its last copy goes; none when this address has its share.
  std::shared_ptr<const void> sit(const std::string& address, std::size_t share) const;
  std::size_t taken() const;

 private:
  struct Taken;
  std::shared_ptr<Taken> taken_;
};

/// Holds every connection that nobody works on, in one thread that never waits for any of them.
class Gate {
 public:
  /// False when everybody is busy; then the task is left as it is.
  using Ready = std::function<bool(Task&)>;
  Gate(const Listeners& listeners, const Limits& limits, Ready ready);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() { stop(); }

  /// After an answer. \param ended nothing more is read from it than what was on its way
  void take_back(std::shared_ptr<Connection> connection, bool ended);
  /// Closes everything that it holds.
  void stop();

 private:
  enum class Phase { head, idle, lingering };
  struct Held {
    std::shared_ptr<Connection> connection;
    HeadFinder finder;
    Phase phase;
    Clock::time_point until;
    unsigned interest;
  };
  void run();
  void wait();
  void accept_from(int listener);
  void hold(std::shared_ptr<Connection> connection, Phase phase);
  std::shared_ptr<Connection> release(int descriptor);
  void set_phase(Held& held, Phase phase);
  void watch(Held& held, Connection::Outcome wanted);
  void advance(int descriptor);
  bool hand_on_if_whole(int descriptor, Held& held);
  void hand_on(Task task);
  void linger(int descriptor);
  void take_returned();
  bool drop_longest_held();
  void drop_late();

  const Listeners& listeners_;
  const Limits& limits_;
  Ready ready_;
  Seats seats_;
  Descriptor epoll_, wake_;
  std::unordered_map<int, Held> held_;
  std::set<std::pair<Clock::time_point, int>> by_deadline_;
  std::string buffer_;

  std::mutex mutex_;
  std::vector<std::pair<std::shared_ptr<Connection>, bool>> returned_;
  std::atomic<bool> stopping_{};
  std::thread thread_;
};

}  // namespace answerable::http
