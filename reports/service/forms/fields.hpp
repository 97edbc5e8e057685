#pragma once

#include <map>
#include <string>
#include <vector>

#include "ingest/parsed.hpp"
#include "reports/render/components/content.hpp"
#include "reports/render/components/data.hpp"
#include "reports/service/forms/answers.hpp"
#include "reports/service/forms/shape.hpp"

namespace answerable::service::forms {

/// What is held already and need not be typed again.
struct Known {
  struct Person {
    std::string scheme, value;  ///< as it was sent: nhs-number 9990000018
    std::string name;           ///< "" when none was sent
  };
  std::vector<Person> people;  ///< whom the same organisation sent records about lately
  struct Agreement {
    std::string reference, words;
  };
  std::vector<Agreement> agreements;           ///< to which it is a party
  std::vector<OrganisationRef> organisations;  ///< itself, and the council
  struct Record {
    std::string id, kind;
    std::string sender{};       ///< scheme:code of another organisation that sent it; "" for its own
    std::string sender_name{};  ///< of that
  };
  std::vector<Record> records;  ///< that may be meant, the newest first
};

/// What is wrong, by field (by_field()).
using Errors = std::multimap<std::string, std::string>;

/// The fields of a record of this kind, filled in as far as there are answers: what is needed and what is plain first,
/// what a record may have besides behind a summary of its own, open where something is filled in or wrong.
/// \param open  the name of a part that is open in any case; "" for none
render::Fragment fields(const xml::ElementRule& record, const Answers& answers, const Errors& errors,
                        const Known& known, std::string_view open = "");
/// The same of one of its parts alone. \param field  the part's: "enquiry.2"
render::Fragment fields_of_part(const xml::ElementRule& part, const std::string& field, const Answers& answers,
                                const Errors& errors, const Known& known, std::string_view open = "");

/// One field, for pages that arrange them otherwise. \param label "" for the field's own name
render::Fragment field(const Part& part, const std::string& name, const Answers& answers, const Errors& errors,
                       const Known& known);
/// The same of an attribute.
render::Fragment field(const xml::AttributeUse& attribute, const std::string& name, const Answers& answers,
                       const Errors& errors);

/// For the top of the page: what is wrong, each leading to its field.
std::vector<components::ErrorSummary::Error> summary_of(const Errors& errors, const xml::ElementRule& record);

/// What was filled in, as words to read over.
std::vector<components::SummaryRow> said(const xml::ElementRule& record, const Answers& answers);

/// What somebody chose from what is known, as if it had been typed.
void take_chosen(Answers& answers);

}  // namespace answerable::service::forms
