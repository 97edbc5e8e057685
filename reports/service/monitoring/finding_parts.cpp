// Why a finding is what it is: the law, what happened, the clock, the evidence.
#include "reports/service/monitoring/finding_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/page_parts.hpp"

namespace answerable::service {
namespace {

using engine::Explanation;

std::string_view part_words(std::string_view part) {
  if (part == "trigger") return "What the duty comes from";
  if (part == "answer") return "Answers it";
  if (part == "claim") return "Claims to answer it";
  if (part == "progress") return "How far it got";
  if (part == "exception") return "Takes it away";
  return "";
}

ui::Timeline events_of(const Explanation& why) {
  std::vector<const Explanation::Event*> events;
  for (const auto& event : why.events) events.push_back(&event);
  std::ranges::stable_sort(events, {}, [](const auto* event) { return event->when.first; });
  ui::Timeline timeline{.events = {}, .heading_level = 3};
  for (const auto* event : events) {
    std::string by = event->performer_name;
    if (event->received_on) by += fmt::format("{}received on {}", by.empty() ? "" : "; ", words(*event->received_on));
    const std::string part(part_words(event->part));
    timeline.events.push_back({.title = event->text.empty() ? part : pages::capital(event->text),
                               .date = words(event->when),
                               .timestamp = iso(event->when),
                               .byline = by,
                               .content = event->text.empty() ? "" : part});
  }
  if (why.due)
    timeline.events.push_back({.title = "The last day in time",
                               .date = words(*why.due),
                               .timestamp = iso(*why.due),
                               .byline = {},
                               .content = why.horizon.as_of > *why.due ? "It is over." : "It is still to come."});
  return timeline;
}

ui::List plain_list(const std::vector<std::string>& lines) {
  ui::List list;
  for (const auto& line : lines) list.items.emplace_back(pages::capital(line));
  return list;
}

void add_evidence(Page& page, const Explanation& why) {
  if (!why.not_found.empty()) {
    page.heading("What was looked for and not found");
    page.add(plain_list(why.not_found));
  }
  if (!why.evidence.empty()) {
    page.heading("Evidence");
    ui::Table table{.caption = "Evidence that was looked at", .columns = {{"What"}, {"Does it count?"}}, .rows = {}};
    for (const auto& one : why.evidence) table.rows.push_back({pages::capital(one.text), one.counts ? "Yes" : "No"});
    page.add(table);
  }
  if (!why.exceptions.empty()) {
    page.heading("Exceptions that were considered");
    page.add(plain_list(why.exceptions));
  }
  if (!why.notes.empty()) page.add(plain_list(why.notes));
}

}  // namespace

void add_law(Page& page, const engine::Catalogue& catalogue, const monitoring::FindingPage& finding) {
  const auto* rule = catalogue.find(finding.rule);
  if (rule == nullptr) return;
  page.heading("The law, and how sure it is");
  page.paragraph(fmt::format("{} ({})", rule->title, rule->id));
  page.paragraph(pages::sentence(rule->because));
  for (const auto& edition : rule->editions) {
    if (edition.from != finding.edition_from) continue;
    ui::SummaryList list;
    list.rows.push_back({"Source", edition.source});
    list.rows.push_back({"Force", pages::capital(pages::force_words(engine::word(edition.force)))});
    list.rows.push_back({"How sure", pages::capital(std::string(engine::sentence(edition.confidence)))});
    if (!edition.caveat.empty()) list.rows.push_back({"Mind", edition.caveat});
    page.add(list);
    return;
  }
}

void add_explanation(Page& page, const Explanation& why) {
  page.heading("What happened");
  page.add(events_of(why));
  if (!why.clock.empty()) {
    page.heading("The clock");
    page.add(plain_list(why.clock));
  }
  add_evidence(page, why);
  page.heading("Who answers");
  page.paragraph(pages::sentence(why.attribution.note));
}

}  // namespace answerable::service
