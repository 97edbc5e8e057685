#include "audit/engine/clock.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace answerable::engine {
namespace {

using std::chrono::days;
using std::chrono::last;
using std::chrono::months;
using std::chrono::year_month_day;

/// The working days counted, in order; nothing when the calendar does not reach.
std::optional<std::vector<Day>> working_days(const Clock& clock, Day start, const Calendar& calendar) {
  std::vector<Day> counted;
  Day day = clock.count == Count::after ? start + days{1} : start;
  while (static_cast<int>(counted.size()) < clock.value) {
    const auto working = calendar.is_working_day(day, clock.calendar);
    if (!working) return std::nullopt;
    if (*working) counted.push_back(day);
    day += days{1};
  }
  return counted;
}

constexpr int longest = 12 * 1000;

bool has_same_day(Day day, int count) {
  const year_month_day d{day};
  return (year_month_day{d.year(), d.month(), d.day()} + months{count}).ok();
}

std::optional<Day> counted(const Clock& clock, int value, Day start, const Calendar& calendar) {
  // Dates are written with four digits for the year; no clock of the law comes near.
  if (clock.unit != Unit::working_day && value > longest)
    throw std::out_of_range(fmt::format("a clock of {} is longer than any the law knows", length_words(clock)));
  const days included{clock.count == Count::beginning ? 1 : 0};
  switch (clock.unit) {
    case Unit::day:
      return start + days{value} - included;
    case Unit::week:
      return start + days{7 * value} - included;
    case Unit::month:
      // Where the end month has no such date, its last day ends the period in either way of counting.
      return has_same_day(start, value) ? add_months(start, value) - included : add_months(start, value);
    case Unit::working_day: {
      Day day = clock.count == Count::after ? start : start - days{1};
      for (int left = value; left > 0;) {
        day += days{1};
        const auto working = calendar.is_working_day(day, clock.calendar);
        if (!working) return std::nullopt;
        if (*working) --left;
      }
      return day;
    }
  }
  return std::nullopt;
}

std::string_view calendar_words(CalendarName calendar) {
  switch (calendar) {
    case CalendarName::none:
      return "";
    case CalendarName::england_and_wales:
      return " in England and Wales";
    case CalendarName::united_kingdom:
      return " in the whole United Kingdom";
  }
  return "";
}

/// "6, 9 and 10 December 2013": month and year only where they change.
std::string listed(const std::vector<Day>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const year_month_day d{all[i]};
    const bool last_of_month = i + 1 == all.size() || year_month_day{all[i + 1]}.month() != d.month() ||
                               year_month_day{all[i + 1]}.year() != d.year();
    if (i > 0) out += i + 1 == all.size() ? " and " : ", ";
    const std::string full = words(all[i]);
    out += last_of_month ? full : full.substr(0, full.find(' '));
  }
  return out;
}

}  // namespace

Day add_months(Day day, int count) {
  const year_month_day d{day};
  const year_month_day moved = year_month_day{d.year(), d.month(), d.day()} + months{count};
  return moved.ok() ? Day{moved} : Day{moved.year() / moved.month() / last};
}

std::optional<Day> due_day(const Clock& clock, Day start, const Calendar& calendar) {
  return counted(clock, clock.value, start, calendar);
}

std::optional<Day> warn_day(const Clock& clock, Day start, const Calendar& calendar) {
  if (clock.warn == 0) return std::nullopt;
  return counted(clock, clock.warn, start, calendar);
}

std::optional<Day> look_back(const Clock& clock, Day end, const Calendar& calendar) {
  switch (clock.unit) {
    case Unit::day:
      return end - days{clock.value};
    case Unit::week:
      return end - days{7 * clock.value};
    case Unit::month:
      return add_months(end, -clock.value);
    case Unit::working_day: {
      Day day = end;
      for (int left = clock.value; left > 0;) {
        day -= days{1};
        const auto working = calendar.is_working_day(day, clock.calendar);
        if (!working) return std::nullopt;
        if (*working) --left;
      }
      return day;
    }
  }
  return std::nullopt;
}

std::string length_words(const Clock& clock) {
  static constexpr std::string_view units[] = {"day", "working day", "week", "month"};
  return fmt::format("{} {}{}", clock.value, units[static_cast<std::size_t>(clock.unit)], clock.value == 1 ? "" : "s");
}

std::vector<std::string> arithmetic(const Clock& clock, const Happened& start, const Calendar& calendar) {
  std::vector<std::string> lines;
  const Day assumed = assumed_start(start);
  if (start.precision != Precision::day)
    lines.push_back(fmt::format(
        "the date is known only as {}: counted from {}, the last day it can have been{}, so that no delay is "
        "claimed that another reading would excuse",
        words(start), words(assumed),
        assumed == parse_happened(iso(start))->last ? "" : " (the day we were told of it)"));
  lines.push_back(fmt::format("starts {} (day {})", words(assumed), clock.count == Count::after ? 0 : 1));
  const auto due = due_day(clock, assumed, calendar);
  const std::string length =
      length_words(clock) + std::string(clock.unit == Unit::working_day ? calendar_words(clock.calendar) : "");
  if (!due) {
    lines.push_back(fmt::format("{}: cannot be counted, because bank holidays are loaded for {} to {} only", length,
                                calendar.first_year(), calendar.last_year()));
    return lines;
  }
  if (clock.unit == Unit::working_day && clock.value <= 10) {
    if (const auto all = working_days(clock, assumed, calendar))
      lines.push_back(fmt::format("{}: {}", length, listed(*all)));
  } else if (clock.unit == Unit::month && !has_same_day(assumed, clock.value)) {
    lines.push_back(length + ": the last month has no such date, so its last day");
  } else {
    lines.push_back(
        fmt::format("{}{}", length, clock.count == Count::beginning ? " beginning with that day" : " after it"));
  }
  lines.push_back(fmt::format("due {} (not overdue on the day itself)", words(*due)));
  if (!clock.convention.empty()) lines.push_back(clock.convention);
  return lines;
}

}  // namespace answerable::engine
