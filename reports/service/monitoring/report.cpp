#include "reports/service/monitoring/report.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"

namespace answerable::monitoring {
namespace {

using render::Block;
using render::Column;

render::Table agreements_table(const Provider& it) {
  render::Table table{.caption = "Agreements over time",
                      .columns = {{"Agreement"}, {"Instrument"}, {"Functions", 2}, {"From"}, {"To"}},
                      .when_empty = "No agreement with this organisation is on record."};
  for (const auto& line : it.agreements)
    table.rows.push_back(
        {{{line.reference},
          {pages::capital(std::string(pages::instrument_words(line.type)))},
          {line.functions},
          {words(line.from)},
          {line.until ? words(*line.until) + (line.revoked ? ", revoked" : "") : std::string("goes on")}}});
  return table;
}

render::Table standing_table(const Standing& all) {
  render::Table table{.caption = "How duties stand", .columns = {{"", 2}, {"Figure", 2}}};
  const auto row = [&](std::string what, std::string figure) {
    table.rows.push_back({{{std::move(what)}, {std::move(figure)}}});
  };
  row("Shown to have been done, as records stand today", protected_share_words(all.as_it_stands()));
  row("Done in time", protected_share_words(all.in_time()));
  row("Shown to have been done, as it counts on the scorecard", protected_share_words(all.as_it_counts()));
  row("Open, and counted against", protected_count(all.against));
  row("Open, within the right of reply or with a reply to decide", protected_count(all.replying));
  row("Open, explanation accepted", protected_count(all.explained));
  row("Set aside", protected_count(all.set_aside));
  row("Cannot be told from what is held", protected_count(all.unknown));
  return table;
}

/// As people read it, and its id; the id alone of a rule that is no longer there.
std::string title_of(const engine::Catalogue& rules, const std::string& id) {
  const auto* rule = rules.find(id);
  return rule == nullptr ? id : fmt::format("{} ({})", rule->title, id);
}

render::Table rules_table(const Scorecard& card, const engine::Catalogue& rules) {
  render::Table table{.caption = "By rule",
                      .columns = {{"Rule", 4},
                                  {"Shown to have been done", 3},
                                  {"Open", 1, Column::Align::right},
                                  {"Counted against", 1, Column::Align::right}}};
  for (const auto& [rule, standing] : card.by_rule)
    if (standing.as_it_stands().known() || standing.open() > 0)
      table.rows.push_back({{{title_of(rules, rule)},
                             {protected_share_words(standing.as_it_stands())},
                             {protected_count(standing.open())},
                             {protected_count(standing.against)}}});
  return table;
}

render::Table trend_table(const std::vector<Quarter>& quarters) {
  render::Table table{.caption = "By the quarter in which a duty fell due, as it stands today",
                      .columns = {{"Quarter from"}, {"Shown to have been done", 2}}};
  for (const auto& quarter : quarters)
    table.rows.push_back({{{words(quarter.first)}, {protected_share_words(quarter.evidenced)}}});
  return table;
}

std::string reviews_words(const Waiting& reviews) {
  const auto total = reviews.total();
  if (total < 5) return "Too few reviews fell due for a figure.";
  const auto median = median_days(survival(reviews));
  const auto of = fmt::format("Of {} that fell due", pages::count_of(total, "review", "reviews"));
  if (!median) return of + ", more than half are not shown to have been done.";
  return *median == 0 ? of + ", at least half were done by the day they were due."
                      : fmt::format(
                            "{}, half were done {} after that day or earlier (Kaplan-Meier estimate; reviews still "
                            "open count for as long as they have waited).",
                            of, pages::count_of(*median, "day", "days"));
}

}  // namespace

render::Document report(const Provider& it, const engine::Catalogue& rules, const std::string& council, Day today) {
  render::Document document{.title = "Contract monitoring report: " + it.name,
                            .subtitle = pages::capital(pages::organisation_number_words(it.key)),
                            .author = council,
                            .footer_left = "Findings are for people to weigh; they are not verdicts.",
                            .as_of_line = fmt::format("As of {}, from what was held then", words(today)),
                            .made_at = {},
                            .exhibits = {},
                            .blocks = {}};
  auto& blocks = document.blocks;
  blocks.push_back(
      render::Paragraph{{fmt::format("{} answers in law for what {} did or left undone for it. Where fewer than five "
                                     "stand behind a figure, or all but "
                                     "fewer than five, it is not given.",
                                     council, it.name)}});
  blocks.push_back(render::Heading{2, "Agreements and functions"});
  blocks.push_back(agreements_table(it));
  blocks.push_back(render::Heading{2, "Scorecard"});
  blocks.push_back(render::Paragraph{
      {"Shares are of the duties that can be told: done in time, done late, or open. On the scorecard an open finding "
       "counts 14 days after it was first found, unless a reply waits for a decision. Intervals are Wilson score "
       "intervals at 95%."}});
  blocks.push_back(standing_table(it.card.all));
  blocks.push_back(rules_table(it.card, rules));
  blocks.push_back(render::Heading{2, "Trend"});
  blocks.push_back(trend_table(it.trend));
  blocks.push_back(render::Heading{2, "Reviews"});
  blocks.push_back(render::Paragraph{{reviews_words(it.reviews)}});
  blocks.push_back(render::Heading{2, "Asked and answered"});
  blocks.push_back(render::Paragraph{
      {fmt::format("{}; overdue answers: {}.", pages::capital(pages::count_of(it.asked, "request", "requests")),
                   it.unanswered_and_late)}});
  return document;
}

}  // namespace answerable::monitoring
