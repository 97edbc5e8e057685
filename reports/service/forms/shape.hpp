#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/xml/schema_model.hpp"

/// Forms made from the records' schemas: a kind that is added gets its form from its own record.xsd. Labels are the
/// names of its elements, hints their documentation, answers the values it allows.
namespace answerable::service::forms {

/// One element that may stand in another.
struct Part {
  const xml::ElementRule* element{};
  bool required{}, repeats{};
};

/// The elements of a type in the order of its schema. What the schema lets a sender choose between is asked like
/// anything else, and the schema judges what was filled in.
std::vector<Part> parts_of(const xml::ComplexType& type);

/// In which shape something is asked.
enum class Ask {
  line,          ///< one line of words, a number
  words,         ///< several lines
  happened,      ///< day, month and year, of which the first two may be unknown
  clock,         ///< a time of day
  choice,        ///< one of a few
  long_choice,   ///< one of many
  choices,       ///< any of several
  person,        ///< a number and whose number it is
  file,          ///< bytes, chosen as a file
  organisation,  ///< a name, a code and whose code it is
  reference,     ///< the number of another record
  group,         ///< what has parts of its own
};
Ask ask_of(const xml::ElementRule& element);
Ask ask_of(const xml::SimpleType& type);

/// What may be answered to a choice.
const std::vector<std::string>& choices_of(const xml::SimpleType& type);

/// "Agreement steps", from agreementSteps.
std::string label_of(std::string_view name);
/// The same of a value: "Not recorded", from not-recorded.
std::string value_words(std::string_view value);

/// The name of a part's field: "requested/on", of an attribute "planned/@on", of a second one "evidence.2/item". Of the
/// record itself: "".
std::string field_of(std::string_view parent, std::string_view element, int instance, bool repeats);
std::string attribute_field(std::string_view parent, std::string_view attribute);

}  // namespace answerable::service::forms
