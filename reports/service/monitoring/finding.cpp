#include "reports/service/monitoring/finding.hpp"

namespace answerable::monitoring {
namespace {

constexpr pg::Statement newest_step{
    "monitoring.finding",
    "SELECT s.subject, u.subject IS NULL, s.withdrawn, s.outcome, s.rule, s.severity, s.state, coalesce(s.sentence, "
    "''),"
    " s.actor, s.agreement, s.due, s.flagged_since, o.found_on, s.edition_from"
    " FROM answerable.finding_current c JOIN answerable.finding_step s USING (authority, finding, run)"
    " LEFT JOIN answerable.subject u ON u.authority = c.authority AND u.subject = c.subject AND u.type <> 'person'"
    " LEFT JOIN answerable.open_finding o ON o.authority = c.authority AND o.finding = c.finding"
    " WHERE c.authority = $1 AND c.finding = $2"};
constexpr pg::Statement last_run{
    "monitoring.last_run",
    "SELECT as_of, known_at FROM answerable.audit_run WHERE authority = $1 ORDER BY run DESC LIMIT 1"};
constexpr pg::Statement escalations_of{"monitoring.escalations",
                                       "SELECT escalated_to, reason, escalated_by, escalated_at FROM "
                                       "answerable.escalation WHERE authority = $1 AND finding = $2 ORDER BY event"};
constexpr pg::Statement complaints_of{
    "monitoring.complaints",
    "SELECT case_reference, linked_by, linked_at FROM answerable.complaint_link WHERE "
    "authority = $1 AND finding = $2 ORDER BY linked_at"};
constexpr pg::Statement actions_of{
    "monitoring.actions",
    "SELECT a.plan, a.what, a.until FROM answerable.action a JOIN answerable.action_plan p USING (authority, plan)"
    " WHERE a.authority = $1 AND a.finding = $2 AND p.sent_at IS NOT NULL ORDER BY a.plan, a.ordinal"};
constexpr pg::Statement set_aside_asked{
    "monitoring.set_aside_asked",
    "SELECT p.approval, p.reason, coalesce(a.name, ''), p.asked_at, p.until FROM answerable.approval p"
    " LEFT JOIN answerable.account a ON a.authority = p.authority AND a.account = p.asked_by"
    " WHERE p.authority = $1 AND p.what = 'set-aside' AND p.about = $2 AND p.decision IS NULL ORDER BY 1 LIMIT 1"};

std::optional<Day> day_in_row(const pg::Result& rows, int column) {
  if (rows.is_null(0, column)) return std::nullopt;
  return rows.day(0, column);
}

void add_set_aside(FindingPage& page) {
  // The newest decision counts, while it holds.
  for (const auto& step : page.life) {
    if (step.what == "set-aside") page.set_aside = true;
    if (step.what == "set-aside-over" || step.what == "reopened") page.set_aside = false;
  }
}

void add_what_was_done(pg::Transaction& transaction, const std::string& authority, FindingPage& page) {
  const auto escalations = transaction.run(escalations_of, authority, page.id);
  for (int i = 0; i < escalations.rows(); ++i)
    page.escalations.push_back({std::string(escalations.text(i, 0)), std::string(escalations.text(i, 1)),
                                std::string(escalations.text(i, 2)), escalations.instant(i, 3)});
  const auto complaints = transaction.run(complaints_of, authority, page.id);
  for (int i = 0; i < complaints.rows(); ++i)
    page.complaints.push_back(
        {std::string(complaints.text(i, 0)), std::string(complaints.text(i, 1)), complaints.instant(i, 2)});
  const auto actions = transaction.run(actions_of, authority, page.id);
  for (int i = 0; i < actions.rows(); ++i)
    page.actions.push_back({actions.int64(i, 0), std::string(actions.text(i, 1)), actions.day(i, 2)});
  const auto asked = transaction.run(set_aside_asked, authority, engine::format_finding(page.id));
  if (asked.rows() == 1)
    page.asked_to_set_aside = {asked.int64(0, 0), std::string(asked.text(0, 1)), std::string(asked.text(0, 2)),
                               asked.instant(0, 3), day_in_row(asked, 4)};
}

}  // namespace

std::optional<FindingPage> finding_page(pg::Transaction& transaction, const std::string& authority,
                                        engine::FindingId id, Day today) {
  const auto row = transaction.run(newest_step, authority, id);
  if (row.rows() != 1) return std::nullopt;
  FindingPage page{.id = id,
                   .subject = row.int32(0, 0),
                   .about_person = row.boolean(0, 1),
                   .withdrawn = row.boolean(0, 2),
                   .outcome = engine::parse_outcome(row.text(0, 3)).value(),
                   .rule = std::string(row.text(0, 4)),
                   .severity = std::string(row.text(0, 5)),
                   .state = std::string(row.text(0, 6)),
                   .sentence = std::string(row.text(0, 7)),
                   .actor = std::string(row.text(0, 8)),
                   .agreement = std::string(row.text(0, 9)),
                   .edition_from = row.day(0, 13),
                   .due = day_in_row(row, 10),
                   .flagged_since = day_in_row(row, 11),
                   .found_on = day_in_row(row, 12),
                   .as_of = today};
  const auto last = transaction.run(last_run, authority);
  if (last.rows() == 1) {
    page.as_of = last.day(0, 0);
    page.known_at = last.int64(0, 1);
  }
  page.life = engine::life(transaction, authority, id, today);
  add_set_aside(page);
  page.requests = requests(transaction, authority, {.finding = id}, today).shown;
  add_what_was_done(transaction, authority, page);
  return page;
}

}  // namespace answerable::monitoring
