#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace answerable::service {

/// A number as it stands in a path or a form; nothing for anything else.
template <std::integral Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

/// "4,624": how figures stand in tables.
inline std::string grouped(std::int64_t number) {
  auto digits = std::to_string(number < 0 ? -number : number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return number < 0 ? "-" + digits : digits;
}
/// "3 days", "4,624 records"
inline std::string figure_of(std::int64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

/// Which page of a list is asked for, from 1: the first for whatever is no page.
inline std::size_t page_number(std::string_view text) {
  return static_cast<std::size_t>(std::max(number_in<int>(text).value_or(1), 1));
}

}  // namespace answerable::service
