#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ingest/http/gate.hpp"

namespace answerable::http {

/// The threads that answer requests.
class Workers {
 public:
  /// \param work must not throw
  Workers(int threads, std::size_t waiting, std::function<void(Task)> work);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  /// False, and the task is left as it is, when all are busy and the queue is full.
  bool take(Task& task);
  /// Lets everything taken so far finish; when the time is over, the connections of what is still under way are cut.
  void finish(Clock::time_point until);

 private:
  void run();

  const std::size_t waiting_;
  const std::function<void(Task)> work_;
  std::mutex mutex_;
  std::condition_variable arrived_, done_;
  std::deque<Task> queue_;
  std::list<std::shared_ptr<Connection>> under_way_;
  std::size_t idle_{};
  bool finishing_{};
  std::vector<std::thread> threads_;
};

}  // namespace answerable::http
