#include "audit/service/worker.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stdexcept>
#include <utility>

#include "audit/engine/council_rules.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/store.hpp"
#include "audit/ledger/keeping.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/listener.hpp"
#include "ingest/xml/file_reader.hpp"

namespace answerable::service {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes day_begins = 5min;  // London; a date that has come is judged on that day
constexpr int words_at_once = 2000;                // records: a moment's work, then whatever else waits
constexpr pg::Statement read_some_words{"worker.words", "SELECT answerable.read_words($1, $2)"};
constexpr std::chrono::minutes night_check = 2h + 30min;  // and the ledger recomputed

/// The next time London's clocks show this.
Instant next_at(std::chrono::minutes since_midnight) {
  const Instant at = now();
  const Instant today = london(london_day(at), since_midnight);
  return today > at ? today : london(london_day(at) + std::chrono::days{1}, since_midnight);
}

std::string worker_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  std::random_device random;
  return fmt::format("{}/{}/{:08x}", host.data(), getpid(), random());
}

/// Renews a lease while its job is done, over a connection of its own.
class Heart {
 public:
  Heart(const std::string& conninfo, const std::string& role, const std::string& worker, const Job& job, Log& log)
      : thread_([=, this, &job, &log](const std::stop_token& stop) {
          try {
            std::optional<pg::Connection> connection;  // most jobs are over before their lease needs one
            std::unique_lock lock(access_);
            while (!over_.wait_for(lock, stop, Jobs::lease / 3, [] { return false; }) && !stop.stop_requested()) {
              if (!connection) connection.emplace(conninfo, "lease", role);
              if (Jobs(*connection, worker).renew(job)) continue;
              log.warning("lease-lost", {{"authority", job.authority}, {"kind", word(job.kind)}});
              return;
            }
          } catch (const std::exception& error) {
            log.error("lease-not-renewed", error);
          }
        }) {}

 private:
  std::mutex access_;
  std::condition_variable_any over_;
  std::jthread thread_;
};

}  // namespace

Worker::Worker(std::string conninfo, std::string role, ledger::Keys keys, Log& log, Metrics& metrics)
    : conninfo_(std::move(conninfo)),
      role_(std::move(role)),
      name_(worker_name()),
      keys_(std::move(keys)),
      kinds_(xml::Kinds::load(share_folder() / "schemas")),
      log_(log),
      metrics_(metrics),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  if (wake_ < 0) throw std::runtime_error("the worker cannot be made: no eventfd");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Worker::~Worker() {
  thread_.request_stop();
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void Worker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      work(stop);
    } catch (const std::exception& error) {
      // The database is away: what was under way keeps its lease until it ends, and is then taken up again.
      log_.error("worker-failed", error);
      std::mutex access;
      std::unique_lock lock(access);
      std::condition_variable_any().wait_for(lock, stop, 3s, [] { return false; });
    }
  }
}

void Worker::work(const std::stop_token& stop) {
  pg::Listener listener(conninfo_, "worker, listening", role_, "answerable_work");
  pg::Connection connection(conninfo_, "worker", role_);
  Jobs jobs(connection, name_);
  plan_nights(jobs, connection);
  while (!stop.stop_requested()) {
    if (const auto job = jobs.take()) {
      carry_out(*job, jobs, connection);
      continue;
    }
    const auto waiting = jobs.waiting();
    metrics_.jobs_waiting(waiting.jobs, waiting.oldest);
    // An hour at most, because clocks are set and machines sleep.
    auto longest = std::chrono::milliseconds{1h};
    if (const auto due = jobs.next_due())
      longest = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*due - now()), 10ms, longest);
    listener.wait(longest, wake_);
  }
}

void Worker::plan_nights(Jobs& jobs, pg::Connection& connection) {
  std::vector<std::string> authorities;
  {
    pg::Transaction transaction(connection, pg::Access::read_only);
    authorities = engine::LedgerReader::authorities(transaction);
  }
  for (const auto& authority : authorities) jobs.plan(authority, JobKind::verify, next_at(night_check));
}

void Worker::carry_out(const Job& job, Jobs& jobs, pg::Connection& connection) {
  const auto began = std::chrono::steady_clock::now();
  const auto took = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began); };
  const Log::Fields what{{"authority", job.authority}, {"kind", word(job.kind)}, {"attempt", job.attempt}};
  try {
    std::optional<Instant> next;
    {
      const Heart heart(conninfo_, role_, name_, job, log_);
      if (job.kind == JobKind::audit) next = audit(job, jobs, connection);
      if (job.kind == JobKind::seal) seal(job, connection);
      if (job.kind == JobKind::verify) next = verify(job, connection);
      if (job.kind == JobKind::words) next = read_words(job, connection);
    }
    jobs.done(job, next);
    metrics_.job(word(job.kind), "done", took());
    log_.info("job-done", {{"authority", job.authority},
                           {"kind", word(job.kind)},
                           {"attempt", job.attempt},
                           {"seconds", took().count()}});
  } catch (const std::exception& error) {
    metrics_.job(word(job.kind), "failed", took());
    log_.error("job-failed", error, what);
    jobs.failed(job, without_values(error));
  }
}

std::optional<Instant> Worker::audit(const Job& job, Jobs& jobs, pg::Connection& connection) {
  std::optional<engine::Catalogue> catalogue;
  {
    pg::Transaction transaction(connection, pg::Access::read_only);
    catalogue = engine::catalogue_for(transaction, job.authority, kinds_);
  }
  const auto report = engine::audit(connection, *catalogue, job.authority, london_day(now()));
  log_.info("audited", {{"authority", job.authority}, {"judged", report.judged}, {"steps", report.steps}});
  jobs.want(job.authority, JobKind::seal);
  jobs.plan(job.authority, JobKind::verify, next_at(night_check));  // of a council that is new
  return next_at(day_begins);
}

void Worker::seal(const Job& job, pg::Connection& connection) {
  const auto sealed = ledger::seal_and_keep(connection, keys_, job.authority);
  log_.info("sealed", {{"authority", job.authority},
                       {"leaves", sealed.added},
                       {"size", sealed.checkpoint ? sealed.checkpoint->size : 0}});
}

std::optional<Instant> Worker::verify(const Job& job, pg::Connection& connection) {
  const auto another = [this] { return pg::Connection(conninfo_, "worker, verifying", role_); };
  xml::FileReader reader(kinds_, ledger::no_limits());
  const auto result = ledger::verify_and_keep(connection, another, reader, keys_, job.authority, {});
  if (result.differences.empty()) {
    log_.info("verified", {{"authority", job.authority}, {"records", result.records}});
  } else {
    log_.warning("ledger-differs", {{"authority", job.authority}, {"differences", result.differences.size()}});
  }
  return next_at(night_check);
}

std::optional<Instant> Worker::read_words(const Job& job, pg::Connection& connection) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  const bool all = transaction.run_one(read_some_words, job.authority, words_at_once).boolean(0, 0);
  transaction.commit();
  return all ? std::nullopt : std::optional(now());
}

}  // namespace answerable::service
