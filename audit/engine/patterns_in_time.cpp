#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "audit/engine/patterns.hpp"

namespace answerable::engine {
namespace {

using std::chrono::days;

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// When the act was written down, or the latest document that proves it was made; nothing when nobody said.
std::optional<Happened> made_on(const Making& m) {
  const auto* record = m.held.record(m.trigger());
  if (!record) return std::nullopt;
  std::optional<Happened> made = record->recorded;
  for (const auto& row : m.held.timeline().evidence) {
    if (row.root != record->root) continue;
    const auto document = m.held.made(row);
    if (document && (!made || document->first > made->first)) made = document;
  }
  return made;
}

}  // namespace

void judge_absent(const Making& m, const Absent& absent) {
  auto& j = m.j;
  const auto& trigger = m.trigger();
  if (absent.then.empty()) {
    j.acted = true;
    m.becomes(absent.as, "it should not have happened");
    j.flagged_since = trigger.when.last;
    excuse(m, std::nullopt);
    return;
  }
  std::optional<Day> earliest_end;
  if (absent.until_recorded) {
    if (const auto made = made_on(m)) {
      earliest_end = j.due = std::max(made->first, trigger.when.last) - days{1};
      m.note(fmt::format("It, or the latest document that proves it, was made on {}.", words(*made)));
    }
  }
  if (absent.within) {
    const Clock* clock = m.effective(*absent.within);
    if (!clock) return;
    j.clock = clock;
    j.start = assumed_start(trigger.when);
    j.due = due_day(*clock, *j.start, m.calendar());
    earliest_end = due_day(*clock, trigger.when.first, m.calendar());
    if (!j.due || !earliest_end) {
      m.becomes(Outcome::unknown, "the bank holidays of that time are not loaded");
      return;
    }
  }
  std::vector<const Entry*> entries;
  m.held.collect(absent.then, &trigger, entries);
  const Entry *certain = nullptr, *possible = nullptr;
  for (const Entry* entry : entries) {
    if (!certain && entry->when.first >= trigger.when.last && (!earliest_end || entry->when.last <= *earliest_end))
      certain = entry;
    if (!possible && entry->when.last >= trigger.when.first && (!j.due || entry->when.first <= *j.due))
      possible = entry;
  }
  if (const Entry* found = certain ? certain : possible) {
    j.step = found;
    j.acted = true;
    m.piece(Piece::Kind::used, found, "it should not have followed");
    if (absent.until_recorded && !j.due) {
      m.becomes(Outcome::unknown, "nobody said when it was written down");
    } else if (certain) {
      m.becomes(absent.as, "it should not have followed");
      j.flagged_since = certain->when.last;
    } else {
      m.becomes(Outcome::unknown, "the dates do not tell which came first");
    }
  } else if (j.due && m.as_of() > *j.due) {
    m.becomes(Outcome::met, "nothing of the kind followed");
  } else {
    m.becomes(Outcome::pending, "nothing of the kind so far");
    if (j.due) j.next_change = *j.due + days{1};
  }
  excuse(m, j.due);
}

void judge_cover(const Making& m, const Cover& cover) {
  auto& j = m.j;
  const auto& trigger = m.trigger();
  const Day from = trigger.when.last + days{cover.next_day ? 1 : 0};
  j.start = trigger.when.last;
  j.due = from;
  std::vector<const Entry*> entries;
  m.held.collect(cover.step.acts, &trigger, entries);
  const Entry *covering = nullptr, *claimed = nullptr;
  Proof proof{};
  for (const Entry* entry : entries) {
    if (entry->until && entry->until->last < from) continue;
    if (entry->when.first <= trigger.when.last && !cover.ended_by.empty()) {
      const Entry* end = m.held.first(cover.ended_by, entry, [&](const Entry& ended) {
        return ended.when.first >= entry->when.first && ended.when.first <= trigger.when.last;
      });
      if (end) continue;
    }
    const Proof held = m.held.prove(*entry, cover.step.evidence, nullptr);
    if (counts(held)) {
      covering = entry;
      proof = held;
      break;
    }
    if (!claimed) {
      claimed = entry;
      proof = held;
    }
  }
  // An exception ends what must be covered.
  std::optional<Day> over;
  for (const auto& exception : m.duty.unless) {
    const Entry* end = standing(m, exception, std::nullopt);
    if (!end) continue;
    const Day day = std::max(end->when.first, trigger.when.first);
    if (exception.when != Exception::When::by_deadline || day <= from) {
      m.becomes(Outcome::exempt, exception.because);
      m.piece(Piece::Kind::exception, end, exception.because);
      return;
    }
    if (!over || day < *over) over = day;
    m.piece(Piece::Kind::exception, end, exception.because);
  }
  const Entry* answer = covering ? covering : claimed;
  if (answer && answer->when.first <= from) {
    j.step = answer;
    j.acted = true;
    m.piece(covering ? Piece::Kind::used : Piece::Kind::claimed, answer, cover.step.called);
    m.held.prove(*answer, cover.step.evidence, m.pieces);
    settle(m, proof, !cover.step.evidence.empty());
    if (!counts(proof)) j.flagged_since = from;
    return;
  }
  std::optional<Day> gap_end = over;
  if (answer && (!gap_end || answer->when.first < *gap_end)) gap_end = answer->when.first;
  j.gap_from = from;
  if (gap_end) {
    j.gap_days = static_cast<std::int32_t>((*gap_end - from).count());
    if (answer) j.step = answer;
    m.becomes(Outcome::breached, "a gap, now closed");
    j.flagged_since = from + days{1};
    if (answer) m.piece(Piece::Kind::used, answer, cover.step.called + ", but only after a gap");
  } else if (m.as_of() > from) {
    m.becomes(Outcome::breached, "a gap, still open");
    j.flagged_since = from + days{1};
  } else {
    m.becomes(Outcome::pending, "not yet due");
    j.next_change = from + days{1};
    j.gap_from.reset();
  }
  m.missing(cover.step.called, from, gap_end ? *gap_end - days{1} : std::max(from, m.as_of()));
}

bool judge_attributed(const Making& m, const Attributed& attributed) {
  auto& j = m.j;
  const auto& trigger = m.trigger();
  const auto* record = m.held.record(trigger);
  const auto& catalogue = *m.held.context().catalogue;
  if (!record || m.held.by_council(trigger)) return false;
  Word function = catalogue.function_of(trigger.act);
  if (!function) function = m.rule.function;
  if (!function) return false;
  const auto performer = m.held.organisation_key(trigger.performer);
  const auto& agreements = *m.held.context().agreements;
  Standing standing =
      agreements.standing(record->agreement, performer, function, trigger.when.last, m.held.timeline().subject);
  if (!standing.valid() && trigger.when.first != trigger.when.last) {
    const Standing earlier =
        agreements.standing(record->agreement, performer, function, trigger.when.first, m.held.timeline().subject);
    if (earlier.valid()) standing = earlier;
  }
  const bool of_type = standing.agreement && std::find(attributed.instruments.begin(), attributed.instruments.end(),
                                                       standing.agreement->type) != attributed.instruments.end();
  if (attributed.only_when_covered && !(of_type && (standing.named || standing.valid()))) return false;
  j.acted = true;
  if (standing.valid()) {
    m.becomes(
        of_type ? Outcome::met : Outcome::exempt,
        of_type ? "under an agreement in force" : "under an agreement of another kind, which another rule judges");
    return true;
  }
  j.flagged_since = trigger.when.last;
  const std::string_view why = !standing.agreement         ? "no agreement is known"
                               : !standing.in_force        ? "the agreement was not in force on that day"
                               : !standing.covers_function ? "the agreement does not cover this function"
                               : !standing.is_party        ? "the body that acted is not a party to the agreement"
                                                           : "the agreement does not name this person";
  m.becomes(Outcome::breached, why);
  m.missing(fmt::format("an agreement in force for {} with the body that acted",
                        spoken(catalogue.vocabulary().text(function))),
            std::nullopt, std::nullopt);
  excuse(m, std::nullopt);
  return true;
}

Periods periods(const Making& m, const Schedule& schedule) {
  Periods out;
  const auto& trigger = m.trigger();
  const auto& words = m.held.context().catalogue->vocabulary();
  // The agreement's version runs until its last day, its revocation, or the version after it.
  Day last = trigger.until ? trigger.until->last : Day::max();
  const Word made = trigger.act, revoked = words.find("agreement.revoked");
  for (const Entry* entry : m.held.visible()) {
    if (entry == &trigger || entry->when.last < trigger.when.first) continue;
    if (entry->act == revoked) last = std::min(last, entry->when.first);
    if (entry->act == made && entry->when.first > trigger.when.last) last = std::min(last, entry->when.first - days{1});
  }
  const auto& every = schedule.every;
  const Day begin = trigger.when.last;
  const auto start_of = [&](int k) {
    switch (every.unit) {
      case Unit::month:
        return add_months(begin, k * every.value);
      case Unit::week:
        return begin + days{7 * k * every.value};
      default:
        return begin + days{k * every.value};
    }
  };
  for (int k = 0;; ++k) {
    const Day from = start_of(k), to = start_of(k + 1) - days{1};
    if (to > last) break;
    if (from > m.as_of()) {
      out.next = from;
      break;
    }
    out.all.emplace_back(from, to);
  }
  return out;
}

void judge_schedule(const Making& m, const Schedule& schedule) {
  auto& j = m.j;
  const auto& [from, to] = *j.period;
  const auto& trigger = m.trigger();
  if (const auto allowed = whole_number(trigger.value(schedule.due))) {
    j.due = to + days{*allowed};
  } else {
    j.due = schedule.every.unit == Unit::month ? add_months(to + days{1}, schedule.every.value) - days{1}
                                               : to + (to - from) + days{1};
  }
  j.start = to;
  const auto& words = m.held.context().catalogue->vocabulary();
  const Word period_from = words.find("period-from"), period_to = words.find("period-to");
  std::vector<const Entry*> entries;
  m.held.collect(schedule.step.acts, &trigger, entries);
  const Entry* best = nullptr;
  Proof proof{};
  for (const Entry* entry : entries) {
    const auto begins = parse_happened(entry->value(period_from)), ends = parse_happened(entry->value(period_to));
    if (!begins || !ends || begins->first > from || ends->last < to) continue;
    const Proof held = m.held.prove(*entry, schedule.step.evidence, nullptr);
    if (best && !(counts(held) && !counts(proof))) continue;
    best = entry;
    proof = held;
  }
  if (best) {
    j.step = best;
    j.acted = true;
    m.piece(counts(proof) ? Piece::Kind::used : Piece::Kind::claimed, best, schedule.step.called);
    m.held.prove(*best, schedule.step.evidence, m.pieces);
    settle(m, proof, !schedule.step.evidence.empty());
    if (best->when.first > *j.due) {
      if (counts(proof)) m.becomes(Outcome::met_late, "finished late");
      j.late_days = static_cast<std::int32_t>((best->when.first - *j.due).count());
      j.flagged_since = *j.due + days{1};
    } else if (!counts(proof)) {
      j.flagged_since = best->when.last;
    }
  } else if (m.as_of() > *j.due) {
    m.becomes(Outcome::breached, "nothing recorded");
    j.flagged_since = *j.due + days{1};
    m.missing(schedule.step.called, from, *j.due);
  } else {
    m.becomes(Outcome::pending, "not yet due");
    j.next_change = *j.due + days{1};
    m.missing(schedule.step.called, from, m.as_of());
  }
  excuse(m, j.due);
}

}  // namespace answerable::engine
