#pragma once

#include "audit/engine/rule.hpp"

namespace answerable::xml {
struct Element;
}

namespace answerable::engine {

/// Makes a rule out of a document that is valid against schemas/rule/1/rule.xsd. Words are added to the vocabulary.
Rule read_rule(const xml::Element& document, Vocabulary& vocabulary);

}  // namespace answerable::engine
