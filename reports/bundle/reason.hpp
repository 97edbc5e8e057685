#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace answerable::bundle {

/// Why something is kept back: the list in schemas/formats/bundle.md.
enum class Reason : std::uint8_t {
  third_party,
  not_relevant,
  legal_privilege,
  serious_harm,
  confidential_source,
  security
};

inline constexpr std::array<std::string_view, 6> reason_words{"third-party",  "not-relevant",        "legal-privilege",
                                                              "serious-harm", "confidential-source", "security"};

constexpr std::string_view word(Reason reason) {
  return reason_words[static_cast<std::size_t>(reason)];
}

constexpr std::optional<Reason> parse_reason(std::string_view text) {
  for (std::size_t i = 0; i < reason_words.size(); ++i) {
    if (reason_words[i] == text) return static_cast<Reason>(i);
  }
  return std::nullopt;
}

/// As a sentence for a reader.
constexpr std::string_view meaning(Reason reason) {
  switch (reason) {
    case Reason::third_party:
      return "It is about somebody else.";
    case Reason::not_relevant:
      return "It has nothing to do with what the bundle is for.";
    case Reason::legal_privilege:
      return "It is legally privileged.";
    case Reason::serious_harm:
      return "Showing it could cause somebody serious harm.";
    case Reason::confidential_source:
      return "It was told in confidence.";
    case Reason::security:
      return "Showing it would weaken somebody's security.";
  }
  return "";
}

}  // namespace answerable::bundle
