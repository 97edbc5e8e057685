#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/replay/mapping.hpp"

namespace answerable::replay {

struct Organisation {
  std::string scheme, code, name;
};

/// What the placeholders of the mapping stand for.
struct Values {
  const CaseEvent* event{};                        ///< null for what no event tells of
  const std::vector<const CaseEvent*>* earlier{};  ///< events before it, in order
  std::string complaint, subject, capacity;
  Organisation council, performer;
  Organisation other;  ///< the first body of the case that is not its council
  Day start{};
  bool continuing{};  ///< the record goes on from an earlier one: what only the first says is left out
};

/// A record from its template: elements whose conditions do not hold are gone, placeholders are filled in, and elements
/// without a value are left out. Nothing when the record itself is not to be sent.
std::optional<xml::Element> fill(const xml::Element& record_template, const Mapping& mapping, const Facts& facts,
                                 const Values& values);

/// An attribute of the mapping's own namespace; null when there is none.
const std::string* own(const xml::Element& element, std::string_view attribute);
/// Words fit for an XML element of at most so many bytes: no control characters, cut between characters.
std::string clean(std::string_view text, std::size_t most);
/// Letters, digits, - and _ only.
std::string clean_code(std::string_view text);

}  // namespace answerable::replay
