#include "reports/service/monitoring/plan.hpp"

#include <algorithm>

namespace answerable::monitoring {
namespace {

constexpr pg::Statement one_plan{
    "plans.one",
    "SELECT asked_of, title, made_by, account = (SELECT answerable.acting_account()), made_at, sent_at FROM "
    "answerable.action_plan WHERE authority = $1 AND plan = $2"};
constexpr pg::Statement issues_of{
    "plans.issues",
    "SELECT i.finding, coalesce(s.sentence, s.state, ''), CASE WHEN NOT s.withdrawn THEN s.outcome END FROM "
    "answerable.action_plan_issue i LEFT JOIN answerable.finding_current c USING (authority, finding)"
    " LEFT JOIN answerable.finding_step s ON s.authority = c.authority AND s.finding = c.finding AND s.run = c.run"
    " WHERE i.authority = $1 AND i.plan = $2 ORDER BY i.finding"};
constexpr pg::Statement actions_in{
    "plans.actions",
    "SELECT finding, ordinal, what, until FROM answerable.action WHERE authority = $1 AND plan = $2 ORDER BY ordinal"};
constexpr pg::Statement list_plans{
    "plans.list",
    "SELECT p.plan, p.asked_of, p.title, p.made_by, p.sent_at, count(DISTINCT i.finding), count(DISTINCT i.finding) "
    "FILTER "
    "(WHERE o.finding IS NOT NULL), min(a.until) FILTER (WHERE o.finding IS NOT NULL)"
    " FROM (SELECT * FROM answerable.action_plan WHERE authority = $1 ORDER BY plan DESC LIMIT $2) p"
    " LEFT JOIN answerable.action_plan_issue i USING (authority, plan)"
    " LEFT JOIN answerable.action a ON a.authority = i.authority AND a.plan = i.plan AND a.finding = i.finding"
    " LEFT JOIN answerable.open_finding o ON o.authority = i.authority AND o.finding = i.finding"
    " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC"};

}  // namespace

std::optional<Plan> plan(pg::Transaction& transaction, const std::string& authority, std::int64_t number) {
  const auto row = transaction.run(one_plan, authority, number);
  if (row.rows() != 1) return std::nullopt;
  Plan it{.number = number,
          .asked_of = std::string(row.text(0, 0)),
          .title = std::string(row.text(0, 1)),
          .by = std::string(row.text(0, 2)),
          .own = row.boolean(0, 3),
          .made = row.instant(0, 4),
          .issues = {}};
  if (!row.is_null(0, 5)) it.sent = row.instant(0, 5);
  const auto issues = transaction.run(issues_of, authority, number);
  for (int i = 0; i < issues.rows(); ++i) {
    Issue issue{.finding = issues.int64(i, 0), .sentence = std::string(issues.text(i, 1)), .actions = {}};
    if (!issues.is_null(i, 2)) issue.outcome = engine::parse_outcome(issues.text(i, 2));
    it.issues.push_back(std::move(issue));
  }
  const auto actions = transaction.run(actions_in, authority, number);
  for (int i = 0; i < actions.rows(); ++i) {
    const auto issue = std::ranges::find(it.issues, actions.int64(i, 0), &Issue::finding);
    if (issue != it.issues.end())
      issue->actions.push_back({actions.int32(i, 1), std::string(actions.text(i, 2)), actions.day(i, 3)});
  }
  return it;
}

std::vector<PlanLine> plans(pg::Transaction& transaction, const std::string& authority, int limit) {
  const auto rows = transaction.run(list_plans, authority, std::int64_t{limit});
  std::vector<PlanLine> lines;
  for (int i = 0; i < rows.rows(); ++i) {
    PlanLine line{.number = rows.int64(i, 0),
                  .asked_of = std::string(rows.text(i, 1)),
                  .title = std::string(rows.text(i, 2)),
                  .by = std::string(rows.text(i, 3)),
                  .issues = rows.int64(i, 5),
                  .open = rows.int64(i, 6)};
    if (!rows.is_null(i, 4)) line.sent = rows.instant(i, 4);
    if (!rows.is_null(i, 7)) line.next = rows.day(i, 7);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace answerable::monitoring
