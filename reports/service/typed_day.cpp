#include "reports/service/typed_day.hpp"

#include <fmt/format.h>

#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

constexpr int first_year = 1900, last_year = 2200;  // what lies beyond was mistyped

std::optional<Day> day_of(const TypedDay& typed) {
  const auto day = number_in<unsigned>(typed.day), month = number_in<unsigned>(typed.month);
  const auto year = number_in<int>(typed.year);
  if (!day || !month || !year || *day > 31 || *month > 12 || *year < first_year || *year > last_year)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month}, std::chrono::day{*day}};
  return date.ok() ? std::optional<Day>(date) : std::nullopt;
}

}  // namespace

components::DateInput TypedDay::input(components::Label legend, render::Fragment hint,
                                      std::optional<Day> otherwise) const {
  components::DateInput field{.id = id,
                              .legend = std::move(legend),
                              .hint = std::move(hint),
                              .error = error,
                              .day = day,
                              .month = month,
                              .year = year};
  if (!otherwise || !empty() || !error.empty()) return field;
  const std::chrono::year_month_day date{*otherwise};
  field.day = std::to_string(static_cast<unsigned>(date.day()));
  field.month = std::to_string(static_cast<unsigned>(date.month()));
  field.year = std::to_string(static_cast<int>(date.year()));
  return field;
}

TypedDay typed_day(const Visit& visit, std::string id, std::string_view called) {
  const auto part = [&](const char* name) {
    auto text = visit.request.method == "POST" ? visit.field(id + name) : visit.query(id + name);
    std::erase(text, ' ');
    return text;
  };
  TypedDay typed{.day = part("-day"), .month = part("-month"), .year = part("-year")};
  typed.id = std::move(id);
  if (typed.empty()) return typed;
  typed.value = day_of(typed);
  if (!typed.value) typed.error = fmt::format("{} must be a real day, such as 27 3 2027.", called);
  return typed;
}

std::string day_query(std::string_view id, const std::optional<Day>& day) {
  if (!day) return "";
  const std::chrono::year_month_day date{*day};
  return fmt::format("{0}-day={1}&{0}-month={2}&{0}-year={3}&", id, static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
}

}  // namespace answerable::service
