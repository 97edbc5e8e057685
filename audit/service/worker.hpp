#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "audit/ledger/keys.hpp"
#include "audit/service/jobs.hpp"
#include "ingest/service/log.hpp"
#include "ingest/service/metrics.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::service {

/// Does the jobs of one database, one at a time, in a thread of its own: wakes when records come in or something else
/// asks for work (LISTEN), when a day has come, and when another worker's lease is over. Any number of workers, here or
/// on other machines, share the work.
class Worker {
 public:
  /// \param conninfo, role as pg::Connection
  Worker(std::string conninfo, std::string role, ledger::Keys keys, Log& log, Metrics& metrics);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  /// Finishes the job under way.
  ~Worker();

 private:
  void run(const std::stop_token& stop);
  void work(const std::stop_token& stop);
  void plan_nights(Jobs& jobs, pg::Connection& connection);
  void carry_out(const Job& job, Jobs& jobs, pg::Connection& connection);
  std::optional<Instant> audit(const Job& job, Jobs& jobs, pg::Connection& connection);
  void seal(const Job& job, pg::Connection& connection);
  std::optional<Instant> verify(const Job& job, pg::Connection& connection);
  static std::optional<Instant> read_words(const Job& job, pg::Connection& connection);

  const std::string conninfo_, role_, name_;
  const ledger::Keys keys_;
  const xml::Kinds kinds_;
  Log& log_;
  Metrics& metrics_;
  int wake_;  ///< an eventfd(2): readable once the end has come
  std::jthread thread_;
};

}  // namespace answerable::service
