// The list of open findings: filters, views that somebody keeps, and what can be done with several at once.
#include <fmt/format.h>

#include <sstream>

#include "audit/engine/identity.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/csv.hpp"
#include "reports/service/links.hpp"
#include "reports/service/monitoring/acts.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

using monitoring::FindingQuery;
using monitoring::FindingRow;

constexpr int findings_in_a_file = 10'000;
constexpr std::size_t longest_view_name = 80;

ui::Select options_of(std::string name, std::string label, const std::vector<monitoring::Choice>& choices,
                      const std::string& chosen) {
  ui::Select select{.name = std::move(name), .label = std::move(label), .options = {}, .chosen = chosen};
  for (const auto& [word, says] : choices) select.options.push_back({std::string(word), std::string(says)});
  return select;
}

ui::Select any_of(std::string name, std::string label, const std::vector<std::string>& values,
                  const std::string& chosen) {
  ui::Select select{.name = std::move(name), .label = std::move(label), .options = {{"", "Any"}}, .chosen = chosen};
  for (const auto& value : values) select.options.push_back({value, value});
  return select;
}

render::Fragment filter_form(const FindingQuery& query, const monitoring::FindingChoices& choices) {
  ui::Select outcome{
      .name = "outcome", .label = "Outcome", .options = {{"", "Needs attention"}}, .chosen = query.outcome};
  for (const auto one : {engine::Outcome::breached, engine::Outcome::not_evidenced, engine::Outcome::contradicted,
                         engine::Outcome::unknown, engine::Outcome::error, engine::Outcome::pending})
    outcome.options.push_back({std::string(engine::word(one)), std::string(pages::outcome_words(one))});
  outcome.options.push_back({"all", "Everything that is open or falls due"});
  ui::Select actor{.name = "provider", .label = "Who acted", .options = {{"", "Anybody"}}, .chosen = query.actor};
  for (const auto& [key, name] : choices.actors) actor.options.push_back({key, name});
  const ui::Filter filter{
      .options = render::joined(
          {outcome, options_of("state", "What is being done", monitoring::finding_states(), query.state), actor,
           any_of("rule", "Rule", choices.rules, query.rule),
           any_of("agreement", "Agreement", choices.agreements, query.agreement),
           options_of("severity", "Severity",
                      {{"", "Any"}, {"serious", "Serious"}, {"important", "Important"}, {"advisory", "Advisory"}},
                      query.severity),
           options_of("sort", "Order", monitoring::finding_sorts(), query.sort)}),
      .clear_href = "/findings"};
  // Out of the way of the list until somebody filters.
  const bool filtered = !monitoring::query_text(query).empty();
  return ui::Details{.summary = "Filter and order", .content = get_form("/findings", filter), .open = filtered};
}

/// What is being done about it, as tags.
render::Fragment doing(const FindingRow& row, Day today) {
  render::Fragment says;
  const auto add = [&](std::string text, ui::TagColour colour) {
    if (!says.empty()) says += " ";
    says += ui::Tag{std::move(text), colour};
  };
  if (row.set_aside)
    add(row.set_aside_until ? "Set aside until " + words(*row.set_aside_until) : "Set aside", ui::TagColour::grey);
  if (row.undecided) add("Reply to decide", ui::TagColour::purple);
  if (row.asked && row.asked_until)
    add(*row.asked_until < today ? fmt::format("Answer {}", lateness_words(*row.asked_until, today))
                                 : "Asked, answer due " + words(*row.asked_until),
        *row.asked_until < today ? ui::TagColour::red : ui::TagColour::blue);
  if (row.explained) add("Explained", ui::TagColour::teal);
  if (row.escalated) add("Escalated", ui::TagColour::yellow);
  return says;
}

render::Fragment list_table(const monitoring::FindingList& list, const std::map<std::string, std::string>& names,
                            Day today, bool may_act) {
  ui::Table table{.caption = "Findings",
                  .columns = {{"Finding"}, {"What was found"}, {"Wrong since"}},
                  .rows = {},
                  .first_cell_is_header = false,
                  .wide = true,
                  .when_empty = "None that you may see."};
  if (may_act) table.columns.insert(table.columns.begin(), ui::Column{"Choose"});
  for (const auto& row : list.shown) {
    const auto name = engine::format_finding(row.id);
    std::vector<render::Fragment> cells{
        render::joined({ui::Paragraph{ui::Link{name, "/findings/" + name}}, outcome_tag(row.outcome), " ",
                        severity_tag(row.severity)}),
        render::joined({ui::Paragraph{row.sentence},
                        ui::Hint{fmt::format("{}; {}{}", name_of(names, row.actor), row.rule,
                                             row.agreement.empty() ? "" : "; " + row.agreement)},
                        doing(row, today)}),
        row.flagged_since ? words(*row.flagged_since)
        : row.due         ? "due " + words(*row.due)
                          : std::string("not dated")};
    if (may_act) cells.insert(cells.begin(), row_checkbox("finding", name, name));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ui::Pagination pages_of(const FindingQuery& query, std::int64_t total) {
  ui::Pagination pagination;
  const auto href = [&](int page) { return fmt::format("/findings?{}&page={}", monitoring::query_text(query), page); };
  if (query.page > 1) pagination.previous.href = href(query.page - 1);
  if (std::int64_t{query.page} * monitoring::findings_a_page < total) pagination.next.href = href(query.page + 1);
  return pagination;
}

render::Fragment views_of(const Visit& visit, const std::vector<monitoring::SavedView>& views,
                          const FindingQuery& query) {
  ui::List list;
  for (const auto& view : views)
    list.items.push_back(render::joined(
        {ui::Link{view.name, "/findings?" + view.query},
         post_form(
             visit, "/findings/views/forget",
             render::joined({hidden_field("name", view.name), ui::Button{.text = "Forget the view " + view.name,
                                                                         .kind = ui::Button::Kind::secondary}}))}));
  render::Fragment content;
  if (!views.empty()) content += list;
  content += post_form(visit, "/findings/views",
                       render::joined({hidden_field("query", monitoring::query_text(query)),
                                       ui::TextInput{.name = "name",
                                                     .label = "Keep this view as",
                                                     .hint = "Only you see it. A view of the same name is replaced.",
                                                     .width = ui::TextInput::Width::w20},
                                       ui::Button{.text = "Keep", .kind = ui::Button::Kind::secondary}}));
  return ui::Details{.summary = fmt::format("Your views ({})", views.size()), .content = content};
}

/// \param set_aside  what is listed is set aside
render::Fragment acts_on_chosen(bool set_aside) {
  ui::ButtonGroup group;
  for (const Act one : all_acts)
    if (for_set_aside(one) == set_aside)
      group.buttons.push_back(ui::Button{.text = std::string(button_words(one)),
                                         .kind = ui::Button::Kind::secondary,
                                         .name = "act",
                                         .value = std::string(word(one))});
  return render::joined({ui::Heading{.text = "With those chosen"}, group});
}

}  // namespace

http::Response findings(Visit& visit) {
  const auto query = monitoring::finding_query(visit.request.query);
  const Day today = london_day(now());
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto list = monitoring::open_findings(transaction, council, query, today);
  const auto names = monitoring::organisation_names(transaction, council);
  const bool may_act = may_follow_up(visit.actor());
  const std::string text = monitoring::query_text(query);

  Page page(visit, "Findings");
  page.paragraph(
      fmt::format("{}. Findings are for people to weigh; they are not verdicts. None is closed by hand: a "
                  "finding closes when records show that its rule was kept.",
                  figure_of(list.total, "finding", "findings")));
  page.add(views_of(visit, monitoring::saved_views(transaction), query));
  page.add(filter_form(query, monitoring::finding_choices(transaction, council, names)));
  const auto table = list_table(list, names, today, may_act);
  page.add(may_act && !list.shown.empty()
               ? get_form("/findings/act", render::joined({table, acts_on_chosen(query.state == "set-aside")}))
               : table);
  page.add(pages_of(query, list.total));
  page.paragraph(ui::Link{fmt::format("These findings as CSV (at most {})", grouped(findings_in_a_file)),
                          "/findings.csv" + (text.empty() ? "" : "?" + text)});
  return std::move(page).answer();
}

http::Response findings_csv(Visit& visit) {
  auto query = monitoring::finding_query(visit.request.query);
  query.page = 1;
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto list = monitoring::open_findings(transaction, council, query, london_day(now()), findings_in_a_file);
  const auto names = monitoring::organisation_names(transaction, council);
  std::ostringstream out;
  render::Csv csv(out,
                  {"finding", "outcome", "severity", "rule", "sentence", "actor", "actor_name", "agreement", "due",
                   "wrong_since", "found_on", "set_aside", "asked_until", "reply_to_decide", "explained", "escalated"});
  const auto yes = [](bool is) { return is ? "yes" : "no"; };
  const auto day = [](const std::optional<Day>& it) { return it ? iso(*it) : std::string(); };
  for (const auto& row : list.shown)
    csv.row({engine::format_finding(row.id), engine::word(row.outcome), row.severity, row.rule, row.sentence, row.actor,
             name_of(names, row.actor), row.agreement, day(row.due), day(row.flagged_since), iso(row.found_on),
             yes(row.set_aside), day(row.asked_until), yes(row.undecided), yes(row.explained), yes(row.escalated)});
  return csv_answer("findings.csv", std::move(out).str());
}

http::Response save_findings_view(Visit& visit) {
  const monitoring::SavedView view{visit.field("name"), visit.field("query")};
  if (view.name.empty() || view.name.size() > longest_view_name)
    return page_of_problem(
        visit, 422, "The view needs a name",
        fmt::format("Nothing was kept. Give it a name of at most {} characters.", longest_view_name));
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  monitoring::save_view(transaction, visit.actor().authority, visit.actor().account, view);
  transaction.commit();
  return done(visit, "/findings", "The view was kept.");
}

http::Response forget_findings_view(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  monitoring::forget_view(transaction, visit.field("name"));
  transaction.commit();
  return done(visit, "/findings", "The view was forgotten.");
}

}  // namespace answerable::service
