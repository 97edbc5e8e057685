#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace answerable {

/// A Europe/London civil day, as days since 1970-01-01. Legal dates are never derived from UTC.
using Day = std::chrono::sys_days;

/// How exactly a sender knew when something happened. Never made finer than it was sent.
enum class Precision : char { day = 'd', month = 'm', year = 'y' };

/// When something happened: every day from `first` to `last` is possible. A day-precise date has first == last.
struct Happened {
  Day first{};
  Day last{};
  Precision precision{Precision::day};
  auto operator<=>(const Happened&) const = default;
};

/// Reads "2013-12-05", "2013-12" or "2013" (the three forms of the schemas' `happened` type). Nothing on anything else.
std::optional<Happened> parse_happened(std::string_view text);

/// Reads "2013-12-05" only. Nothing on anything else, including days that do not exist.
std::optional<Day> parse_day(std::string_view text);

/// "2013-12-05"
std::string iso(Day day);
/// "2013-12-05", "2013-12" or "2013": exactly as precise as it was sent.
std::string iso(const Happened& when);
/// "5 December 2013"
std::string words(Day day);
/// "5 December 2013", "December 2013" or "2013".
std::string words(const Happened& when);

/// A moment in UTC, microseconds: what PostgreSQL's timestamptz holds.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

Instant now();
/// "2026-11-21T20:15:03.123456Z": always UTC, always six decimals, so that equal instants are equal texts.
std::string iso(Instant at);
/// Reads xs:dateTime with a zone. Nothing on anything else.
std::optional<Instant> parse_instant(std::string_view text);
/// The civil day in Europe/London on which the instant falls.
Day london_day(Instant at);
/// The moment a clock in London shows this time on this day; of two such moments the first, and where the clocks skip
/// it, the moment they do.
Instant london(Day day, std::chrono::minutes since_midnight);

}  // namespace answerable
