// What is done on a complaint's own page: heads, what they rest on, parts asked of other bodies.
#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/identity.hpp"
#include "ingest/http/problem.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/work.hpp"
#include "reports/service/numbers.hpp"

namespace answerable::service {
namespace {

constexpr std::size_t longest_words = 8000;

http::Response back_to(const OpenCase& open, std::string_view page = "") {
  return see_other(case_path(open.complaint.reference, page));
}

/// "finding F-…", "party ods:RH5", or a record's number: a tie to something there is. Nothing otherwise.
std::optional<Tie> tie_in(const Visit& visit, pg::Transaction& transaction, const Complaint& complaint) {
  const auto& authority = visit.actor().authority;
  if (const auto record = visit.field("record"); !record.empty()) {
    const auto number = number_in<std::int64_t>(record);
    if (!number || records_in_words(transaction, authority, complaint, {*number}).empty()) return std::nullopt;
    return Tie{"record", std::to_string(*number)};
  }
  const auto text = visit.field("tie");
  const auto space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  Tie tie{text.substr(0, space), text.substr(space + 1)};
  if (tie.what == "party" && bodies(transaction, authority, complaint).contains(tie.about)) return tie;
  if (tie.what != "finding") return std::nullopt;
  const auto finding = engine::parse_finding(tie.about);
  for (const auto& one : case_findings(transaction, authority, complaint))
    if (finding == one.finding) return tie;
  return std::nullopt;
}

/// The heads that the records of the complaint give, once each.
void take_over_heads(pg::Transaction& transaction, const std::string& authority, const Complaint& complaint) {
  std::vector<std::string> taken;
  for (const auto& record : case_records(transaction, authority, complaint)) {
    for (const auto* head : record.element.all("head")) {
      const std::string words(head->child_text("words"));
      if (words.empty() || std::ranges::find(taken, words) != taken.end()) continue;
      add_head(transaction, complaint.reference, words);
      taken.push_back(words);
    }
  }
}

}  // namespace

http::Response add_case_head(Visit& visit) {
  const bool take_over = visit.field("do") == "take-over";
  const auto words = visit.field("words");
  if (!take_over && words.empty()) return case_overview(visit, "Say what the head is: what is complained of.");
  if (words.size() > longest_words) return case_overview(visit, "A head is at most 8,000 letters. Make two of it.");
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    if (take_over)
      take_over_heads(transaction, visit.actor().authority, open.complaint);
    else
      add_head(transaction, open.complaint.reference, words);
    transaction.commit();
    return back_to(open);
  });
}

http::Response change_case_head(Visit& visit) {
  const auto head = number_in<int>(visit.request.parameters.at("head")).value_or(0);
  const auto what = visit.field("do");
  std::string fault;
  auto answer = in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    const auto& reference = open.complaint.reference;
    if (what == "drop") {
      drop_head(transaction, reference, head);
    } else if (what == "untie") {
      const auto text = visit.field("tie");
      const auto space = std::min(text.find(' '), text.size());
      untie_head(transaction, reference, head, {text.substr(0, space), text.substr(std::min(space + 1, text.size()))});
    } else if (const auto tie = tie_in(visit, transaction, open.complaint)) {
      tie_head(transaction, reference, head, *tie);
    } else {
      fault = "Choose a finding or a body of the list, or give the number of a record of this person.";
    }
    transaction.commit();
    return back_to(open);
  });
  return fault.empty() ? std::move(answer) : case_overview(visit, fault);
}

http::Response ask_case_part(Visit& visit) {
  const auto body = visit.field("body"), words = visit.field("words");
  const auto due = typed_day(visit, "due", "The day").value;
  if (body.empty() || words.empty()) return case_overview(visit, "Choose the body, and say what it is to answer.");
  if (!due || *due < london_day(now()))
    return case_overview(visit, "Give the day by which the body is to answer: today or later, as 27 3 2027.");
  bool known = true;
  auto answer = in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_write);
    known = bodies(transaction, visit.actor().authority, open.complaint).contains(body);
    if (known) ask_part(transaction, open.complaint.reference, body, words, *due);
    transaction.commit();
    return back_to(open);
  });
  return known ? std::move(answer) : case_overview(visit, "Choose one of the bodies that this person’s records name.");
}

}  // namespace answerable::service
