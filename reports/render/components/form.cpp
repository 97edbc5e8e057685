#include "reports/render/components/form.hpp"

#include <fmt/format.h>

#include "reports/render/components/field.hpp"

namespace answerable::components {
namespace {

std::string_view width_class(TextInput::Width width) {
  switch (width) {
    case TextInput::Width::full:
      break;
    case TextInput::Width::w2:
      return " govuk-input--width-2";
    case TextInput::Width::w3:
      return " govuk-input--width-3";
    case TextInput::Width::w4:
      return " govuk-input--width-4";
    case TextInput::Width::w5:
      return " govuk-input--width-5";
    case TextInput::Width::w10:
      return " govuk-input--width-10";
    case TextInput::Width::w20:
      return " govuk-input--width-20";
    case TextInput::Width::w30:
      return " govuk-input--width-30";
  }
  return "";
}

std::string_view button_class(Button::Kind kind) {
  switch (kind) {
    case Button::Kind::primary:
      break;
    case Button::Kind::secondary:
      return "govuk-button govuk-button--secondary";
    case Button::Kind::warning:
      return "govuk-button govuk-button--warning";
  }
  return "govuk-button";
}

std::string_view id_of(std::string_view id, std::string_view name) {
  return id.empty() ? name : id;
}

/// Label, hint and error, which every field but those of fieldsets has above it.
template <class Field>
std::string put_above(Html& html, const Field& field, std::string_view id, std::string_view group = "") {
  open_group(html, field.error, group);
  put_label(html, field.label, id);
  put_hint(html, id, field.hint);
  put_error(html, id, field.error);
  return described_by(id, field.hint, field.error);
}

void put_affix(Html& html, std::string_view css_class, std::string_view text) {
  if (!text.empty()) html.element("div", text, {{"class", css_class}, {"aria-hidden", "true"}});
}

}  // namespace

void put(Html& html, const TextInput& input) {
  const std::string_view id = id_of(input.id, input.name);
  const std::string described = put_above(html, input, id);
  const bool wrapped = !input.prefix.empty() || !input.suffix.empty();
  if (wrapped) html.open("div", {{"class", "govuk-input__wrapper"}});
  put_affix(html, "govuk-input__prefix", input.prefix);
  html.single("input", {{"class", fmt::format("govuk-input{}{}", width_class(input.width),
                                              input.error.empty() ? "" : " govuk-input--error")},
                        {"id", id},
                        {"name", input.name},
                        {"type", input.type},
                        {"value", input.value, !input.value.empty()},
                        {"aria-describedby", described, !described.empty()},
                        {"autocomplete", input.autocomplete, !input.autocomplete.empty()},
                        {"inputmode", input.inputmode, !input.inputmode.empty()}});
  put_affix(html, "govuk-input__suffix", input.suffix);
  if (wrapped) html.close();
  html.close().line();
}

void put(Html& html, const PasswordInput& input) {
  const std::string_view id = id_of(input.id, input.name);
  html.open("div", {{"class", input.error.empty() ? "govuk-form-group govuk-password-input"
                                                  : "govuk-form-group govuk-form-group--error govuk-password-input"},
                    {"data-module", "govuk-password-input"}});
  put_label(html, input.label, id);
  put_hint(html, id, input.hint);
  put_error(html, id, input.error);
  const std::string described = described_by(id, input.hint, input.error);
  html.open("div", {{"class", "govuk-input__wrapper govuk-password-input__wrapper"}});
  html.single("input", {{"class", fmt::format("govuk-input govuk-password-input__input "
                                              "govuk-js-password-input-input{}",
                                              input.error.empty() ? "" : " govuk-input--error")},
                        {"id", id},
                        {"name", input.name},
                        {"type", "password"},
                        {"spellcheck", "false"},
                        {"aria-describedby", described, !described.empty()},
                        {"autocomplete", input.autocomplete},
                        {"autocapitalize", "none"}});
  html.element("button", "Show",
               {{"type", "button"},
                {"class",
                 "govuk-button govuk-button--secondary govuk-password-input__toggle "
                 "govuk-js-password-input-toggle"},
                {"data-module", "govuk-button"},
                {"aria-controls", id},
                {"aria-label", "Show password"},
                {"hidden"}});
  html.close().close().line();
}

void put(Html& html, const Textarea& area) {
  const std::string_view id = id_of(area.id, area.name);
  const std::string described = put_above(html, area, id);
  html.open("textarea", {{"class", area.error.empty() ? "govuk-textarea" : "govuk-textarea govuk-textarea--error"},
                         {"id", id},
                         {"name", area.name},
                         {"rows", std::to_string(area.rows)},
                         {"aria-describedby", described, !described.empty()}});
  // A reader of HTML drops a line feed that comes first.
  if (area.value.starts_with('\n')) html.line();
  html.verbatim(area.value).close().close().line();
}

void put(Html& html, const FileUpload& upload) {
  const std::string_view id = id_of(upload.id, upload.name);
  const std::string described = put_above(html, upload, id);
  html.single("input",
              {{"class", upload.error.empty() ? "govuk-file-upload" : "govuk-file-upload govuk-file-upload--error"},
               {"id", id},
               {"name", upload.name},
               {"type", "file"},
               {"multiple", "", upload.multiple},
               {"aria-describedby", described, !described.empty()}});
  html.close().line();
}

void put(Html& html, const Select& select) {
  const std::string_view id = id_of(select.id, select.name);
  const std::string described = put_above(html, select, id);
  html.open("select", {{"class", select.error.empty() ? "govuk-select" : "govuk-select govuk-select--error"},
                       {"id", id},
                       {"name", select.name},
                       {"aria-describedby", described, !described.empty()}});
  for (const auto& option : select.options)
    html.element("option", option.text.empty() ? std::string("Choose one") : option.text,
                 {{"value", option.value}, {"selected", "", option.value == select.chosen}})
        .line();
  html.close().close().line();
}

void put(Html& html, const Fieldset& fieldset) {
  open_fieldset(html, fieldset.legend, "");
  html.add(fieldset.content).close().line();
}

void put(Html& html, const Button& button) {
  const std::string_view css_class = button_class(button.kind);
  if (button.href.empty())
    html.open("button", {{"type", "submit"},
                         {"value", button.value, !button.value.empty()},
                         {"name", button.name, !button.name.empty()},
                         {"class", css_class},
                         {"data-module", "govuk-button"}});
  else
    html.open("a", {{"href", button.href},
                    {"role", "button"},
                    {"draggable", "false"},
                    {"class", css_class},
                    {"data-module", "govuk-button"}});
  html.text(button.text);
  if (!button.hidden.empty()) html.element("span", " " + button.hidden, {{"class", "govuk-visually-hidden"}});
  html.close().line();
}

void put(Html& html, const ButtonGroup& group) {
  html.open("div", {{"class", "govuk-button-group"}});
  for (const Fragment& button : group.buttons) html.add(button);
  html.close().line();
}

}  // namespace answerable::components
