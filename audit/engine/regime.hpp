#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/engine/timeline.hpp"

namespace answerable::engine {

/// Under which law a person stands on a day (law.md section 4).
enum class Regime : std::uint8_t { pre_care_act = 1, transitional = 2, care_act = 4, easement = 8 };
std::string_view word(Regime regime);

/// When Part 1 of the Care Act 2014 began (SI 2015/993 art 2), and when it began at the latest for people supported
/// before (SI 2015/995 art 2(3)).
inline constexpr Day care_act_began{std::chrono::year{2015} / 4 / 1};
inline constexpr Day transition_ended{std::chrono::year{2016} / 4 / 1};

/// Days on which a council's own notice relaxed the Care Act (Coronavirus Act 2020 Sch.12), within 31 March 2020 to 16
/// July 2021.
using Easements = std::vector<std::pair<Day, Day>>;
/// Only what the council itself sent: nobody else decides how it is judged.
Easements easements(const Vocabulary& vocabulary, const SubjectTimeline& council, const Organisations& organisations,
                    Horizon horizon);

/// The words the selector looks for, found once.
struct RegimeWords {
  explicit RegimeWords(Vocabulary& vocabulary);
  Word started[6], ended[6];
  Word review, direction, entered, regime, easement;
};

/// A person's path from one law to the next.
struct RegimePath {
  bool transitional{};            ///< supported immediately before 1 April 2015
  Day entered{care_act_began};    ///< from when the Care Act applies
  bool supported_when_entered{};  ///< false when all support had ended before then (by other than death or a move)
  std::optional<std::int64_t> by_review;  ///< number of the record of the review that ended the transition
  const Easements* easements{};

  Regime at(Day day) const;
};

/// \param visible the entries known and happened, in order of date
RegimePath regime_path(const RegimeWords& words, std::span<const Entry* const> visible, const Easements* easements);

}  // namespace answerable::engine
