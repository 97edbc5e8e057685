#include "ingest/cli/account_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ingest/access/role.hpp"
#include "ingest/cli/account_desk.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/intake/councils.hpp"
#include "ingest/locations.hpp"

namespace answerable::cli {

using nlohmann::ordered_json;

void Whose::add_to(CLI::App& command) {
  command.add_option("EMAIL", email, "Address of the account, or a machine's name")->required();
  command.add_option("--authority", authority, "Council's code")->type_name("CODE")->required();
}

access::Account AccountDesk::account(const Whose& whose) {
  if (auto found = access::find_account(door, whose.authority, whose.email)) return std::move(*found);
  throw Failure(usage,
                fmt::format("there is no account {} in council {}: `answerable account list` shows which there are",
                            whose.email, whose.authority));
}

Instant end_of_day(const std::string& text) {
  const auto day = parse_day(text);
  if (!day) throw Failure(usage, fmt::format("{} is no day: write 2027-03-31", text));
  // Midnight in UTC: London's, or an hour after it in summer.
  return Instant(*day) + std::chrono::hours{24};
}

namespace {

struct AccountOptions {
  Whose whose;
  std::string name, organisation, role, case_reference, until;
  bool take{}, enable{};
};

std::string role_names() {
  std::vector<std::string_view> all;
  for (const access::Role role : access::all_roles) all.push_back(access::word(role));
  return fmt::format("{}", fmt::join(all, ", "));
}

access::Grant grant_of(const AccountOptions& options) {
  const auto role = access::parse_role(options.role);
  if (!role) throw Failure(usage, fmt::format("{} is no role. There are {}", options.role, role_names()));
  access::Grant grant{.role = *role};
  if (!options.case_reference.empty()) grant.case_reference = options.case_reference;
  if (!options.until.empty()) {
    grant.until = parse_day(options.until);
    if (!grant.until) throw Failure(usage, fmt::format("{} is no day: write 2027-03-31", options.until));
  }
  return grant;
}

ordered_json json(const access::Account& account) {
  auto roles = ordered_json::array();
  for (const auto& grant : account.roles)
    roles.push_back({{"role", access::word(grant.role)},
                     {"case", grant.case_reference ? ordered_json(*grant.case_reference) : ordered_json(nullptr)},
                     {"until", grant.until ? ordered_json(iso(*grant.until)) : ordered_json(nullptr)}});
  return {{"authority", account.authority},
          {"email", account.email},
          {"name", account.name},
          {"organisation", account.organisation ? ordered_json(*account.organisation) : ordered_json(nullptr)},
          {"roles", roles},
          {"second_factor", account.second_factor},
          {"created_at", iso(account.created_at)},
          {"disabled_at", account.disabled_at ? ordered_json(iso(*account.disabled_at)) : ordered_json(nullptr)}};
}

std::string line(const access::Account& account) {
  std::vector<std::string> roles;
  for (const auto& grant : account.roles)
    roles.push_back(fmt::format("{}{}{}", access::word(grant.role),
                                grant.case_reference ? " of " + *grant.case_reference : "",
                                grant.until ? " until " + words(*grant.until) : ""));
  return printable(fmt::format("{}  {}  {}{}  {}{}\n", account.authority, account.email, account.name,
                               account.organisation ? " (" + *account.organisation + ")" : "",
                               roles.empty() ? "no role" : fmt::format("{}", fmt::join(roles, ", ")),
                               account.disabled_at ? "  disabled" : ""));
}

int show(const Common& common, const access::Account& account) {
  if (common.json)
    print_json(json(account));
  else
    print(line(account));
  return done;
}

int add_one(const Common& common, AccountDesk& desk, const AccountOptions& options) {
  const auto councils = intake::Councils::load(share_folder() / "schemas");
  const auto* council = councils.by_code(options.whose.authority);
  if (!council)
    throw Failure(usage, fmt::format("{} is no council's code: Somerset's is 905", options.whose.authority));
  access::Account account{.authority = council->code, .email = options.whose.email, .name = options.name};
  if (!options.organisation.empty()) account.organisation = options.organisation;
  if (!options.role.empty()) account.roles = {grant_of(options)};
  access::add_council(desk.door, council->code, council->name);
  access::add_account(desk.door, account);
  return show(common, desk.account(options.whose));
}

int change_role(const Common& common, AccountDesk& desk, const AccountOptions& options) {
  const auto account = desk.account(options.whose);
  const auto grant = grant_of(options);
  if (options.take)
    access::take_away(desk.door, account.authority, account.account, grant.role);
  else
    access::grant(desk.door, account.authority, account.account, grant);
  return show(common, desk.account(options.whose));
}

int set_disabled(const Common& common, AccountDesk& desk, const AccountOptions& options) {
  const auto account = desk.account(options.whose);
  (options.enable ? access::enable : access::disable)(desk.door, account.authority, account.account);
  return show(common, desk.account(options.whose));
}

int make_link(const Common& common, AccountDesk& desk, const AccountOptions& options) {
  const auto account = desk.account(options.whose);
  constexpr std::chrono::hours lasts{24};
  const std::string code =
      access::new_link(desk.door, account.authority, account.account, access::LinkPurpose::invitation, lasts);
  if (common.json)
    print_json({{"path", "/link"}, {"code", code}, {"hours", lasts.count()}});
  else
    print(fmt::format(
        "{}\nGiven at /link, behind the service's address, this code sets a password, once, within {} hours.\n", code,
        lasts.count()));
  return done;
}

int remove_second_factor(const Common& common, AccountDesk& desk, const AccountOptions& options) {
  const auto account = desk.account(options.whose);
  access::remove_second_factor(desk.door, account.authority, account.account);
  return show(common, desk.account(options.whose));
}

struct ListOptions {
  std::string authority;
};

int list_accounts(const Common& common, AccountDesk& desk, const ListOptions& options) {
  const auto all = access::accounts(desk.door, options.authority);
  if (common.json) {
    auto out = ordered_json::array();
    for (const auto& account : all) out.push_back(json(account));
    print_json(out);
    return done;
  }
  for (const auto& account : all) print(line(account));
  print(fmt::format("{} {}.\n", all.size(), all.size() == 1 ? "account" : "accounts"));
  return done;
}

struct AssignOptions {
  Whose whose;
  std::string agreement, complaint;
  bool all_agreements{}, end{};
};

int assign_one(const Common& common, AccountDesk& desk, const AssignOptions& options) {
  const auto account = desk.account(options.whose);
  const bool complaint = !options.complaint.empty();
  const std::string kind = complaint ? "complaint" : "agreement";
  const std::string& reference = complaint ? options.complaint : options.agreement;
  (options.end ? access::unassign : access::assign)(desk.door, account.authority, account.account, kind, reference);
  auto all = access::assignments(desk.door, account.authority);
  std::erase_if(all, [&](const auto& one) { return one.account != account.account; });
  auto out = ordered_json::array();
  std::string text;
  for (const auto& one : all) {
    out.push_back({{"email", one.email}, {"kind", one.kind}, {"reference", one.reference}});
    text += fmt::format("{}  {} {}\n", one.email, one.kind, one.reference.empty() ? "(every one)" : one.reference);
  }
  if (common.json)
    print_json(out);
  else
    print(printable(text.empty() ? account.email + "  nothing assigned\n" : text));
  return done;
}

void add_role_options(CLI::App& command, AccountOptions& options) {
  command.add_option("--case", options.case_reference, "The complaint an outside reader may read")->type_name("ID");
  command.add_option("--until", options.until, "The last day of the role")->type_name("DATE");
}

}  // namespace

void add_account_commands(Program& program) {
  Verbs account(program, "account", "Who may sign in to the services, as what");
  const auto added = std::make_shared<AccountOptions>();
  auto& add = add_account_verb(account, "add", "Add a person's or a machine's account", added, add_one);
  added->whose.add_to(add);
  add.add_option("--name", added->name, "Their name, as shown beside what they do")->required();
  add.add_option("--organisation", added->organisation, "A provider's: ods:RH5")->type_name("SCHEME:CODE");
  add.add_option("--role", added->role, role_names())->type_name("ROLE");
  add_role_options(add, *added);

  const auto listed = std::make_shared<ListOptions>();
  add_account_verb(account, "list", "List accounts with their roles", listed, list_accounts)
      .add_option("--authority", listed->authority, "Council's code")
      ->type_name("CODE");

  const auto changed = std::make_shared<AccountOptions>();
  auto& role = add_account_verb(account, "role", "Give an account a role, or take one away", changed, change_role);
  changed->whose.add_to(role);
  role.add_option("ROLE", changed->role, role_names())->required();
  add_role_options(role, *changed);
  role.add_flag("--take", changed->take, "Take it away");

  const auto disabled = std::make_shared<AccountOptions>();
  auto& disable = add_account_verb(account, "disable", "Shut an account: its sessions, keys and certificates end",
                                   disabled, set_disabled);
  disabled->whose.add_to(disable);
  disable.add_flag("--enable", disabled->enable, "Open it again");

  const auto linked = std::make_shared<AccountOptions>();
  linked->whose.add_to(
      add_account_verb(account, "link", "Make a one-time code that sets the account's password", linked, make_link));

  const auto lost = std::make_shared<AccountOptions>();
  auto& factor = add_account_verb(account, "second-factor",
                                  "Take a lost second factor off, once you have made sure who asks: its sessions end",
                                  lost, remove_second_factor);
  lost->whose.add_to(factor);
  factor.add_flag("--remove", lost->take, "Take it off")->required();

  Verbs assign(program, "assign", "Which agreements somebody monitors, which complaints they handle");
  for (const bool end : {false, true}) {
    const auto options = std::make_shared<AssignOptions>();
    options->end = end;
    auto& verb =
        add_account_verb(assign, end ? "end" : "add", end ? "End an assignment" : "Assign an agreement or a complaint",
                         options, assign_one);
    options->whose.add_to(verb);
    auto* what = verb.add_option_group("what");
    what->add_option("--agreement", options->agreement, "Its reference")->type_name("ID");
    what->add_option("--complaint", options->complaint, "Its reference")->type_name("ID");
    what->add_flag("--all-agreements", options->all_agreements, "Every agreement of a small council");
    what->require_option(1);
  }
}

}  // namespace answerable::cli
