// The pages that are the same for everybody, and the first one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "ingest/access/role.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/handlers.hpp"

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

http::Response kept_for_ever(std::string css) {
  return {.content_type = "text/css; charset=utf-8",
          .body = std::move(css),
          .headers = {{"Cache-Control", "public, max-age=31536000, immutable"}}};
}

}  // namespace

http::Response home(Visit& visit) {
  const auto& actor = visit.actor();
  if (std::ranges::any_of(actor.roles, access::of_provider)) return provider_desk::start(visit);
  if (actor.has(access::Role::contract_monitoring_officer) || actor.has(access::Role::auditor) ||
      actor.has(access::Role::guardian))
    return overview(visit);
  Page page(visit, "Who answers, and what can be shown");
  page.paragraph(fmt::format("You are {} ({}), of {}{}.", actor.name, actor.email, visit.member->council.name,
                             actor.organisation ? ", for " + *actor.organisation : ""));
  page.heading("What you may do");
  components::List list;
  for (const auto role : actor.roles) list.items.emplace_back(fmt::format("As {}: {}", access::words(role), may(role)));
  if (list.items.empty()) list.items.emplace_back("Nothing yet: an administrator of accounts has given you no role.");
  page.add(list);
  return std::move(page).answer();
}

http::Response assets(Visit& visit) {
  const Assets& held = visit.hall.assets;
  if (visit.request.path != held.css_path)
    throw http::Problem{.status = 404, .detail = "There is no such file. Load the page again."};
  return kept_for_ever(held.css);
}

http::Response colour(Visit& visit) {
  std::string_view hex = visit.request.parameters.at("file");
  if (!hex.ends_with(".css")) throw http::Problem{.status = 404, .detail = "There is no such file."};
  hex.remove_suffix(std::string_view(".css").size());
  if (auto why = refuse_colour(hex); !why.empty()) throw http::Problem{.status = 404, .detail = std::move(why)};
  return kept_for_ever(colour_css(hex));
}

/// RFC 9116
http::Response security_text(Visit& visit) {
  if (visit.hall.options.security_contact.empty()) return {.status = 404, .body = "Nobody has been named here.\n"};
  return {.body = fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n",
                              visit.hall.options.security_contact, iso(now() + security_text_holds))};
}

http::Response privacy(Visit& visit) {
  Page page(visit, "Privacy");
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
      "is no other but one that says for a minute what you did just now. There are no scripts, and nothing is fetched "
      "from elsewhere.");
  page.paragraph(
      "The council is the controller of what is held here. To ask what is held about you, or to have it "
      "corrected, write to the council.");
  return std::move(page).answer();
}

http::Response accessibility(Visit& visit) {
  Page page(visit, "Accessibility");
  page.paragraph(
      "These pages are meant to meet the Web Content Accessibility Guidelines 2.2 at levels A and AA. They "
      "work without scripts, by keyboard, and on narrow screens.");
  page.paragraph(
      "They have not yet been tested by people who use assistive technology, nor audited by anybody "
      "outside. If something does not work for you, tell the council, and ask for it in another form.");
  return std::move(page).answer();
}

}  // namespace answerable::service
