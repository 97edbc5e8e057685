#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/civil_date.hpp"

namespace answerable::pg {
class Connection;
}

/// Work that waits in the database, done by whoever holds its lease.
namespace answerable::service {

/// What is done for a council without anybody asking.
enum class JobKind {
  audit,   ///< judges subjects with new records, or whose date has come
  seal,    ///< sequences the leaves that wait and signs a checkpoint
  verify,  ///< recomputes the whole ledger, each night
  words,   ///< reads the words of new records, for searching in them
};
std::string_view word(JobKind kind);

/// A job whose lease is held.
struct Job {
  std::string authority;
  JobKind kind{};
  int attempt{};  ///< from 1: how often it was begun since it was last done
};

/// The jobs of one database as one worker sees them. Each call is a transaction of its own.
class Jobs {
 public:
  /// How long a lease holds unless it is renewed. A killed worker's job is taken up after that.
  static constexpr std::chrono::seconds lease{60};

  /// \param worker tells this worker from all others, at all times
  Jobs(pg::Connection& connection, std::string worker);

  /// Takes the lease of a job that is due and nobody else's. Nothing when there is none.
  std::optional<Job> take();
  /// False when the lease was lost: whoever has the job now does it again.
  bool renew(const Job& job);
  /// Done. It is due again at `next`, at once when it was asked for meanwhile, or never before it is asked for.
  void done(const Job& job, std::optional<Instant> next);
  /// Not done: due again after a while that grows with each attempt. \param why without personal data
  void failed(const Job& job, std::string_view why);
  /// Asks for a job now; also while it is being done, for then what it is asked for came too late for it.
  void want(const std::string& authority, JobKind kind);
  /// Sees to it that a job nobody does at the moment is due at a moment, or sooner.
  void plan(const std::string& authority, JobKind kind, Instant at);

  /// When the next job that nobody holds is due, or a lease ends.
  std::optional<Instant> next_due();
  /// Jobs due and not held, and how long the oldest of them has waited.
  struct Waiting {
    std::int64_t jobs{};
    std::chrono::seconds oldest{};
  };
  Waiting waiting();

 private:
  pg::Connection& connection_;
  std::string worker_;
};

}  // namespace answerable::service
