#include "ingest/access/keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/access/accounts.hpp"
#include "ingest/access/secret.hpp"

namespace answerable::access {
namespace {

constexpr std::size_t certificates_at_once = 2;

constexpr pg::Statement insert_key{
    "keys.add",
    "INSERT INTO answerable.api_key (authority, key, account, sha256, scopes, ends_at)"
    " SELECT authority, $2, account, $4, $5::text[], $6 FROM answerable.account WHERE authority = $1 AND account = $3"};
constexpr pg::Statement list_keys{
    "keys.list",
    "SELECT k.authority, k.account, a.email, k.key, k.scopes, k.made_at, k.ends_at, k.used_at, k.revoked_at FROM "
    "answerable.api_key k"
    " JOIN answerable.account a USING (authority, account) WHERE $1 = '' OR k.authority = $1 ORDER BY k.made_at DESC, "
    "k.key"};
constexpr pg::Statement revoke_one_key{
    "keys.revoke",
    "UPDATE answerable.api_key SET revoked_at = now() WHERE authority = $1 AND key = $2 AND revoked_at IS NULL"};
constexpr pg::Statement lock_account{"certificates.lock_account",
                                     "SELECT FROM answerable.account WHERE authority = $1 AND account = $2 FOR UPDATE"};
constexpr pg::Statement count_live{"certificates.count_live",
                                   "SELECT count(*) FROM answerable.certificate WHERE authority = $1 AND account = $2 "
                                   "AND now() < ends_at AND revoked_at IS NULL"};
constexpr pg::Statement insert_certificate{
    "certificates.add",
    "INSERT INTO answerable.certificate (authority, account, fingerprint, ends_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING"};
constexpr pg::Statement list_certificates{
    "certificates.list",
    "SELECT c.authority, c.account, a.email, c.fingerprint, c.added_at, c.ends_at, c.revoked_at FROM "
    "answerable.certificate c"
    " JOIN answerable.account a USING (authority, account) WHERE $1 = '' OR c.authority = $1 ORDER BY c.added_at DESC, "
    "c.fingerprint"};
constexpr pg::Statement revoke_one_certificate{
    "certificates.revoke",
    "UPDATE answerable.certificate SET revoked_at = now() WHERE authority = $1 AND fingerprint = $2 AND revoked_at IS "
    "NULL RETURNING account"};
constexpr pg::Statement end_certificate_sessions{
    "certificates.end_sessions",
    "DELETE FROM answerable.session WHERE authority = $1 AND account = $2 AND how = 'certificate'"};

constexpr std::array<std::string_view, 4> known_scopes{"submit", "check", "receipts", "wanted"};

std::optional<Instant> maybe_instant(const pg::Result& rows, int row, int column) {
  return rows.is_null(row, column) ? std::nullopt : std::optional(rows.instant(row, column));
}

}  // namespace

std::string add_key(pg::Connection& door, std::string_view authority, std::int32_t account,
                    const std::vector<std::string>& scopes, Instant ends_at) {
  for (const auto& scope : scopes)
    if (std::ranges::find(known_scopes, scope) == known_scopes.end())
      throw Refused(fmt::format("\"{}\" is no scope. A key can have {}.", scope, fmt::join(known_scopes, ", ")));
  if (scopes.empty()) throw Refused(fmt::format("A key needs a scope: {}.", fmt::join(known_scopes, ", ")));
  const std::string key = hex(random_bytes(6));
  std::string whole = fmt::format("ans_{}_{}", key, new_token());
  pg::Transaction transaction(door, pg::Access::read_write);
  if (transaction
          .run(insert_key, authority, key, account, digest_of(whole), fmt::format("{{{}}}", fmt::join(scopes, ",")),
               ends_at)
          .affected() != 1)
    throw Refused("There is no such account.");
  transaction.commit();
  return whole;
}

std::vector<ApiKey> keys(pg::Connection& door, std::string_view authority) {
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto rows = transaction.run(list_keys, authority);
  std::vector<ApiKey> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.authority = std::string(rows.text(i, 0)),
                   .account = rows.int32(i, 1),
                   .email = std::string(rows.text(i, 2)),
                   .key = std::string(rows.text(i, 3)),
                   .scopes = rows.text_array(i, 4),
                   .made_at = rows.instant(i, 5),
                   .ends_at = rows.instant(i, 6),
                   .used_at = maybe_instant(rows, i, 7),
                   .revoked_at = maybe_instant(rows, i, 8)});
  return all;
}

bool revoke_key(pg::Connection& door, std::string_view authority, std::string_view key) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const bool revoked = transaction.run(revoke_one_key, authority, key).affected() == 1;
  transaction.commit();
  return revoked;
}

void add_certificate(pg::Connection& door, std::string_view authority, std::int32_t account, const Digest& fingerprint,
                     Instant ends_at) {
  pg::Transaction transaction(door, pg::Access::read_write);
  if (transaction.run(lock_account, authority, account).rows() != 1) throw Refused("There is no such account.");
  if (transaction.run_one(count_live, authority, account).int64(0, 0) >=
      static_cast<std::int64_t>(certificates_at_once))
    throw Refused("Two certificates of this account hold already. Revoke one first.");
  if (transaction.run(insert_certificate, authority, account, fingerprint, ends_at).affected() != 1)
    throw Refused(
        "This certificate is known already. A certificate that was revoked is not taken again: make a new one.");
  transaction.commit();
}

std::vector<Certificate> certificates(pg::Connection& door, std::string_view authority) {
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto rows = transaction.run(list_certificates, authority);
  std::vector<Certificate> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Certificate one{.authority = std::string(rows.text(i, 0)),
                    .account = rows.int32(i, 1),
                    .email = std::string(rows.text(i, 2)),
                    .added_at = rows.instant(i, 4),
                    .ends_at = rows.instant(i, 5),
                    .revoked_at = maybe_instant(rows, i, 6)};
    std::ranges::copy(rows.bytes(i, 3), one.fingerprint.begin());
    all.push_back(std::move(one));
  }
  return all;
}

bool revoke_certificate(pg::Connection& door, std::string_view authority, const Digest& fingerprint) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const auto row = transaction.run(revoke_one_certificate, authority, fingerprint);
  const bool revoked = row.rows() == 1;
  if (revoked) transaction.run(end_certificate_sessions, authority, row.int32(0, 0));
  transaction.commit();
  return revoked;
}

}  // namespace answerable::access
