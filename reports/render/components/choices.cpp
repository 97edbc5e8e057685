// Fields in fieldsets: radios, checkboxes and dates.
#include <fmt/format.h>

#include "reports/render/components/field.hpp"

namespace answerable::components {
namespace {

/// What radios and checkboxes are alike in.
struct ChoiceField {
  std::string_view css, type, name, id;
  const Label& legend;
  const std::vector<Choice>& items;
  const Fragment& hint;
  std::string_view error;
  std::string_view look;
};

bool is_divider(const Choice& choice) {
  return choice.value.empty() && !choice.text.empty() && choice.hint.empty() && choice.conditional.empty() &&
         !choice.chosen;
}

void put_choice(Html& html, const ChoiceField& field, const Choice& choice, const std::string& id) {
  const std::string conditional = fmt::format("conditional-{}", id);
  const std::string hint = fmt::format("{}-item-hint", id);
  html.open("div", {{"class", fmt::format("{}__item", field.css)}});
  html.single("input", {{"class", fmt::format("{}__input", field.css)},
                        {"id", id},
                        {"name", field.name},
                        {"type", field.type},
                        {"value", choice.value},
                        {"checked", "", choice.chosen},
                        {"data-aria-controls", conditional, !choice.conditional.empty()},
                        {"aria-describedby", hint, !choice.hint.empty()}});
  html.element("label", choice.text, {{"class", fmt::format("govuk-label {}__label", field.css)}, {"for", id}});
  if (!choice.hint.empty())
    html.open("div", {{"id", hint}, {"class", fmt::format("govuk-hint {}__hint", field.css)}}).add(choice.hint).close();
  html.close().line();
  if (choice.conditional.empty()) return;
  html.open("div", {{"class", fmt::format("{}__conditional{}", field.css,
                                          choice.chosen ? "" : fmt::format(" {}__conditional--hidden", field.css))},
                    {"id", conditional}});
  html.add(choice.conditional).close().line();
}

void put_choices(Html& html, const ChoiceField& field) {
  open_group(html, field.error);
  open_fieldset(html, field.legend, described_by(field.id, field.hint, field.error));
  put_hint(html, field.id, field.hint);
  put_error(html, field.id, field.error);
  html.open("div", {{"class", fmt::format("{}{}", field.css, field.look)}, {"data-module", field.css}}).line();
  for (std::size_t i = 0; i < field.items.size(); ++i) {
    const Choice& choice = field.items[i];
    // The first has no number behind it, so that an error summary can lead to it.
    if (is_divider(choice))
      html.element("div", choice.text, {{"class", fmt::format("{}__divider", field.css)}}).line();
    else
      put_choice(html, field, choice, i == 0 ? std::string(field.id) : fmt::format("{}-{}", field.id, i + 1));
  }
  html.close().close().close().line();
}

void put_part(Html& html, const DateInput& input, std::string_view part, std::string_view label,
              const std::string& value, bool wrong, std::string_view width) {
  const std::string id = fmt::format("{}-{}", input.id, part);
  html.open("div", {{"class", "govuk-date-input__item"}}).open("div", {{"class", "govuk-form-group"}});
  html.element("label", label, {{"class", "govuk-label govuk-date-input__label"}, {"for", id}});
  html.single(
      "input",
      {{"class", fmt::format("govuk-input govuk-date-input__input{} {}", wrong ? " govuk-input--error" : "", width)},
       {"id", id},
       {"name", id},
       {"type", "text"},
       {"value", value, !value.empty()},
       {"inputmode", "numeric"}});
  html.close().close().line();
}

}  // namespace

Choice Choice::divider(std::string words) {
  return {.value = "", .text = std::move(words)};
}

void put(Html& html, const Radios& radios) {
  const std::string_view look = radios.look == Radios::Look::in_line ? " govuk-radios--inline"
                                : radios.look == Radios::Look::small ? " govuk-radios--small"
                                                                     : "";
  put_choices(html, {"govuk-radios", "radio", radios.name, radios.id.empty() ? radios.name : radios.id, radios.legend,
                     radios.items, radios.hint, radios.error, look});
}

void put(Html& html, const Checkboxes& checkboxes) {
  put_choices(html, {"govuk-checkboxes", "checkbox", checkboxes.name,
                     checkboxes.id.empty() ? checkboxes.name : checkboxes.id, checkboxes.legend, checkboxes.items,
                     checkboxes.hint, checkboxes.error, checkboxes.small ? " govuk-checkboxes--small" : ""});
}

void put(Html& html, const DateInput& input) {
  open_group(html, input.error);
  open_fieldset(html, input.legend, described_by(input.id, input.hint, input.error), "group");
  put_hint(html, input.id, input.hint);
  put_error(html, input.id, input.error);
  const bool all = !input.error.empty() && !input.day_wrong && !input.month_wrong && !input.year_wrong;
  html.open("div", {{"class", "govuk-date-input"}, {"id", input.id}}).line();
  put_part(html, input, "day", "Day", input.day, all || input.day_wrong, "govuk-input--width-2");
  put_part(html, input, "month", "Month", input.month, all || input.month_wrong, "govuk-input--width-2");
  put_part(html, input, "year", "Year", input.year, all || input.year_wrong, "govuk-input--width-4");
  html.close().close().close().line();
}

}  // namespace answerable::components
