#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace answerable::service::forms {

/// What the documentation of a choice says of each answer, and what is left of it for the question.
struct Explained {
  std::string hint;
  std::vector<std::string> each;  ///< parallel to the choices; "" where nothing is said
};

/// Takes the list of answers out of a schema's documentation: "lgsco (Local Government and Social Care Ombudsman);
/// joint." or "carer: the carer's own plan; other". Where it does not list every choice, all of it stays the hint.
Explained explained(std::string_view documentation, const std::vector<std::string>& choices);

}  // namespace answerable::service::forms
