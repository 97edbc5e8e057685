#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/clock.hpp"
#include "audit/engine/timeline.hpp"

namespace answerable::engine {

/// How much a finding weighs: by its rule's force (statute serious, guidance important, practice advisory) unless the
/// council's policy says otherwise.
enum class Severity : std::uint8_t { advisory, important, serious };
std::string_view word(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

/// One decision of a council about how it is judged itself: a record of kind policy. It shapes rules and changes none.
struct Policy {
  enum class Kind : std::uint8_t { number, severity, rule_off };
  Kind kind{};
  std::string about;  ///< the number's target, as rules name it; otherwise the rule's id
  int value{};
  Unit unit{};
  Severity severity{};
  Day from{};
  std::optional<Day> until;  ///< the last day it holds
  std::string title, decided_by, reasons;
  Happened adopted;
  std::int64_t record{};

  /// "Timescales for assessments, decided by the director on 1 April 2024 (record 17): reasons"
  std::string words() const;
};

/// All of a council's policies that are known.
class Policies {
 public:
  /// Takes in what the council itself sent: nobody else decides how it is judged.
  void add(const Vocabulary& vocabulary, const SubjectTimeline& council, const Organisations& organisations,
           Horizon horizon);
  /// The one in force on a day: the newest of those that are. Null when there is none.
  const Policy* in_force(Policy::Kind kind, std::string_view about, Day day) const;
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Policy> all_;  ///< newest first
};

}  // namespace answerable::engine
