#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/calendar.hpp"
#include "ingest/civil_date.hpp"

namespace answerable::engine {

enum class Unit : std::uint8_t { day, working_day, week, month };
/// after: the day itself is day 0. beginning: the day itself is day 1 (law.md section 2, time.after and
/// time.beginning).
enum class Count : std::uint8_t { after, beginning };

struct Clock {
  int value{};
  Unit unit{Unit::day};
  Count count{Count::after};
  CalendarName calendar{CalendarName::none};
  int warn{};              ///< in the same unit; 0: none
  std::string convention;  ///< said wherever the clock is shown
  std::string policy;      ///< the target of the council's policy that sets the number; "": the law does
};

/// The last day on which the duty can still be done in time, counted from `start`. A month is a calendar month; where
/// its last month has no such date, its last day (Interpretation Act 1978 Sch.1). Nothing when the calendar does not
/// reach.
std::optional<Day> due_day(const Clock& clock, Day start, const Calendar& calendar);
/// From this day on a pending duty is falling due. Nothing when the clock has no warning.
std::optional<Day> warn_day(const Clock& clock, Day start, const Calendar& calendar);
/// The first day that still lies within the clock, looking back from `end`.
std::optional<Day> look_back(const Clock& clock, Day end, const Calendar& calendar);

/// The same day `months` later, or the last day of a month that has no such day.
Day add_months(Day day, int months);

/// A deadline starts on the last day the event can have happened, so that a breach is flagged only where no reading of
/// the dates would keep the duty.
inline Day assumed_start(const Happened& event) {
  return event.last;
}
/// The answering act is taken at the first day it can have happened.
inline Day assumed_answer(const Happened& act) {
  return act.first;
}

/// How a deadline was reached, line by line: "starts 5 December 2013 (day 0)", "3 working days in England and Wales: 6,
/// 9 and 10 December 2013", "due 10 December 2013"; says the day assumed and why when the event's date is only a month
/// or year.
std::vector<std::string> arithmetic(const Clock& clock, const Happened& start, const Calendar& calendar);
/// "3 working days", "12 months"
std::string length_words(const Clock& clock);

}  // namespace answerable::engine
