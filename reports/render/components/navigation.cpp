#include "reports/render/components/navigation.hpp"

#include <fmt/format.h>

namespace answerable::components {
namespace {

void put_arrow(Html& html, bool previous) {
  html.open("svg", {{"class", previous ? "govuk-pagination__icon govuk-pagination__icon--prev"
                                       : "govuk-pagination__icon govuk-pagination__icon--next"},
                    {"xmlns", "http://www.w3.org/2000/svg"},
                    {"height", "13"},
                    {"width", "15"},
                    {"aria-hidden", "true"},
                    {"focusable", "false"},
                    {"viewBox", "0 0 15 13"}});
  html.open("path", {{"d", previous ? "m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-"
                                      "2h-12.984l4.2931-4.293-1.414-1.414z"
                                    : "m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 "
                                      "1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"}});
  html.close().close();
}

void put_step(Html& html, const Pagination::Step& step, bool previous, bool block) {
  html.open("div", {{"class", previous ? "govuk-pagination__prev" : "govuk-pagination__next"}});
  html.open("a",
            {{"class", "govuk-link govuk-pagination__link"}, {"href", step.href}, {"rel", previous ? "prev" : "next"}});
  if (block || previous) put_arrow(html, previous);
  html.open("span", {{"class", block && step.label.empty()
                                   ? "govuk-pagination__link-title govuk-pagination__link-title--decorated"
                                   : "govuk-pagination__link-title"}});
  html.text(previous ? "Previous" : "Next").element("span", " page", {{"class", "govuk-visually-hidden"}}).close();
  if (block && !step.label.empty()) {
    html.element("span", ":", {{"class", "govuk-visually-hidden"}});
    html.element("span", step.label, {{"class", "govuk-pagination__link-label"}});
  }
  if (!block && !previous) put_arrow(html, false);
  html.close().close().line();
}

void put_page(Html& html, const Pagination::Item& item) {
  if (item.number == 0) {
    html.element("li", "⋯", {{"class", "govuk-pagination__item govuk-pagination__item--ellipsis"}});
    return;
  }
  const std::string number = std::to_string(item.number);
  html.open("li", {{"class", item.current ? "govuk-pagination__item govuk-pagination__item--current"
                                          : "govuk-pagination__item"}});
  html.element("a", number,
               {{"class", "govuk-link govuk-pagination__link"},
                {"href", item.href},
                {"aria-label", "Page " + number},
                {"aria-current", "page", item.current}});
  html.close().line();
}

void put_item(Html& html, const ServiceNavigation::Item& item) {
  const bool here = item.current || item.active;
  html.open("li", {{"class", here ? "govuk-service-navigation__item govuk-service-navigation__item--active"
                                  : "govuk-service-navigation__item"}});
  html.open("a", {{"class", "govuk-service-navigation__link"},
                  {"href", item.href},
                  {"aria-current", item.current ? "page" : "true", here}});
  if (here)
    html.element("strong", item.text, {{"class", "govuk-service-navigation__active-fallback"}});
  else
    html.text(item.text);
  html.close().close().line();
}

}  // namespace

void put(Html& html, const SkipLink& link) {
  html.element("a", link.text, {{"href", link.href}, {"class", "govuk-skip-link"}, {"data-module", "govuk-skip-link"}});
  html.line();
}

void put(Html& html, const Header& header) {
  html.open("div", {{"class", "govuk-generic-header"}});
  html.open("div", {{"class", "govuk-generic-header__container govuk-width-container"}});
  html.open("div", {{"class", "govuk-generic-header__logo"}});
  html.element("a", header.name, {{"href", header.href}, {"class", "govuk-generic-header__homepage-link"}});
  html.close().close().close().line();
}

/// The button that unfolds the list on narrow screens needs a script: the list is not folded.
void put(Html& html, const ServiceNavigation& navigation) {
  html.open("section", {{"aria-label", "Service information"},
                        {"class", "govuk-service-navigation"},
                        {"data-module", "govuk-service-navigation"}});
  html.open("div", {{"class", "govuk-width-container"}});
  html.open("div", {{"class", "govuk-service-navigation__container"}}).line();
  html.open("span", {{"class", "govuk-service-navigation__service-name"}});
  html.element("a", navigation.service,
               {{"href", navigation.service_href}, {"class", "govuk-service-navigation__link"}});
  html.close().line();
  if (!navigation.items.empty()) {
    html.open("nav", {{"aria-label", "Menu"}, {"class", "govuk-service-navigation__wrapper"}});
    html.open("ul", {{"class", "govuk-service-navigation__list"}, {"id", "navigation"}}).line();
    for (const auto& item : navigation.items) put_item(html, item);
    html.close().close();
  }
  html.close().close().close().line();
}

void put(Html& html, const Breadcrumbs& breadcrumbs) {
  html.open("nav", {{"class", "govuk-breadcrumbs"}, {"aria-label", "Breadcrumb"}});
  html.open("ol", {{"class", "govuk-breadcrumbs__list"}}).line();
  for (const Link& item : breadcrumbs.items) {
    if (item.href.empty()) {
      html.element("li", item.text, {{"class", "govuk-breadcrumbs__list-item"}, {"aria-current", "page"}});
    } else {
      html.open("li", {{"class", "govuk-breadcrumbs__list-item"}});
      html.element("a", item.text, {{"class", "govuk-breadcrumbs__link"}, {"href", item.href}}).close();
    }
    html.line();
  }
  html.close().close().line();
}

void put(Html& html, const BackLink& link) {
  html.element("a", link.text, {{"href", link.href}, {"class", "govuk-back-link"}}).line();
}

void put(Html& html, const Pagination& pagination) {
  const bool block = pagination.items.empty();
  html.open("nav", {{"class", block ? "govuk-pagination govuk-pagination--block" : "govuk-pagination"},
                    {"aria-label", pagination.landmark}})
      .line();
  if (!pagination.previous.href.empty()) put_step(html, pagination.previous, true, block);
  if (!block) {
    html.open("ul", {{"class", "govuk-pagination__list"}}).line();
    for (const auto& item : pagination.items) put_page(html, item);
    html.close().line();
  }
  if (!pagination.next.href.empty()) put_step(html, pagination.next, false, block);
  html.close().line();
}

void put(Html& html, const Footer& footer) {
  html.open("div", {{"class", "govuk-footer"}}).open("div", {{"class", "govuk-width-container"}});
  html.open("div", {{"class", "govuk-footer__meta"}});
  html.open("div", {{"class", "govuk-footer__meta-item govuk-footer__meta-item--grow"}}).line();
  html.element("h2", "Support links", {{"class", "govuk-visually-hidden"}});
  html.open("ul", {{"class", "govuk-footer__inline-list"}}).line();
  for (const Link& link : footer.links) {
    html.open("li", {{"class", "govuk-footer__inline-list-item"}});
    html.element("a", link.text, {{"class", "govuk-footer__link"}, {"href", link.href}}).close().line();
  }
  html.close();
  if (!footer.says.empty()) html.open("div", {{"class", "govuk-footer__meta-custom"}}).add(footer.says).close();
  html.close().close().close().close().line();
}

}  // namespace answerable::components
