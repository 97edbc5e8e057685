#include "reports/service/complaints/pieces.hpp"

#include <fmt/format.h>

#include "reports/pages/wording.hpp"
#include "reports/service/links.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

constexpr int soon = 7;  // days

}  // namespace

Fragment post_button(const Visit& visit, std::string_view action, std::string text,
                     std::vector<std::pair<std::string, std::string>> fields, components::Button::Kind kind) {
  Fragment content;
  for (const auto& [name, value] : fields) content += hidden_field(name, value);
  content += Fragment(components::Button{.text = std::move(text), .kind = kind});
  return post_form(visit, action, content);
}

std::string days_to(Day day, Day today) {
  const auto days = (day - today).count();
  if (days == 0) return "today";
  if (days < 0) return figure_of(-days, "day", "days") + " over";
  return "in " + figure_of(days, "day", "days");
}

components::Tag due_tag(Day day, Day today) {
  const auto days = (day - today).count();
  const auto colour = days < 0       ? components::TagColour::red
                      : days <= soon ? components::TagColour::yellow
                                     : components::TagColour::grey;
  return {pages::capital(days_to(day, today)), colour};
}

std::optional<Day> day_in_words(std::string_view day, std::string_view month, std::string_view year) {
  const auto d = number_in<int>(day), m = number_in<int>(month), y = number_in<int>(year);
  if (!d || !m || !y) return std::nullopt;
  return parse_day(fmt::format("{:04}-{:02}-{:02}", *y, *m, *d));
}

std::optional<Day> day_of_form(const Visit& visit, const std::string& id) {
  return day_in_words(visit.field(id + "-day"), visit.field(id + "-month"), visit.field(id + "-year"));
}

components::DateInput date_input(const Visit& visit, std::string id, components::Label legend, Fragment hint,
                                 std::string error) {
  const bool wrong = !error.empty();
  return {.id = id,
          .legend = std::move(legend),
          .hint = std::move(hint),
          .error = std::move(error),
          .day = visit.field(id + "-day"),
          .month = visit.field(id + "-month"),
          .year = visit.field(id + "-year"),
          .day_wrong = wrong,
          .month_wrong = wrong,
          .year_wrong = wrong};
}

std::string case_path(std::string_view reference, std::string_view page) {
  return fmt::format("/complaints/{}{}{}", url_part(reference), page.empty() ? "" : "/", page);
}

}  // namespace answerable::service
