// Action plans: drafted from findings, sent once every issue has an action, closed by records and in no other way.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/monitoring/plan.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

using monitoring::Plan;

constexpr int plans_shown = 100;
constexpr std::size_t longest_action = 2000;

constexpr pg::Statement add_one_action{"plans.add_action", "SELECT answerable.add_action($1, $2, $3, $4)"};
constexpr pg::Statement remove_one_action{"plans.remove_action", "SELECT answerable.remove_action($1, $2)"};
constexpr pg::Statement send_one_plan{"plans.send", "SELECT answerable.send_plan($1)"};

std::int64_t plan_number(const Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("plan"));
  if (!number) throw http::Problem{.status = 404, .detail = "There is no plan of that number that you may see."};
  return *number;
}

/// What was typed for an issue's action, and what is wrong with it.
struct TypedAction {
  std::string finding{}, what{}, what_fault{};
  TypedDay until{};
};

render::Fragment issue_tag(const monitoring::Issue& issue) {
  if (issue.closed()) return ui::Tag{"Closed by records", ui::TagColour::green};
  return outcome_tag(*issue.outcome);
}

void add_issue(Page& page, const Visit& visit, const Plan& plan, const monitoring::Issue& issue,
               const TypedAction& typed) {
  const auto name = engine::format_finding(issue.finding);
  const bool draft = plan.own && !plan.sent;
  page.heading("Issue " + name);
  page.paragraph(render::joined({issue_tag(issue), " ", ui::Link{name, "/findings/" + name}, ": ", issue.sentence}));
  ui::Table table{.caption = "Actions about " + name,
                  .columns = {{"What"}, {"By"}},
                  .rows = {},
                  .when_empty = draft ? "None yet: the plan cannot be sent." : "None."};
  if (draft) table.columns.push_back({"Take out"});
  for (const auto& action : issue.actions) {
    std::vector<render::Fragment> cells{action.what, words(action.until)};
    if (draft)
      cells.push_back(post_form(
          visit, fmt::format("/plans/{}/actions/{}/remove", plan.number, action.ordinal),
          ui::Button{.text = fmt::format("Take out action {}", action.ordinal), .kind = ui::Button::Kind::secondary}));
    table.rows.push_back(std::move(cells));
  }
  page.add(table);
  if (!draft) return;
  const bool mine = typed.finding == name;
  TypedDay until = mine ? typed.until : TypedDay{};
  until.id = "until-" + name;
  page.add(post_form(visit, fmt::format("/plans/{}/actions", plan.number),
                     render::joined({hidden_field("finding", name),
                                     ui::TextInput{.name = "what",
                                                   .label = "What is to be done about " + name + "?",
                                                   .error = mine ? typed.what_fault : "",
                                                   .value = mine ? typed.what : "",
                                                   .id = "what-" + name},
                                     until.input("By when?", "For example, 27 3 2027"),
                                     ui::Button{.text = "Add the action", .kind = ui::Button::Kind::secondary}})));
}

http::Response plan_page(const Visit& visit, std::int64_t number, const TypedAction& typed, const std::string& fault) {
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto it = monitoring::plan(transaction, council, number);
  if (!it) throw http::Problem{.status = 404, .detail = "There is no plan of that number that you may see."};
  const auto names = monitoring::organisation_names(transaction, council);
  Page page(visit, it->title);
  page.under({{"Action plans", "/plans"}}).caption(fmt::format("Action plan {}", it->number));
  std::vector<ui::ErrorSummary::Error> errors;
  if (!fault.empty()) errors.push_back({fault});
  if (!typed.what_fault.empty()) errors.push_back({typed.what_fault, "what-" + typed.finding});
  if (!typed.until.error.empty()) errors.push_back({typed.until.error, "until-" + typed.finding + "-day"});
  if (!errors.empty()) page.errors(std::move(errors));
  const auto closed = std::ranges::count_if(it->issues, &monitoring::Issue::closed);
  ui::SummaryList list;
  list.rows.push_back({"Who is to act", name_of(names, it->asked_of)});
  list.rows.push_back({"Made by", fmt::format("{}, {}", it->by, day_of_words(it->made))});
  list.rows.push_back({"Sent", it->sent ? day_of_words(*it->sent) : "Not yet: only you see it"});
  list.rows.push_back({"Issues", fmt::format("{} of {} closed by records", closed, it->issues.size())});
  page.add(list);
  for (const auto& issue : it->issues) add_issue(page, visit, *it, issue, typed);
  if (it->own && !it->sent) {
    page.heading("Send it");
    const auto without = std::ranges::count_if(it->issues, [](const auto& issue) { return issue.actions.empty(); });
    if (without > 0) {
      page.paragraph(fmt::format("It can be sent once every issue has an action: {} none yet.",
                                 pages::count_of(without, "issue has", "issues have")));
    } else {
      page.paragraph(
          "No e-mail is sent: the organisation sees the plan on its own pages and in what is wanted of it. It cannot "
          "be "
          "changed afterwards.");
      page.add(post_form(visit, fmt::format("/plans/{}/send", it->number), ui::Button{.text = "Send the plan"}));
    }
  }
  return std::move(page).answer();
}

}  // namespace

http::Response plans(Visit& visit) {
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto names = monitoring::organisation_names(transaction, council);
  Page page(visit, "Action plans");
  page.paragraph("A plan is drafted from findings: choose them in the list of findings, and “Draft an action plan”.");
  ui::Table table{.caption = fmt::format("The newest {}", plans_shown),
                  .columns = {{"Plan"}, {"Who is to act"}, {"Sent"}, {"Issues open", true}, {"Next action due"}},
                  .rows = {},
                  .wide = true};
  for (const auto& line : monitoring::plans(transaction, council, plans_shown))
    table.rows.push_back(
        {ui::Link{fmt::format("{}. {}", line.number, line.title), fmt::format("/plans/{}", line.number)},
         name_of(names, line.asked_of), line.sent ? day_of_words(*line.sent) : "Draft",
         fmt::format("{} of {}", line.open, line.issues), day_words(line.next)});
  page.add(table);
  return std::move(page).answer();
}

http::Response plan(Visit& visit) {
  return plan_page(visit, plan_number(visit), {}, "");
}

http::Response add_plan_action(Visit& visit) {
  const auto number = plan_number(visit);
  const auto finding = engine::parse_finding(visit.field("finding"));
  if (!finding)
    throw http::Problem{.status = 400, .detail = "That is no finding's number. Go back and load the page again."};
  TypedAction typed{.finding = engine::format_finding(*finding), .what = visit.field("what")};
  if (typed.what.empty()) typed.what_fault = "Say what is to be done";
  if (typed.what.size() > longest_action)
    typed.what_fault = fmt::format("Say it in at most {} characters", longest_action);
  typed.until = typed_day(visit, "until-" + typed.finding, "The day");
  if (typed.until.empty()) typed.until.error = "Say by when";
  if (typed.until.value && *typed.until.value < london_day(now())) typed.until.error = "The day must not be past";
  if (!typed.what_fault.empty() || !typed.until.error.empty()) return plan_page(visit, number, typed, "");
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  if (!transaction.run_one(add_one_action, number, *finding, typed.what, typed.until.value).boolean(0, 0))
    throw http::Problem{.status = 404, .detail = "There is no draft of yours of that number with that issue."};
  transaction.commit();
  return done(visit, fmt::format("/plans/{}", number), "The action was added.");
}

http::Response remove_plan_action(Visit& visit) {
  const auto number = plan_number(visit);
  const auto ordinal = number_in<std::int32_t>(visit.request.parameters.at("action"));
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  if (!ordinal || !transaction.run_one(remove_one_action, number, *ordinal).boolean(0, 0))
    throw http::Problem{.status = 404, .detail = "There is no draft of yours of that number with that action."};
  transaction.commit();
  return done(visit, fmt::format("/plans/{}", number), "The action was taken out.");
}

http::Response send_plan(Visit& visit) {
  const auto number = plan_number(visit);
  const bool sent = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const bool was = transaction.run_one(send_one_plan, number).boolean(0, 0);
    transaction.commit();
    return was;
  }();
  if (!sent)
    return plan_page(visit, number, {},
                     "The plan was not sent. Every issue needs an action, and a plan is sent once, by who made it.");
  return done(visit, fmt::format("/plans/{}", number), "The plan was sent.");
}

}  // namespace answerable::service
