#include "audit/engine/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace answerable::engine {
namespace {

constexpr std::array<std::string_view, 3> severity_words{"advisory", "important", "serious"};

/// A year is twelve months.
bool set_unit(Policy& policy, std::string_view unit) {
  if (unit == "day") policy.unit = Unit::day;
  if (unit == "working-day") policy.unit = Unit::working_day;
  if (unit == "week") policy.unit = Unit::week;
  if (unit == "month" || unit == "year") policy.unit = Unit::month;
  if (unit == "year") policy.value *= 12;
  return !unit.empty();
}

}  // namespace

std::string_view word(Severity severity) {
  return severity_words[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parse_severity(std::string_view text) {
  const auto* found = std::find(severity_words.begin(), severity_words.end(), text);
  if (found == severity_words.end()) return std::nullopt;
  return static_cast<Severity>(found - severity_words.begin());
}

std::string Policy::words() const {
  return fmt::format("{}, decided {} on {} (record {}){}", title,
                     decided_by.empty() ? "by nobody named" : "by " + decided_by, answerable::words(adopted), record,
                     reasons.empty() ? "" : ": " + reasons);
}

void Policies::add(const Vocabulary& vocabulary, const SubjectTimeline& council, const Organisations& organisations,
                   Horizon horizon) {
  const Word adopted = vocabulary.find("policy.adopted");
  for (const auto& entry : council.entries) {
    const auto& record = council.record(entry);
    if (entry.act != adopted || record.number >= horizon.known_at || corrected(record, horizon) ||
        !organisations.is_council(record.sender))
      continue;
    const auto value = [&](std::string_view name) { return entry.value(vocabulary.find(name)); };
    Policy policy;
    const auto from = parse_happened(value("from"));
    if (!from) continue;
    policy.from = from->first;
    if (const auto until = parse_happened(value("until"))) policy.until = until->last;
    policy.title = value("title");
    policy.decided_by = value("decided-by");
    policy.reasons = value("reasons");
    policy.adopted = entry.when;
    policy.record = record.number;
    if (value("type") == "rule-off") {
      policy.kind = Policy::Kind::rule_off;
      policy.about = value("rule");
    } else if (const auto severity = parse_severity(value("severity")); severity && value("type") == "severity") {
      policy.kind = Policy::Kind::severity;
      policy.about = value("rule");
      policy.severity = *severity;
    } else {
      policy.kind = Policy::Kind::number;
      policy.about = value("target");
      const auto number = value("value");
      std::from_chars(number.data(), number.data() + number.size(), policy.value);
      if (policy.value <= 0 || !set_unit(policy, value("unit"))) continue;
    }
    if (!policy.about.empty()) all_.push_back(std::move(policy));
  }
  std::sort(all_.begin(), all_.end(),
            [](const Policy& a, const Policy& b) { return std::tie(a.from, a.record) > std::tie(b.from, b.record); });
}

const Policy* Policies::in_force(Policy::Kind kind, std::string_view about, Day day) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Policy& policy) {
    return policy.kind == kind && policy.about == about && policy.from <= day &&
           (!policy.until || day <= *policy.until);
  });
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace answerable::engine
