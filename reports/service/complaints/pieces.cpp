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
                     std::vector<std::pair<std::string, std::string>> fields, components::Button::Kind kind,
                     std::string hidden) {
  Fragment content;
  for (const auto& [name, value] : fields) content += hidden_field(name, value);
  content += Fragment(components::Button{.text = std::move(text), .kind = kind, .hidden = std::move(hidden)});
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

std::string case_path(std::string_view reference, std::string_view page) {
  return fmt::format("/complaints/{}{}{}", url_part(reference), page.empty() ? "" : "/", page);
}

}  // namespace answerable::service
