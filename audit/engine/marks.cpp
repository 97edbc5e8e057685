#include "audit/engine/marks.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>

#include "audit/engine/catalogue.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement asked_before{
    "audit.asked_before", "SELECT digest, known_at FROM answerable.measure_asked WHERE authority = $1 AND act = $2"};
constexpr pg::Statement note_asked{
    "audit.note_asked",
    "INSERT INTO answerable.measure_asked (authority, act, digest, known_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (authority, act) DO UPDATE SET digest = EXCLUDED.digest, known_at = EXCLUDED.known_at"};
constexpr pg::Statement forget_compared{"audit.forget_compared",
                                        "DELETE FROM answerable.compared WHERE authority = $1 AND act = $2"};
// Which keys are touched, as one array; NULL when none is.
constexpr pg::Statement follow_records{
    "audit.follow_records",
    "WITH corrected AS (DELETE FROM answerable.compared c USING answerable.record r WHERE r.authority = $1 AND "
    "r.number "
    ">= $3 AND r.number < $4 AND r.corrects IS NOT NULL AND c.authority = r.authority AND c.act = $2 AND c.number = "
    "r.corrects RETURNING c.key),"
    " disposed AS (DELETE FROM answerable.compared_again WHERE authority = $1 AND act = $2 RETURNING key),"
    " added AS (INSERT INTO answerable.compared (authority, act, number, ordinal, subject, key, first, last)"
    " SELECT $1, $2, n.number, n.ordinal, n.subject, n.key, n.first, n.last FROM answerable.compares($5, $1, $3, $4) n"
    " WHERE NOT EXISTS (SELECT FROM answerable.record r WHERE r.authority = $1 AND r.corrects = n.number AND r.number "
    "> "
    "n.number AND r.number < $4) RETURNING key)"
    " SELECT array_agg(DISTINCT key)::text FROM (TABLE corrected UNION ALL TABLE disposed UNION ALL TABLE added) k"};
constexpr pg::Statement ask{"audit.ask_measure",
                            "SELECT subject, number, happened, since, key, attributes::text FROM "
                            "answerable.measured($1, $2, $3::text[])"};
constexpr pg::Statement standing_marks{
    "audit.standing_marks",
    "SELECT subject, number, happened, since, coalesce(key, ''), attributes::text FROM answerable.mark"
    " WHERE authority = $1 AND act = $2 AND over IS NULL"};
constexpr pg::Statement standing_of_keys{
    "audit.standing_of_keys",
    "SELECT subject, number, happened, since, key, attributes::text FROM answerable.mark"
    " WHERE authority = $1 AND act = $2 AND over IS NULL AND key = ANY ($3::text[])"};
constexpr pg::Statement add_mark{
    "audit.add_mark",
    "INSERT INTO answerable.mark (authority, subject, number, act, happened, since, key, attributes)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)"};
constexpr pg::Statement end_mark{
    "audit.end_mark",
    "UPDATE answerable.mark SET over = $6 WHERE authority = $1 AND subject = $2 AND number = $3 AND act = $4"
    " AND since = $5 AND over IS NULL"};

struct Mark {
  std::int32_t subject{};
  std::int64_t number{}, since{};
  Day happened{};
  std::string key, attributes;
  auto operator<=>(const Mark&) const = default;
};

std::set<Mark> marks_in(const pg::Result& rows) {
  std::set<Mark> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.insert({rows.int32(i, 0), rows.int64(i, 1), rows.int64(i, 3), rows.day(i, 2), std::string(rows.text(i, 4)),
                std::string(rows.text(i, 5))});
  return all;
}

/// What the measure finds, and what stands of it, among the records that are alike with some that came or went since it
/// was last asked; among all when it was not asked before, or was another question.
struct Compared {
  std::set<Mark> found, standing;
};

Compared ask_measure(pg::Transaction& transaction, const Measure& measure, const std::string& authority,
                     std::int64_t known_at) {
  if (measure.compare.empty())
    throw std::runtime_error("the measure " + measure.id + " does not say what it compares: give it a <compare>");
  const auto before = transaction.run(asked_before, authority, measure.act);
  const bool same = before.rows() == 1 && std::ranges::equal(before.bytes(0, 0), measure.digest);
  if (!same) transaction.run(forget_compared, authority, measure.act);
  const auto touched = transaction.run_one(follow_records, authority, measure.act, same ? before.int64(0, 1) : 0,
                                           known_at, measure.compare);
  transaction.run(note_asked, authority, measure.act, std::span<const std::byte>(measure.digest), known_at);
  if (!same)
    return {marks_in(transaction.run(ask, measure.select, authority, nullptr)),
            marks_in(transaction.run(standing_marks, authority, measure.act))};
  if (touched.is_null(0, 0)) return {};
  const std::string keys(touched.text(0, 0));
  return {marks_in(transaction.run(ask, measure.select, authority, keys)),
          marks_in(transaction.run(standing_of_keys, authority, measure.act, keys))};
}

}  // namespace

std::vector<std::int32_t> refresh_marks(pg::Transaction& transaction, const Catalogue& catalogue,
                                        const std::string& authority, std::int64_t known_at) {
  std::set<std::int32_t> changed;
  for (const auto& measure : catalogue.measures()) {
    const auto [found, standing] = ask_measure(transaction, measure, authority, known_at);
    for (const auto& mark : standing) {
      if (found.contains(mark)) continue;
      transaction.run(end_mark, authority, mark.subject, mark.number, measure.act, mark.since, known_at);
      changed.insert(mark.subject);
    }
    for (const auto& mark : found) {
      if (standing.contains(mark)) continue;
      transaction.run(add_mark, authority, mark.subject, mark.number, measure.act, mark.happened, mark.since, mark.key,
                      mark.attributes);
      changed.insert(mark.subject);
    }
  }
  return {changed.begin(), changed.end()};
}

}  // namespace answerable::engine
