#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
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

/// Which page of a list is asked for, from 1: the first for whatever is no page.
inline std::size_t page_number(std::string_view text) {
  return static_cast<std::size_t>(std::max(number_in<int>(text).value_or(1), 1));
}

}  // namespace answerable::service
