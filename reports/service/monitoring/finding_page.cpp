// A finding that explains itself.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/store.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/acts.hpp"
#include "reports/service/monitoring/finding.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/finding_parts.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/monitoring/request_parts.hpp"

namespace answerable::service {
namespace {

using engine::Explanation;
using monitoring::FindingPage;

/// Under the actor's own rights: nothing while the person's record is not open to them. A provider sees what it sent
/// itself and no other's records: judged from those alone it would come to something else.
std::optional<Explanation> explanation(const Visit& visit, pg::Connection& connection, engine::Catalogue& catalogue,
                                       const FindingPage& finding) {
  if (visit.actor().organisation) return std::nullopt;
  return engine::explain(connection, catalogue, visit.actor().authority, finding.subject, finding.id, finding.as_of,
                         finding.known_at);
}

/// Opens the person's record from their finding: whoever follows it up need not know their number.
void add_opening(Page& page, const Visit& visit, const FindingPage& finding, const std::string& fault) {
  const auto name = engine::format_finding(finding.id);
  page.heading("What happened");
  page.paragraph(
      "The events behind it and the clock are shown once the person’s record is open to you. Who opens it, and "
      "what for, is put on the ledger.");
  ui::Select purpose{.name = "purpose",
                     .label = "What do you open the person’s record for?",
                     .options = {{"", "Choose one"},
                                 {"monitoring", "Monitoring a contract or agreement"},
                                 {"complaint", "A complaint"},
                                 {"audit", "An audit"}},
                     .error = fault};
  page.add(post_form(visit, fmt::format("/findings/{}/open", name),
                     render::joined({purpose,
                                     ui::TextInput{.name = "reference",
                                                   .label = "Reference",
                                                   .hint = "Of the monitoring, the complaint or the audit.",
                                                   .value = name,
                                                   .width = ui::TextInput::Width::w20},
                                     ui::Button{.text = "Open the record", .kind = ui::Button::Kind::secondary}})));
}

void add_summary(Page& page, const FindingPage& finding, const std::map<std::string, std::string>& names) {
  page.paragraph(finding.sentence.empty() ? pages::capital(finding.state) : finding.sentence);
  render::Fragment tags = outcome_tag(finding.outcome);
  tags += " ";
  tags += severity_tag(finding.severity);
  if (finding.set_aside) tags += render::joined({" ", ui::Tag{"Set aside", ui::TagColour::grey}});
  if (finding.withdrawn)
    tags += render::joined({" ", ui::Tag{"Withdrawn: nothing calls for it any more", ui::TagColour::grey}});
  ui::SummaryList list;
  list.rows.push_back({"How it stands", tags});
  list.rows.push_back({"Who acted, or should have", name_of(names, finding.actor)});
  list.rows.push_back({"Who answers", "The council"});
  if (!finding.agreement.empty()) list.rows.push_back({"Agreement", finding.agreement});
  list.rows.push_back({"Rule", finding.rule});
  if (finding.due) list.rows.push_back({"Last day in time", words(*finding.due)});
  if (finding.flagged_since) list.rows.push_back({"Wrong since", words(*finding.flagged_since)});
  if (finding.found_on && engine::needs_attention(finding.outcome)) {
    const Day counts = *finding.found_on + std::chrono::days{14};
    list.rows.push_back(
        {"Right of reply",
         finding.set_aside ? std::string("Set aside: it does not count on a scorecard.")
                           : fmt::format("Found on {}. {} on a scorecard from {}, unless a reply waits for a decision.",
                                         words(*finding.found_on),
                                         counts <= london_day(now()) ? "Counts" : "Will count", words(counts))});
  }
  page.add(list);
}

void add_acts(Page& page, const FindingPage& finding) {
  ui::ButtonGroup group;
  for (const Act one : all_acts) {
    if (for_set_aside(one) != finding.set_aside) continue;
    group.buttons.push_back(ui::Button{
        .text = std::string(button_words(one)),
        .kind = one == Act::ask ? ui::Button::Kind::primary : ui::Button::Kind::secondary,
        .href = fmt::format("/findings/act?act={}&finding={}", word(one), engine::format_finding(finding.id))});
  }
  page.add(group);
}

std::string_view step_words(std::string_view what) {
  if (what == "set-aside") return "Set aside";
  if (what == "set-aside-over") return "No longer set aside";
  if (what == "met-late") return "Met late";
  return what;
}

/// What audits and people did with it, oldest first.
ui::Timeline life_of(const FindingPage& finding) {
  struct Step {
    Instant at;
    ui::Timeline::Event event;
  };
  std::vector<Step> steps;
  const auto add = [&](Instant at, std::string title, std::string by, render::Fragment content) {
    steps.push_back({at, {std::move(title), day_of_words(at), iso(london_day(at)), std::move(by), std::move(content)}});
  };
  for (const auto& step : finding.life)
    add(step.at, pages::capital(std::string(step_words(step.what))), "", pages::capital(step.text));
  for (const auto& it : finding.escalations) add(it.at, "Escalated to " + it.to, it.by, it.reason);
  for (const auto& it : finding.complaints) add(it.at, "Linked to complaint " + it.reference, it.by, "");
  for (const auto& request : finding.requests) {
    add(request.at, "Asked for evidence", request.by,
        fmt::format("{} To be answered by {}.", pages::sentence(request.what), words(request.until)));
    for (const auto at : request.reminders) add(at, "Reminded", "", "");
    for (const auto& reply : request.replies) {
      add(reply.at, "Reply", reply.by, reply_words(reply));
      if (reply.decided_at)
        add(*reply.decided_at, reply.decision == "accepted" ? "Explanation accepted" : "Explanation not accepted",
            reply.decided_by, reply.reason);
    }
  }
  std::ranges::stable_sort(steps, {}, &Step::at);
  ui::Timeline timeline{.events = {}, .heading_level = 3};
  for (auto& step : steps) timeline.events.push_back(std::move(step.event));
  return timeline;
}

void add_what_is_done(Page& page, const Visit& visit, const FindingPage& finding) {
  if (finding.asked_to_set_aside) {
    const auto& asked = *finding.asked_to_set_aside;
    page.add(ui::InsetText{render::joined(
        {fmt::format("{} asked on {} that this be set aside{}: {} Another person has to decide: ", asked.by,
                     day_of_words(asked.at), asked.until ? " until " + words(*asked.until) : "",
                     pages::sentence(asked.reason)),
         ui::Link{fmt::format("approval {}", asked.approval), "/approvals"}, "."})});
  }
  for (const auto& request : finding.requests)
    for (const auto& reply : request.replies)
      if (reply.decision.empty() && may_follow_up(visit.actor()))
        page.add(ui::InsetText{
            render::joined({fmt::format("{} replied on {}. ", reply.by, day_of_words(reply.at)),
                            ui::Link{"Decide about the reply", fmt::format("/replies/{}", reply.number)}})});
  if (!finding.actions.empty()) {
    ui::Table table{.caption = "Actions agreed", .columns = {{"What"}, {"By"}, {"Plan"}}, .rows = {}};
    for (const auto& action : finding.actions)
      table.rows.push_back({action.what, words(action.until),
                            ui::Link{fmt::format("Plan {}", action.plan), fmt::format("/plans/{}", action.plan)}});
    page.add(table);
  }
}

http::Response show_finding(const Visit& visit, const std::string& fault) {
  const auto id = engine::parse_finding(visit.request.parameters.at("finding"));
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  std::optional<FindingPage> found;
  std::map<std::string, std::string> names;
  std::optional<RuleShelf::Lent> rules;
  if (id) {
    pg::Transaction transaction(*records, pg::Access::read_only);
    found = monitoring::finding_page(transaction, council, *id, london_day(now()));
    if (!found) throw http::Problem{.status = 404, .detail = "There is no finding of that number that you may see."};
    names = monitoring::organisation_names(transaction, council);
    rules.emplace(visit.hall.rules.lend(transaction, council));
  }
  if (!found) throw http::Problem{.status = 404, .detail = "There is no finding of that number that you may see."};
  const auto why = explanation(visit, *records, **rules, *found);

  Page page(visit, "Finding " + engine::format_finding(*id));
  page.under({{"Findings", "/findings"}});
  if (!fault.empty()) page.errors({{fault, "purpose"}});
  add_summary(page, *found, names);
  add_what_is_done(page, visit, *found);
  const bool open =
      !found->withdrawn && (engine::needs_attention(found->outcome) || found->outcome == engine::Outcome::unknown);
  if (open && may_follow_up(visit.actor())) add_acts(page, *found);
  if (why)
    add_explanation(page, *why);
  else if (visit.actor().organisation)
    page.paragraph("Evidence that answers it is sent as records, from your own pages.");
  else if (found->about_person)
    add_opening(page, visit, *found, fault);
  else
    page.paragraph("With what is held now it would be judged otherwise: the next audit says how.");
  add_law(page, **rules, *found);
  page.heading("Its life");
  page.add(life_of(*found));
  const bool kept = found->outcome == engine::Outcome::met || found->outcome == engine::Outcome::met_late;
  page.paragraph(kept ? "It closed when records showed that its rule was kept: nobody closes a finding by hand."
                      : "It closes when records show that its rule was kept, and in no other way.");
  return std::move(page).answer();
}

}  // namespace

http::Response finding(Visit& visit) {
  return show_finding(visit, "");
}

http::Response open_finding(Visit& visit) {
  const auto id = engine::parse_finding(visit.request.parameters.at("finding"));
  const auto purpose = access::parse_purpose(visit.field("purpose"));
  if (!id) throw http::Problem{.status = 404, .detail = "There is no finding of that number that you may see."};
  if (!purpose || visit.field("reference").empty())
    return show_finding(visit, "Choose what you open the record for, and give a reference");
  const bool opened = [&] {
    const auto records = visit.records();
    const auto found = [&] {
      pg::Transaction transaction(*records, pg::Access::read_only);
      return monitoring::finding_page(transaction, visit.actor().authority, *id, london_day(now()));
    }();
    if (!found) throw http::Problem{.status = 404, .detail = "There is no finding of that number that you may see."};
    return access::open_record(
               *records, {found->subject, *purpose, visit.field("reference"), "finding " + engine::format_finding(*id)})
        .has_value();
  }();
  if (!opened) return show_finding(visit, "You may not open this person’s record for that");
  return done(visit, "/findings/" + engine::format_finding(*id), "The record is open to you for eight hours.");
}

}  // namespace answerable::service
