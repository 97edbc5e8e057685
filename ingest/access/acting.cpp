#include "ingest/access/acting.hpp"

#include <algorithm>

#include "ingest/access/secret.hpp"

namespace answerable::access {
namespace {

constexpr const char* token_setting = "answerable.token";

constexpr pg::Statement find_actor{"access.find_actor",
                                   "SELECT c.authority, c.account, c.email, c.name, c.organisation, a.roles,"
                                   " coalesce((SELECT k.scopes FROM answerable.api_key k WHERE k.sha256 = $1), '{}'),"
                                   " coalesce((SELECT s.how FROM answerable.session s WHERE s.sha256 = $1), ''),"
                                   " EXISTS (SELECT FROM answerable.second_factor f WHERE f.authority = c.authority"
                                   " AND f.account = c.account AND f.secret IS NOT NULL),"
                                   " coalesce(c.provider_subject, '')"
                                   " FROM answerable.actor() a JOIN answerable.account c USING (authority, account)"};
constexpr pg::Statement session_seen{
    "access.session_seen",
    "UPDATE answerable.session SET seen_at = now() WHERE sha256 = $1 AND seen_at < now() - interval '1 minute'"};
constexpr pg::Statement key_used{"access.key_used",
                                 "UPDATE answerable.api_key SET used_at = now() WHERE sha256 = $1"
                                 " AND (used_at IS NULL OR used_at < now() - interval '1 minute')"};
constexpr pg::Statement open{"access.open_record", "SELECT answerable.open_record($1, $2, $3, $4)"};
constexpr pg::Statement opened{
    "access.is_open", "SELECT EXISTS (SELECT FROM answerable.readable_subjects() AS s (subject) WHERE s.subject = $1)"};
constexpr pg::Statement find{"access.find_person", "SELECT answerable.find_person($1, $2)"};

}  // namespace

bool Actor::has(Role role) const {
  return std::ranges::find(roles, role) != roles.end();
}

bool lacks_second_factor(const Actor& actor, std::span<const Role> asking) {
  return (actor.how == "password" || actor.how == "link") && !actor.second_factor &&
         std::ranges::any_of(asking, [&](Role role) { return actor.has(role); });
}

Acting::Acting(pg::Connection& connection, std::string_view token) : connection_(&connection) {
  connection.in_each_transaction(token_setting, std::string(token));
}

Acting::~Acting() {
  connection_->in_each_transaction(token_setting, std::nullopt);
}

std::optional<Actor> resume(pg::Connection& door, std::string_view token) {
  const Acting acting(door, token);
  const Digest digest = digest_of(token);
  pg::Transaction transaction(door, pg::Access::read_write);
  const auto row = transaction.run(find_actor, digest);
  if (row.rows() != 1) return std::nullopt;
  Actor actor{.authority = std::string(row.text(0, 0)),
              .account = row.int32(0, 1),
              .email = std::string(row.text(0, 2)),
              .name = std::string(row.text(0, 3)),
              .scopes = row.text_array(0, 6),
              .how = std::string(row.text(0, 7)),
              .second_factor = row.boolean(0, 8),
              .provider_subject = std::string(row.text(0, 9))};
  if (!row.is_null(0, 4)) actor.organisation = row.text(0, 4);
  for (const auto& role : row.text_array(0, 5))
    if (const auto known = parse_role(role)) actor.roles.push_back(*known);
  transaction.run(session_seen, digest);
  transaction.run(key_used, digest);
  transaction.commit();
  return actor;
}

std::string_view word(Purpose purpose) {
  switch (purpose) {
    case Purpose::complaint:
      return "complaint";
    case Purpose::monitoring:
      return "monitoring";
    case Purpose::audit:
      return "audit";
    case Purpose::subject_access:
      return "subject-access";
  }
  return "";
}

std::optional<Purpose> parse_purpose(std::string_view text) {
  for (const Purpose purpose : {Purpose::complaint, Purpose::monitoring, Purpose::audit, Purpose::subject_access})
    if (word(purpose) == text) return purpose;
  return std::nullopt;
}

std::optional<std::int64_t> open_record(pg::Connection& connection, const Opening& opening) {
  pg::Transaction transaction(connection, pg::Access::read_write);
  const auto row = transaction.run_one(open, opening.subject, word(opening.purpose), opening.reference, opening.what);
  if (row.is_null(0, 0)) return std::nullopt;
  const auto event = row.int64(0, 0);
  transaction.commit();
  return event;
}

bool is_open(pg::Transaction& transaction, std::int32_t subject) {
  return transaction.run_one(opened, subject).boolean(0, 0);
}

std::optional<std::int32_t> find_person(pg::Transaction& transaction, std::string_view scheme, std::string_view value) {
  const auto row = transaction.run_one(find, scheme, value);
  return row.is_null(0, 0) ? std::nullopt : std::optional(row.int32(0, 0));
}

}  // namespace answerable::access
