// The pages that are the same for everybody, and the first one.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "ingest/access/role.hpp"
#include "ingest/civil_date.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/page.hpp"

namespace answerable::service {
namespace {

constexpr std::chrono::days security_text_holds{180};

std::string_view may(access::Role role) {
  switch (role) {
    case access::Role::provider_submitter:
      return "You send records for your organisation, and see what came of them.";
    case access::Role::provider_manager:
      return "You send records for your organisation, and see the findings about what it did.";
    case access::Role::contract_monitoring_officer:
      return "You see agreements, the findings under those assigned to you, and people whose records came under them, "
             "for the purpose of monitoring.";
    case access::Role::complaints_officer:
      return "You see findings about people whose complaint is assigned to you, and open people’s records for a "
             "complaint or a subject access request.";
    case access::Role::auditor:
      return "You see all findings, and open people’s records for the purpose of audit.";
    case access::Role::guardian:
      return "You see who read whose record and what for, and open people’s records for a stated purpose.";
    case access::Role::administrator:
      return "You make and end accounts. You see nobody’s records.";
    case access::Role::outside_reader:
      return "You read one case, until the day you were given.";
  }
  return "";
}

}  // namespace

http::Response home(Visit& visit) {
  Page page("Who answers, and what can be shown", visit.member);
  const auto& actor = visit.actor();
  page.paragraph(fmt::format("You are {} ({}), of council {}{}.", actor.name, actor.email, actor.authority,
                             actor.organisation ? ", for " + *actor.organisation : ""));
  page.heading("What you may do");
  std::vector<std::string> items;
  for (const auto role : actor.roles) items.push_back(fmt::format("As {}: {}", access::words(role), may(role)));
  if (items.empty()) items.emplace_back("Nothing yet: an administrator of accounts has given you no role.");
  page.list(items);
  return std::move(page).answer();
}

http::Response style(Visit& visit) {
  std::ifstream in(visit.hall.share / "pages/style.css", std::ios::binary);
  return {.content_type = "text/css; charset=utf-8",
          .body = {std::istreambuf_iterator<char>(in), {}},
          .headers = {{"Cache-Control", "public, max-age=3600"}}};
}

/// RFC 9116
http::Response security_text(Visit& visit) {
  if (visit.hall.options.security_contact.empty()) return {.status = 404, .body = "Nobody has been named here.\n"};
  return {.body = fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n",
                              visit.hall.options.security_contact, iso(now() + security_text_holds))};
}

http::Response privacy(Visit& visit) {
  Page page("Privacy", visit.member);
  page.paragraph(
      "This service holds records that councils, NHS trusts and providers keep about people’s care and "
      "support, so that a council can show what was done, by whom, and on what evidence.");
  page.paragraph(
      "Nobody opens a person’s record without stating a purpose. Each opening is written to a signed ledger "
      "that cannot be changed afterwards, is shown with that person’s record, and is reported to the "
      "council’s Caldicott guardian.");
  page.paragraph(
      "One cookie is set when you sign in. It holds a random number, ends when you sign out, after half an "
      "hour without use, or after twelve hours, and is used for nothing but knowing that it is you. There "
      "are no other cookies, no scripts, and nothing is fetched from elsewhere.");
  page.paragraph(
      "The council is the controller of what is held here. To ask what is held about you, or to have it "
      "corrected, write to the council.");
  return std::move(page).answer();
}

http::Response accessibility(Visit& visit) {
  Page page("Accessibility", visit.member);
  page.paragraph(
      "These pages are meant to meet the Web Content Accessibility Guidelines 2.2 at levels A and AA. They "
      "work without scripts, by keyboard, and on narrow screens.");
  page.paragraph(
      "They have not yet been tested by people who use assistive technology, nor audited by anybody "
      "outside. If something does not work for you, tell the council, and ask for it in another form.");
  return std::move(page).answer();
}

}  // namespace answerable::service
