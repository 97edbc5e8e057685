#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "reports/pages/gathering.hpp"
#include "reports/pages/line_index.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

using engine::Explanation;
using engine::Outcome;

const Explanation::Event* event(const Explanation& why, std::initializer_list<std::string_view> parts) {
  for (const auto part : parts) {
    const auto found = std::ranges::find(why.events, part, &Explanation::Event::part);
    if (found != why.events.end()) return &*found;
  }
  return nullptr;
}

bool is_gap(const Finding& finding) {
  return finding.about.empty() &&
         (finding.why.outcome == Outcome::breached || finding.why.outcome == Outcome::not_evidenced ||
          finding.why.outcome == Outcome::contradicted);
}

/// A gap, and the place of the act after which it stands; nothing: it stands on its own day.
struct Place {
  Gap gap;
  std::optional<std::size_t> after;
};

/// Whether the finding says that something is missing, and not that something stands which should not.
bool says_missing(const engine::Catalogue& catalogue, const Explanation& why) {
  if (why.outcome != Outcome::breached) return true;
  const auto* rule = catalogue.find(why.rule);
  if (rule == nullptr) return true;
  for (const auto& edition : rule->editions) {
    if (edition.from != why.edition_from) continue;
    for (const auto& duty : edition.duties) {
      if (duty.id != why.duty) continue;
      // A value that was recorded and says otherwise is no gap either.
      return !std::holds_alternative<engine::Absent>(duty.pattern) &&
             !std::holds_alternative<engine::Attributed>(duty.pattern) &&
             !std::holds_alternative<engine::Accompany>(duty.pattern);
    }
  }
  return true;
}

Place place(const engine::Catalogue& catalogue, const Finding& finding, const LineIndex& lines) {
  const auto& why = finding.why;
  // What is said to have been done stands where it is said; what was not done stands where it was due.
  const bool claimed = why.outcome != Outcome::breached;
  const auto* at = claimed ? event(why, {"answer", "claim", "trigger"}) : event(why, {"trigger"});
  Place out;
  out.gap.finding = why.finding;
  out.gap.rule = why.rule;
  out.gap.outcome = why.outcome;
  out.gap.missing = says_missing(catalogue, why);
  out.gap.text = sentence(why.sentence);
  if (!claimed && out.gap.missing && !why.not_found.empty())
    out.gap.text += " " + sentence("Not found: " + list_words(why.not_found));
  for (const auto& it : why.events) {
    if (it.record >= 0 && std::ranges::find(out.gap.rests_on, it.record) == out.gap.rests_on.end())
      out.gap.rests_on.push_back(it.record);
  }
  out.gap.actor = {why.attribution.actor, why.attribution.actor_name};
  out.gap.answers = {why.attribution.accountable, why.attribution.accountable_name};
  out.gap.agreement = why.attribution.agreement;
  if (at != nullptr) out.after = lines.place(at->record, at->act);
  if (out.after) out.gap.case_reference = lines.line(*out.after).case_reference;
  if (!claimed && why.due && *why.due <= why.horizon.as_of && (at == nullptr || *why.due > at->when.last)) {
    out.gap.when = {*why.due, *why.due, Precision::day};
    out.after.reset();
  } else if (at != nullptr) {
    out.gap.when = at->when;
  } else {
    const auto day = why.flagged_since.value_or(why.due.value_or(why.horizon.as_of));
    out.gap.when = {day, day, Precision::day};
  }
  return out;
}

int force_rank(std::string_view force) {
  return force == "statute" ? 0 : force == "guidance" ? 1 : 2;
}

}  // namespace

void sort_findings(Findings& findings) {
  const auto key = [](const Finding& finding) {
    const auto& why = finding.why;
    const auto* trigger = event(why, {"trigger"});
    return std::tuple(!engine::needs_attention(why.outcome), !finding.about.empty(), seriousness(why.outcome),
                      force_rank(why.force), trigger != nullptr ? trigger->when.first : Day{}, why.due.value_or(Day{}),
                      why.rule, why.duty, why.finding);
  };
  std::vector<decltype(key(Finding{}))> keys;
  keys.reserve(findings.size());
  for (const auto& finding : findings) keys.push_back(key(finding));
  std::vector<std::size_t> order(findings.size());
  std::iota(order.begin(), order.end(), std::size_t{});
  std::ranges::stable_sort(
      order, {}, [&](std::size_t index) -> const auto& { return keys[index]; });
  findings.reorder(order);
}

Rows<ChronologyRow> chronology(const engine::Catalogue& catalogue, const Rows<ChronologyRow>& lines,
                               const LineIndex& index, const Findings& findings) {
  // Only where each gap stands is kept; the gap itself is made again when its place comes.
  std::vector<std::pair<std::size_t, std::size_t>> behind_lines;  // a line, and the finding
  std::vector<std::pair<Day, std::size_t>> on_their_own;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto finding = findings[i];
    if (!is_gap(finding)) continue;
    const auto [gap, line] = place(catalogue, finding, index);
    if (line) {
      behind_lines.emplace_back(*line, i);
    } else {
      on_their_own.emplace_back(gap.when.first, i);
    }
  }
  std::ranges::sort(behind_lines);
  std::ranges::sort(on_their_own);

  Rows<ChronologyRow> out;
  const auto add = [&](std::size_t finding) { out.push_back(place(catalogue, findings[finding], index).gap); };
  auto behind = behind_lines.begin();
  auto own = on_their_own.begin();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto row = lines[i];
    for (; own != on_their_own.end() && own->first < latest(std::get<Line>(row)); ++own) add(own->second);
    out.push_back(row);
    for (; behind != behind_lines.end() && behind->first == i; ++behind) add(behind->second);
  }
  for (; own != on_their_own.end(); ++own) add(own->second);
  return out;
}

std::vector<Knowledge> knowledge(const Trail& trail, const LineIndex& lines, const std::vector<Day>& received) {
  std::map<Day, Knowledge> by_day;
  for (const auto& finding : trail.findings) {
    if (!finding.about.empty() || !engine::needs_attention(finding.why.outcome)) continue;
    const auto* trigger = event(finding.why, {"trigger"});
    if (!finding.why.flagged_since && trigger == nullptr) continue;
    const auto first = trigger != nullptr ? lines.find(trigger->record, trigger->act) : std::nullopt;
    const Day day = finding.why.flagged_since ? *finding.why.flagged_since
                    : first                   ? latest(*first)
                                              : trigger->when.last;
    auto& known = by_day[day];
    known.day = day;
    known.findings.push_back(finding.why.finding);
    for (const auto& it : finding.why.events) {
      const auto line = it.record >= 0 ? lines.find(it.record, it.act) : std::nullopt;
      if (!line) continue;
      auto& list = line->source.received_on <= day ? known.known : known.later;
      const auto same = [&](const Knowledge::Act& act) {
        return act.record == line->source.record && act.ordinal == line->ordinal;
      };
      if (std::ranges::any_of(list, same)) continue;
      list.push_back({.record = line->source.record,
                      .ordinal = line->ordinal,
                      .says = line->says,
                      .when = line->when,
                      .received_on = line->source.received_on,
                      .days_later = std::max(0, static_cast<int>((line->source.received_on - day).count()))});
    }
  }
  std::vector<Knowledge> out;
  for (auto& [day, known] : by_day) {
    known.records_held = std::ranges::upper_bound(received, day) - received.begin();
    for (auto* list : {&known.known, &known.later}) {
      std::ranges::sort(*list, {},
                        [](const Knowledge::Act& act) { return std::tuple(act.when.first, act.record, act.ordinal); });
    }
    out.push_back(std::move(known));
  }
  return out;
}

std::vector<Case> cases(const Trail& trail, const Rows<ChronologyRow>& lines, const LineIndex& index) {
  std::vector<Case> out;
  for (const auto& row : lines) {
    const auto& line = std::get<Line>(row);
    if (line.case_reference.empty() || line.corrected_by >= 0) continue;
    auto known = std::ranges::find(out, line.case_reference, &Case::reference);
    if (known == out.end()) known = out.insert(out.end(), Case{line.case_reference, {}});
    const std::string when = words(line.when);
    if (line.act == "complaint.received")
      known->clock.push_back(fmt::format("{} received it: {}.", line.actor.name, when));
    if (line.act == "complaint.redirected")
      known->clock.push_back(fmt::format("{} sent it on: {}.", line.actor.name, when));
    if (line.act == "complaint.acknowledged")
      known->clock.push_back(fmt::format("{} acknowledged it: {}.", line.actor.name, when));
    if (line.act == "complaint.responded")
      known->clock.push_back(fmt::format("{} answered it: {}.", line.actor.name, when));
    if (line.act.starts_with("ombudsman.")) known->clock.push_back(fmt::format("{} ({})", line.says, when));
  }
  if (out.empty()) return out;
  for (const auto& finding : trail.findings) {
    const auto* trigger = event(finding.why, {"trigger"});
    const auto line = trigger != nullptr ? index.find(trigger->record, trigger->act) : std::nullopt;
    if (!line || !finding.why.rule.starts_with("compl.")) continue;
    const auto about = std::ranges::find(out, line->case_reference, &Case::reference);
    if (about == out.end()) continue;
    about->clock.push_back(
        fmt::format("{}: {}", outcome_words(finding.why.outcome),
                    sentence(finding.why.sentence.empty() ? finding.why.title : finding.why.sentence)));
  }
  return out;
}

}  // namespace answerable::pages
