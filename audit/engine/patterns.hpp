#pragma once

#include <optional>
#include <vector>

#include "audit/engine/case.hpp"

// Private to the engine: the eight patterns.
namespace answerable::engine {

/// One judgement in the making.
struct Making {
  const Case& held;
  const Rule& rule;
  const Duty& duty;
  Judgement& j;
  std::vector<Piece>* pieces;  ///< null: not asked for

  const Entry& trigger() const { return *j.trigger; }
  const Calendar& calendar() const { return held.calendar(); }
  /// The clock with the council's own number where there is one; null (and unknown) when the council has set none.
  const Clock* effective(const Clock& clock) const;
  Day as_of() const { return held.as_of(); }

  void piece(Piece::Kind kind, const Entry* entry, std::string text = {}) const {
    if (pieces) pieces->push_back({kind, entry, nullptr, std::move(text), {}});
  }
  void missing(const std::string& called, std::optional<Day> from, std::optional<Day> to) const {
    if (!pieces) return;
    pieces->push_back({Piece::Kind::missing, nullptr, nullptr, called, {}});
    if (from && to) pieces->back().range = {*from, *to};
  }
  void note(std::string text) const { piece(Piece::Kind::note, nullptr, std::move(text)); }
  void becomes(Outcome outcome, std::string_view state) const {
    j.outcome = outcome;
    j.state = state;
  }
};

/// The outcome and words for an act that is there and in time, by what its evidence comes to.
void settle(const Making& making, Proof proof, bool asked_for_evidence);

void judge_follow(const Making& making, const Follow& follow);
void judge_precede(const Making& making, const Precede& precede);
void judge_accompany(const Making& making, const Accompany& accompany);
/// One interval. \param clock the interval's \return the entry from which the next interval runs; null when there is
/// none yet
const Entry* judge_recur(const Making& making, const Recur& recur, const Clock& clock);
void judge_absent(const Making& making, const Absent& absent);
void judge_cover(const Making& making, const Cover& cover);
/// \return false when it is not this rule's to judge
bool judge_attributed(const Making& making, const Attributed& attributed);

/// The periods of a schedule that have begun, and the day the next one begins.
struct Periods {
  std::vector<std::pair<Day, Day>> all;
  std::optional<Day> next;
};
Periods periods(const Making& making, const Schedule& schedule);
/// One period, which j.period and j.occurrence name.
void judge_schedule(const Making& making, const Schedule& schedule);

/// The first entry by which an exception stands for the trigger; null when there is none. No deadline: any later day
/// will do.
const Entry* standing(const Making& making, const Exception& exception, const std::optional<Day>& deadline);

/// Lets the duty fall away where one of its exceptions stands. \param deadline the last day in time, where there is one
void excuse(const Making& making, const std::optional<Day>& deadline);
/// Who acted, or should have, and under which agreement.
void lay_at_door(const Making& making);

}  // namespace answerable::engine
