#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/engine/explain.hpp"

namespace answerable::engine {
namespace {

using Json = nlohmann::ordered_json;

Json maybe(const std::optional<Day>& day) {
  return day ? Json(iso(*day)) : Json(nullptr);
}

std::string event_line(const Explanation::Event& e) {
  std::string line = fmt::format("{}  {}", words(e.when), e.act);
  if (!e.text.empty()) line += fmt::format(" ({})", e.text);
  if (e.record >= 0) {
    line += fmt::format("; by {}; record {} ({} {}), received {}", e.performer_name, e.record, e.kind, e.record_id,
                        words(*e.received_on));
  } else {
    line += "; brought about by the law itself";
  }
  return line;
}

void section(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}\n", title);
  for (const auto& line : lines) out += fmt::format("  {}\n", line);
}

std::string heading(std::string_view part) {
  if (part == "trigger") return "called for it";
  if (part == "answer") return "found";
  if (part == "claim") return "claimed";
  if (part == "progress") return "how far it got";
  return "exception";
}

}  // namespace

std::string text(const Explanation& e) {
  std::string out = fmt::format("{}  {}: {}\n{}\n", e.finding, word(e.outcome), e.state, e.sentence);
  std::vector<std::string> law{
      fmt::format("{} ({})", e.title, e.rule), e.because,
      fmt::format("{}; {}; severity {}; {}", e.source, e.force, e.severity, e.confidence_words),
      fmt::format("in force from {}{}{}", words(e.edition_from), e.edition_to ? " to " + words(*e.edition_to) : "",
                  e.regime.empty() ? "" : "; the person stood under: " + e.regime)};
  if (!e.caveat.empty()) law.push_back("not sure: " + e.caveat);
  section(out, "Law", law);
  std::vector<std::string> lines;
  for (const auto& event : e.events) lines.push_back(fmt::format("{:<14}{}", heading(event.part), event_line(event)));
  section(out, "What the records say", lines);
  section(out, "Clock", e.clock);
  section(out, "Looked for and not found", e.not_found);
  lines.clear();
  for (const auto& evidence : e.evidence) {
    std::string line = fmt::format("{}{}", evidence.counts ? "held: " : "missing: ", evidence.text);
    if (evidence.record >= 0) line += fmt::format("; record {}", evidence.record);
    if (!evidence.document.empty()) line += fmt::format("; document {}", evidence.document);
    if (!evidence.reason.empty()) line += fmt::format("; reason given: {}", evidence.reason);
    lines.push_back(std::move(line));
  }
  section(out, "Evidence", lines);
  section(out, "Exceptions considered", e.exceptions);
  section(out, "Notes", e.notes);
  section(out, "Who answers", {e.attribution.note});
  std::string horizon =
      fmt::format("as of {}, knowing the records numbered below {}", words(e.horizon.as_of), e.horizon.known_at);
  if (e.flagged_since) horizon += fmt::format("; wrong since {}", words(*e.flagged_since));
  if (e.next_change) horizon += fmt::format("; may change by itself on {}", words(*e.next_change));
  section(out, "Seen from", {horizon});
  return out;
}

nlohmann::ordered_json json(const Explanation& e) {
  Json out;
  out["finding"] = e.finding;
  out["rule"] = e.rule;
  out["duty"] = e.duty;
  out["title"] = e.title;
  out["because"] = e.because;
  out["outcome"] = word(e.outcome);
  out["severity"] = e.severity;
  out["state"] = e.state;
  out["sentence"] = e.sentence;
  out["law"] = {{"source", e.source},
                {"force", e.force},
                {"confidence", e.confidence},
                {"confidence_words", e.confidence_words},
                {"caveat", e.caveat},
                {"in_force_from", iso(e.edition_from)},
                {"in_force_to", maybe(e.edition_to)},
                {"regime", e.regime}};
  out["clock"] = e.clock;
  out["due"] = maybe(e.due);
  out["flagged_since"] = maybe(e.flagged_since);
  out["next_change"] = maybe(e.next_change);
  out["events"] = Json::array();
  for (const auto& event : e.events)
    out["events"].push_back({{"part", event.part},
                             {"record", event.record < 0 ? Json(nullptr) : Json(event.record)},
                             {"record_id", event.record_id},
                             {"kind", event.kind},
                             {"act", event.act},
                             {"happened", iso(event.when)},
                             {"performer", event.performer},
                             {"performer_name", event.performer_name},
                             {"received_on", maybe(event.received_on)},
                             {"text", event.text}});
  out["not_found"] = e.not_found;
  out["evidence"] = Json::array();
  for (const auto& evidence : e.evidence)
    out["evidence"].push_back({{"counts", evidence.counts},
                               {"text", evidence.text},
                               {"item", evidence.item},
                               {"state", evidence.state},
                               {"is", evidence.is_a},
                               {"document", evidence.document},
                               {"covers", evidence.covers},
                               {"reason", evidence.reason},
                               {"created", evidence.created ? Json(iso(*evidence.created)) : Json(nullptr)},
                               {"record", evidence.record < 0 ? Json(nullptr) : Json(evidence.record)}});
  out["exceptions"] = e.exceptions;
  out["notes"] = e.notes;
  const auto& a = e.attribution;
  out["attribution"] = {{"actor", a.actor},
                        {"actor_name", a.actor_name},
                        {"accountable", a.accountable},
                        {"accountable_name", a.accountable_name},
                        {"agreement", a.agreement},
                        {"instrument", a.instrument},
                        {"in_force", a.in_force},
                        {"covers_function", a.covers_function},
                        {"law", a.law},
                        {"note", a.note}};
  out["as_of"] = iso(e.horizon.as_of);
  out["known_at"] = e.horizon.known_at;
  return out;
}

}  // namespace answerable::engine
