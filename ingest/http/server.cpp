#include "ingest/http/server.hpp"

#include <atomic>
#include <utility>

#include "ingest/http/exchange.hpp"
#include "ingest/http/gate.hpp"
#include "ingest/http/listener.hpp"
#include "ingest/http/workers.hpp"

namespace answerable::http {

struct Server::Parts {
  Parts(const Listening& where, Router routes, Hooks called, Limits most)
      : limits(most),
        router(std::move(routes)),
        hooks(std::move(called)),
        listeners(where),
        workers(limits.threads, limits.waiting, [this](Task task) { work(std::move(task)); }),
        gate(listeners, limits, [this](Task& task) { return workers.take(task); }) {}

  ~Parts() {
    stopping = true;
    gate.stop();
    workers.finish(Clock::now() + limits.finish);
  }

  void work(Task task) {
    const After after = answer(*task.connection, task.asked, Desk{router, hooks, limits, stopping});
    if (after == After::lost) return;
    if (after == After::end) task.connection->end_writing();
    gate.take_back(std::move(task.connection), after == After::end);
  }

  const Limits limits;
  const Router router;
  const Hooks hooks;
  std::atomic<bool> stopping{};
  Listeners listeners;
  Workers workers;
  Gate gate;
};

Server::Server(Listening where, Router router, Hooks hooks, Limits limits)
    : parts_(std::make_unique<Parts>(where, std::move(router), std::move(hooks), limits)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return parts_->listeners.port();
}

std::string Server::address() const {
  return parts_->listeners.address();
}

}  // namespace answerable::http
