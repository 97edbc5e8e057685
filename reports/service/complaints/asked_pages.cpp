// What others are asked, or ask: parts of complaints for a trust or provider, evidence for a reader of one case.
#include <fmt/format.h>

#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/work.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t longest_answer = 40'000;

http::Response parts_page(Visit& visit, std::vector<components::ErrorSummary::Error> errors) {
  const auto parts = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return parts_asked_of_us(transaction);
  }();
  const Day today = london_day(now());
  Page page(visit, "Complaints: what you are asked to answer");
  Pieces pieces;
  pieces.says(
      "The council answers a complaint about what was done for it, and gives one joined reply. These parts it asks you "
      "to "
      "answer. Your answer goes on the council’s ledger and cannot be changed afterwards.");
  if (parts.empty()) pieces.says("Nothing is asked of you now.");
  for (const auto& part : parts) {
    Fragment due = words(part.due) + " ";
    if (!part.reply) due += Fragment(due_tag(part.due, today));
    components::SummaryList list{.rows = {{"Complaint", part.reference},
                                          {"Asked", words(london_day(part.asked_at))},
                                          {"What you are to answer", part.words},
                                          {"By", std::move(due)}},
                                 .card = fmt::format("Part {}", part.number)};
    if (part.reply) list.rows.push_back({"Your answer", *part.reply});
    pieces.add(list);
    if (part.reply) continue;
    const auto id = fmt::format("answer-{}", part.number);
    const bool wrong = !errors.empty() && errors.front().field == id;
    Fragment fields = components::Textarea{.name = "words",
                                           .label = fmt::format("Your answer to part {}", part.number),
                                           .hint = "What was done, by whom, and which of your records show it.",
                                           .error = wrong ? errors.front().text : "",
                                           .value = wrong ? visit.field("words") : "",
                                           .rows = 6,
                                           .id = id};
    fields += Fragment(components::Button{fmt::format("Send answer {}", part.number)});
    pieces.add(post_form(visit, fmt::format("/parts/{}", part.number), fields));
  }
  if (!errors.empty()) page.errors(std::move(errors));
  page.add(pieces.all());
  return std::move(page).answer();
}

http::Response evidence_page(Visit& visit, std::string fault) {
  const auto asked = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_only);
    return evidence_asked(transaction, "");
  }();
  Page page(visit, "Ask for evidence");
  if (!fault.empty()) page.errors({{fault, "words"}});
  Pieces pieces;
  pieces.says(
      "Ask the council for evidence in the case you read. That you asked, and what was answered, goes on its ledger.");
  Fragment fields = components::Textarea{.name = "words",
                                         .label = "What you ask for",
                                         .hint = "For example, the notes of the review of January 2014.",
                                         .error = fault,
                                         .value = visit.field("words"),
                                         .rows = 4};
  fields += Fragment(components::Button{"Ask"});
  pieces.add(post_form(visit, "/evidence", fields));
  components::Table table{.caption = "What you have asked for",
                          .columns = {{"Asked"}, {"For"}, {"Answer"}},
                          .rows = {},
                          .when_empty = "Nothing yet."};
  for (const auto& one : asked)
    table.rows.push_back({words(london_day(one.at)), one.words, one.answer.value_or("No answer yet")});
  pieces.add(table);
  page.add(pieces.all());
  return std::move(page).answer();
}

}  // namespace

http::Response parts_for_us(Visit& visit) {
  return parts_page(visit, {});
}

http::Response answer_part(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("part")).value_or(0);
  const auto answer = visit.field("words");
  if (answer.empty() || answer.size() > longest_answer)
    return parts_page(visit, {{"Write your answer, of at most 40,000 letters.", fmt::format("answer-{}", number)}});
  const bool answered = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const bool done = reply_part(transaction, number, answer);
    transaction.commit();
    return done;
  }();
  if (!answered)
    return page_of_problem(visit, 404, "There is nothing to answer here",
                           "No part of that number waits for your organisation’s answer. It may have been answered.");
  return done(visit, "/parts", "Your answer was sent.");
}

http::Response evidence(Visit& visit) {
  return evidence_page(visit, "");
}

http::Response want_evidence(Visit& visit) {
  const auto wanted = visit.field("words");
  if (wanted.empty() || wanted.size() > longest_answer)
    return evidence_page(visit, "Say what you ask for, in at most 40,000 letters.");
  const bool asked = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const auto request = ask_evidence(transaction, wanted);
    transaction.commit();
    return request.has_value();
  }();
  if (!asked)
    return page_of_problem(visit, 403, "Nothing was asked", "No record of the case you read is held here yet.");
  return done(visit, "/evidence", "The council was asked.");
}

http::Response give_evidence_answer(Visit& visit) {
  const auto number = number_in<std::int64_t>(visit.request.parameters.at("request")).value_or(0);
  const auto answer = visit.field("words");
  if (answer.empty() || answer.size() > longest_answer)
    return page_of_problem(visit, 422, "Nothing was answered", "Write the answer, of at most 40,000 letters.");
  const bool answered = [&] {
    const auto records = visit.records();
    pg::Transaction transaction(*records, pg::Access::read_write);
    const bool done = answer_evidence(transaction, number, answer);
    transaction.commit();
    return done;
  }();
  if (!answered)
    return page_of_problem(visit, 404, "There is nothing to answer here",
                           "No request of that number waits for an answer in a complaint of yours.");
  return done(visit, case_path(visit.field("case")), "The reader was answered.");
}

}  // namespace answerable::service
