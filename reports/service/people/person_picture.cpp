#include "reports/service/people/person_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <variant>

#include "reports/pages/wording.hpp"

namespace answerable::service {
namespace {

using Mark = components::TimelinePicture::Mark;

/// The records in which a function of the council is carried out, where they are called otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kinds_of_functions{
    {{"care-planning", "care-and-support-plan"},
     {"direct-payments", "direct-payment"},
     {"eligibility", "eligibility-determination"},
     {"financial-assessment", "financial-assessment"},
     {"complaints", "complaint"},
     {"care-and-support", "service"},
     {"carer-support", "assessment"}}};

std::string kind_of_rule(const engine::Catalogue& rules, const pages::Gap& gap) {
  const auto* rule = rules.find(gap.rule);
  if (rule == nullptr || rule->function == 0) return "";
  const auto function = rules.vocabulary().text(rule->function);
  for (const auto& [of, kind] : kinds_of_functions)
    if (of == function) return std::string(kind);
  return std::string(function);
}

/// The kinds of the records, to put a hole whose rule is of no function beside what it rests on.
std::map<std::int64_t, std::string> kinds_of_records(const pages::Trail& trail) {
  std::map<std::int64_t, std::string> kinds;
  for (const auto& row : trail.chronology)
    if (const auto* line = std::get_if<pages::Line>(&row)) kinds.emplace(line->source.record, line->source.kind);
  return kinds;
}

}  // namespace

components::TimelinePicture picture_of(const pages::Trail& trail, const engine::Catalogue& rules) {
  const auto kinds = kinds_of_records(trail);
  std::vector<std::pair<std::string, std::vector<Mark>>> lanes;
  Day from = trail.horizon.as_of, to = trail.horizon.as_of;
  std::int64_t acts = 0, holes = 0;
  const auto add = [&](const std::string& kind, Mark mark) {
    auto lane = std::ranges::find(lanes, kind, &std::pair<std::string, std::vector<Mark>>::first);
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {kind, {}});
    from = std::min(from, mark.when.first);
    to = std::max(to, mark.when.last);
    ++(mark.kind == Mark::Kind::hole ? holes : acts);
    lane->second.push_back(std::move(mark));
  };
  for (const auto& row : trail.chronology) {
    if (const auto* line = std::get_if<pages::Line>(&row)) {
      if (line->corrected_by >= 0) continue;
      add(line->source.kind, {line->planned ? Mark::Kind::planned : Mark::Kind::act, line->when,
                              fmt::format("{}: {}", words(line->when), line->says)});
      continue;
    }
    const auto& gap = std::get<pages::Gap>(row);
    auto kind = kind_of_rule(rules, gap);
    if (kind.empty() && !gap.rests_on.empty() && kinds.contains(gap.rests_on.front()))
      kind = kinds.at(gap.rests_on.front());
    add(kind.empty() ? "other-duties" : kind, {gap.missing ? Mark::Kind::hole : Mark::Kind::wrong, gap.when,
                                               fmt::format("{}: {}", words(gap.when), gap.text)});
  }
  components::TimelinePicture picture{
      .id = "years",
      .title = fmt::format("What happened from {} to {}", words(from), words(to)),
      .says = fmt::format("{} in {}, and {} where an act should stand and does not. The table below says the same.",
                          pages::capital(pages::count_of(acts, "act", "acts")),
                          pages::count_of(static_cast<std::int64_t>(lanes.size()), "lane", "lanes"),
                          pages::count_of(holes, "place", "places")),
      .from = from,
      .to = to,
      .lanes = {}};
  for (auto& [kind, marks] : lanes)
    picture.lanes.push_back({pages::capital(pages::code_words(kind)), std::move(marks)});
  return picture;
}

}  // namespace answerable::service
