// What is wanted of an organisation and by when, and its answers: the first page, the list, a request.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "ingest/http/problem.hpp"
#include "reports/pages/rule_guide.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/components/data.hpp"
#include "reports/render/components/form.hpp"
#include "reports/render/components/navigation.hpp"
#include "reports/service/numbers.hpp"
#include "reports/service/page.hpp"
#include "reports/service/provider/delivery.hpp"
#include "reports/service/provider/handlers.hpp"
#include "reports/service/provider/held_parts.hpp"
#include "reports/service/provider/todo.hpp"
#include "reports/service/rule_words.hpp"

namespace answerable::service::provider_desk {
namespace {

using namespace components;
using render::joined;

constexpr int wanted_at_first = 10;
constexpr int wanted_a_page = 50;
constexpr int sent_at_first = 5;
constexpr int sent_to_choose = 10;
constexpr int coming_at_first = 10;
constexpr std::chrono::days days_ahead{60};
constexpr std::array kinds_of_wanted{"finding", "request", "action", "held-record", "asked-for"};

std::string_view kind_words(std::string_view what) {
  if (what == "finding") return "Something to show";
  if (what == "request") return "A request";
  if (what == "action") return "An agreed action";
  if (what == "held-record") return "A record to mend";
  return "A reminder";
}

Fragment due_words(const Wanted& one, Day today) {
  if (!one.due) return "No day named";
  if (*one.due < today)
    return joined(
        {words(*one.due), " ", Tag{figure_of((today - *one.due).count(), "day", "days") + " late", TagColour::red}});
  return words(*one.due);
}

Fragment what_to_do(const Visit& visit, const Wanted& one) {
  if (one.what == "held-record") return Link{"Mend it", "/held/" + one.reference, " " + one.person};
  if (one.what == "request") return Link{"Answer it", "/to-do/" + one.reference, ": " + one.sentence};
  if (one.what == "finding" && visit.actor().has(access::Role::provider_manager))
    return Link{one.reference, "/findings/" + one.reference};
  if (one.what == "finding") return one.reference;
  return Fragment("");
}

std::string person_words(const std::string& person) {
  return person.empty() ? "None given" : person;
}

Table wanted_table(const Visit& visit, const WantedPage& wanted, Day today) {
  Table table{.caption = "Wanted of us, the earliest due first",
              .columns = {{"Due"}, {"What"}, {"In words"}, {"Person"}, {"To do"}},
              .rows = {},
              .first_cell_is_header = false,
              .wide = true,
              .when_empty = "Nothing is wanted."};
  for (const auto& one : wanted.shown)
    table.rows.push_back({due_words(one, today), std::string(kind_words(one.what)), one.sentence,
                          person_words(one.person), what_to_do(visit, one)});
  return table;
}

/// What is wanted, and whom it is about where nobody is given.
void add_wanted(Page& page, const Visit& visit, const WantedPage& wanted, Day today) {
  page.add(wanted_table(visit, wanted, today));
  if (std::ranges::any_of(wanted.shown, [](const Wanted& one) { return one.what == "finding" && one.person.empty(); }))
    page.paragraph(
        "Where no person is given it is about none, or about somebody of whom you have sent no record. Ask the council "
        "whom it means, by the finding’s number.");
}

void add_coming(Page& page, const engine::Catalogue& rules, const std::vector<Coming>& coming) {
  Table table{.caption = fmt::format("Due in the next {} days", days_ahead.count()),
              .columns = {{"Due"}, {"What"}, {"Person"}},
              .rows = {},
              .when_empty = "Nothing that can be told from what is held."};
  for (const auto& one : coming)
    table.rows.push_back(
        {words(one.due),
         joined({rule_words(rules, one.rule),
                 Link{"What it asks for", "/guide/rules#" + pages::rule_anchor(one.rule), ": " + one.rule}}),
         person_words(one.person)});
  page.add(table);
}

void add_since(Page& page, pg::Transaction& transaction, const std::string& authority,
               const std::vector<SubmissionLine>& lines) {
  page.heading("Since last time");
  if (lines.size() < 2) {
    page.paragraph("There is nothing to compare yet: you have sent fewer than two submissions.");
    return;
  }
  const auto from = lines[1].received_at;
  const auto changed = since(transaction, authority, from);
  page.paragraph(fmt::format("Since your submission of {}:", words(london_day(from))));
  page.add(SummaryList{.rows = {{"Put right", figure_of(changed.closed, "finding", "findings")},
                                {"New", figure_of(changed.opened, "finding", "findings")},
                                {"Still open", figure_of(changed.open_now, "finding", "findings")}}});
}

[[noreturn]] void no_such_request() {
  throw http::Problem{.status = 404,
                      .title = "No such request",
                      .detail = "There is none of this number, or it was asked of somebody else."};
}

Request request_in_path(const Visit& visit, pg::Transaction& transaction) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("request"));
  auto found = number ? request(transaction, visit.actor().authority, *number) : std::nullopt;
  if (!found) no_such_request();
  return *std::move(found);
}

Fragment reply_shown(const Visit& visit, const Reply& reply) {
  SummaryList list{.rows = {{"Replied", fmt::format("{}, by {}", words(london_day(reply.at)), reply.by)},
                            {"In words", reply.words}}};
  if (reply.submission)
    list.rows.push_back(
        {"Evidence", Link{receipt_name(visit, *reply.submission), fmt::format("/sent/{}", *reply.submission)}});
  if (reply.decision.empty()) list.rows.push_back({"Decided", "Not yet. It does not count against you meanwhile."});
  if (reply.decision == "accepted")
    list.rows.push_back({"Decided", joined({Tag{"Accepted", TagColour::green}, " ", reply.reason})});
  if (reply.decision == "not-accepted")
    list.rows.push_back({"Decided", joined({Tag{"Not accepted", TagColour::red}, " ", reply.reason})});
  return list;
}

Fragment reply_form(const Visit& visit, const Request& request, const std::vector<SubmissionLine>& lines,
                    const std::string& error) {
  std::vector<Select::Option> options{{"", "None: words alone"}};
  for (const auto& line : lines)
    options.push_back(
        {fmt::format("{}", line.submission),
         fmt::format("{}, {}, {}", receipt_name(visit, line.submission), words(london_day(line.received_at)),
                     pages::count_of(line.stored, "record", "records"))});
  return post_form(
      visit, fmt::format("/to-do/{}", request.number),
      joined({Textarea{.name = "words",
                       .label = "What you say to it",
                       .hint = "It is kept as you write it, on the ledger, and shown to whoever reads the finding.",
                       .error = error,
                       .value = visit.field("words")},
              Select{.name = "submission",
                     .label = "The submission with the evidence",
                     .options = std::move(options),
                     .chosen = visit.field("submission"),
                     .hint = joined({"Send it first: ", Link{"a document", "/forms/document"}, ", ",
                                     Link{"another form", "/forms"}, " or ", Link{"a file", "/send"},
                                     "; then choose it here."})},
              Button{.text = "Reply"}}));
}

http::Response request_page(const Visit& visit, pg::Transaction& transaction, const Request& request,
                            const std::string& error) {
  Page page(visit, fmt::format("Request {}", request.number));
  page.under({{"To do", "/to-do"}});
  if (!error.empty()) page.errors({{error, "words"}});
  SummaryList list{.rows = {{"Asked", fmt::format("{}, by {}", words(london_day(request.asked_at)), request.by)},
                            {"For", request.what},
                            {"Answer by", words(request.until)}}};
  if (!request.finding.empty()) list.rows.push_back({"About finding", request.finding});
  if (!request.sentence.empty()) list.rows.push_back({"What was found", request.sentence});
  page.add(list);
  if (!request.replies.empty()) page.heading("What was replied");
  for (const auto& reply : request.replies) page.add(reply_shown(visit, reply));
  if (!request.may_be_answered()) return std::move(page).answer();
  page.heading("Reply");
  page.add(InsetText{
      .content =
          "What was found does not count against you for 14 days from when it was found, nor while a reply of yours "
          "waits. It closes when records come in by which the duty is met: send those as well as words."});
  page.add(reply_form(visit, request, submissions(transaction, visit.actor().authority, {}, sent_to_choose), error));
  return std::move(page).answer();
}

}  // namespace

http::Response start(Visit& visit) {
  const auto today = london_day(now());
  const auto& authority = visit.actor().authority;
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto to_do = wanted(transaction, authority, "", today, 0, wanted_at_first);
  const auto lines = submissions(transaction, authority, {}, sent_at_first);
  const auto rules = visit.hall.rules.lend(transaction, authority);
  Page page(visit, "What is wanted, and what you sent");
  page.add(ButtonGroup{{Button{.text = "Send a file", .href = "/send"},
                        Button{.text = "Fill in a form", .kind = Button::Kind::secondary, .href = "/forms"},
                        Button{.text = "Visit sheet", .kind = Button::Kind::secondary, .href = "/visits"}}});
  if (to_do.total > 0)
    page.paragraph(fmt::format("{}; {} overdue.",
                               pages::capital(pages::count_of(to_do.total, "thing is wanted", "things are wanted")),
                               pages::count_of(to_do.overdue, "is", "are")));
  add_wanted(page, visit, to_do, today);
  if (to_do.total > wanted_at_first)
    page.paragraph(Link{fmt::format("All {}", to_do.total), "/to-do", " that is wanted of you"});
  add_coming(page, *rules, coming(transaction, authority, today + days_ahead, coming_at_first));
  add_since(page, transaction, authority, lines);
  page.add(submissions_table(visit, lines));
  page.paragraph(Link{"Everything you sent", "/sent"});
  return std::move(page).answer();
}

http::Response to_do(Visit& visit) {
  const auto today = london_day(now());
  std::string what = visit.query("what");
  if (std::ranges::find(kinds_of_wanted, what) == kinds_of_wanted.end()) what.clear();
  const int skip = std::max(number_in<int>(visit.query("skip")).value_or(0), 0);
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  const auto found = wanted(transaction, visit.actor().authority, what, today, skip, wanted_a_page);
  Page page(visit, "To do");
  std::vector<Select::Option> kinds{{"", "Everything"}};
  for (const char* kind : kinds_of_wanted) kinds.push_back({kind, std::string(kind_words(kind))});
  page.add(
      get_form("/to-do", joined({Select{.name = "what", .label = "Show", .options = std::move(kinds), .chosen = what},
                                 Button{.text = "Show these", .kind = Button::Kind::secondary}})));
  add_wanted(page, visit, found, today);
  const auto at = [&](int from) { return fmt::format("/to-do?skip={}{}", from, what.empty() ? "" : "&what=" + what); };
  if (skip > 0 || found.total > skip + wanted_a_page)
    page.add(Pagination{.previous = {skip > 0 ? at(std::max(skip - wanted_a_page, 0)) : "", "Earlier"},
                        .next = {found.total > skip + wanted_a_page ? at(skip + wanted_a_page) : "", "Later"}});
  return std::move(page).answer();
}

http::Response show_request(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_only);
  return request_page(visit, transaction, request_in_path(visit, transaction), "");
}

http::Response reply(Visit& visit) {
  const auto records = visit.records();
  pg::Transaction transaction(*records, pg::Access::read_write);
  const auto asked = request_in_path(visit, transaction);
  const std::string words = visit.field("words");
  if (words.find_first_not_of(" \t\r\n") == words.npos)
    return request_page(visit, transaction, asked,
                        "Say in words what you answer, even where the evidence speaks for itself.");
  const auto path = fmt::format("/to-do/{}", asked.number);
  if (!reply_to(transaction, asked.number, words, number_in<std::int64_t>(visit.field("submission"))))
    return request_page(visit, transaction, request_in_path(visit, transaction),
                        "This request was answered already, or the submission is not yours.");
  transaction.commit();
  return done(visit, path, "Your reply was sent to the council.");
}

}  // namespace answerable::service::provider_desk
