// Accounts, for their administrator.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "ingest/access/accounts.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/typed_day.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

constexpr std::chrono::hours link_lasts{24};

std::vector<ui::Select::Option> role_choices() {
  std::vector<ui::Select::Option> choices;
  for (const auto role : access::all_roles)
    choices.push_back({std::string(access::word(role)), pages::capital(std::string(access::words(role)))});
  return choices;
}

std::string organisation_words(const access::Account& account) {
  return account.organisation ? pages::capital(pages::organisation_number_words(*account.organisation)) : "The council";
}

std::string roles_words(const access::Account& account) {
  std::vector<std::string> items;
  for (const auto& grant : account.roles)
    items.push_back(fmt::format("{}{}{}", access::words(grant.role),
                                grant.case_reference ? " of " + *grant.case_reference : "",
                                grant.until ? " until " + words(*grant.until) : ""));
  return pages::capital(pages::list_words(items));
}

render::Fragment role_fields(const Visit& visit) {
  return render::joined(
      {ui::Select{.name = "role", .label = "Role", .options = role_choices(), .chosen = visit.field("role")},
       ui::TextInput{.name = "case",
                     .label = "Case",
                     .hint = "Of an outside reader: the complaint’s reference.",
                     .value = visit.field("case"),
                     .width = ui::TextInput::Width::w20},
       typed_day(visit, "until", "The last day")
           .input("Until", "The last day, for example 27 3 2027. An outside reader has one.")});
}

http::Response accounts_page(const Visit& visit, const std::string& fault, int status) {
  const auto all = [&] {
    const auto door = visit.accounts();
    return access::accounts(*door, visit.actor().authority);
  }();
  Page page(visit, "Accounts");
  if (!fault.empty()) page.errors({{fault}});
  ui::Table table{.caption = "",
                  .columns = {{"Name"}, {"E-mail address"}, {"Organisation"}, {"Roles"}, {"State"}},
                  .rows = {},
                  .wide = true};
  for (const auto& account : all)
    table.rows.push_back({ui::Link{.text = account.name, .href = fmt::format("/accounts/{}", account.account)},
                          account.email, organisation_words(account), roles_words(account),
                          account.disabled_at ? "Disabled" : "In use"});
  page.add(table).heading("Add somebody");
  page.add(post_form(
      visit, "/accounts",
      render::joined({ui::TextInput{.name = "name", .label = "Name", .value = visit.field("name")},
                      ui::TextInput{.name = "email", .label = "E-mail address", .value = visit.field("email")},
                      ui::TextInput{.name = "organisation",
                                    .label = "Organisation",
                                    .hint = "Of a provider’s people, such as ods:RH5. Empty for the council’s own.",
                                    .value = visit.field("organisation"),
                                    .width = ui::TextInput::Width::w20},
                      role_fields(visit), ui::Button{.text = "Add"}})));
  return std::move(page).answer(status);
}

http::Response account_page(const Visit& visit, const access::Account& account, const std::string& fault) {
  const std::string its = fmt::format("/accounts/{}", account.account);
  const auto second = ui::Button::Kind::secondary;
  Page page(visit, account.name);
  page.under({{"Accounts", "/accounts"}});
  if (!fault.empty()) page.errors({{fault}});
  page.add(ui::SummaryList{.rows = {{.key = "E-mail address", .value = account.email},
                                    {.key = "Organisation", .value = organisation_words(account)},
                                    {.key = "Roles", .value = roles_words(account)},
                                    {.key = "State", .value = account.disabled_at ? "Disabled" : "In use"}}});
  page.heading("Roles");
  page.add(post_form(
      visit, its + "/role",
      render::joined(
          {role_fields(visit),
           ui::ButtonGroup{
               {ui::Button{.text = "Give this role", .name = "do", .value = "give"},
                ui::Button{.text = "Take this role away", .kind = second, .name = "do", .value = "take"}}}})));
  page.heading("Name");
  page.add(post_form(visit, its + "/name",
                     render::joined({ui::TextInput{.name = "name", .label = "Name", .value = account.name},
                                     ui::Button{.text = "Change the name", .kind = second}})));
  page.heading("Signing in");
  page.add(post_form(visit, its + "/link", ui::Button{.text = "Make a new one-time code", .kind = second}));
  if (account.second_factor) {
    page.paragraph(
        "Take a lost second factor off only once you have made sure who asks: in person, or by calling a number that "
        "the council knew before.");
    page.add(post_form(visit, its + "/second-factor/remove",
                       ui::Button{.text = "Take the second factor off", .kind = ui::Button::Kind::warning}));
  }
  if (account.single_sign_on) {
    page.paragraph(
        "This account is tied to one person at the council’s single sign-on. Untie it only where the same person is "
        "somebody else there now: whoever next comes from there with this address is tied to it.");
    page.add(post_form(visit, its + "/single-sign-on/untie",
                       ui::Button{.text = "Untie the single sign-on", .kind = ui::Button::Kind::warning}));
  }
  page.add(post_form(visit, its + "/disabled",
                     account.disabled_at
                         ? ui::Button{.text = "Enable this account", .kind = second, .name = "disabled", .value = "no"}
                         : ui::Button{.text = "Disable this account",
                                      .kind = ui::Button::Kind::warning,
                                      .name = "disabled",
                                      .value = "yes"}));
  return std::move(page).answer();
}

access::Grant grant_in(const Visit& visit) {
  const auto role = access::parse_role(visit.field("role"));
  if (!role) throw access::Refused("Choose a role from the list.");
  access::Grant grant{.role = *role};
  if (auto reference = visit.field("case"); !reference.empty()) grant.case_reference = std::move(reference);
  const auto until = typed_day(visit, "until", "The last day");
  if (!until.error.empty()) throw access::Refused(until.error);
  grant.until = until.value;
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

/// An administrator who shuts themselves out can let nobody in again.
void check_other(const Visit& visit, const access::Account& account) {
  if (account.account == visit.actor().account)
    throw access::Refused("This is your own account. Another administrator can change it.");
}

/// A code is shown on the page that answers, and nowhere again.
http::Response link_shown(Visit& visit, const access::Account& account, access::LinkPurpose purpose) {
  const auto token = [&] {
    const auto door = visit.accounts();
    return access::new_link(*door, account.authority, account.account, purpose, link_lasts);
  }();
  Page page(visit, "One-time code");
  page.under({{"Accounts", "/accounts"}});
  page.paragraph(
      fmt::format("For {}. Hand it to them alone, with the address of this service followed by /link: whoever gives it "
                  "there chooses the password. It holds once, for {} hours, and is not shown again.",
                  account.name, link_lasts.count()));
  page.add(ui::InsetText{token});
  return std::move(page).answer();
}

/// What is refused is said on the page of the account.
enum class Whose { others, anybodys };
template <class Change>
http::Response changed(Visit& visit, const Change& change, std::string_view says, Whose whose = Whose::others) {
  const auto door = visit.accounts();
  const auto account = account_in(visit, *door);
  try {
    if (whose == Whose::others) check_other(visit, account);
    change(*door, account);
  } catch (const access::Refused& refused) {
    return account_page(visit, account, refused.what());
  }
  return done(visit, fmt::format("/accounts/{}", account.account), says);
}

}  // namespace

http::Response accounts(Visit& visit) {
  return accounts_page(visit, "", 200);
}

http::Response one_account(Visit& visit) {
  const auto account = [&] {
    const auto door = visit.accounts();
    return account_in(visit, *door);
  }();
  return account_page(visit, account, "");
}

http::Response add_account(Visit& visit) {
  try {
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
  } catch (const access::Refused& refused) {
    return accounts_page(visit, refused.what(), 422);
  }
}

http::Response change_role(Visit& visit) {
  const bool takes = visit.field("do") == "take";
  const auto change = [&](pg::Connection& door, const access::Account& account) {
    const auto grant = grant_in(visit);
    if (takes)
      access::take_away(door, account.authority, account.account, grant.role);
    else
      access::grant(door, account.authority, account.account, grant);
  };
  return changed(visit, change, takes ? "The role was taken away." : "The role was given.");
}

http::Response set_disabled(Visit& visit) {
  const bool enables = visit.field("disabled") == "no";
  const auto change = [&](pg::Connection& door, const access::Account& account) {
    if (enables)
      access::enable(door, account.authority, account.account);
    else
      access::disable(door, account.authority, account.account);
  };
  return changed(visit, change, enables ? "The account was enabled." : "The account was disabled.");
}

http::Response rename_account(Visit& visit) {
  const auto change = [&](pg::Connection& door, const access::Account& account) {
    access::rename(door, account.authority, account.account, visit.field("name"));
  };
  return changed(visit, change, "The name was changed.", Whose::anybodys);
}

http::Response remove_factor(Visit& visit) {
  const auto change = [&](pg::Connection& door, const access::Account& account) {
    access::remove_second_factor(door, account.authority, account.account);
  };
  return changed(visit, change, "The second factor was taken off.");
}

http::Response untie_sign_on(Visit& visit) {
  const auto change = [&](pg::Connection& door, const access::Account& account) {
    access::untie_sign_on(door, account.authority, account.account);
  };
  return changed(visit, change, "The single sign-on was untied.");
}

http::Response new_link(Visit& visit) {
  const auto account = [&] {
    const auto door = visit.accounts();
    return account_in(visit, *door);
  }();
  return link_shown(visit, account, access::LinkPurpose::password_reset);
}

}  // namespace answerable::service
