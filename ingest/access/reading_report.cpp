#include "ingest/access/reading_report.hpp"

#include <nlohmann/json.hpp>

namespace answerable::access {
namespace {

constexpr pg::Statement report{
    "access.reading_report",
    "SELECT account, reader, people, purposes, busiest, usual::text, beyond, outside, unassigned, own_surname"
    " FROM answerable.reading_report($1, $2)"
    " ORDER BY (beyond + outside + unassigned + own_surname > 0) DESC, people DESC, reader"};

constexpr pg::Statement add_note{"access.note_security", "SELECT answerable.note_security($1, $2, $3, $4)"};
constexpr pg::Statement events_of_days{
    "access.security_events",
    "SELECT x.at, x.what, x.times, coalesce(a.name || ' <' || a.email || '>', ''),"
    " coalesce(b.name || ' <' || b.email || '>', ''), x.about FROM ("
    "SELECT last_at AS at, what, times::bigint, account, NULL::integer AS by, route AS about"
    " FROM answerable.security_event WHERE authority = $1"
    " UNION ALL "
    "SELECT e.at, c->>'what', 1, (c->>'account')::integer, (c->>'by')::integer,"
    " concat_ws(' ', c->>'role', c->>'until', c->>'purpose', c->>'key', translate(c->>'scopes', '[]\"', ''))"
    " FROM answerable.event e CROSS JOIN LATERAL (SELECT e.content::json AS c) says"
    " WHERE e.authority = $1 AND e.kind = 'account') x"
    " LEFT JOIN answerable.account a ON a.authority = $1 AND a.account = x.account"
    " LEFT JOIN answerable.account b ON b.authority = $1 AND b.account = x.by"
    " WHERE x.at >= $2::date::timestamp AT TIME ZONE 'Europe/London'"
    " AND x.at < ($3::date + 1)::timestamp AT TIME ZONE 'Europe/London' AND ($4 = '' OR x.what = $4)"
    " ORDER BY x.at DESC, x.what, a.account LIMIT $5"};

}  // namespace

std::vector<Reading> reading_report(pg::Transaction& transaction, Day from, Day to) {
  const auto rows = transaction.run(report, from, to);
  std::vector<Reading> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Reading one{.reader = std::string(rows.text(i, 1)),
                .people = rows.int64(i, 2),
                .purposes = nlohmann::json::parse(rows.text(i, 3)),
                .busiest_day = rows.int64(i, 4),
                .usual_day = std::stod(std::string(rows.text(i, 5))),
                .days_beyond_usual = rows.int64(i, 6),
                .outside_office_hours = rows.int64(i, 7),
                .unassigned = rows.int64(i, 8),
                .own_surname = rows.int64(i, 9)};
    if (!rows.is_null(i, 0)) one.account = rows.int32(i, 0);
    all.push_back(std::move(one));
  }
  return all;
}

void note_security(pg::Connection& door, const SecurityNote& note) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(add_note, note.authority, note.what, note.account, note.route);
  transaction.commit();
}

std::vector<SecurityEvent> security_events(pg::Transaction& transaction, std::string_view authority, Day from, Day to,
                                           std::string_view what, std::int64_t most) {
  const auto rows = transaction.run(events_of_days, authority, from, to, what, most);
  std::vector<SecurityEvent> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.at = rows.instant(i, 0),
                   .what = std::string(rows.text(i, 1)),
                   .times = rows.int64(i, 2),
                   .account = std::string(rows.text(i, 3)),
                   .by = std::string(rows.text(i, 4)),
                   .about = std::string(rows.text(i, 5))});
  return all;
}

}  // namespace answerable::access
