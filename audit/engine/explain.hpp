#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/identity.hpp"
#include "audit/engine/judge.hpp"

namespace answerable::engine {

/// Everything a finding rests on, as values: law, clock, events, what was looked for and not found, evidence, who
/// answers.
struct Explanation {
  struct Event {
    std::string part;         ///< trigger | answer | claim | progress | exception
    std::int64_t record{-1};  ///< -1: brought about by the law itself
    std::string record_id, kind;
    int version{};
    std::string act;
    Happened when;
    std::string performer, performer_name;
    std::optional<Day> received_on;
    std::string text;
  };
  struct Evidence {
    bool counts{};
    std::string item, state, is_a, document, covers, reason;
    std::optional<Happened> created;
    std::int64_t record{-1};  ///< the record that says so; -1 when none does
    std::string text;
  };

  std::string finding, rule, duty, title, because;
  Outcome outcome{};
  std::string state, sentence;
  std::string severity;  ///< serious | important | advisory
  std::string source, force, confidence, confidence_words, caveat, regime;
  Day edition_from{};
  std::optional<Day> edition_to;
  std::optional<Day> due, flagged_since, next_change;
  std::vector<std::string> clock;  ///< the arithmetic, line by line
  std::vector<Event> events;
  std::vector<std::string> not_found;
  std::vector<Evidence> evidence;
  std::vector<std::string> exceptions;  ///< considered, and what came of it
  std::vector<std::string> notes;
  Attribution attribution;
  Horizon horizon;
};

/// The finding's sentence, from the rule's words.
std::string sentence(const Context& context, const SubjectTimeline& timeline, const Judgement& judgement);

/// \param judgement made with pieces
Explanation explain(const Context& context, const SubjectTimeline& timeline, const Judgement& judgement, FindingId id);

/// For people; ends with a newline.
std::string text(const Explanation& explanation);
/// For machines; keys in a fixed order.
nlohmann::ordered_json json(const Explanation& explanation);

/// Who acted or should have, and who answers.
Attribution attribution(const Context& context, const SubjectTimeline& timeline, const Judgement& judgement);

/// "a review" for review.completed where a rule calls it so; otherwise the act in words: "plan agreed".
std::string act_words(const Vocabulary& vocabulary, Word act);

}  // namespace answerable::engine
