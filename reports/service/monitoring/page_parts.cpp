#include "reports/service/monitoring/page_parts.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {

std::string day_words(const std::optional<Day>& day) {
  return day ? words(*day) : "";
}

std::string lateness_words(Day due, Day today) {
  const auto days = (today - due).count();
  if (days == 0) return "due today";
  if (days > 0) return figure_of(days, "day", "days") + " late";
  return "in " + figure_of(-days, "day", "days");
}

std::string day_of_words(Instant at) {
  return words(london_day(at));
}

ui::Tag severity_tag(std::string_view severity) {
  const auto colour = severity == "serious"     ? ui::TagColour::red
                      : severity == "important" ? ui::TagColour::yellow
                                                : ui::TagColour::grey;
  return {severity.empty() ? "Not graded" : pages::capital(std::string(severity)), colour};
}

std::string name_of(const std::map<std::string, std::string>& names, const std::string& key) {
  const auto found = names.find(key);
  return found == names.end() ? key : found->second;
}

ui::DateInput SentDay::input(ui::Label legend, render::Fragment hint, std::optional<Day> otherwise) const {
  ui::DateInput field{.id = name, .legend = std::move(legend), .hint = std::move(hint), .error = error};
  if (empty() && error.empty() && otherwise) {
    const std::chrono::year_month_day date{*otherwise};
    field.day = std::to_string(static_cast<unsigned>(date.day()));
    field.month = std::to_string(static_cast<unsigned>(date.month()));
    field.year = std::to_string(static_cast<int>(date.year()));
  } else {
    field.day = day;
    field.month = month;
    field.year = year;
  }
  field.day_wrong = field.month_wrong = field.year_wrong = !error.empty();
  return field;
}

SentDay sent_day(const Visit& visit, std::string name, std::string_view called) {
  SentDay sent{.name = name,
               .day = visit.field(name + "-day"),
               .month = visit.field(name + "-month"),
               .year = visit.field(name + "-year")};
  if (sent.empty()) return sent;
  const auto day = number_in<int>(sent.day), month = number_in<int>(sent.month), year = number_in<int>(sent.year);
  const auto date = day && month && year && *day > 0 && *month > 0 && *year >= 1900 && *year <= 2200
                        ? std::chrono::year{*year} / *month / *day
                        : std::chrono::year_month_day{};
  if (date.ok() && static_cast<int>(date.year()) > 0)
    sent.value = Day{date};
  else
    sent.error = fmt::format("{} must be a real day, such as 27 3 2027", called);
  return sent;
}

render::Fragment row_checkbox(std::string_view name, std::string_view value, std::string_view chooses) {
  const auto id = fmt::format("choose-{}", value);
  auto html = render::Html::part();
  html.open("div", {{"class", "govuk-checkboxes govuk-checkboxes--small"}});
  html.open("div", {{"class", "govuk-checkboxes__item"}});
  html.single(
      "input",
      {{"class", "govuk-checkboxes__input"}, {"id", id}, {"name", name}, {"type", "checkbox"}, {"value", value}});
  html.open("label", {{"class", "govuk-label govuk-checkboxes__label"}, {"for", id}});
  html.element("span", fmt::format("Choose {}", chooses), {{"class", "govuk-visually-hidden"}});
  html.close().close().close();
  return std::move(html).fragment();
}

http::Response csv_answer(std::string file_name, std::string body) {
  return {.content_type = "text/csv; charset=utf-8; header=present",
          .body = std::move(body),
          .headers = {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name)}}};
}

std::vector<std::string> values_of(const std::vector<std::pair<std::string, std::string>>& pairs,
                                   std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : pairs)
    if (key == name) values.push_back(value);
  return values;
}

}  // namespace answerable::service
