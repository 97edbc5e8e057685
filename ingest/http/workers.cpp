#include "ingest/http/workers.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

namespace answerable::http {

Workers::Workers(int threads, std::size_t waiting, std::function<void(Task)> work)
    : waiting_(waiting), work_(std::move(work)) {
  for (int i = 0; i < std::max(threads, 1); ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  finish(Clock::now());
}

bool Workers::take(Task& task) {
  {
    const std::scoped_lock lock(mutex_);
    if (finishing_ || queue_.size() >= waiting_ + idle_) return false;
    queue_.push_back(std::move(task));
  }
  arrived_.notify_one();
  return true;
}

void Workers::run() {
  sigset_t pipe;  // OpenSSL writes to connections that are gone
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    arrived_.wait(lock, [this] { return finishing_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    const auto mine = under_way_.insert(under_way_.end(), task.connection);
    lock.unlock();
    work_(std::move(task));
    lock.lock();
    under_way_.erase(mine);
    done_.notify_all();
  }
}

void Workers::finish(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  arrived_.notify_all();
  if (!done_.wait_until(lock, until, [this] { return queue_.empty() && under_way_.empty(); })) {
    queue_.clear();
    for (const auto& connection : under_way_) connection->cut();
  }
  lock.unlock();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace answerable::http
