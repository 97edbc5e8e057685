#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/replay/replay.hpp"

namespace answerable::replay {

nlohmann::ordered_json json(const Result& result) {
  nlohmann::ordered_json document{{"ref", result.ref},
                                  {"council", result.council},
                                  {"decided", nullptr},
                                  {"as_of", iso(result.as_of)},
                                  {"records", result.records},
                                  {"held", result.held},
                                  {"findings", nlohmann::ordered_json::array()}};
  if (result.decided) document["decided"] = iso(*result.decided);
  for (const auto& found : result.findings)
    document["findings"].push_back({{"kind", found.kind},
                                    {"rule", found.rule},
                                    {"duty", found.duty},
                                    {"subject", found.subject},
                                    {"actor", found.actor},
                                    {"actor_name", found.actor_name},
                                    {"accountable", found.accountable},
                                    {"first_flagged", iso(*found.first_flagged)},
                                    {"outcome", found.outcome},
                                    {"explanation", found.explanation}});
  document["silence"] = result.silence;
  document["without_kind"] = result.without_kind;
  document["notes"] = result.notes;
  return document;
}

std::string text(const Result& result) {
  std::string out =
      fmt::format("{}  {}, {}\n", result.ref, result.council.empty() ? "(no council named)" : result.council,
                  result.decided ? "decided " + words(*result.decided) : "no day of decision");
  out += fmt::format("  {} records taken in; judged as of {}\n", result.records, words(result.as_of));
  if (result.findings.empty()) out += "  Nothing found.\n";
  std::string kind;
  for (const auto& found : result.findings) {
    if (found.kind != kind) out += fmt::format("  {}\n", found.kind);
    kind = found.kind;
    out += fmt::format("    {}  {:<24} {:<14} {} by {}\n", iso(*found.first_flagged), found.rule, found.outcome,
                       found.subject, found.actor_name);
    if (!found.explanation.empty()) out += fmt::format("      {}\n", found.explanation);
  }
  const auto counted = [&](const char* words_before, const std::map<std::string, int>& all) {
    if (all.empty()) return;
    out += fmt::format("  {}", words_before);
    const char* comma = "";
    for (const auto& [name, number] : all) {
      out += fmt::format("{}{} {}", comma, name, number);
      comma = ", ";
    }
    out += '\n';
  };
  counted("Resting on the chronology's silence, not counted: ", result.silence);
  counted("Findings of no kind in the format, by rule: ", result.without_kind);
  for (const auto& note : result.notes) out += fmt::format("  note: {}\n", note);
  return out;
}

}  // namespace answerable::replay
