#include "audit/engine/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace answerable::engine {
namespace {

using std::chrono::days;

constexpr std::string_view no_number = "the council has set no number";
constexpr std::string_view no_holidays = "the bank holidays of that time are not loaded";

bool may_come_after(const Entry& entry, const Entry& earlier) {
  return entry.when.last >= earlier.when.first;
}

/// How far it got: the furthest of the lesser entries of the attempt that was last touched. Where the clock runs from
/// one that was done, the beginnings of that one are no progress with the next.
const ActPattern* progress_of(const Making& m, const Acts& done, const Acts& progress, const Entry& from,
                              const Entry*& reached) {
  std::vector<const Entry*> entries;
  m.held.collect(progress, &from, entries);
  if (m.held.matches(done, from, &from))
    std::erase_if(entries, [&](const Entry* entry) { return entry->number == from.number; });
  const Entry* last = nullptr;
  for (const Entry* entry : entries)
    if (may_come_after(*entry, from)) last = entry;
  if (!last) return nullptr;
  const ActPattern* furthest = nullptr;
  for (const auto& pattern : progress)
    for (const Entry* entry : entries)
      if (entry->number == last->number &&
          std::find(pattern.acts.begin(), pattern.acts.end(), entry->act) != pattern.acts.end() &&
          m.held.matches(pattern, *entry, &from)) {
        furthest = &pattern;
        reached = entry;
      }
  return furthest;
}

void say_progress(const Making& m, const Step& step, const Acts& progress, const Entry& from) {
  const Entry* reached = nullptr;
  const auto* pattern = progress_of(m, step.acts, progress, from, reached);
  if (!pattern) return;
  if (!pattern->state.empty()) m.j.state = pattern->state;
  m.piece(Piece::Kind::progress, reached);
}

/// Pending until the deadline, breached from the day after.
void wait_or_breach(const Making& m, const std::optional<Day>& due, const std::optional<Day>& warn) {
  if (due && m.as_of() > *due) {
    m.becomes(Outcome::breached, "nothing recorded");
    m.j.flagged_since = *due + days{1};
    return;
  }
  m.becomes(Outcome::pending, "not yet due");
  if (!due) {
    m.j.state = "no date set";
    return;
  }
  m.j.next_change = *due + days{1};
  if (!warn) return;
  if (m.as_of() >= *warn) {
    m.j.falling_due = true;
    m.j.state = "falling due";
  } else {
    m.j.next_change = std::min(*m.j.next_change, *warn);
  }
}

bool start_clock(const Making& m, const Clock& of_rule) {
  const Clock* clock = m.effective(of_rule);
  if (!clock) return false;
  m.j.clock = clock;
  m.j.start = assumed_start(m.trigger().when);
  m.j.due = due_day(*clock, *m.j.start, m.calendar());
  if (m.j.due) return true;
  m.becomes(Outcome::unknown, no_holidays);
  m.note(fmt::format("The deadline cannot be counted: bank holidays are loaded for {} to {} only.",
                     m.calendar().first_year(), m.calendar().last_year()));
  return false;
}

void extend(const Making& m, const ActPattern& pattern) {
  std::vector<const Entry*> entries;
  m.held.collect({pattern}, &m.trigger(), entries);
  for (const Entry* entry : entries) {
    if (!entry->until || entry->when.first > *m.j.due || !may_come_after(*entry, m.trigger())) continue;
    if (entry->until->last <= *m.j.due) continue;
    m.j.due = entry->until->last;
    m.piece(Piece::Kind::used, entry, fmt::format("moves the last day to {}", words(*m.j.due)));
  }
}

/// Moves the last day by the time the clock stood still. \return whether it still does; then nothing is due
bool stand_still(const Making& m, const std::vector<Pause>& pauses) {
  auto& j = m.j;
  std::vector<const Entry*> entries;
  std::vector<std::pair<const Entry*, const Pause*>> begins;
  for (const auto& pause : pauses) {
    m.held.collect(pause.from, &m.trigger(), entries);
    for (const Entry* entry : entries)
      if (may_come_after(*entry, m.trigger())) begins.emplace_back(entry, &pause);
  }
  std::stable_sort(begins.begin(), begins.end(),
                   [](const auto& a, const auto& b) { return a.first->when.first < b.first->when.first; });
  // A day on which it stood still for two reasons is counted once.
  Day counted_to = m.trigger().when.first;
  for (const auto& [begin, pause] : begins) {
    if (begin->when.first > *j.due) continue;
    m.held.collect(pause->to, begin, entries);
    const Day begun = begin->when.first;
    const auto end =
        std::find_if(entries.begin(), entries.end(), [&](const Entry* entry) { return entry->when.last >= begun; });
    if (end == entries.end()) {
      m.piece(Piece::Kind::used, begin, fmt::format("stops the clock: {}; it still stands", pause->because));
      return true;
    }
    // On the longest reading of the dates, so that no delay is claimed that another would excuse.
    const Day from = std::max(begun, counted_to), to = (*end)->when.last;
    if (to <= from) continue;
    const std::int64_t longest = 36'500;
    const days stood{static_cast<int>(std::min<std::int64_t>((to - from).count(), longest))};
    if (j.clock->unit == Unit::working_day) {
      int working = 0;
      for (Day day = from; day < to; day += days{1})
        if (m.calendar().is_working_day(day, j.clock->calendar).value_or(true)) ++working;
      Clock more = *j.clock;
      more.value = working;
      more.count = Count::after;
      j.due = due_day(more, *j.due, m.calendar()).value_or(*j.due + stood);
    } else {
      j.due = *j.due + stood;
    }
    m.piece(Piece::Kind::used, begin,
            fmt::format("stops the clock: {}, until {}; the last day moves to {}", pause->because, words((*end)->when),
                        words(*j.due)));
    counted_to = to;
  }
  return false;
}

struct Answer {
  const Entry* entry{};
  Proof proof{};
};

/// In time and proved; else in time and claimed; else late and proved; else late and claimed.
template <class InTime, class May>
Answer answer(const Making& m, const Step& step, const May& may, const InTime& in_time) {
  Answer best;
  int best_rank = 4;
  m.held.first(step.acts, &m.trigger(), [&](const Entry& entry) {
    if (!may(entry)) return false;
    const Proof proof = m.held.prove(entry, step.evidence, nullptr);
    const int rank = (in_time(entry) ? 0 : 2) + (counts(proof) ? 0 : 1);
    if (rank < best_rank) {
      best = {&entry, proof};
      best_rank = rank;
    }
    return rank == 0;
  });
  return best;
}

int weight(Outcome outcome) {
  switch (outcome) {
    case Outcome::breached:
      return 7;
    case Outcome::contradicted:
      return 6;
    case Outcome::not_evidenced:
      return 5;
    case Outcome::unknown:
      return 4;
    case Outcome::pending:
      return 3;
    case Outcome::met_late:
      return 2;
    default:
      return 1;
  }
}

/// Keeps the worse of what was found so far and what is found now.
struct Worst {
  Outcome outcome{Outcome::met};
  std::string_view state;
  std::optional<Day> flagged;
  void take(const Judgement& j) {
    if (state.empty() || weight(j.outcome) > weight(outcome)) {
      outcome = j.outcome;
      state = j.state;
    }
    if (j.flagged_since && (!flagged || *j.flagged_since < *flagged)) flagged = j.flagged_since;
  }
};

}  // namespace

const Clock* Making::effective(const Clock& clock) const {
  const Clock* with_number = held.effective(clock, trigger(), j.policy);
  if (with_number) return with_number;
  becomes(Outcome::unknown, no_number);
  if (pieces)
    note(fmt::format("How long is for the council to set, in a policy with the target {}; it had none in force on {}.",
                     clock.policy, words(trigger().when.last)));
  return nullptr;
}

void settle(const Making& m, Proof proof, bool asked_for_evidence) {
  switch (proof) {
    case Proof::proved:
      m.becomes(Outcome::met, asked_for_evidence ? "finished and evidenced" : "finished");
      break;
    case Proof::late:
      m.becomes(Outcome::met_late, "created late");
      break;
    case Proof::missing:
      m.becomes(Outcome::not_evidenced, "finished without evidence");
      break;
    case Proof::not_one:
      m.becomes(Outcome::not_evidenced, "finished with a document that is not one");
      break;
    case Proof::contradicted:
      m.becomes(Outcome::contradicted, "contradicted");
      break;
  }
}

void judge_follow(const Making& m, const Follow& follow) {
  auto& j = m.j;
  std::optional<Day> warn;
  bool still = false;
  bool no_number_set = false;
  if (follow.by) {
    const auto day = parse_happened(m.trigger().value(follow.by));
    if (!day) {
      m.becomes(Outcome::unknown, "no day is given");
      excuse(m, std::nullopt);
      return;
    }
    j.start = assumed_start(m.trigger().when);
    j.due = day->last;
    if (follow.extended_by) extend(m, *follow.extended_by);
  } else if (follow.within && !start_clock(m, *follow.within)) {
    if (j.state != no_number) {
      excuse(m, std::nullopt);
      return;
    }
    no_number_set = true;
  } else if (follow.within) {
    still = stand_still(m, follow.pauses);
    if (follow.extended_by && !still) extend(m, *follow.extended_by);
    if (const auto counted = warn_day(*j.clock, *j.start, m.calendar()); counted && !still) warn = counted;
    if (still) j.due.reset();
  }
  const Entry *before = nullptr, *perhaps = nullptr;
  if (!follow.before.empty()) {
    std::vector<const Entry*> entries;
    m.held.collect(follow.before, &m.trigger(), entries);
    for (const Entry* entry : entries) {
      if (entry->when.first >= m.trigger().when.last && (!before || entry->when.last < before->when.last))
        before = entry;
      if (entry->when.first < m.trigger().when.last && may_come_after(*entry, m.trigger())) perhaps = entry;
    }
  }
  std::optional<Day> limit = j.due;
  const bool by_act = before && (!limit || before->when.last < *limit);
  if (by_act) limit = before->when.last;
  if (by_act) j.due = limit;

  Worst worst;
  const Entry* previous = &m.trigger();
  for (const auto& step : follow.steps) {
    j.flagged_since.reset();
    const Answer found = answer(
        m, step, [&](const Entry& entry) { return &entry != previous && may_come_after(entry, *previous); },
        [&](const Entry& entry) { return !limit || entry.when.first <= *limit; });
    if (!found.entry) {
      if (by_act) {
        m.becomes(Outcome::breached, "nothing recorded");
        j.flagged_since = before->when.last;
      } else if (!limit && perhaps) {
        m.becomes(Outcome::unknown, "the dates do not tell which came first");
        m.note(fmt::format("Whether it should have come by now depends on a date known only as {}.",
                           words(perhaps->when)));
      } else {
        wait_or_breach(m, limit, warn);
        if (still) j.state = "the clock stands still";
        if (no_number_set && j.outcome == Outcome::pending) m.becomes(Outcome::unknown, no_number);
      }
      if (j.outcome == Outcome::breached || j.outcome == Outcome::pending)
        say_progress(m, step, follow.progress, m.trigger());
      m.missing(step.called, previous->when.first, limit && *limit < m.as_of() ? *limit : m.as_of());
      worst.take(j);
      continue;
    }
    j.step = found.entry;
    j.acted = true;
    m.piece(counts(found.proof) ? Piece::Kind::used : Piece::Kind::claimed, found.entry, step.called);
    m.held.prove(*found.entry, step.evidence, m.pieces);
    settle(m, found.proof, !step.evidence.empty());
    const auto& when = found.entry->when;
    if (limit && when.first > *limit) {
      if (counts(found.proof)) m.becomes(Outcome::met_late, "finished late");
      j.late_days = std::max(j.late_days, static_cast<std::int32_t>((when.first - *limit).count()));
      j.flagged_since = by_act ? *limit : *limit + days{1};
    } else if (limit && when.last > *limit && j.outcome == Outcome::met) {
      m.note(fmt::format("Its date is known only as {}; on the earliest reading it was in time.", words(when)));
      if (by_act) m.becomes(Outcome::unknown, "the dates do not tell which came first");
    }
    if (!counts(found.proof) && (!j.flagged_since || when.last < *j.flagged_since)) j.flagged_since = when.last;
    worst.take(j);
    previous = found.entry;
  }
  if (by_act) m.piece(Piece::Kind::used, before, "it had to stand before this");
  m.becomes(worst.outcome, worst.state);
  j.flagged_since = worst.flagged;
  if (j.outcome != Outcome::pending) j.next_change.reset();
  excuse(m, limit);
}

void judge_precede(const Making& m, const Precede& precede) {
  auto& j = m.j;
  std::optional<Day> from;
  if (precede.within) {
    from = look_back(*precede.within, m.trigger().when.first, m.calendar());
    if (!from) {
      m.becomes(Outcome::unknown, no_holidays);
      return;
    }
  }
  const Clock* lead = nullptr;
  if (precede.lead) {
    lead = m.effective(*precede.lead);
    if (!lead) return;
  }
  Worst worst;
  std::vector<const Entry*> entries;
  const Entry* limit = &m.trigger();
  for (auto step = precede.steps.rbegin(); step != precede.steps.rend(); ++step) {
    j.flagged_since.reset();
    m.held.collect(step->acts, &m.trigger(), entries);
    const Entry *best = nullptr, *out_of_order = nullptr;
    Proof best_proof{};
    int best_rank = 8;
    const bool must_lead = lead && step == precede.steps.rbegin();
    std::optional<Day> led_to;
    bool uncounted = false;
    for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
      const Entry& entry = **it;
      if (&entry == limit || (from && entry.when.last < *from)) continue;
      if (entry.when.first > limit->when.last) {
        out_of_order = &entry;
        continue;
      }
      const Proof proof = m.held.prove(entry, step->evidence, nullptr);
      const bool sure = entry.when.last <= limit->when.first;
      const auto earliest = must_lead ? due_day(*lead, entry.when.first, m.calendar()) : std::nullopt;
      const bool too_short = earliest && *earliest > m.trigger().when.last;
      const int rank = (counts(proof) ? (sure ? 0 : 1) : (sure ? 2 : 3)) + (too_short ? 4 : 0);
      if (rank < best_rank) {
        best = &entry;
        best_proof = proof;
        best_rank = rank;
        led_to = too_short ? earliest : std::nullopt;
        uncounted = must_lead && !earliest;
      }
      if (rank == 0) break;
    }
    if (!best) {
      m.becomes(Outcome::breached, "not done before");
      j.flagged_since = m.trigger().when.last;
      m.missing(step->called, from, m.trigger().when.last);
      if (out_of_order) m.piece(Piece::Kind::claimed, out_of_order, step->called + ", but only afterwards");
      worst.take(j);
      continue;
    }
    j.step = best;
    m.piece(counts(best_proof) ? Piece::Kind::used : Piece::Kind::claimed, best, step->called);
    m.held.prove(*best, step->evidence, m.pieces);
    settle(m, best_proof, !step->evidence.empty());
    if (!counts(best_proof)) j.flagged_since = m.trigger().when.last;
    if (best->when.last > limit->when.first) {
      m.note(fmt::format("Whether {} came before cannot be told: dates known only as {} and {}.", step->called,
                         words(best->when), words(limit->when)));
      if (counts(best_proof)) m.becomes(Outcome::unknown, "the dates do not tell which came first");
    }
    if (uncounted && counts(best_proof)) m.becomes(Outcome::unknown, no_holidays);
    if (led_to) {
      m.becomes(Outcome::breached, "too short notice");
      j.flagged_since = m.trigger().when.last;
      m.note(fmt::format("{} at least before it: from {} that would have been {} at the earliest.", length_words(*lead),
                         words(best->when), words(*led_to)));
    }
    worst.take(j);
    limit = best;
  }
  // Found from the last step back; a reader wants them from the first.
  if (m.pieces) std::reverse(m.pieces->begin(), m.pieces->end());
  m.becomes(worst.outcome, worst.state);
  j.flagged_since = worst.flagged;
  excuse(m, std::nullopt);
}

namespace {

void judge_recorded(const Making& m, const RecordedNeed& need) {
  auto& j = m.j;
  const auto* record = m.held.record(m.trigger());
  if (!record || !record->recorded) {
    m.becomes(Outcome::unknown, "nobody said when it was written down");
    m.missing("when it was written down", std::nullopt, std::nullopt);
    return;
  }
  if (!start_clock(m, need.within)) return;
  if (record->recorded->first <= *j.due) {
    m.becomes(Outcome::met, "finished and evidenced");
    m.piece(Piece::Kind::held, &m.trigger(), need.called);
    return;
  }
  m.becomes(Outcome::met_late, "recorded late");
  j.late_days = static_cast<std::int32_t>((record->recorded->first - *j.due).count());
  j.flagged_since = *j.due + days{1};
  m.note(fmt::format("It was written down on {}.", words(*record->recorded)));
}

}  // namespace

void judge_accompany(const Making& m, const Accompany& accompany) {
  auto& j = m.j;
  Worst worst;
  j.acted = true;
  const auto& trigger = m.trigger();
  for (const auto& need : accompany.needs) {
    j.flagged_since.reset();
    if (const auto* evidence = std::get_if<EvidenceNeed>(&need)) {
      settle(m, m.held.prove(trigger, {evidence, 1}, m.pieces), true);
    } else if (const auto* value = std::get_if<ValueNeed>(&need)) {
      const auto given = trigger.value(value->attribute);
      if (given.empty() || given == "not-recorded") {
        m.becomes(Outcome::not_evidenced, "finished without evidence");
        m.missing(value->called, std::nullopt, std::nullopt);
      } else if (const auto lacking = std::find_if(value->has.begin(), value->has.end(),
                                                   [&](const auto& word) { return !has_word(given, word); });
                 lacking != value->has.end()) {
        m.becomes(Outcome::breached, "incomplete");
        if (m.pieces) {
          std::string all;
          for (const auto& word : value->has)
            if (!has_word(given, word)) all += (all.empty() ? "" : ", ") + spoken(word);
          m.missing(fmt::format("{}: {}", value->called, all), std::nullopt, std::nullopt);
        }
      } else if ((!value->is.empty() && !shares_word(given, value->is)) ||
                 !within(value->at_least, value->below, given, trigger)) {
        m.becomes(Outcome::breached, "the record says otherwise");
        m.missing(fmt::format("{} (the record says: {})", value->called, spoken(given)), std::nullopt, std::nullopt);
      } else {
        m.becomes(Outcome::met, "finished and evidenced");
        m.piece(Piece::Kind::held, &trigger, value->called);
      }
    } else if (const auto* recorded = std::get_if<RecordedNeed>(&need)) {
      judge_recorded(m, *recorded);
    } else {
      const auto& step = std::get<Step>(need);
      const Answer found = answer(
          m, step, [](const Entry&) { return true; }, [](const Entry&) { return true; });
      if (found.entry) {
        m.piece(counts(found.proof) ? Piece::Kind::used : Piece::Kind::claimed, found.entry, step.called);
        m.held.prove(*found.entry, step.evidence, m.pieces);
        settle(m, found.proof, true);
        j.step = found.entry;
      } else {
        m.becomes(Outcome::not_evidenced, "finished without evidence");
        m.missing(step.called, trigger.when.first, m.as_of());
      }
    }
    if (needs_attention(j.outcome)) j.flagged_since = trigger.when.last;
    worst.take(j);
  }
  m.becomes(worst.outcome, worst.state);
  j.flagged_since = worst.flagged;
  excuse(m, std::nullopt);
}

const Entry* judge_recur(const Making& m, const Recur& recur, const Clock& clock) {
  auto& j = m.j;
  const Entry& anchor = m.trigger();
  const bool counted = start_clock(m, clock);
  std::vector<const Entry*> entries;
  m.held.collect(recur.step.acts, &anchor, entries);
  const Entry *next = nullptr, *not_one = nullptr;
  Proof proof{};
  for (const Entry* entry : entries) {
    // Strictly later on some reading, and later on the timeline, so that the chain always moves on.
    if (entry->when.last <= anchor.when.first ||
        std::pair(entry->when.first, entry->when.last) < std::pair(anchor.when.first, anchor.when.last))
      continue;
    if (entry->when.first == anchor.when.first && entry->when.last == anchor.when.last &&
        std::pair(entry->number, entry->ordinal) < std::pair(anchor.number, anchor.ordinal))
      continue;
    const Proof held = m.held.prove(*entry, recur.step.evidence, nullptr);
    if (counts(held) || held == Proof::missing) {
      next = entry;
      proof = held;
      break;
    }
    if (!not_one) not_one = entry;
  }
  if (!counted) return next;
  const auto name_claim = [&](const Entry& entry) {
    m.piece(Piece::Kind::claimed, &entry, recur.step.called);
    m.held.prove(entry, recur.step.evidence, m.pieces);
  };
  const Day due = *j.due;
  if (next && (next->when.first <= due || counts(proof))) {
    j.step = next;
    j.acted = true;
    if (not_one) name_claim(*not_one);
    m.piece(counts(proof) ? Piece::Kind::used : Piece::Kind::claimed, next, recur.step.called);
    m.held.prove(*next, recur.step.evidence, m.pieces);
    settle(m, proof, !recur.step.evidence.empty());
    if (next->when.first > due) {
      m.becomes(Outcome::met_late, "finished late");
      j.late_days = static_cast<std::int32_t>((next->when.first - due).count());
      j.flagged_since = due + days{1};
    } else if (!counts(proof)) {
      j.flagged_since = next->when.last;
    } else if (next->when.last > due) {
      m.note(fmt::format("Its date is known only as {}; on the earliest reading it was in time.", words(next->when)));
    }
  } else if (const Entry* claim = next ? next : not_one; claim && (claim->when.first <= due || m.as_of() > due)) {
    j.step = claim;
    j.acted = true;
    name_claim(*claim);
    settle(m, m.held.prove(*claim, recur.step.evidence, nullptr), true);
    j.flagged_since = std::min(claim->when.last, due + days{1});
    m.missing(recur.step.called + " that counts", anchor.when.first, std::min(due, m.as_of()));
  } else {
    wait_or_breach(m, due, warn_day(*j.clock, *j.start, m.calendar()));
    say_progress(m, recur.step, recur.progress, anchor);
    m.missing(recur.step.called, anchor.when.first, std::min(due, m.as_of()));
  }
  excuse(m, due);
  return next;
}

}  // namespace answerable::engine
