#include "audit/engine/rule.hpp"

namespace answerable::engine {

std::string_view word(Force force) {
  static constexpr std::string_view words[] = {"statute", "guidance", "practice"};
  return words[static_cast<std::size_t>(force)];
}

std::string_view word(Confidence confidence) {
  static constexpr std::string_view words[] = {"verified", "second-hand", "unverified"};
  return words[static_cast<std::size_t>(confidence)];
}

std::string_view sentence(Confidence confidence) {
  static constexpr std::string_view sentences[] = {
      "the law's text was seen", "second hand",
      "UNVERIFIED: from general knowledge; needs a qualified person's sign-off"};
  return sentences[static_cast<std::size_t>(confidence)];
}

}  // namespace answerable::engine
