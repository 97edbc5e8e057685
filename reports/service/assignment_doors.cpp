// Who looks after which complaints and agreements.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/access/accounts.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/register.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

struct Assigned {
  std::vector<access::Account> accounts;
  std::vector<access::Assignment> assignments;
  std::vector<Unassigned> unassigned;
};

Assigned assigned_in(Visit& visit) {
  Assigned all;
  {
    const auto door = visit.accounts();
    all.accounts = access::accounts(*door, visit.actor().authority);
    all.assignments = access::assignments(*door, visit.actor().authority);
  }
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  all.unassigned = unassigned_complaints(transaction);
  return all;
}

bool may_have(const access::Account& account, std::string_view kind) {
  const auto role = kind == "complaint" ? access::Role::complaints_officer : access::Role::contract_monitoring_officer;
  return !account.disabled_at && std::ranges::find(account.roles, role, &access::Grant::role) != account.roles.end();
}

std::string name_of(const Assigned& all, std::int32_t account) {
  const auto found = std::ranges::find(all.accounts, account, &access::Account::account);
  return found == all.accounts.end() ? "" : found->name;
}

Fragment assigning(const Visit& visit, const Assigned& all, const std::string& kind, std::string error) {
  const bool complaint = kind == "complaint";
  const bool here = visit.field("kind") == kind;
  components::Select who{.name = "account",
                         .label = complaint ? "Complaints officer" : "Contract monitoring officer",
                         .options = {{"", "Choose one"}},
                         .chosen = here ? visit.field("account") : "",
                         .id = kind + "-account"};
  for (const auto& account : all.accounts)
    if (may_have(account, kind))
      who.options.push_back({std::to_string(account.account), fmt::format("{} ({})", account.name, account.email)});
  Fragment fields = hidden_field("kind", kind);
  fields += hidden_field("do", "assign");
  fields += Fragment(
      components::TextInput{.name = "reference",
                            .label = complaint ? "Complaint" : "Agreement",
                            .hint = complaint ? "Its reference, as C-25-7."
                                              : "Its reference, as S75-2010. Empty: every agreement of the council’s.",
                            .error = here ? std::move(error) : "",
                            .value = here ? visit.field("reference") : "",
                            .width = components::TextInput::Width::w20,
                            .id = kind + "-reference"});
  fields += Fragment(who);
  fields += Fragment(
      components::Button{complaint ? "Assign complaint" : "Assign agreement", components::Button::Kind::secondary});
  return post_form(visit, "/assignments", fields);
}

components::Table assigned_table(const Visit& visit, const Assigned& all, const std::string& kind) {
  const bool complaint = kind == "complaint";
  components::Table table{.caption = complaint ? "Complaints and who handles them" : "Agreements and who monitors them",
                          .columns = {{complaint ? "Complaint" : "Agreement"}, {"Who"}, {"Change"}},
                          .rows = {},
                          .when_empty = "None is assigned."};
  for (const auto& one : all.assignments) {
    if (one.kind != kind) continue;
    const auto reference = one.reference.empty() ? std::string("Every agreement") : one.reference;
    table.rows.push_back(
        {reference, name_of(all, one.account),
         post_button(
             visit, "/assignments", "End",
             {{"do", "end"}, {"kind", kind}, {"reference", one.reference}, {"account", std::to_string(one.account)}},
             components::Button::Kind::secondary, fmt::format("{} by {}", reference, one.email))});
  }
  return table;
}

http::Response assignments_page(Visit& visit, const std::string& error) {
  const auto all = assigned_in(visit);
  Page page(visit, "Who handles what");
  const auto kind = visit.field("kind");
  if (!error.empty()) page.errors({{error, kind.empty() ? "" : kind + "-reference"}});
  Pieces pieces;
  components::Table waiting{.caption = "Complaints that nobody handles",
                            .columns = {{"Complaint"}, {"Came in"}, {"From"}},
                            .rows = {},
                            .when_empty = "None: every open complaint is handled by somebody."};
  for (const auto& one : all.unassigned) waiting.rows.push_back({one.reference, words(one.received_on), one.sender});
  pieces.add(waiting).heading("Assign a complaint").add(assigning(visit, all, "complaint", error));
  pieces.add(assigned_table(visit, all, "complaint"));
  pieces.heading("Assign an agreement").add(assigning(visit, all, "agreement", error));
  pieces.add(assigned_table(visit, all, "agreement"));
  page.add(pieces.all());
  return std::move(page).answer();
}

}  // namespace

http::Response assignments(Visit& visit) {
  return assignments_page(visit, "");
}

http::Response change_assignment(Visit& visit) {
  const auto kind = visit.field("kind"), reference = visit.field("reference");
  const auto account = number_in<std::int32_t>(visit.field("account")).value_or(-1);
  const auto& authority = visit.actor().authority;
  if ((kind != "complaint" && kind != "agreement") || (kind == "complaint" && reference.empty()))
    return assignments_page(visit, "Give the reference of the complaint.");
  const bool theirs = [&] {
    const auto door = visit.accounts();
    const auto all = access::accounts(*door, authority);
    const auto found = std::ranges::find(all, account, &access::Account::account);
    if (found == all.end()) return false;
    if (visit.field("do") == "end") {
      access::unassign(*door, authority, account, kind, reference);
      return true;
    }
    if (!may_have(*found, kind)) return false;
    access::assign(*door, authority, account, kind, reference);
    return true;
  }();
  if (!theirs) return assignments_page(visit, "Choose somebody of the list.");
  return done(visit, "/assignments", visit.field("do") == "end" ? "The assignment was ended." : "It was assigned.");
}

}  // namespace answerable::service
