#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/outcome.hpp"
#include "audit/engine/rule.hpp"
#include "audit/engine/timeline.hpp"
#include "reports/render/document.hpp"

/// Words for what the data says in codes.
namespace answerable::pages {

/// "one", "two" … "twelve", "13", "4,211"
std::string count_words(std::int64_t count);
/// "one record", "4,211 records"
std::string count_of(std::int64_t count, std::string_view one, std::string_view many);
/// "a, b and c"
std::string list_words(std::span<const std::string> items);
/// First letter in upper case.
std::string capital(std::string text);
/// Ends with exactly one full stop, or the mark it has.
std::string sentence(std::string text);

/// "Not evidenced", "Met late" …
std::string_view outcome_words(engine::Outcome outcome);
/// "two breached", "three do not apply"
std::string outcome_count(engine::Outcome outcome, std::int64_t count);
/// What that means for a reader, as a sentence.
std::string_view outcome_meaning(engine::Outcome outcome);
render::TagKind outcome_tag(engine::Outcome outcome);
/// Smaller is more serious.
int seriousness(engine::Outcome outcome);

/// "statute", "statutory guidance" …, from the word a rule has for it
std::string force_words(std::string_view force);
/// "held", "searched for and not found", "not supplied" …
std::string_view state_words(engine::EvidenceState state);
/// "agreement under section 75 of the NHS Act 2006", from s75
std::string_view instrument_words(std::string_view type);
/// "review record", from review-record
std::string code_words(std::string_view code);
/// "NHS number 999 000 0018"
std::string identifier_words(const engine::Identifier& identifier);
/// "ODS code RH5", from ods:RH5: by what an organisation is known
std::string organisation_number_words(std::string_view key);
/// "14 January 2014, 14:05:07 UTC": where the moment is evidence
std::string moment_words(Instant at);
/// "14 January 2014 at 2:05pm", as clocks in the United Kingdom show it: where somebody wants to know when it was
std::string time_words(Instant at);

}  // namespace answerable::pages
