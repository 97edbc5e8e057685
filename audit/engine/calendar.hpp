#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::engine {

/// none: every day counts. The others leave out Saturdays, Sundays and bank holidays (Banking and Financial Dealings
/// Act 1971, with Christmas Day and Good Friday) of England and Wales, or of any part of the United Kingdom (FOIA 2000
/// s.10(6)).
enum class CalendarName : std::uint8_t { none, england_and_wales, united_kingdom };

/// The bank holidays there were and are known to come. One-off days are loaded, never computed.
class Calendar {
 public:
  /// Reads schemas/codes/bank-holidays.csv: division,date,announced,title. Whole years are taken to be complete.
  /// \throws std::runtime_error naming the file and line
  static Calendar load(const std::filesystem::path& csv);

  /// Nothing when the day lies outside the years loaded: then nobody knows, and nothing may be guessed.
  std::optional<bool> is_working_day(Day day, CalendarName calendar) const;

  int first_year() const { return first_year_; }
  int last_year() const { return last_year_; }

 private:
  Day first_{}, last_{};
  int first_year_{}, last_year_{};
  std::vector<bool> england_and_wales_, united_kingdom_;  ///< by days since first_
};

}  // namespace answerable::engine
