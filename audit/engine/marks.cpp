#include "audit/engine/marks.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "audit/engine/catalogue.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

constexpr pg::Statement ask{"audit.ask_measure",
                            "SELECT subject, number, happened, since, attributes::text FROM answerable.measured($1, "
                            "$2, $3) ORDER BY subject, number, since"};
constexpr pg::Statement standing_marks{"audit.standing_marks",
                                       "SELECT subject, number, happened, since, attributes::text FROM answerable.mark "
                                       "WHERE authority = $1 AND act = $2 AND over IS NULL"};
constexpr pg::Statement add_mark{
    "audit.add_mark",
    "INSERT INTO answerable.mark (authority, subject, number, act, happened, since, attributes)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)"};
constexpr pg::Statement end_mark{
    "audit.end_mark",
    "UPDATE answerable.mark SET over = $6 WHERE authority = $1 AND subject = $2 AND number = $3 AND act = $4"
    " AND since = $5 AND over IS NULL"};

struct Mark {
  std::int32_t subject{};
  std::int64_t number{}, since{};
  Day happened{};
  std::string attributes;
  auto key() const { return std::tie(subject, number, since, happened, attributes); }
  bool operator<(const Mark& other) const { return key() < other.key(); }
};

std::set<Mark> marks_in(const pg::Result& rows) {
  std::set<Mark> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.insert({rows.int32(i, 0), rows.int64(i, 1), rows.int64(i, 3), rows.day(i, 2), std::string(rows.text(i, 4))});
  return all;
}

}  // namespace

std::vector<std::int32_t> refresh_marks(pg::Transaction& transaction, const Catalogue& catalogue,
                                        const std::string& authority, std::int64_t known_at) {
  std::set<std::int32_t> changed;
  for (const auto& measure : catalogue.measures()) {
    const auto found = marks_in(transaction.run(ask, measure.select, authority, known_at));
    const auto standing = marks_in(transaction.run(standing_marks, authority, measure.act));
    for (const auto& mark : standing) {
      if (found.contains(mark)) continue;
      transaction.run(end_mark, authority, mark.subject, mark.number, measure.act, mark.since, known_at);
      changed.insert(mark.subject);
    }
    for (const auto& mark : found) {
      if (standing.contains(mark)) continue;
      transaction.run(add_mark, authority, mark.subject, mark.number, measure.act, mark.happened, mark.since,
                      mark.attributes);
      changed.insert(mark.subject);
    }
  }
  return {changed.begin(), changed.end()};
}

}  // namespace answerable::engine
