#include "reports/render/components/field.hpp"

#include <fmt/format.h>

namespace answerable::components {
namespace {

std::string sized(std::string_view name, LabelSize size) {
  switch (size) {
    case LabelSize::normal:
      break;
    case LabelSize::s:
      return fmt::format("{0} {0}--s", name);
    case LabelSize::m:
      return fmt::format("{0} {0}--m", name);
    case LabelSize::l:
      return fmt::format("{0} {0}--l", name);
    case LabelSize::xl:
      return fmt::format("{0} {0}--xl", name);
  }
  return std::string(name);
}

}  // namespace

std::string described_by(std::string_view id, const Fragment& hint, std::string_view error) {
  std::string ids;
  if (!hint.empty()) ids = fmt::format("{}-hint", id);
  if (!error.empty()) ids += fmt::format("{}{}-error", ids.empty() ? "" : " ", id);
  return ids;
}

void open_group(Html& html, std::string_view error, std::string_view more) {
  html.open("div", {{"class", fmt::format("govuk-form-group{}{}{}", error.empty() ? "" : " govuk-form-group--error",
                                          more.empty() ? "" : " ", more)}});
}

void put_label(Html& html, const Label& label, std::string_view id) {
  if (label.page_heading) html.open("h1", {{"class", "govuk-label-wrapper"}});
  html.element("label", label.text, {{"class", sized("govuk-label", label.size)}, {"for", id}});
  if (label.page_heading) html.close();
  html.line();
}

void put_hint(Html& html, std::string_view id, const Fragment& hint) {
  if (hint.empty()) return;
  html.open("div", {{"id", fmt::format("{}-hint", id)}, {"class", "govuk-hint"}}).add(hint).close().line();
}

void put_error(Html& html, std::string_view id, std::string_view error) {
  if (error.empty()) return;
  html.open("p", {{"id", fmt::format("{}-error", id)}, {"class", "govuk-error-message"}});
  html.element("span", "Error:", {{"class", "govuk-visually-hidden"}}).text(" ").text(error).close().line();
}

void open_fieldset(Html& html, const Label& legend, std::string_view described_by, std::string_view role) {
  html.open("fieldset", {{"class", "govuk-fieldset"},
                         {"role", role, !role.empty()},
                         {"aria-describedby", described_by, !described_by.empty()}});
  html.open("legend", {{"class", sized("govuk-fieldset__legend", legend.size)}});
  if (legend.page_heading)
    html.element("h1", legend.text, {{"class", "govuk-fieldset__heading"}});
  else
    html.text(legend.text);
  html.close().line();
}

}  // namespace answerable::components
