#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/rule.hpp"

/// The parts of a rule as clauses of English: acts with their conditions, evidence, clocks.
namespace answerable::engine::clauses {

/// "a complaint is received, by the council itself, where it concerns a function of the council"
/// \param trigger_act the act that same= and differs= compare with; "" where there is none
std::string act(const ActPattern& pattern, const Vocabulary& vocabulary, std::string_view trigger_act = {});
/// One clause an alternative.
std::vector<std::string> acts(const Acts& all, const Vocabulary& vocabulary, std::string_view trigger_act = {});

/// "the review record: a review record, whatever it was offered as; if it says what it covers, then the needs and …"
std::string evidence(const EvidenceNeed& need, const Vocabulary& vocabulary);
/// "the adult's own part in it: took part, was invited or declined"
std::string value(const ValueNeed& need, const Vocabulary& vocabulary, std::string_view trigger_act);

/// "3 working days"; "the number of days the council has set itself (14 days until it sets one)"
std::string length(const Clock& clock);
/// How the time is counted, as sentences: day 0, bank holidays, ends of months, warning, policy, convention.
std::vector<std::string> counting(const Clock& clock);

/// "7.5" from 75000 ten-thousandths.
std::string number(std::int64_t ten_thousandths);

}  // namespace answerable::engine::clauses
