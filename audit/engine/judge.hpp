#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/agreements.hpp"
#include "audit/engine/catalogue.hpp"
#include "audit/engine/policy.hpp"
#include "audit/engine/regime.hpp"

namespace answerable::engine {

/// One thing an explanation rests on.
struct Piece {
  enum class Kind : std::uint8_t {
    used,       ///< an entry that answers the duty
    claimed,    ///< an entry that claims to, and does not count
    progress,   ///< a lesser entry: how far it got
    exception,  ///< an entry by which the duty falls away; text: because
    missing,    ///< looked for and not found; text: what
    held,       ///< evidence that counts
    unproved,   ///< evidence that is missing, or does not count; text: why
    note,       ///< text alone
  };
  Kind kind{};
  const Entry* entry{};
  const EvidenceRow* evidence{};
  std::string text;
  std::optional<std::pair<Day, Day>> range;  ///< missing: from when to when one looked
};

/// What became of one duty on one occasion. Pointers and views last as long as the timeline, the agreements, the
/// catalogue and the Judge that made it; regime.entered and state only until it judges the next timeline.
struct Judgement {
  DutyRef duty;
  Outcome outcome{};
  std::string_view state;     ///< words: "started and unfinished", "finished with a document that is not one" …
  const Entry* trigger{};     ///< in a recurring duty: the anchor, from which the interval runs
  std::int64_t root{-1};      ///< the first record of the trigger's chain of corrections
  std::int32_t occurrence{};  ///< the period, in a schedule; otherwise 0
  Regime regime{};
  const Entry* step{};               ///< the entry that answers, or claims to; null when there is none
  std::optional<Day> start;          ///< the day the clock was counted from
  std::optional<Day> due;            ///< the last day in time
  std::optional<Day> flagged_since;  ///< the first day on which it was certainly wrong
  std::optional<Day> next_change;    ///< the next day on which it would change by itself
  std::optional<std::pair<Day, Day>> period;
  std::int32_t late_days{}, gap_days{};  ///< gap_days is 0 while the gap is open
  std::optional<Day> gap_from;           ///< the first day not covered
  bool falling_due{};
  const Clock* clock{};       ///< the one the deadline was counted by; null when none was
  const Policy* policy{};     ///< the council's own, that set the clock's number or switched the rule off
  const Policy* reweighed{};  ///< the council's own, that set the severity
  Severity severity{};
  bool acted{};                ///< the actor acted; otherwise the actor should have
  Word function{};             ///< of the council, by which the actor and the agreement were found; 0 when none
  Day acted_on{};              ///< the day for which they were found
  std::string_view actor;      ///< organisation key
  std::string_view agreement;  ///< reference; "" when none
  std::vector<Piece> pieces;   ///< for outcomes that need a sentence, or all when asked for
};

/// What one subject's timeline comes to.
struct Judged {
  std::vector<Judgement> judgements;  ///< by rule, edition, duty, trigger date and number, occurrence
  std::optional<Day> next_change;     ///< the next day on which judging again could give anything else
  RegimePath path;
};

/// What is the same for every subject of a council.
struct Context {
  const Catalogue* catalogue{};
  const Agreements* agreements{};
  const Organisations* organisations{};
  const Easements* easements{};
  const Policies* policies{};
  Horizon horizon;
};

/// Judges timelines one after the other. Holds only scratch memory: give each thread its own; the same timeline and
/// context give the same judgements.
class Judge {
 public:
  explicit Judge(Context context);
  Judge(Judge&&) noexcept;
  ~Judge();

  /// \param pieces what every judgement rests on, not only of those that need a sentence
  Judged operator()(const SubjectTimeline& timeline, bool pieces = false);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace answerable::engine
