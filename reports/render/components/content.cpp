#include "reports/render/components/content.hpp"

#include <fmt/format.h>

namespace answerable::components {
namespace {

std::string_view colour_class(TagColour colour) {
  switch (colour) {
    case TagColour::blue:
      return "govuk-tag";
    case TagColour::grey:
      return "govuk-tag govuk-tag--grey";
    case TagColour::green:
      return "govuk-tag govuk-tag--green";
    case TagColour::teal:
      return "govuk-tag govuk-tag--teal";
    case TagColour::purple:
      return "govuk-tag govuk-tag--purple";
    case TagColour::magenta:
      return "govuk-tag govuk-tag--magenta";
    case TagColour::red:
      return "govuk-tag govuk-tag--red";
    case TagColour::orange:
      return "govuk-tag govuk-tag--orange";
    case TagColour::yellow:
      return "govuk-tag govuk-tag--yellow";
  }
  return "govuk-tag";
}

}  // namespace

void put(Html& html, const Heading& heading) {
  const Html::Attribute id{"id", heading.id, !heading.id.empty()};
  if (!heading.caption.empty()) html.element("span", heading.caption, {{"class", "govuk-caption-m"}});
  if (heading.level <= 2)
    html.element("h2", heading.text, {id, {"class", "govuk-heading-m"}});
  else if (heading.level == 3)
    html.element("h3", heading.text, {id, {"class", "govuk-heading-s"}});
  else
    html.element("h4", heading.text, {id, {"class", "govuk-heading-s"}});
  html.line();
}

void put(Html& html, const Paragraph& paragraph) {
  html.open("p", {{"class", "govuk-body"}}).add(paragraph.content).close().line();
}

void put(Html& html, const Hint& hint) {
  html.open("p", {{"class", "govuk-hint"}}).add(hint.content).close().line();
}

void put(Html& html, const Link& link) {
  html.open("a", {{"class", "govuk-link"}, {"href", link.href}}).text(link.text);
  if (!link.hidden.empty()) html.element("span", " " + link.hidden, {{"class", "govuk-visually-hidden"}});
  html.close();
}

void put(Html& html, const Strong& strong) {
  html.element("strong", strong.text);
}

void put(Html& html, const List& list) {
  if (list.items.empty()) return;
  switch (list.kind) {
    case List::Kind::plain:
      html.open("ul", {{"class", "govuk-list"}});
      break;
    case List::Kind::bullet:
      html.open("ul", {{"class", "govuk-list govuk-list--bullet"}});
      break;
    case List::Kind::number:
      html.open("ol", {{"class", "govuk-list govuk-list--number"}});
      break;
  }
  for (const Fragment& item : list.items) html.open("li").add(item).close().line();
  html.close().line();
}

void put(Html& html, const Preformatted& preformatted) {
  html.open("pre", {{"class", "app-preformatted"}, {"tabindex", "0"}}).verbatim(preformatted.text).close().line();
}

void put(Html& html, const Tag& tag) {
  html.element("strong", tag.text, {{"class", colour_class(tag.colour)}});
}

void put(Html& html, const InsetText& inset) {
  html.open("div", {{"id", inset.id, !inset.id.empty()}, {"class", "govuk-inset-text"}}).add(inset.content);
  html.close().line();
}

void put(Html& html, const WarningText& warning) {
  html.open("div", {{"class", "govuk-warning-text"}});
  html.element("span", "!", {{"class", "govuk-warning-text__icon"}, {"aria-hidden", "true"}});
  html.open("strong", {{"class", "govuk-warning-text__text"}});
  html.element("span", "Warning", {{"class", "govuk-visually-hidden"}}).line().add(warning.content);
  html.close().close().line();
}

void put(Html& html, const Details& details) {
  html.open("details", {{"class", "govuk-details"}, {"open", "", details.open}});
  html.open("summary", {{"class", "govuk-details__summary"}});
  html.element("span", details.summary, {{"class", "govuk-details__summary-text"}}).close();
  html.open("div", {{"class", "govuk-details__text"}}).add(details.content).close();
  html.close().line();
}

void put(Html& html, const NotificationBanner& banner) {
  html.open("div", {{"class", banner.success ? "govuk-notification-banner govuk-notification-banner--success"
                                             : "govuk-notification-banner"},
                    {"role", banner.success ? "alert" : "region"},
                    {"aria-labelledby", banner.title_id},
                    {"data-module", "govuk-notification-banner"}});
  html.open("div", {{"class", "govuk-notification-banner__header"}});
  html.element("h2", banner.success ? "Success" : "Important",
               {{"class", "govuk-notification-banner__title"}, {"id", banner.title_id}});
  html.close().open("div", {{"class", "govuk-notification-banner__content"}});
  html.open("p", {{"class", "govuk-notification-banner__heading"}}).add(banner.content).close();
  html.close().close().line();
}

void put(Html& html, const ErrorSummary& summary) {
  html.open("div", {{"class", "govuk-error-summary"}, {"data-module", "govuk-error-summary"}});
  html.open("div", {{"role", "alert"}});
  html.element("h2", summary.title, {{"class", "govuk-error-summary__title"}});
  html.open("div", {{"class", "govuk-error-summary__body"}});
  if (!summary.errors.empty()) {
    html.open("ul", {{"class", "govuk-list govuk-error-summary__list"}});
    for (const auto& error : summary.errors) {
      html.open("li");
      if (error.field.empty())
        html.text(error.text);
      else
        html.element("a", error.text, {{"href", "#" + error.field}});
      html.close();
    }
    html.close();
  }
  html.close().close().close().line();
}

}  // namespace answerable::components
