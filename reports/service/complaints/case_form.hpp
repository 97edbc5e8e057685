#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/service/complaints/case_file.hpp"
#include "reports/service/forms/fields.hpp"
#include "reports/service/provider/filling.hpp"

/// Records of a complaint that are written in forms made from their schemas: the ombudsman's letters, decision and
/// recommendations, remedies, and the documents that prove them. Each form but a document's shows what the council's
/// own record says so far, and what it sends corrects that record.
namespace answerable::service {

/// One form. With a part it changes that part of a record there is; without, it makes or changes a whole record.
struct CaseForm {
  std::string_view word;  ///< in the path
  std::string_view kind, part, title;
  std::string_view open{};  ///< a part of a part that is shown at once
};
inline constexpr std::array case_forms{
    CaseForm{"ombudsman", "ombudsman", "", "The ombudsman has the complaint", "enquiry"},
    CaseForm{"letter", "ombudsman", "enquiry", "A letter of the ombudsman, and the answers", "question"},
    CaseForm{"draft-decision", "ombudsman", "draft", "The ombudsman’s draft decision"},
    CaseForm{"decision", "ombudsman", "decision", "The ombudsman’s decision"},
    CaseForm{"recommendation", "ombudsman", "recommendation", "A recommendation, and what became of it"},
    CaseForm{"remedy", "remedy", "", "A remedy that was offered or given"},
    CaseForm{"proof", "document", "", "A document that proves it"}};
/// Null when there is none of that word.
const CaseForm* case_form(std::string_view word);

/// The path of a form. \param of  the id of the council's own record; "" begins one
/// \param number  of the part, from 1; 0: a further one
std::string case_form_path(const std::string& reference, std::string_view word, std::string_view of = "",
                           std::size_t number = 0);
/// The path of the form that sends a document as proof of what another form tells: `word`, `of` and `number` are its.
std::string proof_path(const std::string& reference, std::string_view word, std::string_view of,
                       std::size_t number = 0);

/// The ways on from a recommendation or remedy. \param about  "recommendation 2", read out with each of them
render::Fragment follow_up_links(const std::string& proof, const std::string& form, const std::string& about);

/// What a form begins with.
struct FilledForm {
  forms::Answers answers;
  std::string field;  ///< of the part: "enquiry.2"; "" for the whole record
};
/// \param own  the council's own record, which what is sent will correct; null to begin one
/// \param person  the number the council knows them by
/// \param number  of the part, from 1; 0: a further one
/// \throws http::Problem 409 when the record says something that the form has no field for
FilledForm filled_form(const CaseForm& form, const provider_desk::FormOf& record, const Complaint& complaint,
                       const CaseRecord* own, const xml::Element& person, std::size_t number);
/// What was typed in place of what the record said.
void take_typed(FilledForm& filled, const forms::Answers& typed);
/// A document that was sent as proof. \param id  of its record
void take_proof(FilledForm& filled, const CaseForm& form, const std::string& id);
/// Draft answers, for the questions of a letter that have none.
void take_drafts(FilledForm& filled, const Work& work);

/// What need not be typed: this person, the bodies and records that theirs name.
forms::Known known_of_case(pg::Transaction& transaction, const std::string& authority, const Complaint& complaint,
                           const xml::Element& person);

/// How the draft of an answer is named: by the letter's day and the question's number, which stay when the record of
/// the letter is corrected. \param index  of the question in its letter, from 0, for one without a number
std::string question_piece(std::string_view letter_on, std::string_view number, std::size_t index);

}  // namespace answerable::service
