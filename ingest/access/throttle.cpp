#include "ingest/access/throttle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace answerable::access {
namespace {

constexpr int free_failures = 3;
constexpr std::chrono::seconds longest_wait{900};
constexpr std::chrono::hours forgotten_after{24};

constexpr pg::Statement make_row{
    "throttle.make_row",
    "INSERT INTO answerable.sign_in_failure (authority, whose, failures, last_at)"
    " SELECT authority, $2, 0, $3 FROM answerable.authority WHERE authority = $1 ON CONFLICT DO NOTHING"};
constexpr pg::Statement lock_row{
    "throttle.lock_row",
    "SELECT failures, last_at FROM answerable.sign_in_failure WHERE authority = $1 AND whose = $2 FOR UPDATE"};
constexpr pg::Statement set_failures{
    "throttle.set_failures",
    "UPDATE answerable.sign_in_failure SET failures = $3, last_at = $4 WHERE authority = $1 AND whose = $2"};
constexpr pg::Statement take_one_off{"throttle.take_one_off",
                                     "UPDATE answerable.sign_in_failure SET failures = greatest(failures - 1, 0)"
                                     " WHERE authority = $1 AND whose = $2"};
constexpr pg::Statement forget_account{"throttle.forget_account",
                                       "DELETE FROM answerable.sign_in_failure WHERE authority = $1 AND whose = $2"};

Instant may_try_again(int failures, Instant last) {
  if (failures < free_failures) return last;
  const int doublings = std::min(failures - free_failures + 1, 10);
  return last + std::min(std::chrono::seconds(1LL << doublings), longest_wait);
}

}  // namespace

Throttle::Throttle(pg::Connection& door, std::string_view authority, std::string_view email, std::string_view address)
    : door_(&door), authority_(authority), account_(sha256(as_bytes(fmt::format("account {}", email)))) {
  whose_.push_back(account_);
  if (!address.empty()) whose_.push_back(sha256(as_bytes(fmt::format("address {}", address))));
  std::ranges::sort(whose_);  // locked in one order by everybody
}

std::optional<Instant> Throttle::count_attempt(Instant at) {
  pg::Transaction transaction(*door_, pg::Access::read_write);
  std::optional<Instant> until;
  for (const Digest& whose : whose_) {
    transaction.run(make_row, authority_, whose, at);
    const auto row = transaction.run(lock_row, authority_, whose);
    if (row.rows() == 0) continue;  // no such council
    const Instant last = row.instant(0, 1);
    const int failures = at - last > forgotten_after ? 0 : row.int32(0, 0);
    if (const Instant again = may_try_again(failures, last); at < again) until = std::max(until.value_or(again), again);
    transaction.run(set_failures, authority_, whose, failures + 1, at);
  }
  if (until) return until;
  transaction.commit();
  return std::nullopt;
}

void Throttle::uncount(pg::Transaction& transaction) const {
  for (const Digest& whose : whose_) transaction.run(take_one_off, authority_, whose);
}

void Throttle::forget(pg::Transaction& transaction) const {
  for (const Digest& whose : whose_)
    transaction.run(whose == account_ ? forget_account : take_one_off, authority_, whose);
}

}  // namespace answerable::access
