#include "audit/engine/judge.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <tuple>

#include "audit/engine/patterns.hpp"

namespace answerable::engine {
namespace {

constexpr bool wants_sentence(Outcome outcome) {
  return outcome != Outcome::met && outcome != Outcome::exempt && outcome != Outcome::pending;
}

constexpr std::string_view switched_off = "switched off by the council's own policy";
constexpr std::string_view runs_already = "an earlier interval is still running";

bool applies(const Edition& edition, Regime regime, Day day) {
  return edition.in_force(day) && (edition.regimes == 0 || (edition.regimes & static_cast<std::uint8_t>(regime)) != 0);
}

/// The function whose agreement tells who should have acted.
Word function_of(const Making& m) {
  if (m.rule.function) return m.rule.function;
  return m.held.context().catalogue->function_of(m.trigger().act);
}

}  // namespace

const Entry* standing(const Making& m, const Exception& exception, const std::optional<Day>& deadline) {
  const auto& trigger = m.trigger();
  return m.held.first(exception.acts, &trigger, [&](const Entry& entry) {
    switch (exception.when) {
      case Exception::When::any:
        return true;
      case Exception::When::before:
        return entry.when.first <= trigger.when.last;
      case Exception::When::earlier:
        return entry.when.last < trigger.when.first;
      case Exception::When::by_deadline:
        return entry.when.last >= trigger.when.first && (!deadline || entry.when.first <= *deadline);
    }
    return false;
  });
}

void excuse(const Making& m, const std::optional<Day>& deadline) {
  if (m.j.outcome == Outcome::met) return;
  for (const auto& exception : m.duty.unless) {
    const Entry* found = standing(m, exception, deadline);
    if (!found) continue;
    m.becomes(Outcome::exempt, exception.because);
    m.j.flagged_since.reset();
    m.j.next_change.reset();
    m.piece(Piece::Kind::exception, found, exception.because);
    return;
  }
}

void lay_at_door(const Making& m) {
  auto& j = m.j;
  const auto& held = m.held;
  const auto& trigger = m.trigger();
  if (held.timeline().type == SubjectType::agreement) {
    const auto& words = held.context().catalogue->vocabulary();
    j.agreement = trigger.value(words.find("reference"));
    j.acted_on = j.step ? j.step->when.last : j.due.value_or(trigger.when.last);
    const auto party = trigger.value(words.find("party"));
    j.actor = j.acted || party.empty() ? held.organisation_key(j.step ? j.step->performer : trigger.performer)
                                       : party.substr(0, party.find(' '));
    return;
  }
  const bool by_trigger =
      std::holds_alternative<Precede>(m.duty.pattern) || std::holds_alternative<Accompany>(m.duty.pattern) ||
      std::holds_alternative<Cover>(m.duty.pattern) || std::holds_alternative<Attributed>(m.duty.pattern);
  const auto* follow = std::get_if<Follow>(&m.duty.pattern);
  if (by_trigger) j.acted = true;
  const Entry* act = by_trigger ? &trigger : j.acted && j.step ? j.step : j.acted ? &trigger : nullptr;
  // With no clock it lay with whoever had the matter in hand.
  if (!act && follow && !follow->within && trigger.number >= 0) act = &trigger;
  if (act && act->number >= 0) {
    j.actor = held.organisation_key(act->performer);
    const auto& record = *held.record(*act);
    j.agreement = record.agreement;
    j.acted_on = act->when.last;
    j.function = held.context().catalogue->function_of(act->act);
    if (!j.function) j.function = m.rule.function;
    if (!held.by_council(*act)) {
      const Standing standing = held.context().agreements->standing(record.agreement, j.actor, j.function,
                                                                    act->when.last, held.timeline().subject);
      if (standing.agreement && standing.valid()) j.agreement = standing.agreement->reference;
    }
    return;
  }
  const Word function = function_of(m);
  const Day day = j.due.value_or(trigger.when.last);
  j.function = function;
  j.acted_on = day;
  std::vector<std::string_view> used;
  if (function)
    for (const Entry* entry : held.visible()) {
      if (held.context().catalogue->function_of(entry->act) != function) continue;
      const auto* record = held.record(*entry);
      if (!record || record->agreement.empty()) continue;
      if (entry->when.first <= day) {
        used.insert(used.begin(), record->agreement);
      } else {
        used.push_back(record->agreement);
      }
    }
  const Agreement* agreement =
      function ? held.context().agreements->responsible(used, function, day, held.timeline().subject) : nullptr;
  if (agreement && !agreement->parties.empty()) {
    j.actor = agreement->parties.front();
    j.agreement = agreement->reference;
  } else {
    j.actor = held.organisation_key(-1);
  }
}

struct Judge::Scratch {
  explicit Scratch(Context the_context) : context(the_context), held(context) {
    std::map<std::pair<std::uint16_t, std::string_view>, std::uint32_t> families;
    const auto& rules = context.catalogue->rules();
    for (std::uint16_t r = 0; r < rules.size(); ++r)
      for (const auto& its_edition : rules[r].editions)
        for (const auto& its_duty : its_edition.duties)
          families.try_emplace({r, its_duty.id}, static_cast<std::uint32_t>(families.size()));
    for (auto& of_type : candidates) of_type.resize(context.catalogue->vocabulary().size());
    for (Word act = 0; act < context.catalogue->vocabulary().size(); ++act)
      for (const auto& ref : context.catalogue->triggered_by(act))
        for (const auto& pattern : duty(ref).when)
          if (std::find(pattern.acts.begin(), pattern.acts.end(), act) != pattern.acts.end())
            add_candidate(candidates[static_cast<std::size_t>(rule(ref).subject)][act],
                          {families.at({ref.rule, duty(ref).id}), 0, ref, &edition(ref), &pattern});
  }

  /// A duty that an act may trigger.
  struct Candidate {
    std::uint32_t family;     ///< the same duty through its editions, in the order of the catalogue
    std::uint32_t condition;  ///< candidates of one act that ask the same of it have the same
    DutyRef ref;
    const Edition* edition;
    const ActPattern* pattern;  ///< one of those that name the act
  };
  struct Trigger {
    std::uint32_t family;
    std::uint32_t position;
    DutyRef duty;
    const Entry* entry;
  };

  const Rule& rule(const DutyRef& ref) const { return context.catalogue->rules()[ref.rule]; }
  const Edition& edition(const DutyRef& ref) const { return rule(ref).editions[ref.edition]; }
  const Duty& duty(const DutyRef& ref) const { return edition(ref).duties[ref.duty]; }

  void add_candidate(std::vector<Candidate>& all, Candidate candidate) {
    std::uint32_t next = 0;
    for (const auto& other : all) {
      if (other.pattern->by == candidate.pattern->by && other.pattern->where == candidate.pattern->where) {
        next = other.condition;
        break;
      }
      next = std::max(next, other.condition + 1);
    }
    candidate.condition = next;
    all.push_back(candidate);
    met.resize(std::max<std::size_t>(met.size(), next + 1));
  }
  void find_triggers();
  /// Judges one occasion; `run` applies the pattern.
  Judgement& judge(const DutyRef& ref, const Entry& entry, const std::function<void(const Making&)>& run);
  void once(const Trigger& trigger);
  void chain(std::size_t from, std::size_t to);
  void schedule(const Trigger& trigger);
  bool ended_between(const Duty& duty, const Entry& anchor, const Entry& later) const;
  std::optional<DutyRef> duty_at(const DutyRef& ref, const Entry& anchor) const;
  const Policy* policy(Policy::Kind kind, const DutyRef& ref, const Entry& trigger) const {
    return context.policies->in_force(kind, rule(ref).id, trigger.when.last);
  }
  void weigh(Judgement& j, const Entry& trigger) const;

  Context context;
  Case held;
  bool all_pieces{};
  Judged* out{};
  std::vector<Trigger> triggers;
  std::array<std::vector<std::vector<Candidate>>, 3> candidates;  ///< by type of subject, by act
  enum class Met : std::uint8_t { not_asked, no, yes };
  std::vector<Met> met;  ///< by condition, of one entry: many duties are triggered alike
};

void Judge::Scratch::find_triggers() {
  triggers.clear();
  const auto& by_act = candidates[static_cast<std::size_t>(held.timeline().type)];
  std::uint32_t position = 0;
  for (const Entry* entry : held.visible()) {
    ++position;
    if (entry->act >= by_act.size()) continue;
    const Day day = entry->when.last;
    const Regime regime = held.path().at(day);
    std::ranges::fill(met, Met::not_asked);
    for (const auto& candidate : by_act[entry->act]) {
      if (!applies(*candidate.edition, regime, day)) continue;
      Met& is_met = met[candidate.condition];
      if (is_met == Met::not_asked) is_met = held.matches(*candidate.pattern, *entry, nullptr) ? Met::yes : Met::no;
      if (is_met == Met::no) continue;
      // One occasion, whichever of the duty's patterns it fits.
      if (!triggers.empty() && triggers.back().position == position && triggers.back().family == candidate.family)
        continue;
      triggers.push_back({candidate.family, position, candidate.ref, entry});
    }
  }
  std::sort(triggers.begin(), triggers.end(), [](const Trigger& a, const Trigger& b) {
    return std::tie(a.family, a.position) < std::tie(b.family, b.position);
  });
}

Judgement& Judge::Scratch::judge(const DutyRef& ref, const Entry& entry,
                                 const std::function<void(const Making&)>& run) {
  Judgement& j = out->judgements.emplace_back();
  const auto pass = [&](std::vector<Piece>* pieces) {
    j.duty = ref;
    j.trigger = &entry;
    j.root = held.root(entry);
    j.regime = held.path().at(entry.when.last);
    const Making making{held, rule(ref), duty(ref), j, pieces};
    weigh(j, entry);
    run(making);
    if (const auto* off = policy(Policy::Kind::rule_off, ref, entry)) {
      j.policy = off;
      making.becomes(Outcome::exempt, switched_off);
      j.flagged_since.reset();
      j.next_change.reset();
    }
    if (needs_attention(j.outcome) && entry.when.first != entry.when.last &&
        !applies(edition(ref), held.path().at(entry.when.first), entry.when.first)) {
      making.becomes(Outcome::unknown, "the date does not tell which law applied");
      making.note("On the earliest reading of its date another law applied: " + words(entry.when) + ".");
      j.flagged_since.reset();
    }
  };
  std::vector<Piece> pieces;
  try {
    pass(all_pieces ? &pieces : nullptr);
    if (!all_pieces && wants_sentence(j.outcome)) {
      j = Judgement{};
      pass(&pieces);
    }
    lay_at_door(Making{held, rule(ref), duty(ref), j, nullptr});
  } catch (const std::exception& problem) {
    pieces.clear();
    j = Judgement{};
    j.duty = ref;
    j.trigger = &entry;
    j.root = held.root(entry);
    j.outcome = Outcome::error;
    j.state = "the engine failed on this duty";
    j.actor = held.organisation_key(-1);
    pieces.push_back({Piece::Kind::note, nullptr, nullptr, problem.what(), {}});
  }
  j.pieces = std::move(pieces);
  // A last day still to come moves with what is announced, whether the act is done already or not.
  if (j.clock && j.clock->unit == Unit::working_day && j.due && *j.due > held.as_of())
    if (const auto next = held.context().catalogue->calendar().next_announcement(held.as_of());
        next && (!j.next_change || *next < *j.next_change))
      j.next_change = next;
  if (held.next_visible() && (!j.next_change || *held.next_visible() < *j.next_change))
    j.next_change = held.next_visible();
  return j;
}

void Judge::Scratch::weigh(Judgement& j, const Entry& trigger) const {
  j.reweighed = policy(Policy::Kind::severity, j.duty, trigger);
  const Force force = edition(j.duty).force;
  j.severity = j.reweighed                ? j.reweighed->severity
               : force == Force::statute  ? Severity::serious
               : force == Force::guidance ? Severity::important
                                          : Severity::advisory;
}

void Judge::Scratch::once(const Trigger& trigger) {
  bool mine = true;
  judge(trigger.duty, *trigger.entry, [&](const Making& m) {
    std::visit(
        [&](const auto& pattern) {
          using P = std::decay_t<decltype(pattern)>;
          if constexpr (std::is_same_v<P, Follow>) judge_follow(m, pattern);
          if constexpr (std::is_same_v<P, Precede>) judge_precede(m, pattern);
          if constexpr (std::is_same_v<P, Accompany>) judge_accompany(m, pattern);
          if constexpr (std::is_same_v<P, Absent>) judge_absent(m, pattern);
          if constexpr (std::is_same_v<P, Cover>) judge_cover(m, pattern);
          if constexpr (std::is_same_v<P, Attributed>) mine = judge_attributed(m, pattern);
        },
        m.duty.pattern);
  });
  if (!mine) out->judgements.pop_back();
}

bool Judge::Scratch::ended_between(const Duty& the_duty, const Entry& anchor, const Entry& later) const {
  for (const auto& exception : the_duty.unless) {
    if (exception.when != Exception::When::by_deadline) continue;
    if (held.first(exception.acts, &anchor, [&](const Entry& entry) {
          return entry.when.last >= anchor.when.first && entry.when.first <= later.when.first;
        }))
      return true;
  }
  return false;
}

std::optional<DutyRef> Judge::Scratch::duty_at(const DutyRef& ref, const Entry& anchor) const {
  const auto& the_rule = rule(ref);
  const auto& id = duty(ref).id;
  for (std::uint16_t e = 0; e < the_rule.editions.size(); ++e) {
    const auto& candidate = the_rule.editions[e];
    if (!applies(candidate, held.path().at(anchor.when.last), anchor.when.last)) continue;
    for (std::uint16_t d = 0; d < candidate.duties.size(); ++d)
      if (candidate.duties[d].id == id && std::holds_alternative<Recur>(candidate.duties[d].pattern))
        return DutyRef{ref.rule, e, d};
  }
  return std::nullopt;
}

void Judge::Scratch::chain(std::size_t from, std::size_t to) {
  struct Interval {
    const Entry *anchor, *next;
    bool exempt;
  };
  std::vector<Interval> intervals;
  const std::size_t first = out->judgements.size();
  const auto is_anchor = [&](const Entry* entry) {
    return std::any_of(intervals.begin(), intervals.end(),
                       [&](const Interval& interval) { return interval.anchor == entry; });
  };
  for (std::size_t t = from; t < to; ++t) {
    const auto& trigger = triggers[t];
    if (is_anchor(trigger.entry)) continue;
    const auto& same = duty(trigger.duty).when;
    const bool running = std::any_of(intervals.begin(), intervals.end(), [&](const Interval& interval) {
      if (interval.exempt || interval.anchor->when.first > trigger.entry->when.first) return false;
      if (interval.next && interval.next->when.first <= trigger.entry->when.first) return false;
      for (const auto& pattern : same)
        if (!held.alike(pattern.same, *interval.anchor, *trigger.entry)) return false;
      return !ended_between(duty(trigger.duty), *interval.anchor, *trigger.entry);
    });
    if (running) {
      judge(trigger.duty, *trigger.entry, [](const Making& m) { m.becomes(Outcome::exempt, runs_already); });
      continue;
    }
    DutyRef ref = trigger.duty;
    const Entry* anchor = trigger.entry;
    for (bool begins = true; anchor; begins = false) {
      const Entry* next = nullptr;
      const auto& j = judge(ref, *anchor, [&](const Making& m) {
        const auto& recur = std::get<Recur>(m.duty.pattern);
        next = judge_recur(m, recur, begins && recur.first ? *recur.first : recur.within);
      });
      intervals.push_back({anchor, next, j.outcome == Outcome::exempt});
      if (!next || is_anchor(next) || ended_between(duty(ref), *anchor, *next)) break;
      const auto later = duty_at(ref, *next);
      if (!later) break;
      ref = *later;
      anchor = next;
    }
  }
  std::sort(out->judgements.begin() + static_cast<std::ptrdiff_t>(first), out->judgements.end(),
            [](const Judgement& a, const Judgement& b) {
              return std::tie(a.trigger->when.first, a.trigger->when.last, a.trigger->number, a.trigger->ordinal) <
                     std::tie(b.trigger->when.first, b.trigger->when.last, b.trigger->number, b.trigger->ordinal);
            });
}

void Judge::Scratch::schedule(const Trigger& trigger) {
  Judgement probe;
  probe.trigger = trigger.entry;
  const auto& pattern = std::get<Schedule>(duty(trigger.duty).pattern);
  const auto due = periods(Making{held, rule(trigger.duty), duty(trigger.duty), probe, nullptr}, pattern);
  for (std::size_t k = 0; k < due.all.size(); ++k)
    judge(trigger.duty, *trigger.entry, [&](const Making& m) {
      m.j.period = due.all[k];
      m.j.occurrence = static_cast<std::int32_t>(k + 1);
      judge_schedule(m, pattern);
    });
  if (due.next && (!out->next_change || *due.next < *out->next_change)) out->next_change = due.next;
}

Judge::Judge(Context context) : scratch_(std::make_unique<Scratch>(context)) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

Judged Judge::operator()(const SubjectTimeline& timeline, bool pieces) {
  Judged judged;
  auto& s = *scratch_;
  s.out = &judged;
  s.all_pieces = pieces;
  s.held.open(timeline);
  s.find_triggers();
  judged.path = s.held.path();
  judged.next_change = s.held.next_visible();
  judged.judgements.reserve(s.triggers.size() + 4);
  for (std::size_t from = 0; from < s.triggers.size();) {
    std::size_t to = from + 1;
    while (to < s.triggers.size() && s.triggers[to].family == s.triggers[from].family) ++to;
    for (std::size_t i = from; i < to; ++i) {
      const auto& pattern = s.duty(s.triggers[i].duty).pattern;
      if (std::holds_alternative<Schedule>(pattern)) {
        s.schedule(s.triggers[i]);
      } else if (std::holds_alternative<Recur>(pattern)) {
        s.chain(from, to);
        break;
      } else {
        s.once(s.triggers[i]);
      }
    }
    from = to;
  }
  for (const auto& j : judged.judgements)
    if (j.next_change && (!judged.next_change || *j.next_change < *judged.next_change))
      judged.next_change = j.next_change;
  return judged;
}

}  // namespace answerable::engine
