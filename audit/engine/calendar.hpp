#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::engine {

/// none: every day counts. The others leave out Saturdays, Sundays and bank holidays (Banking and Financial Dealings
/// Act 1971, with Christmas Day and Good Friday) of England and Wales, or of any part of the United Kingdom (FOIA 2000
/// s.10(6)).
enum class CalendarName : std::uint8_t { none, england_and_wales, united_kingdom };

/// The bank holidays there were and are known to come. One-off days are loaded, never computed, and count only from the
/// day they were announced (from general knowledge, not verified: law.md section 15 asks for the days and gives none).
class Calendar {
 public:
  /// Reads what schemas/codes/bank-holidays.csv holds: division,date,announced,title. Whole years are taken to be
  /// complete. \param name of the file, for errors \throws std::runtime_error naming the file and line
  static Calendar read(std::string_view csv, const std::string& name);

  /// The calendar as it was known on a day: without the one-off holidays announced later.
  Calendar known_on(Day day) const;
  /// The next day on which a one-off holiday is announced; then deadlines still to come may move.
  std::optional<Day> next_announcement(Day after) const;

  /// Nothing when the day lies outside the years loaded: then nobody knows, and nothing may be guessed.
  std::optional<bool> is_working_day(Day day, CalendarName calendar) const;

  int first_year() const { return first_year_; }
  int last_year() const { return last_year_; }

 private:
  struct OneOff {
    Day day, announced;
    bool england_and_wales, united_kingdom;  ///< where it would be a working day without it
  };

  Day first_{}, last_{};
  int first_year_{}, last_year_{};
  std::vector<bool> england_and_wales_, united_kingdom_;  ///< by days since first_
  std::vector<OneOff> one_offs_;
};

}  // namespace answerable::engine
