#include "ingest/access/secret.hpp"
#include "ingest/access/sign_in.hpp"

namespace answerable::access {
namespace {

constexpr pg::Statement list_sessions{
    "sessions.list",
    "SELECT s.session, s.how, s.began_at, s.seen_at, s.ends_at, s.session = mine.session FROM answerable.session mine"
    " JOIN answerable.session s USING (authority, account)"
    " WHERE mine.sha256 = $1 AND now() < least(mine.ends_at, mine.seen_at + mine.idle)"
    " AND now() < least(s.ends_at, s.seen_at + s.idle) ORDER BY s.began_at DESC, s.session DESC"};
constexpr pg::Statement end_one{"sessions.end_one",
                                "DELETE FROM answerable.session s USING answerable.session mine WHERE mine.sha256 = $1"
                                " AND now() < least(mine.ends_at, mine.seen_at + mine.idle)"
                                " AND s.authority = mine.authority AND s.account = mine.account AND s.session = $2"};
constexpr pg::Statement end_others{
    "sessions.end_others",
    "DELETE FROM answerable.session s USING answerable.session mine WHERE mine.sha256 = $1"
    " AND s.authority = mine.authority AND s.account = mine.account AND s.session <> mine.session"};
constexpr pg::Statement end_own{"sessions.end_own", "DELETE FROM answerable.session WHERE sha256 = $1"};

}  // namespace

std::vector<SessionLine> sessions(pg::Connection& door, std::string_view token) {
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto rows = transaction.run(list_sessions, digest_of(token));
  std::vector<SessionLine> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.session = rows.int64(i, 0),
                   .how = std::string(rows.text(i, 1)),
                   .began_at = rows.instant(i, 2),
                   .seen_at = rows.instant(i, 3),
                   .ends_at = rows.instant(i, 4),
                   .current = rows.boolean(i, 5)});
  return all;
}

bool end_session(pg::Connection& door, std::string_view token, std::int64_t session) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const bool ended = transaction.run(end_one, digest_of(token), session).affected() == 1;
  transaction.commit();
  return ended;
}

void end_other_sessions(pg::Connection& door, std::string_view token) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(end_others, digest_of(token));
  transaction.commit();
}

void sign_out(pg::Connection& door, std::string_view token) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(end_own, digest_of(token));
  transaction.commit();
}

}  // namespace answerable::access
