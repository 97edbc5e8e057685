#include "ingest/access/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ingest/access/account_rows.hpp"

namespace answerable::access {
namespace {

constexpr pg::Statement council{
    "accounts.council", "INSERT INTO answerable.authority (authority, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr pg::Statement add{
    "accounts.add",
    "INSERT INTO answerable.account (authority, email, name, organisation) VALUES ($1, $2, $3, $4) RETURNING account"};
constexpr pg::Statement list{
    "accounts.list",
    "SELECT a.authority, a.account, a.email, a.name, a.organisation, a.created_at, a.disabled_at,"
    " EXISTS (SELECT FROM answerable.second_factor f WHERE f.authority = a.authority AND f.account = a.account AND "
    "f.secret IS NOT NULL), a.provider_subject IS NOT NULL"
    " FROM answerable.account a WHERE ($1 = '' OR a.authority = $1) AND ($2 = '' OR a.email = $2)"
    " AND ($3::int = 0 OR a.account = $3) ORDER BY a.authority, a.email"};
constexpr pg::Statement list_roles{
    "accounts.list_roles",
    "SELECT role, case_reference, until FROM answerable.account_role WHERE authority = $1 AND account = $2 ORDER BY "
    "role"};
constexpr pg::Statement add_role{
    "accounts.add_role",
    "INSERT INTO answerable.account_role (authority, account, role, case_reference, until) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (authority, account, role) DO UPDATE SET case_reference = excluded.case_reference, until = "
    "excluded.until"};
constexpr pg::Statement remove_role{
    "accounts.remove_role", "DELETE FROM answerable.account_role WHERE authority = $1 AND account = $2 AND role = $3"};
constexpr pg::Statement set_name{"accounts.rename",
                                 "UPDATE answerable.account SET name = $3 WHERE authority = $1 AND account = $2"};
constexpr pg::Statement set_disabled{
    "accounts.set_disabled",
    "UPDATE answerable.account SET disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now()) END"
    " WHERE authority = $1 AND account = $2"};
constexpr pg::Statement forget_subject{
    "accounts.forget_subject",
    "UPDATE answerable.account SET provider_subject = NULL WHERE authority = $1 AND account = $2"};
constexpr pg::Statement end_sessions{"accounts.end_sessions",
                                     "DELETE FROM answerable.session WHERE authority = $1 AND account = $2"};
constexpr pg::Statement add_assignment{
    "accounts.assign",
    "INSERT INTO answerable.assignment (authority, account, kind, reference) VALUES ($1, $2, $3, $4) ON CONFLICT DO "
    "NOTHING"};
constexpr pg::Statement remove_assignment{
    "accounts.unassign",
    "DELETE FROM answerable.assignment WHERE authority = $1 AND account = $2 AND kind = $3 AND reference = $4"};
constexpr pg::Statement list_assignments{
    "accounts.assignments",
    "SELECT account, email, kind, reference FROM answerable.assignment JOIN answerable.account USING (authority, "
    "account)"
    " WHERE authority = $1 ORDER BY email, kind, reference"};

std::vector<Account> select(pg::Transaction& transaction, std::string_view authority, std::string_view email,
                            std::int32_t account) {
  const auto rows = transaction.run(list, authority, email, account);
  std::vector<Account> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Account one{.authority = std::string(rows.text(i, 0)),
                .account = rows.int32(i, 1),
                .email = std::string(rows.text(i, 2)),
                .name = std::string(rows.text(i, 3)),
                .created_at = rows.instant(i, 5),
                .second_factor = rows.boolean(i, 7),
                .single_sign_on = rows.boolean(i, 8)};
    if (!rows.is_null(i, 4)) one.organisation = rows.text(i, 4);
    if (!rows.is_null(i, 6)) one.disabled_at = rows.instant(i, 6);
    const auto roles = transaction.run(list_roles, one.authority, one.account);
    for (int j = 0; j < roles.rows(); ++j) {
      Grant grant{.role = parse_role(roles.text(j, 0)).value()};
      if (!roles.is_null(j, 1)) grant.case_reference = roles.text(j, 1);
      if (!roles.is_null(j, 2)) grant.until = roles.day(j, 2);
      one.roles.push_back(std::move(grant));
    }
    all.push_back(std::move(one));
  }
  return all;
}

/// What the database refuses, as a sentence.
template <class Work>
auto told(const Work& work) {
  try {
    return work();
  } catch (const pg::Error& error) {
    if (error.sqlstate == "23505")
      throw Refused("There is an account with this e-mail address already. Change that one.");
    if (error.constraint == "account_authority_fkey")
      throw Refused("This council is not known here. Give the code of one that is, such as 905.");
    if (error.sqlstate == "23503") throw Refused("There is no such account.");
    if (error.sqlstate == "23514")
      throw Refused(
          "The role does not fit the account. A provider's roles need the provider's organisation (ods:RH5), and all "
          "others must have none; administrator and outside reader stand alone; an outside reader needs one case and a "
          "last day, and nobody else has a case.");
    throw;
  }
}

void put_role(pg::Transaction& transaction, std::string_view authority, std::int32_t account, const Grant& grant) {
  transaction.run(add_role, authority, account, word(grant.role), grant.case_reference, grant.until);
}

}  // namespace

std::string plain_email(std::string_view email) {
  while (!email.empty() && std::isspace(static_cast<unsigned char>(email.front()))) email.remove_prefix(1);
  while (!email.empty() && std::isspace(static_cast<unsigned char>(email.back()))) email.remove_suffix(1);
  std::string plain(email);
  std::ranges::transform(plain, plain.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return plain;
}

Account account_by_number(pg::Transaction& transaction, std::string_view authority, std::int32_t account) {
  auto found = select(transaction, authority, "", account);
  if (found.size() != 1 || account == 0) throw Refused("There is no such account.");
  return std::move(found.front());
}

void add_council(pg::Connection& door, std::string_view authority, std::string_view name) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(council, authority, name);
  transaction.commit();
}

std::int32_t add_account(pg::Connection& door, const Account& account) {
  return told([&] {
    pg::Transaction transaction(door, pg::Access::read_write);
    const std::int32_t number =
        transaction.run_one(add, account.authority, plain_email(account.email), account.name, account.organisation)
            .int32(0, 0);
    for (const Grant& grant : account.roles) put_role(transaction, account.authority, number, grant);
    transaction.commit();
    return number;
  });
}

std::vector<Account> accounts(pg::Connection& door, std::string_view authority) {
  pg::Transaction transaction(door, pg::Access::read_only);
  return select(transaction, authority, "", 0);
}

std::optional<Account> find_account(pg::Connection& door, std::string_view authority, std::string_view email) {
  const std::string plain = plain_email(email);
  if (plain.empty() || authority.empty()) return std::nullopt;
  pg::Transaction transaction(door, pg::Access::read_only);
  auto found = select(transaction, authority, plain, 0);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

void rename(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view name) {
  if (name.find_first_not_of(' ') == name.npos) throw Refused("Give the name that others are to see.");
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(set_name, authority, account, name);
  transaction.commit();
}

void grant(pg::Connection& door, std::string_view authority, std::int32_t account, const Grant& grant) {
  told([&] {
    pg::Transaction transaction(door, pg::Access::read_write);
    put_role(transaction, authority, account, grant);
    transaction.commit();
  });
}

void take_away(pg::Connection& door, std::string_view authority, std::int32_t account, Role role) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(remove_role, authority, account, word(role));
  transaction.commit();
}

void disable(pg::Connection& door, std::string_view authority, std::int32_t account) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(set_disabled, authority, account, true);
  transaction.run(end_sessions, authority, account);
  transaction.commit();
}

void enable(pg::Connection& door, std::string_view authority, std::int32_t account) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(set_disabled, authority, account, false);
  transaction.commit();
}

void untie_sign_on(pg::Connection& door, std::string_view authority, std::int32_t account) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(forget_subject, authority, account);
  transaction.run(end_sessions, authority, account);
  transaction.commit();
}

void assign(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view kind,
            std::string_view reference) {
  told([&] {
    pg::Transaction transaction(door, pg::Access::read_write);
    transaction.run(add_assignment, authority, account, kind, reference);
    transaction.commit();
  });
}

void unassign(pg::Connection& door, std::string_view authority, std::int32_t account, std::string_view kind,
              std::string_view reference) {
  pg::Transaction transaction(door, pg::Access::read_write);
  transaction.run(remove_assignment, authority, account, kind, reference);
  transaction.commit();
}

std::vector<Assignment> assignments(pg::Connection& door, std::string_view authority) {
  pg::Transaction transaction(door, pg::Access::read_only);
  const auto rows = transaction.run(list_assignments, authority);
  std::vector<Assignment> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.account = rows.int32(i, 0),
                   .email = std::string(rows.text(i, 1)),
                   .kind = std::string(rows.text(i, 2)),
                   .reference = std::string(rows.text(i, 3))});
  return all;
}

}  // namespace answerable::access
