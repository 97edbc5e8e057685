#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace answerable::engine {

/// What became of a duty. Silence is never met.
enum class Outcome : std::uint8_t {
  met,
  met_late,
  breached,
  pending,
  exempt,
  not_evidenced,
  contradicted,
  unknown,
  error
};

inline constexpr std::size_t outcomes = 9;

/// "met", "met-late" …: the words of schemas/rule.
std::string_view word(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

/// Whether somebody has to do something about it: breached, not evidenced, contradicted or error.
constexpr bool needs_attention(Outcome outcome) {
  return outcome == Outcome::breached || outcome == Outcome::not_evidenced || outcome == Outcome::contradicted ||
         outcome == Outcome::error;
}

}  // namespace answerable::engine
