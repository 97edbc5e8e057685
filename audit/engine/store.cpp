#include "audit/engine/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "audit/engine/finding_rows.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/marks.hpp"
#include "audit/engine/sql_array.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement lock_audits{"audit.lock",
                                    "SELECT pg_advisory_lock(hashtextextended('answerable audit ' || $1, 0))::text"};
constexpr pg::Statement unlock_audits{"audit.unlock",
                                      "SELECT pg_advisory_unlock(hashtextextended('answerable audit ' || $1, 0))"};
constexpr pg::Statement last_run{"audit.last_run",
                                 "SELECT run, as_of, known_at, rule_set, engine FROM answerable.audit_run WHERE "
                                 "authority = $1 ORDER BY run DESC LIMIT 1"};
constexpr pg::Statement standing_changed{"audit.standing_changed",
                                         "SELECT EXISTS (SELECT FROM answerable.record r JOIN answerable.subject s ON "
                                         "s.authority = r.authority AND s.subject = r.subject"
                                         " WHERE r.authority = $1 AND r.number >= $2 AND s.type <> 'person')"};
constexpr pg::Statement date_has_come{
    "audit.date_has_come",
    "SELECT subject FROM answerable.subject_judged WHERE authority = $1 AND next_change <= $2 ORDER BY 1"};
constexpr pg::Statement note_judged{
    "audit.note_judged",
    "INSERT INTO answerable.subject_judged AS j (authority, subject, as_of, known_at, next_change)"
    " SELECT $1, n.subject, $2, $3, n.next_change FROM unnest($4::int[], $5::date[]) AS n(subject, next_change)"
    " ON CONFLICT (authority, subject) DO UPDATE SET as_of = EXCLUDED.as_of, known_at = EXCLUDED.known_at, next_change "
    "= EXCLUDED.next_change"};
constexpr pg::Statement add_rule_file{
    "audit.add_rule_file",
    "INSERT INTO answerable.rule_file (digest, id, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr pg::Statement add_rule_set{
    "audit.add_rule_set",
    "INSERT INTO answerable.rule_set (digest, id, file) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr pg::Statement count_rule_set{"audit.count_rule_set",
                                       "SELECT count(*) FROM answerable.rule_set WHERE digest = $1"};
constexpr pg::Statement add_run{"audit.add_run",
                                "INSERT INTO answerable.audit_run (authority, run, as_of, known_at, rule_set, engine, "
                                "started_at, judged, judgements, steps, why)"
                                " VALUES ($1, $2, $3, $4, $5, $6, now(), $7, $8, $9, $10::jsonb)"};
constexpr pg::Statement count_rows{"audit.count_rows", "SELECT answerable.count_rows()::text"};
constexpr pg::Statement count_judged{"audit.count_judged",
                                     "SELECT count(*) FROM answerable.subject_judged WHERE authority = $1"};
constexpr pg::Statement count_findings{"audit.count_findings",
                                       "SELECT rule, outcome, sum(findings)::bigint FROM answerable.finding_tally "
                                       "WHERE authority = $1 GROUP BY 1, 2 HAVING sum(findings) > 0"};
constexpr pg::Statement list_findings{
    "audit.list_findings",
    "SELECT finding, subject, rule, duty, outcome, state, trigger_first, trigger_last, trigger_precision::text, "
    "trigger_act, trigger_record,"
    " occurrence, due, flagged_since, actor, agreement, coalesce(sentence, ''), severity FROM answerable.finding"
    " WHERE authority = $1 AND ($2 = '' OR rule = $2) AND ($3 < 0 OR subject = $3)"};
constexpr pg::Statement list_findings_after{
    "audit.list_findings_after",
    "SELECT * FROM (SELECT DISTINCT ON (finding) finding, subject, rule, duty, outcome, state, trigger_first, "
    "trigger_last, trigger_precision::text, trigger_act, trigger_record,"
    " occurrence, due, flagged_since, actor, agreement, coalesce(sentence, ''), severity, withdrawn FROM "
    "answerable.finding_step WHERE authority = $1 AND run <= $2 ORDER BY finding, run DESC) s WHERE NOT withdrawn"};
constexpr pg::Statement finding_subject{
    "audit.finding_subject", "SELECT subject FROM answerable.finding_current WHERE authority = $1 AND finding = $2"};

/// The findings of a batch are held until they are written, and a small batch stays in the processor's caches.
constexpr std::size_t entries_together = 30'000;

/// One audit of a council at a time; the others wait.
class OneAtATime {
 public:
  OneAtATime(pg::Connection& connection, const std::string& authority)
      : connection_(connection), authority_(authority) {
    pg::Transaction transaction(connection_, pg::Access::read_only);
    transaction.run(lock_audits, authority_);
    transaction.commit();
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
  ~OneAtATime() {
    try {
      pg::Transaction transaction(connection_, pg::Access::read_only);
      transaction.run(unlock_audits, authority_);
      transaction.commit();
    } catch (const std::exception&) {
      // A lost connection has given its locks back already.
    }
  }

 private:
  pg::Connection& connection_;
  const std::string& authority_;
};

/// What is the same for every subject, read in one transaction.
struct Setting {
  Setting(const LedgerReader& reader, Catalogue& catalogue, Horizon horizon)
      : organisations(reader.organisations()), agreements(reader.agreements(horizon.known_at)) {
    const Batch council = reader.council(horizon.known_at);
    for (const auto& timeline : council.timelines()) {
      const auto more = engine::easements(catalogue.vocabulary(), timeline, organisations, horizon);
      easements.insert(easements.end(), more.begin(), more.end());
      policies.add(catalogue.vocabulary(), timeline, organisations, horizon);
    }
    context = {&catalogue, &agreements, &organisations, &easements, &policies, horizon};
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  Organisations organisations;
  Agreements agreements;
  Easements easements;
  Policies policies;
  Context context;
};

void sort(std::vector<Finding>& all) {
  std::sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.rule, a.subject, a.duty, a.trigger_when, a.trigger_record, a.occurrence, a.id) <
           std::tie(b.rule, b.subject, b.duty, b.trigger_when, b.trigger_record, b.occurrence, b.id);
  });
}

/// Which subjects have to be judged, and why; nothing: all.
std::optional<std::vector<std::int32_t>> choose(pg::Transaction& transaction, const LedgerReader& reader,
                                                const Catalogue& catalogue, Day as_of, const pg::Result& last,
                                                const std::vector<std::int32_t>& marked, std::string& why_all,
                                                AuditReport& report) {
  if (last.rows() == 0) {
    why_all = "first audit";
    return std::nullopt;
  }
  const std::int64_t known_before = last.int64(0, 2);
  if (!std::ranges::equal(last.bytes(0, 3), catalogue.digest())) why_all = "the rules changed";
  if (last.int32(0, 4) != engine_edition) why_all = "the program changed";
  if (last.day(0, 1) > as_of) why_all = "the last audit was as of a later day";
  if (transaction.run_one(standing_changed, reader.authority(), known_before).boolean(0, 0))
    why_all = "agreements or council policy changed";
  if (!why_all.empty()) return std::nullopt;
  std::vector<std::int32_t> chosen = reader.changed(known_before, reader.size());
  const auto more = [&](const std::vector<std::int32_t>& subjects, const std::string& why) {
    const std::size_t before = chosen.size();
    chosen.insert(chosen.end(), subjects.begin(), subjects.end());
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    if (chosen.size() > before) report.why[why] = static_cast<std::int64_t>(chosen.size() - before);
  };
  if (!chosen.empty()) report.why["new records"] = static_cast<std::int64_t>(chosen.size());
  more(marked, "what other people's records show");
  std::vector<std::int32_t> come;
  const auto due = transaction.run(date_has_come, reader.authority(), as_of);
  for (int i = 0; i < due.rows(); ++i) come.push_back(due.int32(i, 0));
  more(come, "a date that has come");
  return chosen;
}

/// In a transaction of its own: councils share these rows, and two audits that began at once would each see the other's
/// as a conflict with what they had read.
void keep_rules(pg::Connection& connection, const Catalogue& catalogue) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  const auto kept = transaction.run(count_rule_set, std::span<const std::byte>(catalogue.digest())).int64(0, 0);
  if (kept == static_cast<std::int64_t>(catalogue.files().size())) return;
  for (const auto& file : catalogue.files()) {
    transaction.run(add_rule_file, std::span<const std::byte>(file.digest), file.id, as_bytes(file.bytes));
    transaction.run(add_rule_set, std::span<const std::byte>(catalogue.digest()), file.id,
                    std::span<const std::byte>(file.digest));
  }
  transaction.commit();
}

/// In a transaction of its own, since it keeps others from doing the same until it ends.
void let_server_count(pg::Connection& connection) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  transaction.run(count_rows);
  transaction.commit();
}

/// How things stand after an audit. The tally is kept when it commits.
void count(pg::Connection& connection, AuditReport& report) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  report.subjects = transaction.run(count_judged, report.authority).int64(0, 0);
  const auto rows = transaction.run(count_findings, report.authority);
  for (int i = 0; i < rows.rows(); ++i) {
    const auto outcome = parse_outcome(rows.text(i, 1)).value();
    report.outcomes[outcome] += rows.int64(i, 2);
    report.by_rule[std::string(rows.text(i, 0))][outcome] += rows.int64(i, 2);
  }
}

}  // namespace

AuditReport audit(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, Day as_of) {
  const OneAtATime alone(connection, authority);
  keep_rules(connection, catalogue);
  let_server_count(connection);
  pg::Transaction transaction(connection, pg::Access::read_write, pg::Isolation::repeatable_read);
  const LedgerReader reader(transaction, authority, catalogue.vocabulary());
  AuditReport report;
  report.authority = authority;
  report.as_of = as_of;
  report.known_at = report.records = reader.size();
  report.stored = true;
  const auto last = transaction.run(last_run, authority);
  const std::int64_t run = last.rows() == 0 ? 1 : last.int64(0, 0) + 1;
  std::string why_all;
  const auto marked = refresh_marks(transaction, catalogue, authority, report.known_at);
  const auto chosen = choose(transaction, reader, catalogue, as_of, last, marked, why_all, report);

  const Setting setting(reader, catalogue, {as_of, report.known_at});
  Judge judge(setting.context);
  Sha256 hash;
  Differences differences(authority, run);
  reader.each(
      report.known_at, chosen,
      [&](const Batch& batch) {
        std::vector<std::int32_t> subjects;
        std::string next_changes;
        for (const auto& timeline : batch.timelines()) {
          const Judged judged = judge(timeline);
          for (const auto& j : judged.judgements) {
            const auto& edition = catalogue.rules()[j.duty.rule].editions[j.duty.edition];
            const FindingId id = finding_id(hash, authority, timeline.subject, catalogue, j);
            differences.add(
                hash, {make_finding(setting.context, timeline, j, id), edition.from, j.trigger->ordinal, false, 0});
          }
          subjects.push_back(timeline.subject);
          next_changes += next_changes.empty() ? '{' : ',';
          next_changes += judged.next_change ? iso(*judged.next_change) : "NULL";
          report.judgements += static_cast<std::int64_t>(judged.judgements.size());
        }
        if (subjects.empty()) return;
        report.steps += differences.write(transaction, subjects.front(), subjects.back(), subjects);
        transaction.run(note_judged, authority, as_of, report.known_at, array_text(subjects), next_changes + '}');
        report.judged += static_cast<std::int64_t>(subjects.size());
        report.entries += static_cast<std::int64_t>(batch.entry_count());
      },
      entries_together);
  if (!why_all.empty()) report.why[why_all] = report.judged;
  // With nothing to judge nothing happened, and the last run still says how things stand.
  if (report.judged > 0 || !why_all.empty()) {
    transaction.run(add_run, authority, run, as_of, report.known_at, std::span<const std::byte>(catalogue.digest()),
                    std::int32_t{engine_edition}, report.judged, report.judgements, report.steps,
                    nlohmann::json(report.why).dump());
  }
  transaction.commit();
  let_server_count(connection);
  count(connection, report);
  return report;
}

AuditReport question(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, Day as_of,
                     std::optional<std::int64_t> known_at,
                     const std::function<void(const Context&, const SubjectTimeline&, const Judgement&)>& use) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  const LedgerReader reader(transaction, authority, catalogue.vocabulary());
  AuditReport report;
  report.authority = authority;
  report.as_of = as_of;
  report.known_at = report.records = std::min(known_at.value_or(reader.size()), reader.size());
  const Setting setting(reader, catalogue, {as_of, report.known_at});
  Judge judge(setting.context);
  std::vector<std::array<std::int64_t, outcomes>> counts(catalogue.rules().size());
  reader.each(
      report.known_at, std::nullopt,
      [&](const Batch& batch) {
        for (const auto& timeline : batch.timelines()) {
          const Judged judged = judge(timeline);
          for (const auto& j : judged.judgements) {
            ++counts[j.duty.rule][static_cast<std::size_t>(j.outcome)];
            use(setting.context, timeline, j);
          }
          ++report.judged;
          report.judgements += static_cast<std::int64_t>(judged.judgements.size());
        }
        report.entries += static_cast<std::int64_t>(batch.entry_count());
      },
      entries_together);
  for (std::size_t rule = 0; rule < counts.size(); ++rule)
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
      if (const auto many = counts[rule][outcome]; many > 0) {
        report.outcomes[static_cast<Outcome>(outcome)] += many;
        report.by_rule[catalogue.rules()[rule].id][static_cast<Outcome>(outcome)] = many;
      }
  report.subjects = report.judged;
  report.why["a question"] = report.judged;
  return report;
}

bool FindingFilter::matches(const Finding& f) const {
  return (rule.empty() || f.rule == rule) &&
         (outcomes.empty() || std::find(outcomes.begin(), outcomes.end(), f.outcome) != outcomes.end()) &&
         (!subject || f.subject == *subject) && (agreement.empty() || f.agreement == agreement) &&
         (actor.empty() || f.actor == actor) && (!severity || f.severity == *severity);
}

namespace {

std::vector<Finding> read(const pg::Result& rows, const FindingFilter& filter) {
  std::vector<Finding> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Finding f;
    f.id = rows.int64(i, 0);
    f.subject = rows.int32(i, 1);
    f.rule = rows.text(i, 2);
    f.duty = rows.text(i, 3);
    f.outcome = parse_outcome(rows.text(i, 4)).value();
    f.state = rows.text(i, 5);
    f.trigger_when = {rows.day(i, 6), rows.day(i, 7), static_cast<Precision>(rows.text(i, 8).front())};
    f.trigger_act = rows.text(i, 9);
    f.trigger_record = rows.int64(i, 10);
    f.occurrence = rows.int32(i, 11);
    if (!rows.is_null(i, 12)) f.due = rows.day(i, 12);
    if (!rows.is_null(i, 13)) f.flagged_since = rows.day(i, 13);
    f.actor = rows.text(i, 14);
    f.agreement = rows.text(i, 15);
    f.sentence = rows.text(i, 16);
    f.severity = parse_severity(rows.text(i, 17)).value_or(Severity::important);
    if (filter.matches(f)) all.push_back(std::move(f));
  }
  sort(all);
  return all;
}

}  // namespace

std::vector<Finding> findings(pg::Transaction& transaction, const std::string& authority, const FindingFilter& filter) {
  return read(transaction.run(list_findings, authority, filter.rule, filter.subject.value_or(-1)), filter);
}

std::vector<Finding> findings_after(pg::Transaction& transaction, const std::string& authority, std::int64_t run) {
  return read(transaction.run(list_findings_after, authority, run), {});
}

std::vector<Finding> findings(pg::Connection& connection, Catalogue& catalogue, const std::string& authority,
                              const FindingFilter& filter, Day as_of, std::optional<std::int64_t> known_at) {
  std::vector<Finding> all;
  Sha256 hash;
  question(connection, catalogue, authority, as_of, known_at,
           [&](const Context& context, const SubjectTimeline& timeline, const Judgement& j) {
             if (filter.subject && timeline.subject != *filter.subject) return;
             Finding f =
                 make_finding(context, timeline, j, finding_id(hash, authority, timeline.subject, catalogue, j));
             if (filter.matches(f)) all.push_back(std::move(f));
           });
  sort(all);
  return all;
}

std::optional<std::int32_t> subject_of(pg::Transaction& transaction, const std::string& authority, FindingId id) {
  const auto rows = transaction.run(finding_subject, authority, id);
  if (rows.rows() == 0) return std::nullopt;
  return rows.int32(0, 0);
}

namespace {

void explain_some(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, std::int32_t subject,
                  std::optional<FindingId> only, Day as_of, std::optional<std::int64_t> known_at,
                  const std::function<void(Explanation)>& use) {
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  const LedgerReader reader(transaction, authority, catalogue.vocabulary());
  const Horizon horizon{as_of, std::min(known_at.value_or(reader.size()), reader.size())};
  const Setting setting(reader, catalogue, horizon);
  const Batch batch = reader.subject(subject, horizon.known_at);
  Judge judge(setting.context);
  Sha256 hash;
  for (const auto& timeline : batch.timelines()) {
    const Judged judged = judge(timeline, true);
    for (const auto& j : judged.judgements) {
      const FindingId id = finding_id(hash, authority, subject, catalogue, j);
      if (!only || *only == id) use(explain(setting.context, timeline, j, id));
    }
  }
}

}  // namespace

std::optional<Explanation> explain(pg::Connection& connection, Catalogue& catalogue, const std::string& authority,
                                   std::int32_t subject, FindingId id, Day as_of,
                                   std::optional<std::int64_t> known_at) {
  std::optional<Explanation> out;
  explain_some(connection, catalogue, authority, subject, id, as_of, known_at, [&](Explanation why) {
    if (!out) out = std::move(why);
  });
  return out;
}

void explain_all(pg::Connection& connection, Catalogue& catalogue, const std::string& authority, std::int32_t subject,
                 Day as_of, std::optional<std::int64_t> known_at, const std::function<void(Explanation)>& use) {
  explain_some(connection, catalogue, authority, subject, std::nullopt, as_of, known_at, use);
}

nlohmann::ordered_json json(const Finding& f) {
  using Json = nlohmann::ordered_json;
  const auto maybe = [](const std::optional<Day>& day) { return day ? Json(iso(*day)) : Json(nullptr); };
  return {{"finding", format_finding(f.id)},
          {"rule", f.rule},
          {"duty", f.duty},
          {"subject", f.subject},
          {"outcome", word(f.outcome)},
          {"severity", word(f.severity)},
          {"state", f.state},
          {"trigger",
           {{"act", f.trigger_act},
            {"happened", iso(f.trigger_when)},
            {"record", f.trigger_record < 0 ? Json(nullptr) : Json(f.trigger_record)}}},
          {"occurrence", f.occurrence},
          {"due", maybe(f.due)},
          {"flagged_since", maybe(f.flagged_since)},
          {"actor", f.actor},
          {"agreement", f.agreement},
          {"sentence", f.sentence}};
}

nlohmann::ordered_json json(const AuditReport& r) {
  nlohmann::ordered_json out{{"authority", r.authority},
                             {"as_of", iso(r.as_of)},
                             {"known_at", r.known_at},
                             {"records", r.records},
                             {"subjects", r.subjects}};
  out["outcomes"] = nlohmann::ordered_json::object();
  for (const auto& [outcome, number] : r.outcomes) out["outcomes"][std::string(word(outcome))] = number;
  out["rules"] = nlohmann::ordered_json::object();
  for (const auto& [rule, outcomes_of_rule] : r.by_rule)
    for (const auto& [outcome, number] : outcomes_of_rule) out["rules"][rule][std::string(word(outcome))] = number;
  return out;
}

}  // namespace answerable::engine
