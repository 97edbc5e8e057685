#include <algorithm>
#include <array>
#include <cctype>

#include "ingest/access/account_rows.hpp"
#include "ingest/access/accounts.hpp"
#include "ingest/access/password.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/access/vault.hpp"

namespace answerable::access {
namespace {

constexpr int recovery_codes = 10;

constexpr pg::Statement keep_password{
    "credentials.keep_password",
    "INSERT INTO answerable.password (authority, account, hash) VALUES ($1, $2, $3)"
    " ON CONFLICT (authority, account) DO UPDATE SET hash = excluded.hash, set_at = now()"};
constexpr pg::Statement end_all_sessions{"credentials.end_sessions",
                                         "DELETE FROM answerable.session WHERE authority = $1 AND account = $2"};
constexpr pg::Statement offer{"credentials.offer_second_factor",
                              "INSERT INTO answerable.second_factor (authority, account, offered) VALUES ($1, $2, $3)"
                              " ON CONFLICT (authority, account) DO UPDATE SET offered = excluded.offered"};
constexpr pg::Statement offered{
    "credentials.offered_second_factor",
    "SELECT offered FROM answerable.second_factor WHERE authority = $1 AND account = $2 AND offered IS NOT NULL FOR "
    "UPDATE"};
constexpr pg::Statement confirm{"credentials.confirm_second_factor",
                                "UPDATE answerable.second_factor SET secret = offered, offered = NULL, last_step = $3 "
                                "WHERE authority = $1 AND account = $2"};
constexpr pg::Statement forget_codes{"credentials.forget_recovery_codes",
                                     "DELETE FROM answerable.recovery_code WHERE authority = $1 AND account = $2"};
constexpr pg::Statement add_code{
    "credentials.add_recovery_code",
    "INSERT INTO answerable.recovery_code (authority, account, sha256) VALUES ($1, $2, $3)"};
constexpr pg::Statement forget_factor{"credentials.forget_second_factor",
                                      "DELETE FROM answerable.second_factor WHERE authority = $1 AND account = $2"};
constexpr pg::Statement forget_links{"credentials.forget_links",
                                     "DELETE FROM answerable.one_time_link WHERE authority = $1 AND account = $2"};
constexpr pg::Statement add_link{
    "credentials.add_link",
    "INSERT INTO answerable.one_time_link (authority, sha256, account, purpose, ends_at) VALUES ($1, $2, $3, $4, now() "
    "+ $5::bigint * interval '1 second')"};
constexpr pg::Statement find_link{
    "credentials.find_link",
    "SELECT authority, account FROM answerable.one_time_link l JOIN answerable.account a USING (authority, account)"
    " WHERE l.sha256 = $1 AND now() < l.ends_at AND a.disabled_at IS NULL FOR UPDATE OF l"};

std::string_view word(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::first_administrator:
      return "first-administrator";
    case LinkPurpose::invitation:
      return "invitation";
    case LinkPurpose::password_reset:
      return "password-reset";
  }
  return "";
}

std::optional<Account> linked(pg::Transaction& transaction, std::string_view token) {
  const auto row = transaction.run(find_link, digest_of(token));
  if (row.rows() != 1) return std::nullopt;
  return account_by_number(transaction, row.text(0, 0), row.int32(0, 1));
}

/// "ABCD-EFGH-…", seven groups: 136 bits, since only a plain hash of it is kept (ASVS 6.5.2, 11.5.1).
std::string new_recovery_code() {
  std::string code = base32(random_bytes(17));
  for (const std::size_t at : {24, 20, 16, 12, 8, 4}) code.insert(at, 1, '-');
  return code;
}

}  // namespace

std::string plain_recovery_code(std::string_view code) {
  std::string plain;
  for (const unsigned char c : code)
    if (std::isalnum(c)) plain += static_cast<char>(std::toupper(c));
  return plain;
}

std::optional<std::string> refuse_password_of(const Account& account, std::string_view password) {
  const std::array<std::string, 3> own{"answerable", account.name, account.email};
  return refuse_password(password, own);
}

void put_password(pg::Transaction& transaction, const Account& account, std::string_view password) {
  if (auto sentence = refuse_password_of(account, password)) throw Refused(*sentence);
  transaction.run(keep_password, account.authority, account.account, hash_password(password));
  transaction.run(end_all_sessions, account.authority, account.account);
}

void set_password(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view password) {
  pg::Transaction transaction(door, pg::Access::read_write);
  put_password(transaction, account_by_number(transaction, authority, account), password);
  transaction.commit();
}

std::vector<std::byte> offer_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account) {
  auto secret = random_bytes(totp_secret_size);
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(offer, authority, account, to_vault(secret));
  transaction.commit();
  return secret;
}

std::vector<std::string> confirm_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account,
                                               std::string_view code, Instant at) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const auto row = transaction.run(offered, authority, account);
  if (row.rows() != 1) return {};
  const auto step = matching_step(from_vault(row.bytes(0, 0), totp_secret_size), code, at, 0);
  if (!step) return {};
  transaction.run(confirm, authority, account, *step);
  transaction.run(forget_codes, authority, account);
  std::vector<std::string> codes;
  for (int i = 0; i < recovery_codes; ++i) {
    codes.push_back(new_recovery_code());
    transaction.run(add_code, authority, account, digest_of(plain_recovery_code(codes.back())));
  }
  transaction.commit();
  return codes;
}

void remove_second_factor(pg::Connection& door, std::string_view authority, std::int32_t account) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(forget_factor, authority, account);
  transaction.run(forget_codes, authority, account);
  transaction.run(end_all_sessions, authority, account);
  transaction.commit();
}

std::string new_link(pg::Connection& door, std::string_view authority, std::int32_t account, LinkPurpose purpose,
                     std::chrono::seconds lasts) {
  std::string token = new_token();
  pg::Transaction transaction(door, pg::Access::read_write);
  const Account whose = account_by_number(transaction, authority, account);
  transaction.run(forget_links, whose.authority, whose.account);
  transaction.run(add_link, whose.authority, digest_of(token), whose.account, word(purpose),
                  static_cast<std::int64_t>(lasts.count()));
  transaction.commit();
  return token;
}

std::optional<Account> link_account(pg::Connection& door, std::string_view token) {
  pg::Transaction transaction(door, pg::Access::read_write);
  return linked(transaction, token);
}

std::optional<Account> use_link(pg::Connection& door, std::string_view token, std::string_view password) {
  pg::Transaction transaction(door, pg::Access::read_write);
  const auto account = linked(transaction, token);
  if (!account) return std::nullopt;
  put_password(transaction, *account, password);
  transaction.run(forget_links, account->authority, account->account);
  transaction.commit();
  return account;
}

}  // namespace answerable::access
