#include "ingest/access/sign_in.hpp"

#include <algorithm>
#include <cctype>

#include "ingest/access/account_rows.hpp"
#include "ingest/access/password.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/throttle.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/access/vault.hpp"

namespace answerable::access {
namespace {

constexpr pg::Statement find_credentials{
    "sign_in.find_credentials",
    "SELECT a.account, coalesce(p.hash, ''), f.secret, coalesce(f.last_step, 0) FROM answerable.account a"
    " LEFT JOIN answerable.password p USING (authority, account)"
    " LEFT JOIN answerable.second_factor f ON f.authority = a.authority AND f.account = a.account"
    " WHERE a.authority = $1 AND a.email = $2 AND a.disabled_at IS NULL"};
constexpr pg::Statement take_step{"sign_in.take_step",
                                  "UPDATE answerable.second_factor SET last_step = $3 WHERE authority = $1 AND account "
                                  "= $2 AND last_step < $3"};
constexpr pg::Statement take_recovery_code{
    "sign_in.take_recovery_code",
    "DELETE FROM answerable.recovery_code WHERE authority = $1 AND account = $2 AND sha256 = $3"};
constexpr pg::Statement keep_hash{"sign_in.keep_hash",
                                  "UPDATE answerable.password SET hash = $3 WHERE authority = $1 AND account = $2"};
constexpr pg::Statement clear_sessions{
    "sign_in.clear_sessions",
    "DELETE FROM answerable.session WHERE authority = $1 AND account = $2 AND now() >= least(ends_at, seen_at + idle)"};
constexpr pg::Statement add_session{
    "sign_in.add_session", "INSERT INTO answerable.session (authority, account, sha256, how) VALUES ($1, $2, $3, $4)"};
constexpr pg::Statement end_with_certificate{
    "sign_in.end_with_certificate",
    "UPDATE answerable.session s SET ends_at = least(s.ends_at, c.ends_at) FROM answerable.certificate c"
    " WHERE c.authority = $1 AND c.fingerprint = $2 AND s.sha256 = $3"};
constexpr pg::Statement find_certificate{
    "sign_in.find_certificate",
    "SELECT account FROM answerable.certificate c JOIN answerable.account a USING (authority, account)"
    " WHERE authority = $1 AND fingerprint = $2 AND now() < ends_at AND revoked_at IS NULL AND disabled_at IS NULL"};
constexpr pg::Statement find_subject{
    "sign_in.find_subject",
    "SELECT account FROM answerable.account WHERE authority = $1 AND provider_subject = $2 AND disabled_at IS NULL"};
constexpr pg::Statement tie_subject{
    "sign_in.tie_subject",
    "UPDATE answerable.account SET provider_subject = $2 WHERE authority = $1 AND email = $3"
    " AND provider_subject IS NULL AND disabled_at IS NULL AND NOT EXISTS (SELECT FROM answerable.account o"
    " WHERE o.authority = $1 AND o.provider_subject = $2) RETURNING account"};

SignedIn new_session(pg::Transaction& transaction, std::string_view authority, std::int32_t account,
                     std::string_view how) {
  SignedIn in{.token = new_token(), .account = account};
  transaction.run(clear_sessions, authority, account);
  transaction.run(add_session, authority, account, digest_of(in.token), how);
  return in;
}

/// What is known of who wants in.
struct Known {
  std::int32_t account{};
  std::string hash{};  ///< "": no such account, or it has no password
  std::vector<std::byte> secret{};
  std::int64_t last_step{};
};

Known known(pg::Connection& door, const Credentials& credentials) {
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto row = transaction.run(find_credentials, credentials.authority, plain_email(credentials.email));
  if (row.rows() != 1) return {};
  Known found{.account = row.int32(0, 0), .hash = std::string(row.text(0, 1)), .last_step = row.int64(0, 3)};
  if (!row.is_null(0, 2)) {
    found.secret = from_vault(row.bytes(0, 2), totp_secret_size);
  }
  return found;
}

/// Each code is taken once, even when it is sent twice at the same moment.
bool take_second_factor(pg::Transaction& transaction, const Credentials& credentials, const Known& who, Instant at) {
  if (const auto step = matching_step(who.secret, credentials.second_factor, at, who.last_step))
    return transaction.run(take_step, credentials.authority, who.account, *step).affected() == 1;
  return transaction
             .run(take_recovery_code, credentials.authority, who.account,
                  digest_of(plain_recovery_code(credentials.second_factor)))
             .affected() == 1;
}

}  // namespace

SignInAnswer sign_in(pg::Connection& door, const Credentials& credentials, Instant at) {
  Throttle throttle(door, credentials.authority, plain_email(credentials.email), credentials.address);
  const Known who = known(door, credentials);
  const auto whose = who.account == 0 ? std::nullopt : std::optional(who.account);
  if (const auto until = throttle.count_attempt(at)) return Throttled{*until, whose};
  if (!password_matches(who.hash, credentials.password)) return NotSignedIn{whose};
  pg::Transaction transaction(door, pg::Access::read_write);
  if (!who.secret.empty()) {
    if (credentials.second_factor.empty()) {
      throttle.uncount(transaction);
      transaction.commit();
      return SecondFactorWanted{who.account};
    }
    if (!take_second_factor(transaction, credentials, who, at)) return NotSignedIn{whose};
  }
  throttle.forget(transaction);
  if (needs_rehash(who.hash))
    transaction.run(keep_hash, credentials.authority, who.account, hash_password(credentials.password));
  SignedIn in = new_session(transaction, credentials.authority, who.account, "password");
  transaction.commit();
  return in;
}

SignInAnswer change_password(pg::Connection& door, const Credentials& credentials, std::string_view new_password,
                             Instant at) {
  const auto account = find_account(door, credentials.authority, credentials.email);
  if (!account) return NotSignedIn{};
  if (const auto sentence = refuse_password_of(*account, new_password)) throw Refused(*sentence);
  const auto answer = sign_in(door, credentials, at);
  if (!std::holds_alternative<SignedIn>(answer)) return answer;
  pg::Transaction transaction(door, pg::Access::read_write);
  put_password(transaction, *account, new_password);
  SignedIn in = new_session(transaction, account->authority, account->account, "password");
  transaction.commit();
  return in;
}

std::optional<SignedIn> sign_in_by_certificate(pg::Connection& door, std::string_view authority,
                                               const Digest& fingerprint) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const auto row = transaction.run(find_certificate, authority, fingerprint);
  if (row.rows() != 1) return std::nullopt;
  SignedIn in = new_session(transaction, authority, row.int32(0, 0), "certificate");
  transaction.run(end_with_certificate, authority, fingerprint, digest_of(in.token));
  transaction.commit();
  return in;
}

std::optional<SignedIn> sign_in_by_proxy(pg::Connection& door, const VouchedFor& who) {
  if (who.subject.empty()) return std::nullopt;
  pg::Transaction transaction(door, pg::Access::read_write);
  auto row = transaction.run(find_subject, who.authority, who.subject);
  if (row.rows() == 0) row = transaction.run(tie_subject, who.authority, who.subject, plain_email(who.email));
  if (row.rows() != 1) return std::nullopt;
  SignedIn in = new_session(transaction, who.authority, row.int32(0, 0), "proxy");
  transaction.commit();
  return in;
}

SignedIn sign_in_by_link(pg::Connection& door, std::string_view authority, std::int32_t account) {
  pg::Transaction transaction(door, pg::Access::read_write);
  SignedIn in = new_session(transaction, authority, account, "link");
  transaction.commit();
  return in;
}

}  // namespace answerable::access
