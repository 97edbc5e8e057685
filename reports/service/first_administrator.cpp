#include "reports/service/first_administrator.hpp"

#include <fmt/format.h>

#include <chrono>

#include "ingest/access/accounts.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/intake/councils.hpp"
#include "ingest/locations.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement held_councils{"first_administrator.councils", "SELECT authority FROM answerable.authority"};
constexpr pg::Statement ever_in{
    "first_administrator.ever_in",
    "SELECT EXISTS (SELECT FROM answerable.password WHERE authority = $1 AND account = $2)"};

constexpr std::chrono::hours lasts{24};

/// Of the council that is named, or the only one that is held.
std::string which_council(pg::Connection& connection, const std::string& authority) {
  if (!authority.empty()) return authority;
  pg::Transaction transaction(connection, pg::Access::read_only);
  const auto rows = transaction.run(held_councils);
  if (rows.rows() != 1)
    throw cli::Failure(cli::usage,
                       "nobody has an account yet, and it is not clear in which council to make the first: name it "
                       "with --authority CODE (Somerset's is 905)");
  return std::string(rows.text(0, 0));
}

FirstAdministrator link_for(pg::Connection& connection, const access::Account& account, std::string council) {
  return {std::move(council), access::new_link(connection, account.authority, account.account,
                                               access::LinkPurpose::first_administrator, lasts)};
}

bool was_in(pg::Connection& connection, const access::Account& account) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  return transaction.run_one(ever_in, account.authority, account.account).boolean(0, 0);
}

}  // namespace

std::optional<FirstAdministrator> first_administrator(pg::Connection& connection, const std::string& authority) {
  const auto councils = intake::Councils::load(share_folder() / "schemas");
  const auto all = access::accounts(connection, "");
  if (!all.empty()) {
    const auto& only = all.front();
    if (all.size() > 1 || only.email != first_administrator_email || was_in(connection, only)) return std::nullopt;
    const auto* const council = councils.by_code(only.authority);
    return link_for(connection, only, council ? council->name : only.authority);
  }
  const auto code = which_council(connection, authority);
  const auto* const council = councils.by_code(code);
  if (!council) throw cli::Failure(cli::usage, fmt::format("{} is no council's code: Somerset's is 905", code));
  access::add_council(connection, council->code, council->name);
  access::Account account{.authority = council->code,
                          .email = first_administrator_email,
                          .name = "First administrator",
                          .roles = {{.role = access::Role::administrator}}};
  account.account = access::add_account(connection, account);
  return link_for(connection, account, council->name);
}

}  // namespace answerable::service
