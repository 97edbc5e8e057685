// The ombudsman: questions, answers and what shows them; the decision; recommendations until they are proved and paid.
#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/wording.hpp"
#include "reports/service/complaints/case_file.hpp"
#include "reports/service/complaints/case_form.hpp"
#include "reports/service/complaints/case_frame.hpp"
#include "reports/service/complaints/handlers.hpp"
#include "reports/service/complaints/work.hpp"

namespace answerable::service {
namespace {

/// The name of the draft of its answer.
std::string piece_of(const xml::Element& enquiry, const xml::Element& question, std::size_t index) {
  return question_piece(enquiry.child_text("on"), question.child_text("number"), index);
}

bool is_own(const Visit& visit, const CaseRecord& record) {
  return record.sender == "cassr:" + visit.actor().authority;
}

components::Button form_button(const Complaint& complaint, const CaseRecord& record, std::string_view form,
                               std::size_t number, std::string text) {
  return {.text = std::move(text),
          .kind = components::Button::Kind::secondary,
          .href = case_form_path(complaint.reference, form, record.id, number)};
}

/// "5 December 2013", from the text of an element; "" for none.
std::string when_in(const xml::Element& element, std::string_view child) {
  const auto when = parse_happened(element.child_text(child));
  return when ? words(*when) : "";
}

Fragment due_words(const xml::Element& element, Day today, std::string_view due, bool over) {
  const auto when = parse_happened(element.child_text(due));
  if (!when) return "No day in the letter";
  Fragment out = words(*when) + " ";
  if (!over) out += Fragment(due_tag(when->last, today));
  return out;
}

void add_question(Pieces& pieces, const Visit& visit, const Complaint& complaint, const Work& work,
                  const std::string& piece, const xml::Element& question, std::size_t index) {
  std::string number(question.child_text("number"));
  if (number.empty()) number = std::to_string(index + 1);
  components::SummaryList list{.rows = {{"Asked", std::string(question.child_text("asks"))}},
                               .card = fmt::format("Question {}", number)};
  const auto answer = question.child_text("answer");
  list.rows.push_back({"Answer on record", answer.empty() ? Fragment("None yet") : Fragment(answer)});
  components::List shown{.items = {}};
  for (const auto* record : question.all("shownBy"))
    shown.items.emplace_back(record->value("sender").empty()
                                 ? fmt::format("Record {}", record->text)
                                 : fmt::format("Record {} of {}", record->text, record->value("sender")));
  list.rows.push_back({"Shown by", shown.items.empty() ? Fragment("No record") : Fragment(shown)});
  pieces.add(list);
  if (!answer.empty()) return;
  Fragment fields = hidden_field("piece", piece);
  std::string id = "draft-" + piece;
  std::ranges::replace(id, ' ', '-');
  fields += Fragment(components::Textarea{.name = "words",
                                          .label = fmt::format("Draft answer to question {}", number),
                                          .hint = "Say which records show it, by the sender’s own number.",
                                          .value = std::string(work.draft(piece)),
                                          .rows = 4,
                                          .id = id});
  fields +=
      Fragment(components::Button{fmt::format("Keep draft answer {}", number), components::Button::Kind::secondary});
  pieces.add(post_form(visit, case_path(complaint.reference, "drafts"), fields));
}

void add_enquiries(Pieces& pieces, const Visit& visit, const Complaint& complaint, const Work& work,
                   const CaseRecord& record, Day today) {
  const auto enquiries = record.element.all("enquiry");
  for (std::size_t i = 0; i < enquiries.size(); ++i) {
    const auto& enquiry = *enquiries[i];
    const bool answered = !enquiry.child_text("answered").empty();
    pieces.heading(fmt::format("Letter of {}", when_in(enquiry, "on")), 3);
    components::SummaryList list{
        .rows = {{"Answer due",
                  due_words(enquiry, today, enquiry.child_text("extendedTo").empty() ? "due" : "extendedTo", answered)},
                 {"Answered", answered ? when_in(enquiry, "answered") : "Not yet"},
                 {"Source", fmt::format("Record {} of {}. The day is the letter’s: no standard period is known.",
                                        record.id, record.sender_name)}}};
    for (const auto* body : enquiry.all("commentsFrom"))
      list.rows.push_back({"Comments wanted of", body->text.empty() ? std::string(body->value("code")) : body->text});
    for (const auto* sought : enquiry.all("commentsSought")) {
      const auto* of = sought->child("of");
      list.rows.push_back(
          {"Comments sought", fmt::format("{} of {}; {}", when_in(*sought, "on"), of != nullptr ? of->text : "",
                                          sought->child_text("came").empty() ? "they have not come"
                                                                             : "came " + when_in(*sought, "came"))});
    }
    if (!enquiry.child_text("questions").empty())
      list.rows.push_back({"Asked", std::string(enquiry.child_text("questions"))});
    if (!enquiry.child_text("missing").empty())
      list.rows.push_back({"Could not be answered", std::string(enquiry.child_text("missing"))});
    pieces.add(list);
    const auto questions = enquiry.all("question");
    for (std::size_t q = 0; q < questions.size(); ++q)
      add_question(pieces, visit, complaint, work, piece_of(enquiry, *questions[q], q), *questions[q], q);
    if (is_own(visit, record))
      pieces.add(form_button(complaint, record, "letter", i + 1,
                             answered
                                 ? fmt::format("Change the letter of {}", when_in(enquiry, "on"))
                                 : fmt::format("Put answers to the letter of {} on record", when_in(enquiry, "on"))));
  }
}

components::Table recommendations_of(const Visit& visit, const Complaint& complaint,
                                     const std::vector<CaseRecord>& records, Day today) {
  components::Table table{
      .caption = "Recommendations",
      .columns = {{"What"}, {"Due"}, {"Sum", true}, {"Done or paid"}, {"Proof"}, {"Ombudsman satisfied"}, {"To do"}},
      .rows = {},
      .wide = true,
      .when_empty = "No recommendation is on record."};
  for (const auto& record : records) {
    std::size_t number = 0;
    for (const auto* it : record.element.all("recommendation")) {
      ++number;
      const bool done = !it->child_text("done").empty();
      const auto or_not = [&](std::string_view child) {
        const auto when = when_in(*it, child);
        return when.empty() ? Fragment(components::Tag{"Not yet", components::TagColour::yellow}) : Fragment(when);
      };
      Fragment proof = it->child_text("proof").empty() ? Fragment(components::Tag{"None", components::TagColour::red})
                                                       : Fragment(fmt::format("Record {}", it->child_text("proof")));
      if (!it->child_text("proofSent").empty()) proof += Fragment(", sent " + when_in(*it, "proofSent"));
      table.rows.push_back(
          {std::string(it->child_text("action")), due_words(*it, today, "due", done),
           it->child_text("amount").empty() ? Fragment("") : Fragment(fmt::format("£{}", it->child_text("amount"))),
           or_not("done"), std::move(proof), or_not("satisfied"),
           is_own(visit, record)
               ? follow_up_links(proof_path(complaint.reference, "recommendation", record.id, number),
                                 case_form_path(complaint.reference, "recommendation", record.id, number),
                                 fmt::format("recommendation {}", number))
               : Fragment("")});
    }
  }
  return table;
}

void add_decision(Pieces& pieces, const CaseRecord& record) {
  const auto* decision = record.element.child("decision");
  if (decision == nullptr) return;
  pieces.heading("Decision", 3);
  components::SummaryList list{.rows = {{"Decided", fmt::format("{}: {}", when_in(*decision, "on"),
                                                                pages::code_words(decision->child_text("outcome")))}}};
  for (const auto& [key, child] : {std::pair("Faults", "faults"), std::pair("Injustice", "injustice")})
    if (!decision->child_text(child).empty()) list.rows.push_back({key, std::string(decision->child_text(child))});
  pieces.add(list);
}

}  // namespace

std::vector<std::string> question_pieces(const std::vector<CaseRecord>& records) {
  std::vector<std::string> pieces;
  for (const auto& record : records) {
    const auto enquiries = record.element.all("enquiry");
    for (const auto* enquiry : enquiries) {
      const auto questions = enquiry->all("question");
      for (std::size_t q = 0; q < questions.size(); ++q) pieces.push_back(piece_of(*enquiry, *questions[q], q));
    }
  }
  return pieces;
}

http::Response case_ombudsman(Visit& visit) {
  return in_open_case(visit, [&](pg::Connection& connection, const OpenCase& open) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    const auto work = work_on(transaction, open.complaint.reference);
    auto records = case_records(transaction, visit.actor().authority, open.complaint);
    std::erase_if(records, [](const CaseRecord& record) { return record.kind != "ombudsman"; });
    const Day today = london_day(now());
    Page page = case_page(visit, open.complaint, "ombudsman");
    Pieces pieces;
    if (records.empty())
      pieces.says(
          "No letter of the ombudsman is on record. Put the first one on record here, or send it as a file from your "
          "own system.");
    for (const auto& record : records) {
      const auto body = record.element.child_text("body");
      pieces.heading(body == "phso"    ? "Parliamentary and Health Service Ombudsman"
                     : body == "joint" ? "Both ombudsmen, together"
                                       : "Local Government and Social Care Ombudsman");
      pieces.says(fmt::format(
          "Their reference: {}. Complaint reached them: {}.",
          record.element.child_text("theirReference").empty() ? "not on record"
                                                              : record.element.child_text("theirReference"),
          record.element.child_text("contacted").empty() ? "not on record" : when_in(record.element, "contacted")));
      add_enquiries(pieces, visit, open.complaint, work, record, today);
      add_decision(pieces, record);
      if (is_own(visit, record)) {
        const auto& it = open.complaint;
        const bool drafted = record.element.child("draft") != nullptr,
                   decided = record.element.child("decision") != nullptr;
        pieces.add(components::ButtonGroup{
            {form_button(it, record, "letter", 0, "Add a letter with questions"),
             form_button(it, record, "draft-decision", 1,
                         drafted ? "Change the draft decision" : "Add a draft decision"),
             form_button(it, record, "decision", 1, decided ? "Change the decision" : "Add the decision"),
             form_button(it, record, "recommendation", 0, "Add a recommendation")}});
      }
    }
    const bool any_own = std::ranges::any_of(records, [&](const CaseRecord& record) { return is_own(visit, record); });
    if (!any_own)
      pieces.add(components::Button{.text = "Put on record that the ombudsman has it",
                                    .href = case_form_path(open.complaint.reference, "ombudsman")});
    pieces.add(recommendations_of(visit, open.complaint, records, today));
    page.add(pieces.all());
    return std::move(page).answer();
  });
}

}  // namespace answerable::service
