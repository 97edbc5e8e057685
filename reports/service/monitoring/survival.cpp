#include "reports/service/monitoring/survival.hpp"

namespace answerable::monitoring {
namespace {

constexpr pg::Statement reviews_done{
    "monitoring.reviews_done",
    "SELECT 0, coalesce(sum(findings), 0)::bigint FROM answerable.finding_tally WHERE authority = $1 AND actor = $2"
    " AND outcome = 'met' AND answerable.is_review(rule) UNION ALL"
    " SELECT days, count(*) FROM answerable.late_review WHERE authority = $1 AND actor = $2 GROUP BY 1"};
constexpr pg::Statement reviews_open{
    "monitoring.reviews_open",
    "SELECT $3 - due, count(*) FROM answerable.open_finding WHERE authority = $1 AND actor = $2"
    " AND answerable.is_review(rule) AND answerable.needs_attention(outcome) AND due < $3 GROUP BY 1"};

}  // namespace

std::int64_t Waiting::total() const {
  std::int64_t all = 0;
  for (const auto& [days, count] : done) all += count;
  for (const auto& [days, count] : open) all += count;
  return all;
}

std::vector<SurvivalStep> survival(const Waiting& waiting) {
  std::vector<SurvivalStep> steps;
  std::int64_t at_risk = waiting.total();
  double open = 1;
  auto left = waiting.open.begin();
  for (const auto& [days, done] : waiting.done) {
    for (; left != waiting.open.end() && left->first < days; ++left) at_risk -= left->second;
    if (done == 0) continue;
    open *= 1 - static_cast<double>(done) / static_cast<double>(at_risk);
    steps.push_back({days, at_risk, done, open});
    at_risk -= done;
  }
  return steps;
}

std::optional<int> median_days(const std::vector<SurvivalStep>& steps) {
  for (const auto& step : steps)
    if (step.open <= 0.5) return step.days;
  return std::nullopt;
}

Waiting reviews(pg::Transaction& transaction, const std::string& authority, const std::string& actor, Day today) {
  Waiting waiting;
  const auto read = [&](const pg::Statement& statement, std::map<int, std::int64_t>& into, const auto&... more) {
    const auto rows = transaction.run(statement, authority, actor, more...);
    for (int i = 0; i < rows.rows(); ++i)
      if (rows.int64(i, 1) > 0) into[rows.int32(i, 0)] += rows.int64(i, 1);
  };
  read(reviews_done, waiting.done);
  read(reviews_open, waiting.open, today);
  return waiting;
}

}  // namespace answerable::monitoring
