// What organisations were asked for, what came back, and what is decided about it.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/identity.hpp"
#include "ingest/http/problem.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/links.hpp"
#include "reports/service/monitoring/acts.hpp"
#include "reports/service/monitoring/asking.hpp"
#include "reports/service/monitoring/finding_list.hpp"
#include "reports/service/monitoring/handlers.hpp"
#include "reports/service/monitoring/page_parts.hpp"
#include "reports/service/monitoring/request_parts.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

using monitoring::RequestState;

constexpr int requests_a_page = 50;

constexpr pg::Statement remind_of{"asking.remind", "SELECT answerable.remind_of_request($1)"};
constexpr pg::Statement decide_one_reply{"asking.decide", "SELECT answerable.decide_reply($1, $2, $3)"};
constexpr pg::Statement request_of_reply{
    "asking.request_of_reply",
    "SELECT q.finding, q.request FROM answerable.request_reply p JOIN answerable.request q USING (authority, request)"
    " WHERE p.authority = $1 AND p.reply = $2"};
constexpr pg::Statement ask_somebody{"asking.organisation", "SELECT answerable.ask_organisation($1, $2, $3)"};

struct Shown {
  RequestState state;
  std::string_view word, says;
};
constexpr Shown ways_to_show[]{{RequestState::decision, "decision", "Replies to decide"},
                               {RequestState::answer_overdue, "overdue", "Answers overdue"},
                               {RequestState::answer, "waiting", "Waiting for an answer"},
                               {RequestState::anything, "all", "All"}};

const Shown& shown_in(const Visit& visit) {
  const auto word = visit.query("show");
  if (word.empty()) return ways_to_show[0];
  for (const auto& way : ways_to_show)
    if (way.word == word) return way;
  throw http::Problem{.status = 400, .detail = "There is no such list of requests. Choose one from the page."};
}

render::Fragment about_words(const monitoring::Request& request) {
  if (!request.finding) return "Nothing in particular";
  const auto name = engine::format_finding(*request.finding);
  return ui::Link{name, "/findings/" + name};
}

/// Reminders that were made, and the replies, of which one that waits leads to where it is decided.
render::Fragment came_back(const monitoring::Request& request, bool may_decide) {
  ui::List list;
  for (const auto at : request.reminders) list.items.emplace_back("Reminded on " + day_of_words(at));
  for (const auto& reply : request.replies) {
    auto item = render::joined({fmt::format("{}, {}: {}", reply.by, day_of_words(reply.at), reply_words(reply))});
    if (reply.decision == "accepted") item += fmt::format(" Accepted by {}: {}", reply.decided_by, reply.reason);
    if (reply.decision == "not-accepted")
      item += fmt::format(" Not accepted by {}: {}", reply.decided_by, reply.reason);
    if (reply.decision.empty() && may_decide)
      item += render::joined({" ", ui::Link{"Decide", fmt::format("/replies/{}", reply.number),
                                            "about the reply of " + day_of_words(reply.at)}});
    list.items.push_back(std::move(item));
  }
  return list.items.empty() ? render::Fragment("Nothing yet") : render::Fragment(list);
}

ui::Table requests_table(const monitoring::Requests& all, const std::map<std::string, std::string>& names, Day today,
                         bool may_act, bool to_remind) {
  ui::Table table{.caption = "Requests",
                  .columns = {{"Asked of"}, {"What"}, {"About"}, {"By"}, {"Stands"}, {"What came back"}},
                  .rows = {},
                  .first_cell_is_header = false,
                  .wide = true,
                  .when_empty = "None."};
  if (to_remind) table.columns.insert(table.columns.begin(), ui::Column{"Choose"});
  for (const auto& request : all.shown) {
    std::vector<render::Fragment> cells{name_of(names, request.asked_of),
                                        render::joined({fmt::format("{}. ", request.number), request.what}),
                                        about_words(request),
                                        words(request.until),
                                        request_tag(request, today),
                                        came_back(request, may_act)};
    if (to_remind)
      cells.insert(cells.begin(),
                   row_checkbox("request", std::to_string(request.number), fmt::format("request {}", request.number)));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

struct ReplyDecision {
  std::string decision, reason;
  std::string decision_fault{}, reason_fault{};
};

http::Response reply_page(const Visit& visit, std::int64_t number, const ReplyDecision& decided) {
  const Day today = london_day(now());
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto row = transaction.run(request_of_reply, council, number);
  monitoring::Requests all;
  if (row.rows() == 1)
    all = monitoring::requests(
        transaction, council,
        {.finding = row.is_null(0, 0) ? std::nullopt : std::optional(row.int64(0, 0)), .request = row.int64(0, 1)},
        today);
  if (all.shown.size() != 1)
    throw http::Problem{.status = 404, .detail = "There is no reply of that number that you may see."};
  const auto& request = all.shown.front();
  const auto reply = std::ranges::find(request.replies, number, &monitoring::Reply::number);
  const auto names = monitoring::organisation_names(transaction, council);

  Page page(visit, "A reply");
  page.under({{"Asked", "/requests"}});
  std::vector<ui::ErrorSummary::Error> errors;
  if (!decided.decision_fault.empty()) errors.push_back({decided.decision_fault, "decision"});
  if (!decided.reason_fault.empty()) errors.push_back({decided.reason_fault, "reason"});
  if (!errors.empty()) page.errors(std::move(errors));
  ui::SummaryList list;
  list.rows.push_back({"Asked of", name_of(names, request.asked_of)});
  list.rows.push_back({"What", request.what});
  list.rows.push_back({"About", about_words(request)});
  list.rows.push_back({"To be answered by", words(request.until)});
  list.rows.push_back({"Reply", fmt::format("{}, {}: {}", reply->by, day_of_words(reply->at), reply_words(*reply))});
  page.add(list);
  if (!reply->decision.empty()) {
    page.paragraph(fmt::format("{} by {}: {}", reply->decision == "accepted" ? "Accepted" : "Not accepted",
                               reply->decided_by, reply->reason));
    return std::move(page).answer();
  }
  page.paragraph(
      "Accepting an explanation does not close the finding: records by which its rule was kept do. It no "
      "longer counts against the scorecard, and nothing more is asked.");
  page.add(post_form(
      visit, fmt::format("/replies/{}", number),
      render::joined(
          {ui::Radios{.name = "decision",
                      .legend = {"Do you accept the explanation?", ui::LabelSize::m},
                      .items = {{.value = "accepted", .text = "Accept it", .chosen = decided.decision == "accepted"},
                                {.value = "not-accepted",
                                 .text = "Do not accept it",
                                 .hint = "The request stands again, and they see why.",
                                 .chosen = decided.decision == "not-accepted"}},
                      .error = decided.decision_fault},
           ui::Textarea{.name = "reason",
                        .label = "Why?",
                        .hint = "It is kept on the ledger with your name, and shown to them.",
                        .error = decided.reason_fault,
                        .value = decided.reason},
           ui::Button{.text = "Decide"}})));
  return std::move(page).answer();
}

std::int64_t reply_number(const Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("reply"));
  if (!number) throw http::Problem{.status = 404, .detail = "There is no reply of that number that you may see."};
  return *number;
}

}  // namespace

http::Response asked(Visit& visit) {
  const auto& way = shown_in(visit);
  const Day today = london_day(now());
  const int number = std::clamp(number_in<int>(visit.query("page")).value_or(1), 1, 1000);
  const auto& council = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto all = monitoring::requests(
      transaction, council, {.waiting = way.state, .limit = requests_a_page, .skip = (number - 1) * requests_a_page},
      today);
  const auto names = monitoring::organisation_names(transaction, council);
  const bool may_act = may_follow_up(visit.actor());
  const bool to_remind = may_act && way.state == RequestState::answer_overdue && !all.shown.empty();

  Page page(visit, "Asked, and what came back");
  ui::List ways;
  for (const auto& one : ways_to_show)
    ways.items.push_back(one.word == way.word ? render::Fragment(ui::Strong{std::string(one.says)})
                                              : render::Fragment(ui::Link{std::string(one.says),
                                                                          fmt::format("/requests?show={}", one.word)}));
  page.add(ways);
  page.heading(fmt::format("{}: {}", way.says, all.total));
  page.paragraph(
      "No e-mail is sent. A request, and a reminder of it, is shown to the organisation on its own pages and "
      "in what is wanted of it.");
  auto table = render::Fragment(requests_table(all, names, today, may_act, to_remind));
  if (to_remind)
    table = post_form(visit, "/requests/remind", render::joined({table, ui::Button{.text = "Remind those chosen"}}));
  page.add(table);
  ui::Pagination pagination;
  const auto href = [&](int to) { return fmt::format("/requests?show={}&page={}", way.word, to); };
  if (number > 1) pagination.previous.href = href(number - 1);
  if (std::int64_t{number} * requests_a_page < all.total) pagination.next.href = href(number + 1);
  page.add(pagination);
  return std::move(page).answer();
}

http::Response ask_provider(Visit& visit) {
  const auto key = visit.field("organisation");
  const auto what = visit.field("text");
  const auto until = typed_day(visit, "until", "The last day to answer");
  if (what.empty() || !until.value || *until.value < london_day(now()))
    return page_of_problem(
        visit, 422, "Nothing was asked",
        "Say what you ask for, and give a last day to answer that is not past. Go back, and send it again.");
  const bool asked_it = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const bool was = !transaction.run_one(ask_somebody, key, what, until.value).is_null(0, 0);
    transaction.commit();
    return was;
  }();
  if (!asked_it)
    return page_of_problem(visit, 403, "Nothing was asked", "There is no such organisation that you monitor.");
  return done(visit, "/requests?show=waiting", "They were asked.");
}

http::Response remind(Visit& visit) {
  std::int64_t reminded = 0, not_reminded = 0;
  {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    for (const auto& text : values_of(visit.form.fields, "request")) {
      const auto number = number_in<std::int64_t>(text);
      const bool was = number && transaction.run_one(remind_of, *number).boolean(0, 0);
      ++(was ? reminded : not_reminded);
    }
    transaction.commit();
  }
  if (reminded == 0)
    return page_of_problem(visit, 422, "Nobody was reminded",
                           "Choose requests that nobody has answered, and of which nobody was reminded today.");
  std::string says = fmt::format("{} made.", pages::count_of(reminded, "reminder was", "reminders were"));
  if (not_reminded > 0) says += fmt::format(" {} not: answered, or reminded today.", not_reminded);
  return done(visit, "/requests?show=overdue", pages::capital(says));
}

http::Response show_reply(Visit& visit) {
  return reply_page(visit, reply_number(visit), {});
}

http::Response decide_reply(Visit& visit) {
  const auto number = reply_number(visit);
  ReplyDecision decided{visit.field("decision"), visit.field("reason")};
  if (decided.decision != "accepted" && decided.decision != "not-accepted")
    decided.decision_fault = "Choose whether you accept it";
  if (decided.reason.empty()) decided.reason_fault = "Say why";
  if (!decided.decision_fault.empty() || !decided.reason_fault.empty()) return reply_page(visit, number, decided);
  const bool was = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const bool it_was = transaction.run_one(decide_one_reply, number, decided.decision, decided.reason).boolean(0, 0);
    transaction.commit();
    return it_was;
  }();
  if (!was)
    return page_of_problem(visit, 403, "This is not yours to decide",
                           "It was decided already, or the request is not yours to follow up.");
  return done(visit, "/requests",
              decided.decision == "accepted" ? "The explanation was accepted."
                                             : "The explanation was not accepted. They see why.");
}

}  // namespace answerable::service
