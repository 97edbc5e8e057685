// Accounts, for their administrator.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "ingest/access/accounts.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

constexpr std::chrono::hours link_lasts{24};

Page::Choices role_choices() {
  Page::Choices choices;
  for (const auto role : access::all_roles) choices.emplace_back(access::word(role), access::words(role));
  return choices;
}

std::string roles_words(const access::Account& account) {
  std::vector<std::string> items;
  for (const auto& grant : account.roles)
    items.push_back(fmt::format("{}{}{}", access::words(grant.role),
                                grant.case_reference ? " of " + *grant.case_reference : "",
                                grant.until ? " until " + words(*grant.until) : ""));
  return pages::list_words(items);
}

void add_role_fields(Page& page) {
  page.select("Role", "role", role_choices());
  page.field({.label = "Case", .name = "case", .hint = "Of an outside reader: the complaint’s reference."});
  page.field({.label = "Until", .name = "until", .type = "date", .hint = "The last day. An outside reader has one."});
}

void add_account_row(Page& page, const access::Account& account) {
  const std::string its = fmt::format("/accounts/{}", account.account);
  page.row().cell(account.name).cell(account.email).cell(account.organisation.value_or(""));
  page.cell(roles_words(account)).cell(account.disabled_at ? "disabled" : "").begin_cell();
  page.form(its + "/name");
  page.field({.label = "Name", .name = "name", .value = account.name});
  page.button(fmt::format("Rename {}", account.email));
  page.form(its + "/link").button(fmt::format("New link for {}", account.email));
  if (account.second_factor)
    page.form(its + "/second-factor/remove").button(fmt::format("Take the second factor off {}", account.email));
  page.form(its + "/disabled");
  if (account.disabled_at)
    page.button(fmt::format("Enable {}", account.email), "disabled", "no");
  else
    page.button(fmt::format("Disable {}", account.email), "disabled", "yes");
  page.form(its + "/role");
  add_role_fields(page);
  page.select("Do", "do", {{"give", "give this role"}, {"take", "take this role away"}});
  page.button(fmt::format("Change roles of {}", account.email)).end_cell().end_row();
}

http::Response accounts_page(Visit& visit, std::string_view fault, int status) {
  const auto all = [&] {
    const auto door = visit.accounts();
    return access::accounts(*door, visit.actor().authority);
  }();
  Page page("Accounts", visit.member);
  if (!fault.empty()) page.fault(fault);
  page.table("Accounts", {"Name", "E-mail address", "Organisation", "Roles", "State", "Change"});
  for (const auto& account : all) add_account_row(page, account);
  page.end_table().heading("Add somebody").form("/accounts");
  page.field({.label = "Name", .name = "name", .value = visit.field("name")});
  page.field({.label = "E-mail address", .name = "email", .value = visit.field("email")});
  page.field({.label = "Organisation",
              .name = "organisation",
              .value = visit.field("organisation"),
              .hint = "Of a provider’s people, such as ods:RH5. Empty for the council’s own."});
  add_role_fields(page);
  page.button("Add");
  return std::move(page).answer(status);
}

access::Grant grant_in(const Visit& visit) {
  const auto role = access::parse_role(visit.field("role"));
  if (!role) throw access::Refused("Choose a role from the list.");
  access::Grant grant{.role = *role};
  if (auto reference = visit.field("case"); !reference.empty()) grant.case_reference = std::move(reference);
  if (const auto until = visit.field("until"); !until.empty()) {
    grant.until = parse_day(until);
    if (!grant.until) throw access::Refused("The last day is no day. Write it as 2027-03-31.");
  }
  return grant;
}

/// The account in the path. \throws Problem when this council has none of that number
access::Account account_in(Visit& visit, pg::Connection& door) {
  const auto number = number_in<std::int32_t>(visit.request.parameters.at("account"));
  const auto all = access::accounts(door, visit.actor().authority);
  const auto found = std::ranges::find(all, number.value_or(-1), &access::Account::account);
  if (found == all.end()) throw http::Problem{.status = 404, .detail = "There is no account of that number."};
  return *found;
}

/// Somebody else's: an administrator who shuts themselves out can let nobody in again.
access::Account other_account_in(Visit& visit, pg::Connection& door) {
  auto account = account_in(visit, door);
  if (account.account == visit.actor().account)
    throw access::Refused("This is your own account. Another administrator can change it.");
  return account;
}

/// A link is shown on the page that answers, and nowhere again.
http::Response link_shown(Visit& visit, const access::Account& account, access::LinkPurpose purpose) {
  const auto token = [&] {
    const auto door = visit.accounts();
    return access::new_link(*door, account.authority, account.account, purpose, link_lasts);
  }();
  Page page("One-time link", visit.member);
  page.paragraph(
      fmt::format("For {}. Put this service’s address before it and hand it to them alone: whoever opens it "
                  "chooses the password. It holds once, for {} hours, and is not shown again.",
                  account.name, link_lasts.count()));
  page.paragraph("/link/" + token).link("Accounts", "/accounts");
  return std::move(page).answer();
}

template <class Change>
http::Response changed(Visit& visit, const Change& change) {
  try {
    return change();
  } catch (const access::Refused& refused) {
    return accounts_page(visit, refused.what(), 422);
  }
}

}  // namespace

http::Response accounts(Visit& visit) {
  return accounts_page(visit, "", 200);
}

http::Response add_account(Visit& visit) {
  return changed(visit, [&] {
    access::Account account{.authority = visit.actor().authority,
                            .email = visit.field("email"),
                            .name = visit.field("name"),
                            .roles = {grant_in(visit)}};
    if (account.email.empty() || account.name.empty()) throw access::Refused("Give a name and an e-mail address.");
    if (auto organisation = visit.field("organisation"); !organisation.empty())
      account.organisation = std::move(organisation);
    {
      const auto door = visit.accounts();
      account.account = access::add_account(*door, account);
    }
    return link_shown(visit, account, access::LinkPurpose::invitation);
  });
}

http::Response change_role(Visit& visit) {
  return changed(visit, [&] {
    const auto grant = grant_in(visit);
    const auto door = visit.accounts();
    const auto account = other_account_in(visit, *door);
    if (visit.field("do") == "take")
      access::take_away(*door, account.authority, account.account, grant.role);
    else
      access::grant(*door, account.authority, account.account, grant);
    return see_other("/accounts");
  });
}

http::Response set_disabled(Visit& visit) {
  return changed(visit, [&] {
    const auto door = visit.accounts();
    const auto account = other_account_in(visit, *door);
    if (visit.field("disabled") == "no")
      access::enable(*door, account.authority, account.account);
    else
      access::disable(*door, account.authority, account.account);
    return see_other("/accounts");
  });
}

http::Response rename_account(Visit& visit) {
  return changed(visit, [&] {
    const auto door = visit.accounts();
    const auto account = account_in(visit, *door);
    access::rename(*door, account.authority, account.account, visit.field("name"));
    return see_other("/accounts");
  });
}

http::Response remove_factor(Visit& visit) {
  return changed(visit, [&] {
    const auto door = visit.accounts();
    const auto account = other_account_in(visit, *door);
    access::remove_second_factor(*door, account.authority, account.account);
    return see_other("/accounts");
  });
}

http::Response new_link(Visit& visit) {
  const auto account = [&] {
    const auto door = visit.accounts();
    return account_in(visit, *door);
  }();
  return link_shown(visit, account, access::LinkPurpose::password_reset);
}

}  // namespace answerable::service
