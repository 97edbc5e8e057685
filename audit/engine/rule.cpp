#include "audit/engine/rule.hpp"

#include <charconv>

namespace answerable::engine {

std::optional<std::int64_t> ten_thousandths(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  const auto decimals = text.size() - std::min(point + 1, text.size());
  if (point == 0 || decimals > 4 || (point < text.size() && decimals == 0)) return std::nullopt;
  std::string digits(text.substr(0, point));
  if (point < text.size()) digits += text.substr(point + 1);
  digits.append(4 - decimals, '0');
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc{} || end != digits.data() + digits.size() || number < 0) return std::nullopt;
  return negative ? -number : number;
}

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
