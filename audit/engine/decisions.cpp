#include "audit/engine/decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement newest_decisions{
    "audit.newest_decisions",
    "SELECT DISTINCT ON (finding) finding, decision = 'set-aside', decided_at, decided_by, reason, until, outcome,"
    " approval, approved_by"
    " FROM answerable.finding_decision WHERE authority = $1 ORDER BY finding, ordinal DESC"};
constexpr pg::Statement decisions_about{
    "audit.decisions_about",
    "SELECT finding, decision = 'set-aside', decided_at, decided_by, reason, until, outcome, approval, approved_by"
    " FROM answerable.finding_decision WHERE authority = $1 AND finding = $2 ORDER BY ordinal"};
constexpr pg::Statement current_outcome{"audit.current_outcome",
                                        "SELECT outcome FROM answerable.finding WHERE authority = $1 AND finding = $2"};
constexpr pg::Statement add_decision{
    "audit.add_decision",
    "INSERT INTO answerable.finding_decision (authority, finding, ordinal, decision, decided_at, decided_by, reason, "
    "until, outcome, approval, approved_by)"
    " SELECT $1, $2, coalesce(max(ordinal), 0) + 1, $3, now(), $4, $5, $6, $7, $8, $9 FROM answerable.finding_decision"
    " WHERE authority = $1 AND finding = $2"};
constexpr pg::Statement steps_of{
    "audit.steps_of",
    "SELECT a.started_at, s.withdrawn, s.outcome, s.state, s.run, a.as_of FROM answerable.finding_step s"
    " JOIN answerable.audit_run a ON a.authority = s.authority AND a.run = s.run"
    " WHERE s.authority = $1 AND s.finding = $2 ORDER BY s.run"};

Decision decision_in(const pg::Result& rows, int row) {
  Decision d;
  d.finding = rows.int64(row, 0);
  d.set_aside = rows.boolean(row, 1);
  d.decided_at = rows.instant(row, 2);
  d.decided_by = rows.text(row, 3);
  d.reason = rows.text(row, 4);
  if (!rows.is_null(row, 5)) d.until = rows.day(row, 5);
  d.outcome = parse_outcome(rows.text(row, 6)).value();
  if (!rows.is_null(row, 7)) d.sign_off.approval = rows.int64(row, 7);
  if (!rows.is_null(row, 8)) d.sign_off.approved_by = rows.text(row, 8);
  return d;
}

std::vector<Decision> about(pg::Transaction& transaction, const std::string& authority, FindingId id) {
  const auto rows = transaction.run(decisions_about, authority, id);
  std::vector<Decision> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(decision_in(rows, i));
  return all;
}

/// \throws std::invalid_argument
Outcome outcome_of(pg::Transaction& transaction, const std::string& authority, FindingId id) {
  const auto rows = transaction.run(current_outcome, authority, id);
  if (rows.rows() == 0)
    throw std::invalid_argument(
        fmt::format("{}: no audit has stored such a finding, or nothing calls for it any more", format_finding(id)));
  return parse_outcome(rows.text(0, 0)).value();
}

/// ", approved by Gus Guardian <g@example.org> (approval 7)"
std::string sign_off_words(const access::SignOff& sign_off) {
  const std::string by = sign_off.approved_by ? ", approved by " + *sign_off.approved_by : "";
  return by + (sign_off.approval ? fmt::format(" (approval {})", *sign_off.approval) : ", not signed off");
}

bool is_set_aside(const std::vector<Decision>& decisions, Outcome outcome, Day today) {
  return !decisions.empty() && decisions.back().holds(outcome, today);
}

}  // namespace

std::map<FindingId, Decision> decisions(pg::Transaction& transaction, const std::string& authority) {
  const auto rows = transaction.run(newest_decisions, authority);
  std::map<FindingId, Decision> all;
  for (int i = 0; i < rows.rows(); ++i) all.emplace(rows.int64(i, 0), decision_in(rows, i));
  return all;
}

void set_aside(pg::Transaction& transaction, const std::string& authority, FindingId id, const std::string& decided_by,
               const std::string& reason, std::optional<Day> until, Day today, const access::SignOff& sign_off) {
  const Outcome outcome = outcome_of(transaction, authority, id);
  if (!needs_attention(outcome))
    throw std::invalid_argument(
        fmt::format("{} is {}: nothing of it can be set aside", format_finding(id), word(outcome)));
  if (is_set_aside(about(transaction, authority, id), outcome, today))
    throw std::invalid_argument(fmt::format("{} is set aside already; reopen it first", format_finding(id)));
  if (until && *until < today)
    throw std::invalid_argument(
        fmt::format("{} cannot be set aside until {}, which is past", format_finding(id), words(*until)));
  transaction.run(add_decision, authority, id, "set-aside", decided_by, reason, until, word(outcome), sign_off.approval,
                  sign_off.approved_by);
}

void reopen(pg::Transaction& transaction, const std::string& authority, FindingId id, const std::string& decided_by,
            const std::string& reason, Day today) {
  const Outcome outcome = outcome_of(transaction, authority, id);
  if (!is_set_aside(about(transaction, authority, id), outcome, today))
    throw std::invalid_argument(fmt::format("{} is not set aside", format_finding(id)));
  transaction.run(add_decision, authority, id, "reopened", decided_by, reason, std::optional<Day>{}, word(outcome),
                  std::optional<std::int64_t>{}, std::optional<std::string>{});
}

std::vector<LifeStep> life(pg::Transaction& transaction, const std::string& authority, FindingId id, Day today) {
  std::vector<LifeStep> steps;
  const auto rows = transaction.run(steps_of, authority, id);
  std::string before;
  bool was_withdrawn = false;
  struct Change {
    Instant at;
    Outcome outcome;
  };
  std::vector<Change> changes;
  for (int i = 0; i < rows.rows(); ++i) {
    const auto outcome = parse_outcome(rows.text(i, 2)).value();
    const std::string now = fmt::format("{} ({})", word(outcome), rows.text(i, 3));
    const std::string by = fmt::format("audit {} as of {}", rows.int64(i, 4), words(rows.day(i, 5)));
    const Instant at = rows.instant(i, 0);
    if (rows.boolean(i, 1)) {
      steps.push_back({at, "withdrawn", by + ": nothing calls for it any more"});
      was_withdrawn = true;
      continue;
    }
    changes.push_back({at, outcome});
    const std::string what = was_withdrawn                  ? "called for again"
                             : i == 0                       ? "opened"
                             : outcome == Outcome::met      ? "met"
                             : outcome == Outcome::met_late ? "met-late"
                                                            : "changed";
    steps.push_back({at, what,
                     i == 0 || before == now ? fmt::format("{}: {}", by, now)
                                             : fmt::format("{}: {}; before: {}", by, now, before)});
    before = now;
    was_withdrawn = false;
  }
  const auto decided = about(transaction, authority, id);
  for (auto d = decided.begin(); d != decided.end(); ++d) {
    steps.push_back({d->decided_at, d->set_aside ? "set-aside" : "reopened",
                     fmt::format("by {}{}{}: {}", d->decided_by, d->set_aside ? sign_off_words(d->sign_off) : "",
                                 d->until ? " until " + words(*d->until) : "", d->reason)});
    if (!d->set_aside) continue;
    const Instant next = std::next(d) == decided.end() ? Instant::max() : std::next(d)->decided_at;
    const auto changed = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
      return change.at > d->decided_at && change.outcome != d->outcome;
    });
    if (changed != changes.end() && changed->at < next && (!d->until || london_day(changed->at) <= *d->until)) {
      steps.push_back({changed->at, "set-aside-over", "it came to something else than what was set aside"});
    } else if (d->until && *d->until < today && Instant{*d->until + std::chrono::days{1}} < next) {
      steps.push_back({Instant{*d->until + std::chrono::days{1}}, "set-aside-over", "the day named is over"});
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [](const LifeStep& a, const LifeStep& b) { return a.at < b.at; });
  return steps;
}

}  // namespace answerable::engine
