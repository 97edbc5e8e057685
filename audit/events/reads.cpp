#include "audit/events/reads.hpp"

#include "audit/events/event.hpp"
#include "ingest/json_text.hpp"

namespace answerable::events {
namespace {

constexpr pg::Statement names_a_person{
    "event.names_a_person",
    "SELECT EXISTS (SELECT FROM answerable.subject WHERE authority = $1 AND subject = $2 "
    "AND type = 'person')"};
// A bundle that was issued was read too, and has an event of its own.
constexpr pg::Statement reads{
    "event.reads",
    "SELECT e.at, coalesce(nullif(c.says->>'by', ''), 'not said'), coalesce(nullif(c.says->>'purpose', ''), "
    "'not-stated'),"
    " coalesce(c.says->>'what', 'bundle ' || (c.says->>'bundle')) FROM answerable.event e"
    " CROSS JOIN LATERAL (SELECT e.content::json AS says) c"
    " JOIN answerable.to_ledger t ON t.authority = e.authority AND t.kind = 'event' AND t.key = e.event"
    " WHERE e.authority = $1 AND e.subject = $2 AND e.kind IN ('read', 'bundle') AND t.place <"
    " (SELECT max(place) FROM answerable.to_ledger WHERE authority = $1 AND kind = 'record' AND key < $3)"
    " ORDER BY t.place"};
constexpr pg::Statement all_reads{
    "event.all_reads",
    "SELECT e.at, coalesce(nullif(c.says->>'by', ''), 'not said'), coalesce(nullif(c.says->>'purpose', ''), "
    "'not-stated'),"
    " coalesce(c.says->>'what', 'bundle ' || (c.says->>'bundle')) FROM answerable.event e"
    " CROSS JOIN LATERAL (SELECT e.content::json AS says) c"
    " WHERE e.authority = $1 AND e.subject = $2 AND e.kind IN ('read', 'bundle') ORDER BY e.event DESC"};

std::vector<Read> in_order(const pg::Result& rows) {
  std::vector<Read> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.at = rows.instant(i, 0),
                   .by = std::string(rows.text(i, 1)),
                   .purpose = std::string(rows.text(i, 2)),
                   .what = std::string(rows.text(i, 3))});
  return all;
}

}  // namespace

void add_read(pg::Connection& connection, const std::string& authority, std::int32_t subject, const std::string& by,
              const std::string& purpose, const std::string& what) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  if (!transaction.run_one(names_a_person, authority, subject).boolean(0, 0)) return;
  append(transaction, authority, "read", subject,
         JsonText().text("by", by).text("purpose", purpose).text("what", what).take());
  transaction.commit();
}

std::vector<Read> reads_before(pg::Transaction& transaction, const std::string& authority, std::int32_t subject,
                               std::int64_t known_at) {
  return in_order(transaction.run(reads, authority, subject, known_at));
}

std::vector<Read> reads_of(pg::Transaction& transaction, const std::string& authority, std::int32_t subject) {
  return in_order(transaction.run(all_reads, authority, subject));
}

}  // namespace answerable::events
