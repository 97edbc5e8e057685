#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What was lost when payments or support stopped or were cut: a calculation aid, never a determination.
namespace answerable::loss {

/// Sterling in whole pennies: exact, never floating point.
using Pennies = std::int64_t;

/// Reads pounds as the schemas' `money` type has them: "87", "87.5" or "87.13", never negative, at most ten digits of
/// pounds. Nothing on anything else.
std::optional<Pennies> parse_pounds(std::string_view text);
/// "£1,234.50", "-£12.00"
std::string pounds(Pennies amount);
/// "1234.50", for data
std::string decimal(Pennies amount);

/// `amount` times `part` over `whole`, reckoned exactly and then rounded once to the nearest whole number, halves away
/// from nothing. \throws std::invalid_argument when `whole` is not above 0; std::overflow_error when the product does
/// not fit
std::int64_t share(std::int64_t amount, std::int64_t part, std::int64_t whole);

/// A weekly sum for some days: sevenths of a penny, rounded once. (There are no halves among sevenths.)
inline Pennies for_days(Pennies weekly, std::int64_t days) {
  return share(weekly, days, 7);
}

}  // namespace answerable::loss
