#include "audit/loss/ends.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/engine/clock.hpp"

namespace answerable::loss {

using engine::Entry;

namespace {

/// How long before a loss the assessment behind a later decision may lie. The convention of change.no_cut_without.
constexpr int months_looked_back = 12;

}  // namespace

std::vector<End> decided_or_needs_ended(const Held& held, const Span& start, const engine::RecordRow* rested_on) {
  std::vector<End> out;
  const auto add = [&](EndKind kind, const Entry& entry, const Span& last, std::string what) {
    if (entry.when.last < start.first) return;
    out.push_back(
        {.kind = kind, .record = entry.number, .when = entry.when, .last_day = last, .what = std::move(what)});
  };
  for (const auto* it : held.acts("eligibility.determined")) {
    if (held.text(*it, "for") == "carer") continue;
    if (rested_on != nullptr && held.record(*it).root == rested_on->root) continue;
    if (it->when.last <= start.first) continue;
    const auto before = out.size();
    add(EndKind::decided, *it, readings(it->when), fmt::format("eligible: {}", held.text(*it, "eligible")));
    if (out.size() == before) continue;
    out.back().why = held.unsound(*it, engine::add_months(start.first, -months_looked_back));
    out.back().counts = out.back().why.empty();
  }
  for (const auto* it : held.acts("change.effective")) {
    if (held.text(*it, "direction") == "end" &&
        one_of(held.text(*it, "reason"), {"needs-ended", "person-asked", "declined"}))
      add(EndKind::needs_ended, *it, day_before(it->when), std::string(held.text(*it, "reason")));
  }
  for (const auto* it : held.acts("dp.stopped")) {
    if (held.text(*it, "ground") == "person-asked")
      add(EndKind::needs_ended, *it, day_before(it->when), "person-asked");
  }
  for (const auto* it : held.acts("person.died")) add(EndKind::needs_ended, *it, readings(it->when), "died");
  for (const auto* it : held.acts("person.moved-out")) add(EndKind::needs_ended, *it, day_before(it->when), "moved");
  return out;
}

LastDay last_day(const std::vector<End>& ends, Day start, Day bound) {
  LastDay out{{bound, bound}, true};
  for (const auto& end : ends) {
    if (!end.counts) continue;
    if (!end.lowest_only && end.last_day.first <= bound) out.running = false;
    out.readings.first = std::min(out.readings.first, end.last_day.first);
    if (!end.lowest_only) out.readings.last = std::min(out.readings.last, end.last_day.last);
  }
  const Day none = start - std::chrono::days{1};
  out.readings.first = std::max(out.readings.first, none);
  out.readings.last = std::max(out.readings.last, none);
  return out;
}

Span narrowed_start(const Span& start, const Question& question) {
  return question.from && *question.from >= start.first ? Span{*question.from, *question.from} : start;
}

Span narrowed_last(const Span& last, const Question& question) {
  return question.to && *question.to <= last.last ? Span{*question.to, *question.to} : last;
}

void sort(std::vector<End>& ends) {
  std::ranges::stable_sort(ends, {}, [](const End& it) { return std::tuple(it.when.first, it.when.last, it.record); });
}

}  // namespace answerable::loss
