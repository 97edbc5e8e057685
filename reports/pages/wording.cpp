#include "reports/pages/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace answerable::pages {
namespace {

std::string grouped(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

}  // namespace

std::string count_words(std::int64_t count) {
  static constexpr std::array small{"no",    "one",   "two",  "three", "four",   "five",  "six",
                                    "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return count >= 0 && count <= 12 ? small[static_cast<std::size_t>(count)] : grouped(count);
}

std::string count_of(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count_words(count), count == 1 ? one : many);
}

std::string list_words(std::span<const std::string> items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out += items[i];
  }
  return out;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string sentence(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
  if (!text.empty() && text.back() != '?' && text.back() != '!' && text.back() != ':') text += '.';
  return text;
}

std::string_view outcome_words(engine::Outcome outcome) {
  using enum engine::Outcome;
  switch (outcome) {
    case met:
      return "Met";
    case met_late:
      return "Met late";
    case breached:
      return "Breached";
    case pending:
      return "Not due yet";
    case exempt:
      return "Does not apply";
    case not_evidenced:
      return "Not evidenced";
    case contradicted:
      return "Contradicted";
    case unknown:
      return "Cannot be told";
    case error:
      return "Not judged";
  }
  return "";
}

std::string outcome_count(engine::Outcome outcome, std::int64_t count) {
  const auto number = count_words(count);
  if (outcome == engine::Outcome::exempt) return number + (count == 1 ? " does not apply" : " do not apply");
  std::string words(outcome_words(outcome));
  words[0] = static_cast<char>(words[0] - 'A' + 'a');
  return number + " " + words;
}

std::string_view outcome_meaning(engine::Outcome outcome) {
  using enum engine::Outcome;
  switch (outcome) {
    case met:
      return "What the duty asks for is held, in time and evidenced.";
    case met_late:
      return "It was done and is evidenced, after the day by which it was due, or written down late.";
    case breached:
      return "What the duty asks for is not there, or what it forbids is.";
    case pending:
      return "There is still time.";
    case exempt:
      return "Something held takes the duty away.";
    case not_evidenced:
      return "It is said to have been done; what would show it is not held.";
    case contradicted:
      return "One source says it was done and another says otherwise.";
    case unknown:
      return "The dates or calendars held are not exact enough to tell.";
    case error:
      return "The rule could not be judged here; somebody has to look.";
  }
  return "";
}

render::TagKind outcome_tag(engine::Outcome outcome) {
  using enum engine::Outcome;
  switch (outcome) {
    case met:
      return render::TagKind::good;
    case met_late:
    case unknown:
      return render::TagKind::warning;
    case breached:
    case contradicted:
    case error:
      return render::TagKind::bad;
    case not_evidenced:
      return render::TagKind::gap;
    case pending:
    case exempt:
      return render::TagKind::neutral;
  }
  return render::TagKind::neutral;
}

int seriousness(engine::Outcome outcome) {
  using enum engine::Outcome;
  static constexpr std::array order{breached, contradicted, not_evidenced, error, unknown,
                                    met_late, pending,      met,           exempt};
  return static_cast<int>(std::ranges::find(order, outcome) - order.begin());
}

std::string force_words(std::string_view force) {
  if (force == "guidance") return "statutory guidance";
  if (force == "practice") return "ombudsman practice";
  return std::string(force);
}

std::string_view state_words(engine::EvidenceState state) {
  using enum engine::EvidenceState;
  switch (state) {
    case present:
      return "held";
    case absent:
      return "searched for and not found";
    case not_supplied:
      return "not supplied";
    case contradicted:
      return "contradicted by another source";
    case created_late:
      return "written late";
    case not_applicable:
      return "does not apply";
  }
  return "";
}

std::string_view instrument_words(std::string_view type) {
  if (type == "s75") return "agreement under section 75 of the National Health Service Act 2006";
  if (type == "s79") return "delegation under section 79 of the Care Act 2014";
  if (type == "s101") return "arrangement under section 101 of the Local Government Act 1972";
  if (type == "spot") return "spot purchase";
  return type;
}

std::string code_words(std::string_view code) {
  if (code == "facs-2010") return "Fair Access to Care Services 2010";
  if (code == "care-act-2015") return "Care Act criteria of 2015";
  if (code == "pre-2015-care-plan") return "care plan made before April 2015";
  if (code == "aftercare-117") return "section 117 aftercare";
  if (code == "nhs-number") return "NHS number";
  std::string out(code);
  std::ranges::replace(out, '-', ' ');
  return out;
}

std::string identifier_words(const engine::Identifier& identifier) {
  const auto& value = identifier.value;
  if (identifier.scheme == "nhs-number" && value.size() == 10) {
    return fmt::format("NHS number {} {} {}", value.substr(0, 3), value.substr(3, 3), value.substr(6));
  }
  if (identifier.scheme == "council") return "council's number " + value;
  if (identifier.scheme == "sender") {
    const auto slash = value.find('/');
    if (slash != std::string::npos)
      return fmt::format("number {} at {}", value.substr(slash + 1), value.substr(0, slash));
  }
  return fmt::format("{} {}", code_words(identifier.scheme), value);
}

std::string organisation_number_words(std::string_view key) {
  constexpr std::pair<std::string_view, std::string_view> schemes[]{{"ods", "ODS code"},
                                                                    {"cqc-provider", "CQC provider"},
                                                                    {"cqc-location", "CQC location"},
                                                                    {"cassr", "council code"},
                                                                    {"gss", "GSS code"},
                                                                    {"company", "company number"},
                                                                    {"charity", "charity number"}};
  const auto colon = key.find(':');
  const auto* const scheme =
      std::ranges::find(schemes, key.substr(0, colon), [](const auto& one) { return one.first; });
  return scheme == std::end(schemes) ? std::string(key) : fmt::format("{} {}", scheme->second, key.substr(colon + 1));
}

std::string moment_words(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  return fmt::format("{}, {:02}:{:02}:{:02} UTC", words(day), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string time_words(Instant at) {
  using std::chrono::minutes;
  const Day day = london_day(at);
  const auto to_minute = std::chrono::floor<minutes>(at);
  const auto utc = std::chrono::duration_cast<minutes>(to_minute - Instant(day)), summer = utc + std::chrono::hours{1};
  const auto shown = (london(day, summer) == to_minute ? summer : utc).count();
  const auto hour = shown / 60, minute = shown % 60;
  std::string clock = fmt::format("{}{}{}", (hour + 11) % 12 + 1, minute == 0 ? "" : fmt::format(":{:02}", minute),
                                  hour < 12 ? "am" : "pm");
  if (minute == 0 && hour % 12 == 0) clock = hour == 0 ? "midnight" : "midday";
  return fmt::format("{} at {}", words(day), clock);
}

}  // namespace answerable::pages
