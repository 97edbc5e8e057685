#include "reports/service/monitoring/scorecard_parts.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/pages/wording.hpp"
#include "reports/render/chart.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/rule_words.hpp"

namespace answerable::service {
namespace {

using monitoring::Standing;

ui::Table empty_table(std::string caption) {
  return ui::Table{.caption = std::move(caption),
                   .columns = {{"Rule"},
                               {"Shown to be done"},
                               {"Count against", true},
                               {"Right of reply", true},
                               {"Explained", true},
                               {"Set aside", true},
                               {"Cannot be told", true}},
                   .rows = {},
                   .wide = true,
                   .when_empty = "Nothing is open under any rule."};
}

/// What is open first: the rules by which all was done stand behind a summary.
render::Fragment by_rule(const std::map<std::string, Standing>& standings, const engine::Catalogue& rules) {
  auto open = empty_table("Rules with something open"), done = empty_table("Rules with nothing open");
  for (const auto& [rule, standing] : standings) {
    const auto waiting = standing.open() + standing.unknown;
    if (standing.as_it_stands().whole + waiting == 0) continue;
    auto& table = waiting > 0 ? open : done;
    table.rows.push_back({rule_words(rules, rule), monitoring::share_words(standing.as_it_stands()),
                          grouped(standing.against), grouped(standing.replying), grouped(standing.explained),
                          grouped(standing.set_aside), grouped(standing.unknown)});
  }
  if (done.rows.empty()) return open;
  const auto rest = pages::count_of(static_cast<std::int64_t>(done.rows.size()), "rule has", "rules have");
  return render::joined({open, ui::Details{.summary = pages::capital(rest) + " nothing open", .content = done}});
}

std::string quarter_words(Day first) {
  constexpr std::string_view names[]{"January to March", "April to June", "July to September", "October to December"};
  const std::chrono::year_month_day date{first};
  return fmt::format("{} {}", names[(static_cast<unsigned>(date.month()) - 1) / 3], static_cast<int>(date.year()));
}

}  // namespace

render::Fragment scorecard_parts(const monitoring::Scorecard& card, const engine::Catalogue& rules) {
  const auto& all = card.all;
  ui::SummaryList list;
  list.rows.push_back({"Shown to have been done, as records stand today", monitoring::share_words(all.as_it_stands())});
  list.rows.push_back({"Done in time", monitoring::share_words(all.in_time())});
  list.rows.push_back(
      {"Shown to have been done, as it counts on the scorecard", monitoring::share_words(all.as_it_counts())});
  list.rows.push_back({"Open, and counted against", grouped(all.against)});
  list.rows.push_back({"Open, within the right of reply or with a reply to decide", grouped(all.replying)});
  list.rows.push_back({"Open, explanation accepted", grouped(all.explained)});
  list.rows.push_back({"Set aside", grouped(all.set_aside)});
  list.rows.push_back({"Cannot be told from what is held", grouped(all.unknown)});
  list.rows.push_back({"Not due yet", grouped(all.pending)});
  return render::joined(
      {ui::Paragraph{
           "Shares are of the duties that can be told: done in time, done late, or open. On the scorecard an open "
           "finding counts 14 days after it was first found, unless a reply waits for a decision. The interval "
           "says how far the share could be from the truth by chance alone (Wilson)."},
       list, by_rule(card.by_rule, rules)});
}

render::Fragment trend_chart(const std::vector<monitoring::Quarter>& quarters, const std::string& csv_href) {
  ui::Chart chart{.id = "trend",
                  .headline = "Duties by the quarter in which they fell due: share shown to have been done",
                  .kind = ui::Chart::Kind::line,
                  .category = "Quarter",
                  .unit = "%",
                  .series = {{"Shown to have been done", {}}},
                  .csv_href = csv_href};
  std::int64_t whole = 0;
  for (const auto& quarter : quarters) {
    chart.categories.push_back(quarter_words(quarter.first));
    chart.series.front().values.push_back(
        quarter.evidenced.known() ? std::optional(std::round(1000 * quarter.evidenced.value()) / 10) : std::nullopt);
    whole += quarter.evidenced.whole;
  }
  chart.denominator =
      fmt::format("Of {} that can be told, as they stand today.", pages::count_of(whole, "duty", "duties"));
  return chart;
}

render::Fragment reviews_chart(const monitoring::Waiting& reviews, const std::string& csv_href) {
  const auto steps = monitoring::survival(reviews);
  if (steps.empty())
    return ui::Paragraph{reviews.total() == 0 ? "No review has fallen due yet."
                                              : fmt::format("None of {} that fell due has been shown to be done.",
                                                            pages::count_of(reviews.total(), "review", "reviews"))};
  const auto median = monitoring::median_days(steps);
  const auto headline = !median ? std::string("More than half of all reviews that fell due are not shown to be done")
                        : *median == 0 ? std::string("Half of all reviews are done by the day they are due")
                                       : fmt::format("Half of all reviews are done {} after the day they are due",
                                                     pages::count_of(*median, "day", "days"));
  ui::SurvivalCurve curve{.name = "Reviews not done yet", .steps = {}};
  for (const auto& step : steps) curve.steps.push_back({static_cast<double>(step.days), step.open});
  // Known as far as those still open have waited.
  if (!reviews.open.empty() && reviews.open.rbegin()->first > steps.back().days)
    curve.steps.push_back({static_cast<double>(reviews.open.rbegin()->first), steps.back().open});
  return ui::SurvivalChart{
      .id = "reviews",
      .headline = headline,
      .time = "Days since the review was due",
      .share = "Reviews not shown to be done",
      .curves = {std::move(curve)},
      .denominator = fmt::format("Of {} that fell due; those still open count for as long as they have waited "
                                 "(Kaplan-Meier).",
                                 pages::count_of(reviews.total(), "review", "reviews")),
      .csv_href = csv_href};
}

}  // namespace answerable::service
