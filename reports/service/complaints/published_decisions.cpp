#include "reports/service/complaints/published_decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace answerable::service {
namespace {

constexpr std::size_t decision_fields = 7;
constexpr std::size_t similar_shown = 5;

std::vector<std::string> parted(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

}  // namespace

std::vector<PublishedDecision> published_decisions(const std::filesystem::path& share) {
  const auto file = share / "schemas" / "codes" / "decisions.csv";
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line))
    throw std::runtime_error(
        fmt::format("{} cannot be read: it lists published decisions. Restore it.", file.string()));
  std::vector<PublishedDecision> all;
  for (int number = 2; std::getline(in, line); ++number) {
    const auto fields = parted(line, ',');
    const auto decided = fields.size() == decision_fields ? parse_day(fields[2]) : std::nullopt;
    if (!decided)
      throw std::runtime_error(
          fmt::format("{}:{}: expected reference,council,decided,outcome,about,rules,url", file.string(), number));
    all.push_back({.reference = fields[0],
                   .council = fields[1],
                   .decided = *decided,
                   .upheld = fields[3] == "upheld",
                   .about = fields[4],
                   .rules = parted(fields[5], ' '),
                   .url = fields[6]});
  }
  return all;
}

void add_similar_decisions(Pieces& pieces, const std::vector<CaseFinding>& findings,
                           const std::filesystem::path& share) {
  pieces.heading("Similar published decisions");
  components::List similar{.items = {}};
  for (const auto& one : published_decisions(share)) {
    const bool alike = std::ranges::any_of(findings, [&](const CaseFinding& finding) {
      return std::ranges::find(one.rules, finding.rule) != one.rules.end();
    });
    if (alike && similar.items.size() < similar_shown)
      similar.items.push_back(render::joined(
          {components::Link{one.reference, one.url}, fmt::format(", {}, {}: {}: {}.", one.council, words(one.decided),
                                                                 one.upheld ? "fault" : "no fault found", one.about)}));
  }
  if (similar.items.empty()) {
    pieces.says(
        "None of those that are loaded is about what was found here. This service suggests none that it does not "
        "hold.");
    return;
  }
  pieces.says(
      "They are about duties that open findings here are about, the newest first. Each rests on its own facts: read it "
      "before you rely on it. This service suggests none that it does not hold.");
  pieces.add(similar);
}

}  // namespace answerable::service
