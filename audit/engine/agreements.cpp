#include "audit/engine/agreements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace answerable::engine {
namespace {

constexpr Day care_act_s79_began{std::chrono::year{2015} / 4 / 1};
constexpr Day nhs_act_2006_began{std::chrono::year{2007} / 3 / 1};
constexpr Day ombudsman_s25_began{std::chrono::year{2008} / 4 / 1};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto space = list.find(' ');
    if (space != 0) out.emplace_back(list.substr(0, space));
    if (space == std::string_view::npos) break;
    list.remove_prefix(space + 1);
  }
  return out;
}

Agreement read(const Vocabulary& vocabulary, const SubjectTimeline& timeline, const Entry& entry,
               const std::function<std::optional<std::int32_t>(std::string_view)>& people) {
  Agreement agreement;
  agreement.from = entry.when;
  agreement.until = entry.until;
  agreement.number = entry.number;
  agreement.subject = timeline.subject;
  for (const auto& [name, value] : entry.attributes) {
    const auto key = vocabulary.text(name);
    if (key == "reference") agreement.reference = value;
    if (key == "type") agreement.type = value;
    if (key == "party") agreement.parties = split(value);
    if (key == "party-name") agreement.party_name = value;
    if (key == "extent") agreement.extent = value;
    if (key == "heads") agreement.heads = split(value);
    if (key == "monitoring") agreement.monitoring = value;
    if (key == "reports") agreement.reports = value;
    if (key == "report-due-days") agreement.report_due_days = value;
    if (key == "functions")
      for (const auto& function : split(value))
        if (const Word word = vocabulary.find(function)) agreement.functions.push_back(word);
    if (key == "people")
      for (const auto& person : split(value))
        if (const auto subject = people(person)) agreement.people.push_back(*subject);
  }
  std::sort(agreement.people.begin(), agreement.people.end());
  return agreement;
}

bool is_s75(std::string_view type) {
  return type == "s75";
}

std::string_view type_words(std::string_view type) {
  if (type == "s75") return "partnership agreement (section 75)";
  if (type == "s79") return "delegation of functions (section 79)";
  if (type == "contract") return "contract";
  if (type == "grant") return "grant agreement";
  if (type == "spot") return "spot purchase";
  if (type == "s101") return "arrangement with another council (section 101)";
  return "agreement";
}

std::string law_of(std::string_view type, Day day) {
  if (is_s75(type)) {
    std::string law = day >= nhs_act_2006_began ? "NHS Act 2006 s.75(5)" : "Health Act 1999 s.31";
    if (day >= ombudsman_s25_began) law += "; Local Government Act 1974 s.25(6)-(8)";
    return law;
  }
  if (type == "s101")
    return day >= ombudsman_s25_began ? "Local Government Act 1972 s.101; Local Government Act 1974 s.25(6)-(8)"
                                      : "Local Government Act 1972 s.101";
  if (day >= care_act_s79_began) return "Care Act 2014 s.79(6)";
  if (day >= ombudsman_s25_began) return "Local Government Act 1974 s.25(6)-(8)";
  return "the council's own duty, which no arrangement takes away";
}

}  // namespace

bool Agreement::in_force(Day day) const {
  return from.first <= day && (!until || day <= until->last);
}
bool Agreement::covers(Word function) const {
  return std::find(functions.begin(), functions.end(), function) != functions.end();
}
bool Agreement::reaches(std::int32_t person) const {
  return extent != "named" || std::binary_search(people.begin(), people.end(), person);
}
bool Agreement::has_party(std::string_view key) const {
  return std::find(parties.begin(), parties.end(), key) != parties.end();
}

Agreements::Agreements(const Vocabulary& vocabulary, std::span<const SubjectTimeline> timelines, Horizon horizon,
                       const std::function<std::optional<std::int32_t>(std::string_view)>& people) {
  const Word made = vocabulary.find("agreement.made"), revoked = vocabulary.find("agreement.revoked");
  for (const auto& timeline : timelines) {
    const std::size_t first = versions_.size();
    std::optional<Happened> end;
    for (const auto& entry : timeline.entries) {
      const auto& record = timeline.record(entry);
      if (record.number >= horizon.known_at || corrected(record, horizon)) continue;
      if (made && entry.act == made) versions_.push_back(read(vocabulary, timeline, entry, people));
      if (revoked && entry.act == revoked) end = entry.when;
    }
    for (std::size_t i = first; i < versions_.size(); ++i) {
      auto& version = versions_[i];
      if (end && version.from.first <= end->last && (!version.until || end->last < version.until->last)) {
        version.until = end;
        version.revoked = true;
      }
      if (i + 1 < versions_.size() && versions_[i + 1].from.first > version.from.first) {
        const Day ends = versions_[i + 1].from.first - std::chrono::days{1};
        if (!version.until || ends < version.until->last) version.until = Happened{ends, ends, Precision::day};
      }
    }
  }
  std::stable_sort(versions_.begin(), versions_.end(), [](const Agreement& a, const Agreement& b) {
    return std::tie(a.reference, a.from, a.number) < std::tie(b.reference, b.from, b.number);
  });
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    auto& range = by_reference_.try_emplace(versions_[i].reference, i, i).first->second;
    range.second = i + 1;
  }
}

const Agreement* Agreements::find(std::string_view reference, Word function, Day day) const {
  const auto found = by_reference_.find(reference);
  if (found == by_reference_.end()) return nullptr;
  const Agreement *in_force = nullptr, *begun = nullptr;
  for (std::size_t i = found->second.first; i < found->second.second; ++i) {
    const auto& version = versions_[i];
    if (version.from.first > day) break;
    begun = &version;
    if (!version.in_force(day)) continue;
    if (version.covers(function)) return &version;
    in_force = &version;
  }
  return in_force ? in_force : begun ? begun : &versions_[found->second.first];
}

Standing Agreements::standing(std::string_view reference, std::string_view performer, Word function, Day day,
                              std::int32_t person) const {
  const auto stand = [&](const Agreement* agreement, bool named) {
    return Standing{agreement,
                    named,
                    agreement->in_force(day),
                    agreement->covers(function),
                    agreement->has_party(performer),
                    agreement->reaches(person)};
  };
  if (!reference.empty()) {
    const Agreement* named = find(reference, function, day);
    return named ? stand(named, true) : Standing{};
  }
  Standing best;
  for (const auto& version : versions_) {
    if (!version.has_party(performer)) continue;
    const Standing candidate = stand(&version, false);
    if (candidate.valid()) return candidate;
    const auto rank = [](const Standing& s) { return 2 * s.in_force + s.covers_function; };
    if (!best.agreement || rank(candidate) > rank(best)) best = candidate;
  }
  return best;
}

const Agreement* Agreements::responsible(std::span<const std::string_view> used, Word function, Day day,
                                         std::int32_t person) const {
  for (const auto reference : used) {
    const Agreement* agreement = find(reference, function, day);
    if (agreement && agreement->in_force(day) && agreement->covers(function)) return agreement;
  }
  const Agreement* for_all = nullptr;
  for (const auto& version : versions_) {
    if (!version.in_force(day) || !version.covers(function) || version.parties.empty()) continue;
    if (version.extent == "named" && version.reaches(person)) return &version;
    if (version.extent == "all" && !for_all) for_all = &version;
  }
  return for_all;
}

Attribution attribute(const Organisations& organisations, std::string_view actor_key, const Standing& standing, Day day,
                      std::string_view function, bool acted) {
  Attribution a;
  a.actor = actor_key;
  a.actor_name = organisations.name(actor_key);
  a.accountable = organisations.council_key();
  a.accountable_name = organisations.council_name;
  if (standing.agreement) {
    a.agreement = standing.agreement->reference;
    a.instrument = standing.agreement->type;
    a.in_force = standing.in_force;
    a.covers_function = standing.covers_function;
    if (a.actor_name == a.actor && !standing.agreement->party_name.empty() && standing.is_party)
      a.actor_name = standing.agreement->party_name;
  }
  const std::string on = words(day);
  if (a.actor == a.accountable) {
    a.law = "";
    a.note =
        fmt::format("{} {} itself, and answers for it.", a.accountable_name, acted ? "acted" : "should have acted");
    return a;
  }
  if (standing.valid()) {
    a.law = law_of(a.instrument, day);
    a.note = fmt::format(
        "{0} {7} for {1} under {2}, a {3}, which was in force on {4} and covers {5}. What it did or left undone counts "
        "as "
        "the council's ({6}): {1} answers.",
        a.actor_name, a.accountable_name, a.agreement, type_words(a.instrument), on, function, a.law,
        acted ? "acted" : "was to act");
    return a;
  }
  a.law = day >= care_act_s79_began    ? "Care Act 2014 s.79(6) (purported exercise)"
          : day >= ombudsman_s25_began ? "Local Government Act 1974 s.25(6)-(8)"
                                       : "the council's own duty, which no arrangement takes away";
  std::string why;
  if (!standing.agreement) {
    why = "no agreement with it is known";
  } else if (!standing.in_force) {
    why = fmt::format("{} was not in force on that day", a.agreement);
  } else if (!standing.covers_function) {
    why = fmt::format("{} does not cover {}", a.agreement, function);
  } else if (!standing.is_party) {
    why = fmt::format("it is not a party to {}", a.agreement);
  } else {
    why = fmt::format("{} does not name this person", a.agreement);
  }
  a.note = fmt::format("{0} {5} on {1}, but {2}. {3} answers all the same ({4}).", a.actor_name, on, why,
                       a.accountable_name, a.law, acted ? "acted" : "was to act");
  return a;
}

}  // namespace answerable::engine
