// The pages that are the same for everybody, and the first one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "ingest/access/role.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/handlers.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/handlers.hpp"

namespace answerable::service {
namespace {

namespace ui = components;

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
  if (actor.has(access::Role::complaints_officer)) return complaints_desk(visit);
  Page page(visit, "Who answers, and what can be shown");
  page.paragraph(fmt::format("You are {} ({}), of {}{}.", actor.name, actor.email, visit.member->council.name,
                             actor.organisation ? ", for " + *actor.organisation : ""));
  page.heading("What you may do");
  components::List list;
  for (const auto role : actor.roles) list.items.emplace_back(fmt::format("As {}: {}", access::words(role), may(role)));
  if (list.items.empty()) list.items.emplace_back("Nothing yet: an administrator of accounts has given you no role.");
  page.add(list);
  components::List ways{.items = {}, .kind = components::List::Kind::plain};
  if (actor.has(access::Role::outside_reader)) {
    ways.items.emplace_back(components::Link{"Open the record of your case", "/people/open"});
    ways.items.emplace_back(components::Link{"What was found about it", "/findings"});
    ways.items.emplace_back(components::Link{"Ask for evidence", "/evidence"});
  }
  if (actor.has(access::Role::administrator)) {
    ways.items.emplace_back(components::Link{"Accounts: add somebody, change a role, send a new link", "/accounts"});
    ways.items.emplace_back(components::Link{"Who handles which complaints and agreements", "/assignments"});
    ways.items.emplace_back(components::Link{"The council’s name and colour", "/look"});
  }
  if (!ways.items.empty()) page.heading("Where to begin").add(ways);
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
  page.heading("Who is responsible");
  page.paragraph(
      "The council whose name stands at the top of these pages is the controller. It decides what is held here and "
      "why. A "
      "trust or provider answers for the records it sends. Whoever runs the computers for the council acts on its "
      "instructions.");
  page.heading("What is held about people who receive care, and their carers");
  page.add(ui::List{
      .items = {"who they are: names, numbers such as the NHS number, date of birth, needs for communication",
                "assessments, reviews, plans, payments, visits, complaints and what became of them",
                "who cares for them, speaks for them or decides with them",
                "what rules of law found about all that, and why", "who opened their record, when and what for"}});
  page.paragraph(
      "Health and care are special categories of personal data. The law under which a council does this work, and the "
      "condition it relies on, is for the council to name in its own privacy notice; this page cannot name it for the "
      "council.");
  page.heading("Who sees it");
  page.paragraph(
      "Nobody opens a person’s record without stating a purpose. Each opening is written to a signed ledger "
      "that cannot be changed afterwards, is shown with that person’s record, and is reported to the "
      "council’s Caldicott guardian. A provider sees what it sent itself and what was found about that, and what the "
      "council "
      "asks of it. An ombudsman or court is given one case, read-only, until a day. Administrators of accounts see "
      "nobody’s "
      "record.");
  page.heading("How long it is kept");
  page.paragraph(
      "Until the council’s own retention period is over, and longer while a complaint, an ombudsman’s case or a legal "
      "hold "
      "is open. Then a person’s records are erased by two people together. What stays is a certificate, and on the "
      "ledger "
      "commitments from which nobody can tell what was said. Copies in backups last until the backups are overwritten; "
      "what "
      "was handed over to others lies with them.");
  page.heading("About you, who use these pages");
  page.paragraph(
      "Your name, e-mail address, roles and what you were assigned are held, and what you do that matters to the "
      "record: "
      "whom you opened and what for, what you asked, decided and sent. One cookie is set when you sign in. It holds a "
      "random "
      "number, ends when you sign out, after half an hour without use, or after twelve hours, and is used for nothing "
      "but "
      "knowing that it is you. There is no other but one that says for a minute what you did just now. There are no "
      "scripts, "
      "nothing is counted, and nothing is fetched from elsewhere. What you search for is not kept.");
  page.heading("Your rights");
  page.paragraph(
      "To ask what is held about you, to have it corrected, or to object, write to the council and its data protection "
      "officer. A record here is not changed: a correction stands beside what was sent, and counts in its place. If "
      "you "
      "complain to the council about how it used your data, it has to acknowledge that within 30 days (Data Protection "
      "Act "
      "2018 s.164A, from 19 June 2026; that day is known second hand). You may also complain to the Information "
      "Commissioner’s Office.");
  return std::move(page).answer();
}

http::Response accessibility(Visit& visit) {
  Page page(visit, "Accessibility");
  page.paragraph(
      "This statement is about the pages of this service. Each council that runs it adds how to reach its own people, "
      "and "
      "answers for it under the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility "
      "Regulations "
      "2018.");
  page.heading("What you should be able to do");
  page.add(ui::List{.items = {"read and use every page with a keyboard, a screen reader or speech",
                              "make text up to four times as large without anything running off the screen",
                              "use the pages without scripts: there are none",
                              "tell everything without colour: pictures have a table beside them that says the same"}});
  page.heading("How far these pages comply");
  page.paragraph(
      "They are built to meet the Web Content Accessibility Guidelines 2.2 at levels A and AA. Nobody outside has "
      "audited "
      "them, and nobody who uses assistive technology has tested them yet; so no compliance is claimed.");
  page.heading("What is not accessible");
  page.add(ui::List{
      .items = {
          "A picture of a person’s years is 960 pixels wide and scrolls within itself on a narrow screen. The table "
          "below it says the same.",
          "What providers send with their records, such as scanned letters, is handed on as it was sent. Ask the "
          "council "
          "for another form.",
          "Printed trails are made as tagged PDF; they were checked by this program’s own tests, and certified by "
          "nobody."}});
  page.heading("How this was checked");
  page.paragraph(
      "By programs, before each release: the rules of axe-core for WCAG 2.2 A and AA and the Nu HTML checker, on the "
      "pages "
      "that the program’s own tests walk through, at 320 pixels wide and at 400 per cent. Programs find a part of what "
      "can be "
      "wrong, and not all of it.");
  page.heading("If something does not work for you");
  page.paragraph(
      "Tell the council, and ask for what you need in another form: on paper, in large print, read to you. If you are "
      "not "
      "content with its answer, the Equality Advisory and Support Service advises you.");
  return std::move(page).answer();
}

}  // namespace answerable::service
