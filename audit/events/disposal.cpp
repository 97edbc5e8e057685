#include "audit/events/disposal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

#include "audit/engine/clock.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/policy.hpp"
#include "audit/events/holds.hpp"
#include "audit/ledger/leaves.hpp"
#include "ingest/intake/sql_arrays.hpp"

namespace answerable::events {
namespace {

constexpr pg::Statement is_person{"disposal.is_person",
                                  "SELECT EXISTS (SELECT FROM answerable.subject WHERE authority = $1 AND subject = $2 "
                                  "AND type = 'person')"};
constexpr pg::Statement leaves_about{
    "disposal.leaves", "SELECT kind, key, finding FROM answerable.leaves_about($1, $2) ORDER BY kind, key, finding"};
constexpr pg::Statement counts{
    "disposal.counts",
    "WITH r AS (SELECT number FROM answerable.record WHERE authority = $1 AND subject = $2)"
    " SELECT (SELECT count(*) FROM answerable.finding_current WHERE authority = $1 AND subject = $2),"
    " (SELECT count(*) FROM answerable.entry WHERE authority = $1 AND number IN (SELECT number FROM r)),"
    " (SELECT count(*) FROM answerable.evidence WHERE authority = $1 AND number IN (SELECT number FROM r)),"
    " (SELECT count(*) FROM answerable.identifier WHERE authority = $1 AND subject = $2)"};
// The numbers first, since there are few: every record is looked through for them.
constexpr pg::Statement records_naming{
    "disposal.records_naming",
    "WITH n AS MATERIALIZED (SELECT * FROM answerable.names_of($1, $2))"
    " SELECT r.number FROM answerable.record r JOIN answerable.record_body b USING (authority, number)"
    " JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation = r.sender"
    " WHERE r.authority = $1 AND r.subject <> $2 AND EXISTS (SELECT FROM n WHERE position(n.bare IN b.body) > 0"
    " AND (n.sender IS NULL OR n.sender = o.scheme || ':' || o.code) AND encode(b.body, 'escape') ~ n.pattern)"
    " ORDER BY r.number"};
constexpr pg::Statement held_naming{
    "disposal.held_naming",
    "SELECT h.held FROM answerable.held_record h JOIN answerable.submission s USING (authority, submission)"
    " JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = s.sender"
    " WHERE h.authority = $1 AND answerable.names_person($1, $2, o.scheme || ':' || o.code, h.bytes)"
    " AND h.held NOT IN (SELECT held FROM answerable.held_about($1, $2)) ORDER BY h.held"};
constexpr pg::Statement segment_of{
    "disposal.segment",
    "SELECT place, kind, key, count, format FROM answerable.to_ledger WHERE authority = $1 AND kind = $2 AND key <= $3"
    " ORDER BY key DESC LIMIT 1"};
constexpr pg::Statement carry_out{"disposal.carry_out",
                                  "SELECT answerable.dispose($1, $2, $3, $4::text[], $5::bigint[], $6::bigint[], "
                                  "$7::bytea[])"};
constexpr pg::Statement finding_disposed{
    "disposal.of_finding",
    "SELECT disposal FROM answerable.disposed_leaf WHERE authority = $1 AND kind = "
    "'finding' AND finding = $2 LIMIT 1"};

std::vector<std::int64_t> column(const pg::Result& rows) {
  std::vector<std::int64_t> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(rows.int64(i, 0));
  return all;
}

/// Complaints and ombudsman's cases that no record ends: the acts of rule ret.hold.
std::vector<std::string> open_cases(const engine::Vocabulary& words, const engine::SubjectTimeline& person,
                                    engine::Horizon horizon) {
  struct Case {
    std::string_view begins;
    std::vector<std::string_view> ends;
    std::string_view sentence;
  };
  static const std::array<Case, 2> kinds{
      {{"complaint.received",
        {"complaint.responded", "complaint.closed", "complaint.withdrawn", "complaint.refused",
         "complaint.oral-resolved"},
        "Complaint {} of {} is open: no record says that it was answered, closed, withdrawn or refused."},
       {"ombudsman.contacted",
        {"ombudsman.decision"},
        "The ombudsman's case on complaint {}, begun on {}, is open: no record says that it was decided."}}};
  const auto reference = words.find("case");
  const auto counts_now = [&](const engine::Entry& entry) { return !corrected(person.record(entry), horizon); };
  std::vector<std::string> open;
  for (const auto& kind : kinds) {
    std::set<std::string_view> ended;
    for (const auto& entry : person.entries)
      if (counts_now(entry) && std::ranges::find(kind.ends, words.text(entry.act)) != kind.ends.end())
        ended.insert(entry.value(reference));
    for (const auto& entry : person.entries)
      if (counts_now(entry) && words.text(entry.act) == kind.begins && !ended.contains(entry.value(reference)))
        open.push_back(fmt::format(fmt::runtime(kind.sentence), entry.value(reference), answerable::words(entry.when)));
  }
  return open;
}

/// What is told ahead counts no later than it was told.
Day last_act(const engine::SubjectTimeline& person) {
  Day last{};
  for (const auto& record : person.records)
    if (person.entries.empty()) last = std::max(last, record.received_on);
  for (const auto& entry : person.entries)
    last =
        std::max(last, std::min(entry.until ? entry.until->last : entry.when.last, person.record(entry).received_on));
  return last;
}

std::optional<Retention> retention(const engine::LedgerReader& reader, const engine::Vocabulary& words,
                                   const engine::SubjectTimeline& person, engine::Horizon horizon) {
  const auto organisations = reader.organisations();
  const auto council = reader.council(horizon.known_at);
  engine::Policies policies;
  for (const auto& timeline : council.timelines()) policies.add(words, timeline, organisations, horizon);
  const auto* policy = policies.in_force(engine::Policy::Kind::number, "records-retention", horizon.as_of);
  if (policy == nullptr) return std::nullopt;
  Retention out{.policy = policy->words(), .last_act = last_act(person)};
  // Nobody counts such a period in working days; whoever does has them kept too long rather than too short.
  const int each = policy->unit == engine::Unit::week ? 7 : policy->unit == engine::Unit::working_day ? 2 : 1;
  const std::chrono::days days{policy->value * each};
  out.over =
      policy->unit == engine::Unit::month ? engine::add_months(out.last_act, policy->value) : out.last_act + days;
  return out;
}

/// A number that stands in the basis would stay on the ledger for ever.
bool names_one_of(const std::string& text, const std::vector<engine::Identifier>& identifiers) {
  constexpr std::size_t telling = 5;  // shorter ones are numbers of other things too
  std::string bare = text;
  std::erase(bare, ' ');
  return std::ranges::any_of(identifiers, [&](const engine::Identifier& it) {
    const auto value = it.value.substr(it.scheme == "sender" ? it.value.find('/') + 1 : 0);
    return value.size() >= telling && bare.find(value) != std::string::npos;
  });
}

std::vector<std::string> refusals(pg::Transaction& transaction, const Disposal& disposal,
                                  const engine::LedgerReader& reader, const engine::Vocabulary& words,
                                  const engine::SubjectTimeline& person, engine::Horizon horizon) {
  const auto& request = disposal.request;
  std::vector<std::string> all;
  if (request.by == request.approved_by)
    all.push_back("Who disposes and who approves must be two people: --by and --approved-by name the same one.");
  if (names_one_of(request.basis, reader.identifiers(request.subject)))
    all.push_back(
        "The basis holds one of the person's numbers, and it stays on the ledger for ever: write it without.");
  for (const auto& hold : standing_holds(transaction, request.authority, request.subject))
    all.push_back(fmt::format("Legal hold {} stands since {}, placed by {}: {}. `answerable hold --lift {}` lifts it.",
                              hold.number, answerable::words(london_day(hold.at)), hold.by, hold.reason, hold.number));
  for (auto& open : open_cases(words, person, horizon)) all.push_back(std::move(open));
  if (disposal.retention && request.today <= disposal.retention->over)
    all.push_back(
        fmt::format("The council keeps these records until {}: the last act on record is of {}, and its policy "
                    "is {}.",
                    answerable::words(disposal.retention->over), answerable::words(disposal.retention->last_act),
                    disposal.retention->policy));
  return all;
}

}  // namespace

std::vector<std::int64_t> Disposal::numbers(std::string_view kind) const {
  std::vector<std::int64_t> all;
  for (const auto& leaf : leaves)
    if (leaf.kind == kind && (all.empty() || all.back() != leaf.key)) all.push_back(leaf.key);
  return all;
}

std::int64_t Disposal::count(std::string_view kind) const {
  return std::ranges::count(leaves, kind, &LeafAbout::kind);
}

Disposal plan_disposal(pg::Transaction& transaction, const DisposalRequest& request) {
  const auto& [authority, subject, basis, by, approved_by, today, approval] = request;
  if (!transaction.run_one(is_person, authority, subject).boolean(0, 0))
    throw std::invalid_argument(fmt::format("subject {} of council {} is no person that is held", subject, authority));
  Disposal out{.request = request};
  const auto leaves = transaction.run(leaves_about, authority, subject);
  for (int i = 0; i < leaves.rows(); ++i)
    out.leaves.push_back({std::string(leaves.text(i, 0)), leaves.int64(i, 1), leaves.int64(i, 2)});
  const auto many = transaction.run_one(counts, authority, subject);
  out.findings = many.int64(0, 0);
  out.entries = many.int64(0, 1);
  out.evidence = many.int64(0, 2);
  out.identifiers = many.int64(0, 3);
  out.naming = column(transaction.run(records_naming, authority, subject));
  out.held_naming = column(transaction.run(held_naming, authority, subject));

  engine::Vocabulary words;
  const engine::LedgerReader reader(transaction, authority, words);
  const engine::Horizon horizon{today, reader.size()};
  const auto batch = reader.subject(subject, horizon.known_at);
  const engine::SubjectTimeline nothing;
  const auto& person = batch.timelines().empty() ? nothing : batch.timelines()[0];
  out.retention = retention(reader, words, person, horizon);
  out.refusals = refusals(transaction, out, reader, words, person, horizon);
  return out;
}

std::int64_t dispose(pg::Transaction& transaction, const Disposal& disposal) {
  const auto& authority = disposal.request.authority;
  // A segment at a time: what of it goes.
  std::map<std::int64_t, std::pair<ledger::Segment, std::vector<std::int64_t>>> segments;
  for (const auto& leaf : disposal.leaves) {
    const auto row = transaction.run_one(segment_of, authority, leaf.kind, leaf.key);
    auto& [segment, wanted] = segments[row.int64(0, 0)];
    segment = {.place = row.int64(0, 0),
               .kind = std::string(row.text(0, 1)),
               .key = row.int64(0, 2),
               .count = row.int64(0, 3),
               .format = row.int16(0, 4)};
    wanted.push_back(leaf.kind == "finding" ? leaf.finding : leaf.key);
  }
  intake::ArrayText kinds, keys, findings, commitments;
  for (const auto& [place, of] : segments) {
    const auto& [segment, wanted] = of;
    ledger::some_leaves(transaction, authority, segment, wanted, [&](const ledger::Leaf& leaf) {
      kinds.add(segment.kind);
      keys.add(leaf.key);
      findings.add(leaf.finding);
      commitments.add("\\x" + hex(leaf.commitment));
    });
  }
  return transaction
      .run_one(carry_out, authority, disposal.request.subject, disposal.content(), std::move(kinds).close(),
               std::move(keys).close(), std::move(findings).close(), std::move(commitments).close())
      .int64(0, 0);
}

std::optional<std::int64_t> certificate_of(pg::Transaction& transaction, const std::string& authority,
                                           engine::FindingId finding) {
  const auto rows = transaction.run(finding_disposed, authority, finding);
  if (rows.rows() == 0) return std::nullopt;
  return rows.int64(0, 0);
}

}  // namespace answerable::events
