#include "audit/engine/calendar.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

namespace answerable::engine {
namespace {

using std::chrono::year;

bool is_weekend(Day day) {
  const std::chrono::weekday weekday{day};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

int year_of(Day day) {
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

}  // namespace

Calendar Calendar::read(std::string_view csv, const std::string& name) {
  std::istringstream in{std::string(csv)};
  struct Holiday {
    Day day;
    bool england_and_wales;
    std::optional<Day> announced;
  };
  std::vector<Holiday> holidays;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1) {
      if (line != "division,date,announced,title")
        throw std::runtime_error(fmt::format("{}:1: expected the heading division,date,announced,title", name));
      continue;
    }
    const auto comma = line.find(',');
    const std::string division = line.substr(0, comma);
    const auto day =
        comma == std::string::npos ? std::nullopt : parse_day(std::string_view(line).substr(comma + 1, 10));
    if (!day || (division != "england-and-wales" && division != "rest-of-united-kingdom"))
      throw std::runtime_error(fmt::format(
          "{}:{}: expected england-and-wales or rest-of-united-kingdom, then a date such as 2026-12-25", name, number));
    const auto announced_at = comma + 12;
    const std::string announced = line.size() > announced_at && line[announced_at - 1] == ','
                                      ? line.substr(announced_at, line.find(',', announced_at) - announced_at)
                                      : "";
    const auto known = parse_day(announced);
    if (!announced.empty() && !known)
      throw std::runtime_error(
          fmt::format("{}:{}: the day it was announced is {}; expected nothing, or a date such as 2022-09-10", name,
                      number, announced));
    holidays.push_back({*day, division == "england-and-wales", known});
  }
  Calendar calendar;
  if (holidays.empty()) throw std::runtime_error(fmt::format("{}: holds no holidays", name));
  calendar.first_year_ = year_of(holidays.front().day);
  for (const auto& holiday : holidays) {
    calendar.first_year_ = std::min(calendar.first_year_, year_of(holiday.day));
    calendar.last_year_ = std::max(calendar.last_year_, year_of(holiday.day));
  }
  calendar.first_ = Day{year{calendar.first_year_} / 1 / 1};
  calendar.last_ = Day{year{calendar.last_year_} / 12 / 31};
  const auto count = static_cast<std::size_t>((calendar.last_ - calendar.first_).count() + 1);
  calendar.england_and_wales_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    calendar.england_and_wales_[i] = !is_weekend(calendar.first_ + std::chrono::days{static_cast<int>(i)});
  calendar.united_kingdom_ = calendar.england_and_wales_;
  const auto take = [&](const Holiday& holiday) {
    const auto at = static_cast<std::size_t>((holiday.day - calendar.first_).count());
    calendar.united_kingdom_[at] = false;
    if (holiday.england_and_wales) calendar.england_and_wales_[at] = false;
  };
  for (const auto& holiday : holidays)
    if (!holiday.announced) take(holiday);
  for (const auto& holiday : holidays) {
    if (!holiday.announced) continue;
    const auto at = static_cast<std::size_t>((holiday.day - calendar.first_).count());
    calendar.one_offs_.push_back({holiday.day, *holiday.announced,
                                  holiday.england_and_wales && calendar.england_and_wales_[at],
                                  calendar.united_kingdom_[at]});
  }
  for (const auto& holiday : holidays)
    if (holiday.announced) take(holiday);
  return calendar;
}

Calendar Calendar::known_on(Day day) const {
  Calendar known = *this;
  const auto set = [&](const OneOff& one_off, bool working) {
    const auto at = static_cast<std::size_t>((one_off.day - first_).count());
    if (one_off.england_and_wales) known.england_and_wales_[at] = working;
    if (one_off.united_kingdom) known.united_kingdom_[at] = working;
  };
  for (const auto& one_off : one_offs_)
    if (one_off.announced > day) set(one_off, true);
  // Two may be announced for one day.
  for (const auto& one_off : one_offs_)
    if (one_off.announced <= day) set(one_off, false);
  return known;
}

std::optional<Day> Calendar::next_announcement(Day after) const {
  std::optional<Day> next;
  for (const auto& one_off : one_offs_)
    if (one_off.announced > after && (!next || one_off.announced < *next)) next = one_off.announced;
  return next;
}

std::optional<bool> Calendar::is_working_day(Day day, CalendarName calendar) const {
  if (calendar == CalendarName::none) return true;
  if (england_and_wales_.empty() || day < first_ || day > last_) return std::nullopt;
  const auto at = static_cast<std::size_t>((day - first_).count());
  return calendar == CalendarName::england_and_wales ? england_and_wales_[at] : united_kingdom_[at];
}

}  // namespace answerable::engine
