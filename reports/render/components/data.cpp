#include "reports/render/components/data.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace answerable::components {
namespace {

std::string_view cell_class(bool header, bool numeric) {
  if (header) return numeric ? "govuk-table__header govuk-table__header--numeric" : "govuk-table__header";
  return numeric ? "govuk-table__cell govuk-table__cell--numeric" : "govuk-table__cell";
}

// The roles of a wide table's elements are said: shown as cards they are no table's to a browser any more.

void put_row(Html& html, const Table& table, const std::vector<Fragment>& row) {
  if (row.size() != table.columns.size())
    throw std::invalid_argument(
        fmt::format("table {:?}: a row of {} cells under {} columns", table.caption, row.size(), table.columns.size()));
  html.open("tr", {{"class", "govuk-table__row"}, {"role", "row", table.wide}});
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Column& column = table.columns[i];
    const Html::Attribute label{"data-label", column.header, table.wide};
    if (i == 0 && table.first_cell_is_header)
      html.open("th", {{"scope", "row"}, {"class", "govuk-table__header"}, {"role", "rowheader", table.wide}, label});
    else
      html.open("td", {{"class", cell_class(false, column.numeric)}, {"role", "cell", table.wide}, label});
    html.add(row[i]).close();
  }
  html.close().line();
}

void put_table(Html& html, const Table& table) {
  html.open("table", {{"class", "govuk-table"}, {"role", "table", table.wide}});
  if (!table.caption.empty())
    html.element("caption", table.caption, {{"class", "govuk-table__caption govuk-table__caption--m"}}).line();
  html.open("thead", {{"class", "govuk-table__head"}, {"role", "rowgroup", table.wide}});
  html.open("tr", {{"class", "govuk-table__row"}, {"role", "row", table.wide}});
  for (const Column& column : table.columns)
    html.element("th", column.header,
                 {{"scope", "col"}, {"class", cell_class(true, column.numeric)}, {"role", "columnheader", table.wide}});
  html.close().close().line();
  html.open("tbody", {{"class", "govuk-table__body"}, {"role", "rowgroup", table.wide}}).line();
  for (const auto& row : table.rows) put_row(html, table, row);
  html.close().close().line();
}

/// `about` is the card's title, when there is one.
void put_action(Html& html, const Action& action, std::string_view about) {
  html.open("a", {{"class", "govuk-link"}, {"href", action.href}}).text(action.text);
  if (!action.hidden.empty() || !about.empty()) {
    html.open("span", {{"class", "govuk-visually-hidden"}});
    if (!action.hidden.empty()) html.text(" ").text(action.hidden);
    if (!about.empty()) html.text(fmt::format(" ({})", about));
    html.close();
  }
  html.close();
}

void put_actions(Html& html, const std::vector<Action>& actions, std::string_view about) {
  if (actions.empty()) return;
  html.open("dd", {{"class", "govuk-summary-list__actions"}});
  if (actions.size() == 1) {
    put_action(html, actions.front(), about);
  } else {
    html.open("ul", {{"class", "govuk-summary-list__actions-list"}});
    for (const Action& action : actions) {
      html.open("li", {{"class", "govuk-summary-list__actions-list-item"}});
      put_action(html, action, about);
      html.close();
    }
    html.close();
  }
  html.close();
}

void put_card_actions(Html& html, const SummaryList& list) {
  if (list.card_actions.size() == 1) {
    html.open("div", {{"class", "govuk-summary-card__actions"}});
    put_action(html, list.card_actions.front(), list.card);
    html.close();
  } else if (!list.card_actions.empty()) {
    html.open("ul", {{"class", "govuk-summary-card__actions"}});
    for (const Action& action : list.card_actions) {
      html.open("li", {{"class", "govuk-summary-card__action"}});
      put_action(html, action, list.card);
      html.close();
    }
    html.close();
  }
}

}  // namespace

void put(Html& html, const Table& table) {
  if (table.rows.empty()) {
    if (!table.caption.empty()) html.element("h2", table.caption, {{"class", "govuk-heading-m"}}).line();
    html.element("p", table.when_empty, {{"class", "govuk-body"}}).line();
    return;
  }
  // Who uses a keyboard scrolls what has the focus.
  if (table.wide)
    html.open(
        "div",
        {{"class", "app-scroll app-stack"}, {"role", "region"}, {"aria-label", table.caption}, {"tabindex", "0"}});
  put_table(html, table);
  if (table.wide) html.close().line();
}

void put(Html& html, const SummaryList& list) {
  if (!list.card.empty()) {
    html.open("div", {{"class", "govuk-summary-card"}});
    html.open("div", {{"class", "govuk-summary-card__title-wrapper"}});
    html.element("h2", list.card, {{"class", "govuk-summary-card__title"}});
    put_card_actions(html, list);
    html.close().open("div", {{"class", "govuk-summary-card__content"}});
  }
  bool any_actions = false;
  for (const SummaryRow& row : list.rows) any_actions = any_actions || !row.actions.empty();
  html.open("dl", {{"class", "govuk-summary-list"}}).line();
  for (const SummaryRow& row : list.rows) {
    html.open("div", {{"class", any_actions && row.actions.empty()
                                    ? "govuk-summary-list__row govuk-summary-list__row--no-actions"
                                    : "govuk-summary-list__row"}});
    html.element("dt", row.key, {{"class", "govuk-summary-list__key"}});
    html.open("dd", {{"class", "govuk-summary-list__value"}}).add(row.value).close();
    put_actions(html, row.actions, list.card);
    html.close().line();
  }
  html.close().line();
  if (!list.card.empty()) html.close().close().line();
}

void put(Html& html, const TaskList& list) {
  html.open("ul", {{"class", "govuk-task-list"}}).line();
  for (std::size_t i = 0; i < list.tasks.size(); ++i) {
    const auto& task = list.tasks[i];
    const std::string hint = fmt::format("{}-{}-hint", list.id_prefix, i + 1);
    const std::string status = fmt::format("{}-{}-status", list.id_prefix, i + 1);
    const bool leads = !task.href.empty();
    html.open("li",
              {{"class", leads ? "govuk-task-list__item govuk-task-list__item--with-link" : "govuk-task-list__item"}});
    html.open("div", {{"class", "govuk-task-list__name-and-hint"}});
    if (leads)
      html.element("a", task.title,
                   {{"class", "govuk-link govuk-task-list__link"},
                    {"href", task.href},
                    {"aria-describedby", task.hint.empty() ? status : fmt::format("{} {}", hint, status)}});
    else
      html.element("div", task.title);
    if (!task.hint.empty()) html.open("div", {{"id", hint}, {"class", "govuk-task-list__hint"}}).add(task.hint).close();
    html.close();
    html.open("div", {{"class", "govuk-task-list__status"}, {"id", status}}).add(task.status).close();
    html.close().line();
  }
  html.close().line();
}

void put(Html& html, const Timeline& timeline) {
  html.open("div", {{"class", "moj-timeline"}}).line();
  for (const auto& event : timeline.events) {
    html.open("div", {{"class", "moj-timeline__item"}}).open("div", {{"class", "moj-timeline__header"}});
    if (timeline.heading_level <= 2)
      html.element("h2", event.title, {{"class", "moj-timeline__title"}});
    else
      html.element("h3", event.title, {{"class", "moj-timeline__title"}});
    if (!event.byline.empty()) html.line().element("p", "by " + event.byline, {{"class", "moj-timeline__byline"}});
    html.close();
    html.open("p", {{"class", "moj-timeline__date"}});
    html.element("time", event.date, {{"datetime", event.timestamp}}).close();
    html.open("div", {{"class", "moj-timeline__description"}}).add(event.content).close().close().line();
  }
  html.close().line();
}

void put(Html& html, const Filter& filter) {
  html.open("div", {{"class", "moj-filter"}, {"data-module", "moj-filter"}});
  html.open("div", {{"class", "moj-filter__header"}}).open("div", {{"class", "moj-filter__header-title"}});
  html.element("h2", filter.heading, {{"class", "govuk-heading-m"}}).close();
  html.open("div", {{"class", "moj-filter__header-action"}}).close().close();
  html.open("div", {{"class", "moj-filter__content"}}).line();
  if (!filter.chosen.empty()) {
    html.open("div", {{"class", "moj-filter__selected"}}).open("div", {{"class", "moj-filter__selected-heading"}});
    html.open("div", {{"class", "moj-filter__heading-title"}});
    html.element("h2", "Selected filters", {{"class", "govuk-heading-m"}}).close().line();
    html.open("div", {{"class", "moj-filter__heading-action"}}).open("p");
    html.element("a", "Clear filters",
                 {{"class", "govuk-link govuk-link--no-visited-state"}, {"href", filter.clear_href}});
    html.close().close().close();
    for (const auto& category : filter.chosen) {
      html.element("h3", category.heading, {{"class", "govuk-heading-s govuk-!-margin-bottom-0"}});
      html.open("ul", {{"class", "moj-filter-tags"}});
      for (const Link& item : category.items) {
        html.open("li").open("a", {{"class", "moj-filter__tag"}, {"href", item.href}});
        html.element("span", "Remove this filter", {{"class", "govuk-visually-hidden"}}).text(" ").text(item.text);
        html.close().close();
      }
      html.close();
    }
    html.close().line();
  }
  html.open("div", {{"class", "moj-filter__options"}});
  html.element("button", filter.submit,
               {{"type", "submit"}, {"class", "govuk-button"}, {"data-module", "govuk-button"}});
  html.add(filter.options).close().close().close().line();
}

}  // namespace answerable::components
