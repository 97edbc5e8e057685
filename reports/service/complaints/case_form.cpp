#include "reports/service/complaints/case_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/http/problem.hpp"
#include "reports/service/complaints/pieces.hpp"
#include "reports/service/links.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement records_of_person{
    "case_form.records",
    "SELECT r.id, r.kind, o.scheme || ':' || o.code, o.name FROM answerable.record r JOIN answerable.organisation o"
    " ON o.authority = r.authority AND o.organisation = r.sender WHERE r.authority = $1 AND r.subject = $2"
    " AND r.kind <> 'visit' ORDER BY r.number DESC LIMIT 100"};

bool lies_under(std::string_view name, std::string_view field) {
  return field.empty() || (name.starts_with(field) && name.size() > field.size() && name[field.size()] == '/');
}

bool repeats(const provider_desk::FormOf& record, std::string_view part) {
  for (const auto& one : forms::parts_of(*record.record.complex))
    if (one.element->name == part) return one.repeats;
  return false;
}

}  // namespace

const CaseForm* case_form(std::string_view word) {
  const auto found = std::ranges::find(case_forms, word, &CaseForm::word);
  return found == case_forms.end() ? nullptr : &*found;
}

std::string case_form_path(const std::string& reference, std::string_view word, std::string_view of,
                           std::size_t number) {
  auto path = case_path(reference, fmt::format("form/{}", word));
  if (!of.empty()) path += "?of=" + url_part(of);
  if (number > 0) path += fmt::format("{}n={}", of.empty() ? '?' : '&', number);
  return path;
}

std::string proof_path(const std::string& reference, std::string_view word, std::string_view of, std::size_t number) {
  return fmt::format("{}&proves={}", case_form_path(reference, "proof", of, number), word);
}

Fragment follow_up_links(const std::string& proof, const std::string& form, const std::string& about) {
  return components::List{.items = {components::Link{"Send the proof", proof, "of " + about},
                                    components::Link{"Say what became of it", form, "about " + about}},
                          .kind = components::List::Kind::plain};
}

FilledForm filled_form(const CaseForm& form, const provider_desk::FormOf& record, const Complaint& complaint,
                       const CaseRecord* own, const xml::Element& person, std::size_t number) {
  FilledForm filled;
  if (own == nullptr) {
    filled.answers.set("person", person.text);
    filled.answers.set(forms::attribute_field("person", "scheme"), std::string(person.value("scheme")));
    filled.answers.set("case", complaint.reference);
  } else {
    std::vector<std::string> unknown;
    filled.answers = forms::Answers::of(record.record, own->element, unknown);
    if (!unknown.empty())
      throw http::Problem{.status = 409,
                          .title = "This record cannot be changed here",
                          .detail = fmt::format("It says something that the form has no field for ({}). Send a file "
                                                "that corrects {}.",
                                                unknown.front(), own->id)};
  }
  if (form.part.empty()) return filled;
  const bool several = repeats(record, form.part);
  const int last = filled.answers.last_of(forms::field_of("", form.part, 0, false));
  filled.field = forms::field_of("", form.part, number > 0 ? static_cast<int>(number) : last + 1, several);
  return filled;
}

void take_typed(FilledForm& filled, const forms::Answers& typed) {
  const auto before = filled.answers.all();
  for (const auto& [name, value] : before)
    if (lies_under(name, filled.field)) filled.answers.erase(name);
  for (const auto& [name, value] : typed.all()) {
    const auto colon = name.find(':');  // what was chosen for a field stands with it
    const auto field = colon == name.npos ? name : name.substr(colon + 1);
    if (lies_under(field, filled.field)) filled.answers.set(name, value);
  }
}

void take_proof(FilledForm& filled, const CaseForm& form, const std::string& id) {
  if (form.part == "recommendation") {
    filled.answers.set(filled.field + "/proof", id);
  } else if (form.kind == "remedy") {
    const auto evidence = forms::field_of("", "evidence", filled.answers.last_of("evidence") + 1, true);
    const bool paid = filled.answers.typed("kind") == "payment" || filled.answers.typed("kind") == "reimbursement";
    filled.answers.set(evidence + "/item", paid ? "payment-record" : "delivery-proof");
    filled.answers.set(evidence + "/state", "present");
    filled.answers.set(evidence + "/document", id);
  }
}

void take_drafts(FilledForm& filled, const Work& work) {
  const auto on = filled.answers.value(filled.field + "/on", forms::Ask::happened);
  const int last = filled.answers.last_of(filled.field + "/question");
  for (int i = 1; i <= last; ++i) {
    const auto question = forms::field_of(filled.field, "question", i, true);
    const auto piece = question_piece(on, filled.answers.typed(question + "/number"), static_cast<std::size_t>(i - 1));
    if (filled.answers.typed(question + "/answer").empty())
      filled.answers.set(question + "/answer", std::string(work.draft(piece)));
  }
}

forms::Known known_of_case(pg::Transaction& transaction, const std::string& authority, const Complaint& complaint,
                           const xml::Element& person) {
  forms::Known known;
  known.people.push_back({std::string(person.value("scheme")), person.text, ""});
  for (const auto& [key, name] : bodies(transaction, authority, complaint)) {
    const auto colon = key.find(':');
    known.organisations.push_back({key.substr(0, colon), key.substr(colon + 1), name});
  }
  const auto rows = transaction.run(records_of_person, authority, complaint.subject);
  for (int row = 0; row < rows.rows(); ++row) {
    const bool own = rows.text(row, 2) == "cassr:" + authority;
    known.records.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                             own ? "" : std::string(rows.text(row, 2)), std::string(rows.text(row, 3))});
  }
  return known;
}

std::string question_piece(std::string_view letter_on, std::string_view number, std::size_t index) {
  return number.empty() ? fmt::format("question {} ({})", letter_on, index + 1)
                        : fmt::format("question {} {}", letter_on, number);
}

}  // namespace answerable::service
