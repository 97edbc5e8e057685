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
