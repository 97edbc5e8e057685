#include "audit/service/jobs.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "ingest/pg/connection.hpp"

namespace answerable::service {
namespace {

constexpr std::array<std::string_view, 4> kinds{"audit", "seal", "verify", "words"};

JobKind kind_of(std::string_view text) {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds.at(i) == text) return static_cast<JobKind>(i);
  throw std::runtime_error("a job of a kind that this program does not know: is it older than the database?");
}

// Infinity stands for "not before it is asked for". Sealing goes first: receipts wait for it. Words are read when
// nothing else is to be done.
constexpr pg::Statement take_job{
    "jobs.take",
    "UPDATE answerable.job SET lease_by = $1, lease_until = clock_timestamp() + make_interval(secs => $2), taken = "
    "wanted,"
    " attempts = attempts + 1"
    " WHERE (authority, kind) = (SELECT authority, kind FROM answerable.job"
    "   WHERE due_at <= clock_timestamp() AND (lease_until IS NULL OR lease_until <= clock_timestamp())"
    "   ORDER BY kind = 'seal' DESC, kind = 'words', due_at, authority LIMIT 1 FOR UPDATE SKIP LOCKED)"
    " RETURNING authority, kind, attempts"};
constexpr pg::Statement renew_lease{
    "jobs.renew",
    "UPDATE answerable.job SET lease_until = clock_timestamp() + make_interval(secs => $4)"
    " WHERE authority = $1 AND kind = $2 AND lease_by = $3 AND lease_until > clock_timestamp() RETURNING true"};
constexpr pg::Statement end_job{
    "jobs.done",
    "UPDATE answerable.job SET lease_by = NULL, lease_until = NULL, attempts = 0, failed_with = NULL,"
    " done_at = clock_timestamp(),"
    " due_at = CASE WHEN wanted > taken THEN clock_timestamp() ELSE coalesce($4, 'infinity') END"
    " WHERE authority = $1 AND kind = $2 AND lease_by = $3"};
constexpr pg::Statement fail_job{
    "jobs.failed",
    "UPDATE answerable.job SET lease_by = NULL, lease_until = NULL, failed_with = $4,"
    " due_at = clock_timestamp() + make_interval(secs => least(3600, 5 * 2 ^ least(attempts, 12)))"
    " WHERE authority = $1 AND kind = $2 AND lease_by = $3"};
constexpr pg::Statement want_job{"jobs.want", "SELECT answerable.want_job($1, $2)"};
constexpr pg::Statement plan_job{
    "jobs.plan",
    "INSERT INTO answerable.job (authority, kind, due_at) VALUES ($1, $2, $3)"
    " ON CONFLICT (authority, kind) DO UPDATE SET due_at = least(job.due_at, excluded.due_at)"
    " WHERE job.lease_by IS NULL AND job.due_at > excluded.due_at"};
constexpr pg::Statement next_job{
    "jobs.next_due",
    "SELECT min(greatest(due_at, coalesce(lease_until, due_at))) FROM answerable.job WHERE due_at < 'infinity'"};
constexpr pg::Statement waiting_jobs{
    "jobs.waiting",
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(due_at))::bigint, 0) FROM answerable.job"
    " WHERE due_at <= clock_timestamp() AND (lease_until IS NULL OR lease_until <= clock_timestamp())"};

}  // namespace

std::string_view word(JobKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

Jobs::Jobs(pg::Connection& connection, std::string worker) : connection_(connection), worker_(std::move(worker)) {}

std::optional<Job> Jobs::take() {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  const auto row = transaction.run(take_job, worker_, static_cast<std::int32_t>(lease.count()));
  if (row.rows() == 0) return std::nullopt;
  Job job{std::string(row.text(0, 0)), kind_of(row.text(0, 1)), row.int32(0, 2)};
  transaction.commit();
  return job;
}

bool Jobs::renew(const Job& job) {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  const bool held =
      transaction.run(renew_lease, job.authority, word(job.kind), worker_, static_cast<std::int32_t>(lease.count()))
          .rows() == 1;
  transaction.commit();
  return held;
}

void Jobs::done(const Job& job, std::optional<Instant> next) {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  transaction.run(end_job, job.authority, word(job.kind), worker_, next);
  transaction.commit();
}

void Jobs::failed(const Job& job, std::string_view why) {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  transaction.run(fail_job, job.authority, word(job.kind), worker_, why);
  transaction.commit();
}

void Jobs::want(const std::string& authority, JobKind kind) {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  transaction.run(want_job, authority, word(kind));
  transaction.commit();
}

void Jobs::plan(const std::string& authority, JobKind kind, Instant at) {
  pg::Transaction transaction(connection_, pg::Access::read_write);
  transaction.run(plan_job, authority, word(kind), at);
  transaction.commit();
}

std::optional<Instant> Jobs::next_due() {
  pg::Transaction transaction(connection_, pg::Access::read_only);
  const auto row = transaction.run_one(next_job);
  if (row.is_null(0, 0)) return std::nullopt;
  return row.instant(0, 0);
}

Jobs::Waiting Jobs::waiting() {
  pg::Transaction transaction(connection_, pg::Access::read_only);
  const auto row = transaction.run_one(waiting_jobs);
  return {row.int64(0, 0), std::chrono::seconds{row.int64(0, 1)}};
}

}  // namespace answerable::service
