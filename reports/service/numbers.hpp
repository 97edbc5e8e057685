#pragma once

#include <charconv>
#include <concepts>
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

}  // namespace answerable::service
