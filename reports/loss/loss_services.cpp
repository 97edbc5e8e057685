#include <fmt/format.h>

#include "reports/loss/loss_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {

using namespace render;

namespace {

std::string count_words_of(const loss::MissedCare::Count& count) {
  auto out = hours_words(loss::share(count.minutes, 100, 60));
  if (count.visits > 0) out = fmt::format("{}, {}", count_of(count.visits, "visit", "visits"), out);
  if (count.without_length > 0) out += fmt::format(", and {} of unknown length", count_words(count.without_length));
  return out;
}

bool any(const loss::MissedCare::Count& count) {
  return count.visits + count.minutes + count.without_length > 0;
}

void add_care(Blocks& blocks, const loss::MissedCare& care) {
  blocks.push_back(Heading{3,
                           care.service.empty() ? "Care not given, by a service that the visits do not name"
                                                : fmt::format("Care not given by service {}", care.service),
                           {}});
  DefinitionList list;
  const auto entry = [&](const char* term, const std::string& text) { list.entries.push_back({term, {text}}); };
  entry("Planned", hours_words(loss::share(care.planned_minutes, 100, 60)));
  entry("Not given", any(care.lost) ? count_words_of(care.lost) : "none on the provider's side");
  if (any(care.open)) entry("Reason not known", count_words_of(care.open));
  if (any(care.cut_short)) entry("Missing from visits cut short", count_words_of(care.cut_short));
  if (any(care.not_lost)) entry("On the person's side or in hospital", count_words_of(care.not_lost) + "; not counted");
  const bool priced = care.weekly_cost && care.weekly_hours;
  entry("Would have cost",
        priced ? fmt::format("{}: {} a week ÷ {} × hours ({})", sum_words(care.lowest_cost, care.highest_cost),
                             loss::pounds(*care.weekly_cost), hours_words(*care.weekly_hours), where_from(care.record))
               : "not known");
  entry("Charged for it", care.charges.empty() ? "no bill for the service says that it covers these days"
                                               : sum_words(care.lowest_charges, care.highest_charges));
  entry("From", records_words(care.records));
  blocks.push_back(list);
  if (care.charges.empty()) return;
  Table table{.caption = "Charges for care not given",
              .columns = {{"From", 1.2}, {"To", 1.2}, {"Up to", 1, Column::Align::right}, {"Term", 4}}};
  for (const auto& term : care.charges) {
    table.rows.push_back(
        {.cells = {
             {words(term.days.first)}, {words(term.days.last)}, {loss::pounds(term.amount)}, {term_words(term)}}});
  }
  blocks.push_back(table);
}

std::string_view kind_words(loss::LostSupport::Kind kind) {
  using enum loss::LostSupport::Kind;
  switch (kind) {
    case ended:
      return "Support ended";
    case reduced:
      return "Support reduced";
    case service_ended:
      return "Service ended";
    case interrupted:
      return "Service interrupted";
  }
  return "";
}

/// A weekly amount over the shorter and the longer reading.
template <class Words>
std::string over(const loss::LostSupport& lost, std::int64_t weekly, const Words& say) {
  const auto low = loss::share(weekly, lost.shortest.days(), 7), high = loss::share(weekly, lost.longest.days(), 7);
  return low == high ? say(low) : fmt::format("{} to {}", say(low), say(high));
}

void add_support(Blocks& blocks, const loss::LostSupport& lost, Day as_of) {
  blocks.push_back(Heading{3, fmt::format("{}, {}", kind_words(lost.kind), where_from(lost.record)), {}});
  DefinitionList list;
  const auto entry = [&](const char* term, const std::string& text) { list.entries.push_back({term, {text}}); };
  entry("Reason given", code_words(lost.text));
  entry("First day lost", span_words(lost.start));
  entry("Days", lost.shortest.days() == lost.longest.days()
                    ? std::to_string(lost.longest.days())
                    : fmt::format("{} to {}", lost.shortest.days(), lost.longest.days()));
  entry("Hours", lost.weekly_hours
                     ? fmt::format("{}: {} a week × days ÷ 7", over(lost, *lost.weekly_hours, hours_words),
                                   hours_words(*lost.weekly_hours))
                     : "not known: the record does not say the hours");
  entry("Would have cost", lost.weekly_cost
                               ? fmt::format("{}: {} a week × days ÷ 7", over(lost, *lost.weekly_cost, loss::pounds),
                                             loss::pounds(*lost.weekly_cost))
                               : "not known: the record does not say the cost");
  blocks.push_back(list);
  blocks.push_back(ends_table(lost.ends, lost.running, as_of));
}

}  // namespace

void add_services(Blocks& blocks, const loss::Loss& loss) {
  for (const auto& it : loss.care) add_care(blocks, it);
  for (const auto& it : loss.support) add_support(blocks, it, loss.horizon.as_of);
  if (loss.missing.empty()) return;
  blocks.push_back(Heading{3, "Evidence that would settle what services did not give", {}});
  blocks.push_back(missing_list(loss.missing));
}

}  // namespace answerable::pages
