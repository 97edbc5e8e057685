#include "reports/service/monitoring/overview.hpp"

#include <algorithm>
#include <map>

namespace answerable::monitoring {
namespace {

constexpr std::int64_t lines_shown = 5;  // all that is late or due is a link away
constexpr std::int64_t reports_shown = 10;

constexpr pg::Statement looked_at{"overview.looked_at", "SELECT at FROM answerable.last_looked"};
constexpr pg::Statement look_now{"overview.look",
                                 "INSERT INTO answerable.last_looked (authority, account, at) VALUES ($1, $2, now())"
                                 " ON CONFLICT (authority, account) DO UPDATE SET at = excluded.at"};
constexpr pg::Statement changed_since{
    "overview.changed",
    "SELECT (SELECT coalesce(sum(opened), 0)::bigint FROM answerable.run_change WHERE authority = $1 AND at > $2),"
    " (SELECT coalesce(sum(closed), 0)::bigint FROM answerable.run_change WHERE authority = $1 AND at > $2),"
    " (SELECT count(*) FROM answerable.request_reply WHERE authority = $1 AND replied_at > $2),"
    " (SELECT count(*) FROM answerable.approval WHERE authority = $1 AND decided_at > $2)"};
constexpr pg::Statement needs_me{
    "overview.needs_me",
    "SELECT (SELECT count(*) FROM answerable.request_reply WHERE authority = $1 AND decision IS NULL),"
    " (SELECT count(*) FROM answerable.request q WHERE q.authority = $1 AND q.until < $2 AND NOT EXISTS (SELECT FROM "
    "answerable.request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS DISTINCT "
    "FROM "
    "'not-accepted') AND (q.finding IS NULL OR EXISTS (SELECT FROM answerable.open_finding o WHERE o.authority = "
    "q.authority AND o.finding = q.finding))),"
    " (SELECT count(*) FROM answerable.approval WHERE authority = $1 AND decision IS NULL AND asked_by <> $3),"
    " (SELECT count(*) FROM answerable.action_plan WHERE authority = $1 AND sent_at IS NULL AND account = $3),"
    " (SELECT count(*) FROM answerable.open_finding WHERE authority = $1 AND outcome = 'pending' AND due BETWEEN $2 "
    "AND "
    "$2 + 14)"};
// The day is an index's: little is read for a few lines.
constexpr pg::Statement soonest_due{
    "overview.soonest",
    "SELECT o.finding, '', o.actor, o.due, s.rule FROM (SELECT * FROM answerable.open_finding WHERE "
    "authority = $1 AND outcome = 'pending' AND due BETWEEN $2 AND $2 + 14 ORDER BY due, finding LIMIT $3) o"
    " JOIN answerable.finding_step s USING (authority, finding, run) ORDER BY o.due, o.finding"};
constexpr pg::Statement most_late{
    "overview.most_late",
    "SELECT o.finding, coalesce(s.sentence, s.state), o.actor, o.due, s.rule FROM (SELECT * FROM "
    "answerable.open_finding WHERE "
    "authority = $1 AND answerable.needs_attention(outcome) AND due < $2 ORDER BY due, finding LIMIT $3) o"
    " JOIN answerable.finding_step s USING (authority, finding, run) ORDER BY o.due, o.finding"};
/// And how many of each are past the day they were due: what is open is gone through once.
constexpr pg::Statement by_age{
    "overview.ageing",
    "SELECT CASE WHEN flagged_since IS NULL THEN 5 WHEN $2 - flagged_since <= 30 THEN 0 WHEN $2 - flagged_since <= 91 "
    "THEN 1 WHEN $2 - flagged_since <= 182 THEN 2 WHEN $2 - flagged_since <= 365 THEN 3 ELSE 4 END, severity, count(*),"
    " count(*) FILTER (WHERE due < $2)"
    " FROM answerable.open_finding WHERE authority = $1 AND answerable.needs_attention(outcome) GROUP BY 1, 2"};
constexpr pg::Statement reports_missing{
    "overview.reports_missing",
    "SELECT agreement, actor, count(*) FROM answerable.open_finding WHERE authority = $1 AND rule IN ('s75.report', "
    "'deleg.guidance.reports') AND answerable.needs_attention(outcome) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $2"};
constexpr pg::Statement last_of_each{"overview.last_sent",
                                     "SELECT organisation, key, name, received_at FROM answerable.last_sent()"};
constexpr pg::Statement monitored{"overview.monitored",
                                  "SELECT reference FROM answerable.assignment WHERE authority = $1"
                                  " AND account = $2 AND kind = 'agreement'"};
constexpr pg::Statement intake_weeks{
    "overview.intake",
    "SELECT received_at > now() - interval '7 days', count(*), sum(stored)::bigint, sum(held)::bigint, max(received_at)"
    " FROM answerable.submission WHERE authority = $1 AND received_at > now() - interval '14 days' GROUP BY 1"};
constexpr pg::Statement last_file{
    "overview.last_file",
    "SELECT received_at FROM answerable.submission WHERE authority = $1 ORDER BY received_at DESC LIMIT 1"};
constexpr pg::Statement failing_jobs{"overview.failing",
                                     "SELECT kind, failed_with, attempts::bigint FROM answerable.job WHERE authority = "
                                     "$1 AND failed_with IS NOT NULL ORDER BY kind"};
constexpr pg::Statement last_verified{
    "overview.verified",
    "SELECT at, differences FROM answerable.verification WHERE authority = $1 ORDER BY at DESC LIMIT 1"};
constexpr pg::Statement last_audited{
    "overview.audited", "SELECT started_at FROM answerable.audit_run WHERE authority = $1 ORDER BY run DESC LIMIT 1"};

constexpr std::array<std::string_view, age_bands> band_words{"up to 30 days",  "31 days to 3 months", "3 to 6 months",
                                                             "6 to 12 months", "more than a year",    "not dated"};

Changes changes(pg::Transaction& transaction, const std::string& authority) {
  Changes all;
  const auto looked = transaction.run(looked_at);
  if (looked.rows() == 1) all.since = looked.instant(0, 0);
  all.from = all.since.value_or(now() - std::chrono::days{7});
  const auto row = transaction.run_one(changed_since, authority, all.from);
  all.opened = row.int64(0, 0);
  all.closed = row.int64(0, 1);
  all.replies = row.int64(0, 2);
  all.approvals_decided = row.int64(0, 3);
  return all;
}

std::vector<DueLine> due_lines(const pg::Result& rows) {
  std::vector<DueLine> lines;
  for (int i = 0; i < rows.rows(); ++i)
    lines.push_back({rows.int64(i, 0), std::string(rows.text(i, 1)), std::string(rows.text(i, 4)),
                     std::string(rows.text(i, 2)), rows.day(i, 3)});
  return lines;
}

Today needs_today(pg::Transaction& transaction, const std::string& authority, std::int32_t account, Day today) {
  const auto row = transaction.run_one(needs_me, authority, today, account);
  return {.replies_to_decide = row.int64(0, 0),
          .answers_overdue = row.int64(0, 1),
          .approvals_waiting = row.int64(0, 2),
          .drafts = row.int64(0, 3),
          .due_soon = row.int64(0, 4),
          .soonest = due_lines(transaction.run(soonest_due, authority, today, lines_shown)),
          .latest = due_lines(transaction.run(most_late, authority, today, lines_shown))};
}

/// Whose agreements are looked at: those assigned, or with none named every one.
bool is_looked_at(const AgreementLine& line, const std::vector<std::string>& assigned) {
  return std::ranges::find(assigned, "") != assigned.end() || assigned.empty() ||
         std::ranges::find(assigned, line.reference) != assigned.end();
}

std::vector<SilentParty> silent_parties(pg::Transaction& transaction, const std::string& authority,
                                        std::int32_t account, Day today) {
  std::vector<std::string> assigned;
  const auto own = transaction.run(monitored, authority, account);
  for (int i = 0; i < own.rows(); ++i) assigned.emplace_back(own.text(i, 0));
  std::map<std::string, std::string> under;
  for (const auto& line : agreements(transaction, authority, today)) {
    if (!line.in_force || !is_looked_at(line, assigned)) continue;
    for (const auto& party : line.parties) {
      auto& references = under[party];
      references += (references.empty() ? "" : ", ") + line.reference;
    }
  }
  std::vector<SilentParty> silent;
  const auto rows = transaction.run(last_of_each);
  for (int i = 0; i < rows.rows(); ++i) {
    const auto party = under.find(std::string(rows.text(i, 1)));
    if (party == under.end()) continue;
    SilentParty one{.key = party->first,
                    .name = std::string(rows.text(i, 2)),
                    .agreements = party->second,
                    .organisation = rows.int32(i, 0)};
    if (!rows.is_null(i, 3)) one.last_sent = rows.instant(i, 3);
    if (!one.last_sent || (today - london_day(*one.last_sent)).count() > silent_after_days)
      silent.push_back(std::move(one));
  }
  std::ranges::stable_sort(silent, {}, [](const SilentParty& one) { return one.last_sent.value_or(Instant::min()); });
  return silent;
}

Health health(pg::Transaction& transaction, const std::string& authority) {
  Health it;
  const auto weeks = transaction.run(intake_weeks, authority);
  for (int i = 0; i < weeks.rows(); ++i)
    (weeks.boolean(i, 0) ? it.this_week : it.week_before) = {weeks.int64(i, 1), weeks.int64(i, 2), weeks.int64(i, 3)};
  if (const auto last = transaction.run(last_file, authority); last.rows() == 1) it.last_file = last.instant(0, 0);
  const auto failing = transaction.run(failing_jobs, authority);
  for (int i = 0; i < failing.rows(); ++i)
    it.failing.push_back({std::string(failing.text(i, 0)), std::string(failing.text(i, 1)), failing.int64(i, 2)});
  if (const auto last = transaction.run(last_verified, authority); last.rows() == 1) {
    it.verified_at = last.instant(0, 0);
    it.differences = last.int64(0, 1);
  }
  if (const auto last = transaction.run(last_audited, authority); last.rows() == 1) it.audited_at = last.instant(0, 0);
  return it;
}

}  // namespace

std::array<AgeBand, age_bands> ageing(pg::Transaction& transaction, const std::string& authority, Day today) {
  std::array<AgeBand, age_bands> bands{};
  for (std::size_t i = 0; i < age_bands; ++i) bands.at(i).words = band_words.at(i);
  const auto rows = transaction.run(by_age, authority, today);
  for (int i = 0; i < rows.rows(); ++i) {
    auto& band = bands.at(static_cast<std::size_t>(rows.int32(i, 0)));
    const auto severity = rows.text(i, 1);
    (severity == "serious"     ? band.serious
     : severity == "important" ? band.important
     : severity == "advisory"  ? band.advisory
                               : band.not_graded) += rows.int64(i, 2);
    band.overdue += rows.int64(i, 3);
  }
  return bands;
}

Overview overview(pg::Transaction& transaction, const std::string& authority, std::int32_t account, Day today) {
  Overview all{.changes = changes(transaction, authority),
               .today = needs_today(transaction, authority, account, today),
               .providers = providers(transaction, authority),
               .ageing = ageing(transaction, authority, today),
               .silent = silent_parties(transaction, authority, account, today),
               .missing_reports = {},
               .health = health(transaction, authority)};
  const auto missing = transaction.run(reports_missing, authority, reports_shown);
  for (int i = 0; i < missing.rows(); ++i)
    all.missing_reports.push_back(
        {std::string(missing.text(i, 0)), std::string(missing.text(i, 1)), missing.int64(i, 2)});
  return all;
}

void look(pg::Transaction& transaction, const std::string& authority, std::int32_t account) {
  transaction.run(look_now, authority, account);
}

}  // namespace answerable::monitoring
