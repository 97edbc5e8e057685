#include "audit/engine/finding_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "audit/engine/sql_array.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement current_findings{"audit.current_findings",
                                         "COPY (SELECT finding, subject, content FROM answerable.finding_current WHERE "
                                         "authority = current_setting('answerable.p1')"
                                         " AND subject BETWEEN current_setting('answerable.p2')::int AND "
                                         "current_setting('answerable.p3')::int) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement copy_steps{
    "audit.copy_steps",
    "COPY answerable_in.finding_step (authority, finding, run, withdrawn, subject, rule, "
    "duty, edition_from, trigger_record, trigger_ordinal,"
    " trigger_act, trigger_first, trigger_last, trigger_precision, occurrence, outcome, "
    "state, due, flagged_since, actor, agreement,"
    " sentence, severity) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_current{
    "audit.copy_current",
    "COPY answerable_in.finding_current (authority, finding, run, subject, content) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement move_current{"audit.move_current",
                                     "UPDATE answerable.finding_current c SET run = $2, content = n.content FROM "
                                     "unnest($3::bigint[], $4::bigint[]) AS n(finding, content)"
                                     " WHERE c.authority = $1 AND c.finding = n.finding"};
constexpr pg::Statement withdraw{
    "audit.withdraw",
    "INSERT INTO answerable.finding_step SELECT s.authority, s.finding, $2, true, "
    "s.subject, s.rule, s.duty, s.edition_from, s.trigger_record,"
    " s.trigger_ordinal, s.trigger_act, s.trigger_first, s.trigger_last, "
    "s.trigger_precision, s.occurrence, s.outcome, s.state, s.due,"
    " s.flagged_since, s.actor, s.agreement, s.sentence, s.severity FROM answerable.finding_current c "
    "JOIN answerable.finding_step s"
    " ON s.authority = c.authority AND s.finding = c.finding AND s.run = c.run WHERE "
    "c.authority = $1 AND c.finding = ANY ($3::bigint[])"};

constexpr std::int64_t no_content = 0;

std::string day_text(const std::optional<Day>& day) {
  return day ? iso(*day) : "-";
}

std::int64_t content_of(Sha256& hash, const StepRow& row) {
  const auto& f = row.finding;
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", f.subject, f.rule,
                 f.duty, iso(row.edition_from), f.trigger_record, row.trigger_ordinal, f.trigger_act,
                 iso(f.trigger_when), f.occurrence, word(f.outcome), f.state, day_text(f.due),
                 day_text(f.flagged_since), f.actor, f.agreement, f.sentence.size(), f.sentence, word(f.severity));
  hash.update(as_bytes({text.data(), text.size()}));
  const Digest digest = hash.finish();
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | std::to_integer<std::uint64_t>(digest[i]);
  const auto content = static_cast<std::int64_t>(bits);
  return content == no_content ? 1 : content;
}

void day_or_null(pg::CopyIn& copy, const std::optional<Day>& day) {
  day ? copy.day(*day) : copy.null();
}

}  // namespace

Finding make_finding(const Context& context, const SubjectTimeline& timeline, const Judgement& j, FindingId id) {
  const auto& rule = context.catalogue->rules()[j.duty.rule];
  Finding f;
  f.id = id;
  f.subject = timeline.subject;
  f.rule = rule.id;
  f.duty = rule.editions[j.duty.edition].duties[j.duty.duty].id;
  f.outcome = j.outcome;
  f.state = j.state;
  f.severity = j.severity;
  f.trigger_when = j.trigger->when;
  f.trigger_act = context.catalogue->vocabulary().text(j.trigger->act);
  f.trigger_record = j.trigger->number;
  f.occurrence = j.occurrence;
  f.due = j.due;
  f.flagged_since = j.flagged_since;
  f.actor = j.actor;
  f.agreement = j.agreement;
  if (j.outcome != Outcome::met && j.outcome != Outcome::exempt && j.outcome != Outcome::pending)
    f.sentence = sentence(context, timeline, j);
  return f;
}

Differences::Differences(std::string authority, std::int64_t run) : authority_(std::move(authority)), run_(run) {}

void Differences::add(Sha256& hash, StepRow row) {
  row.content = content_of(hash, row);
  rows_.push_back(std::move(row));
}

std::int64_t Differences::write(pg::Transaction& transaction, std::int32_t first_subject, std::int32_t last_subject,
                                const std::vector<std::int32_t>& judged) {
  struct Held {
    std::int64_t content;
    bool seen;
  };
  std::unordered_map<FindingId, Held> held;
  {
    auto copy = transaction.copy_out(current_findings, authority_, first_subject, last_subject);
    while (copy.next())
      if (std::binary_search(judged.begin(), judged.end(), copy.int32(1)))
        held.emplace(copy.int64(0), Held{copy.int64(2), false});
  }
  std::vector<const StepRow*> changed, added;
  for (const auto& row : rows_) {
    const auto found = held.find(row.finding.id);
    if (found == held.end()) {
      added.push_back(&row);
      continue;
    }
    found->second.seen = true;
    if (found->second.content != row.content) changed.push_back(&row);
  }
  std::vector<FindingId> moved, gone;
  std::vector<std::int64_t> contents;
  for (const auto* row : changed) {
    moved.push_back(row->finding.id);
    contents.push_back(row->content);
  }
  for (const auto& [id, what] : held)
    if (!what.seen && what.content != no_content) gone.push_back(id);
  std::sort(gone.begin(), gone.end());
  if (!gone.empty()) {
    transaction.run(withdraw, authority_, run_, array_text(gone));
    moved.insert(moved.end(), gone.begin(), gone.end());
    contents.resize(moved.size(), no_content);
  }
  if (!added.empty() || !changed.empty()) {
    auto copy = transaction.copy_in(copy_steps);
    const auto put = [&](const StepRow& row) {
      const auto& f = row.finding;
      copy.row(23);
      copy.text(authority_);
      copy.int64(f.id);
      copy.int64(run_);
      copy.boolean(false);
      copy.int32(f.subject);
      copy.text(f.rule);
      copy.text(f.duty);
      copy.day(row.edition_from);
      copy.int64(f.trigger_record);
      copy.int16(row.trigger_ordinal);
      copy.text(f.trigger_act);
      copy.day(f.trigger_when.first);
      copy.day(f.trigger_when.last);
      const char precision = static_cast<char>(f.trigger_when.precision);
      copy.text({&precision, 1});
      copy.int32(f.occurrence);
      copy.text(word(f.outcome));
      copy.text(f.state);
      day_or_null(copy, f.due);
      day_or_null(copy, f.flagged_since);
      copy.text(f.actor);
      copy.text(f.agreement);
      f.sentence.empty() ? copy.null() : copy.text(f.sentence);
      copy.text(word(f.severity));
    };
    for (const auto* row : changed) put(*row);
    for (const auto* row : added) put(*row);
    copy.finish();
  }
  if (!added.empty()) {
    auto copy = transaction.copy_in(copy_current);
    for (const auto* row : added) {
      copy.row(5);
      copy.text(authority_);
      copy.int64(row->finding.id);
      copy.int64(run_);
      copy.int32(row->finding.subject);
      copy.int64(row->content);
    }
    copy.finish();
  }
  if (!moved.empty()) transaction.run(move_current, authority_, run_, array_text(moved), array_text(contents));
  const auto steps = static_cast<std::int64_t>(added.size() + moved.size());
  rows_.clear();
  return steps;
}

}  // namespace answerable::engine
