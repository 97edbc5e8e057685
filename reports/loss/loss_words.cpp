#include <fmt/format.h>

#include <array>

#include "reports/loss/loss_parts.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {

using namespace loss;

std::string where_from(std::int64_t record) {
  return record == entered ? "entered by the officer" : fmt::format("record {}", record);
}

std::string records_words(const std::vector<std::int64_t>& records) {
  std::vector<std::string> numbers;
  for (const auto it : records) numbers.push_back(std::to_string(it));
  return (records.size() == 1 ? "record " : "records ") + list_words(numbers);
}

std::string sum_words(std::optional<Pennies> lowest, std::optional<Pennies> highest) {
  if (!lowest && !highest) return "not known";
  if (!lowest || !highest)
    return fmt::format("at least {}; the most is not known", pounds(lowest ? *lowest : *highest));
  return *lowest == *highest ? pounds(*lowest) : fmt::format("{} to {}", pounds(*lowest), pounds(*highest));
}

std::string span_words(const Span& open) {
  if (open.first == open.last) return words(open.first);
  return fmt::format("between {} and {}", words(open.first), words(open.last));
}

std::string hours_words(std::int64_t hundredths) {
  auto number = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  return number + (number == "1" ? " hour" : " hours");
}

namespace {

std::string rate_words(const Term& term) {
  if (term.record == entered) return "entered by the officer with --weekly-rate.";
  auto text = fmt::format("{} before contribution ({})", pounds(*term.gross), where_from(term.record));
  if (term.contribution) {
    text += term.contribution_record == term.record
                ? fmt::format(", less {}", pounds(*term.contribution))
                : fmt::format(", less {} ({})", pounds(*term.contribution), where_from(term.contribution_record));
  } else {
    text += ", no contribution held";
  }
  return text + ".";
}

std::string times(const Term& term) {
  return fmt::format("{} a week × {} ÷ 7", pounds(*term.weekly), count_of(term.days.days(), "day", "days"));
}

std::string of_whole(const Term& term) {
  if (term.of == 0) return pounds(term.whole.value_or(-term.amount));
  const char* const unit = term.unit == Term::Unit::minutes  ? "planned minutes"
                           : term.unit == Term::Unit::visits ? "planned visits"
                                                             : "days";
  return fmt::format("{} × {} ÷ {} {}", pounds(*term.whole), term.part, term.of, unit);
}

}  // namespace

std::string term_words(const Term& term) {
  const auto source = fmt::format(" ({}).", where_from(term.record));
  switch (term.kind) {
    case Term::Kind::due:
      return fmt::format("Due: {}. Rate: {}", times(term), rate_words(term));
    case Term::Kind::not_known:
      return "No rate is held for these days.";
    case Term::Kind::paid:
      return term.of == 0 ? fmt::format("Paid: {}; the days it is for are not said{}", of_whole(term), source)
                          : fmt::format("Paid for these days: {}{}", of_whole(term), source);
    case Term::Kind::paid_at_rate:
      return fmt::format("Still paid at the lower rate: {}. Rate: {}", times(term), rate_words(term));
    case Term::Kind::backdated:
      return "Made good when payments were taken up again" + source;
    case Term::Kind::replacement:
      return fmt::format("Support given instead: {}{}", times(term), source);
    case Term::Kind::charged:
      return fmt::format("Charged for care not given: {}{}", term.weekly ? times(term) : of_whole(term), source);
    case Term::Kind::refunded:
      return "Charge given back" + source;
  }
  return {};
}

std::string shown_words(const Shown& shown) {
  const auto sum = shown.amount ? pounds(*shown.amount) : "a sum not said";
  const auto at = fmt::format("{} ({})", words(shown.when), where_from(shown.record));
  const auto more = shown.text.empty() ? "" : ": " + code_words(shown.text);
  switch (shown.kind) {
    case Shown::Kind::surplus:
      return sentence(fmt::format("Unspent balance of {} found on {}{}", sum, at, more));
    case Shown::Kind::recovery:
      return sentence(fmt::format("Repayment of {} demanded on {}{}", sum, at, more));
    case Shown::Kind::remedy:
      return sentence(fmt::format("Remedy of {} paid on {}{}. Not taken off above", sum, at, more));
    case Shown::Kind::receipt:
      return sentence(fmt::format("A paper of {}, which may show what the family paid{}", at, more));
    case Shown::Kind::charge:
      return sentence(
          fmt::format("Charge of {} {} from {}. Not counted, because some support was given", sum, shown.text, at));
    case Shown::Kind::payment:
      return sentence(fmt::format("Payment of {} made on {}. The lower rate above stands for it", sum, at));
    case Shown::Kind::evidence:
      return sentence(fmt::format("Evidence for {}{}", where_from(shown.record), more));
    case Shown::Kind::not_worked:
      return sentence(fmt::format("Stop or change of {} is not worked out{}", at, more));
  }
  return {};
}

namespace {

constexpr std::array kinds{EndKind::resumed, EndKind::decided, EndKind::needs_ended, EndKind::replaced};

std::string_view kind_words(EndKind kind) {
  switch (kind) {
    case EndKind::resumed:
      return "Taken up again";
    case EndKind::decided:
      return "Sound decision";
    case EndKind::needs_ended:
      return "Needs ended";
    case EndKind::replaced:
      return "Support instead";
  }
  return "";
}

std::string what_became(const End& end) {
  const auto said = end.what.empty() ? std::string() : capital(code_words(end.what)) + ". ";
  if (!end.counts) return said + sentence("Not an end: " + end.why);
  if (end.lowest_only) return said + sentence("Taken for the lowest reading only: " + end.why);
  return fmt::format("{}By it the last day lost is {}.", said, span_words(end.last_day));
}

}  // namespace

render::Table ends_table(const std::vector<End>& ends, bool running, Day as_of) {
  render::Table table{
      .caption = running
                     ? fmt::format("Where the loss ends: nothing held ends it, so it is worked out to {}", words(as_of))
                     : "Where the loss ends: the earliest of these",
      .columns = {{"End looked for", 1.3}, {"When", 1.2}, {"Record", 0.8}, {"What it means here", 4}}};
  for (const auto kind : kinds) {
    bool held = false;
    for (const auto& end : ends) {
      if (end.kind != kind) continue;
      held = true;
      table.rows.push_back(
          {.cells = {
               {std::string(kind_words(kind))}, {words(end.when)}, {where_from(end.record)}, {what_became(end)}}});
    }
    if (!held) table.rows.push_back({.cells = {{std::string(kind_words(kind))}, {""}, {""}, {"None is held."}}});
  }
  return table;
}

render::BulletList missing_list(const std::vector<Missing>& missing) {
  render::BulletList list;
  for (const auto& it : missing)
    list.items.push_back({render::strong(it.what), fmt::format(" {} Should be held by {}.", it.matters, it.holder)});
  return list;
}

}  // namespace answerable::pages
