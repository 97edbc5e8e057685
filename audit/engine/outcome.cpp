#include "audit/engine/outcome.hpp"

#include <algorithm>

namespace answerable::engine {
namespace {
constexpr std::array<std::string_view, outcomes> outcome_words{
    "met", "met-late", "breached", "pending", "exempt", "not-evidenced", "contradicted", "unknown", "error"};
}

std::string_view word(Outcome outcome) {
  return outcome_words[static_cast<std::size_t>(outcome)];
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  const auto* found = std::find(outcome_words.begin(), outcome_words.end(), text);
  if (found == outcome_words.end()) return std::nullopt;
  return static_cast<Outcome>(found - outcome_words.begin());
}

}  // namespace answerable::engine
