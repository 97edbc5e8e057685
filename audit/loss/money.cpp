#include "audit/loss/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/engine/rule.hpp"

namespace answerable::loss {
namespace {

constexpr Pennies most_pennies = 999'999'999'999;  // what twelve digits of the schemas' `money` hold

}  // namespace

std::optional<Pennies> parse_pounds(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9' || text.find('.') + 3 < text.size()) return std::nullopt;
  const auto exact = engine::ten_thousandths(text);
  if (!exact || *exact / 100 > most_pennies) return std::nullopt;
  return *exact / 100;
}

std::string decimal(Pennies amount) {
  const auto size = amount < 0 ? -amount : amount;
  return fmt::format("{}{}.{:02}", amount < 0 ? "-" : "", size / 100, size % 100);
}

std::string pounds(Pennies amount) {
  auto text = decimal(amount < 0 ? -amount : amount);
  for (auto at = text.size() - 3; at > 3;) text.insert(at -= 3, 1, ',');
  return (amount < 0 ? "-£" : "£") + text;
}

std::int64_t share(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  if (whole <= 0) throw std::invalid_argument("a share is taken of something above nothing");
  std::int64_t product = 0;
  if (__builtin_mul_overflow(amount, part, &product)) throw std::overflow_error("a sum is too large to be worked out");
  const auto rest = product % whole;
  const auto rounds = (rest < 0 ? -rest : rest) >= whole - (rest < 0 ? -rest : rest);
  return product / whole + (rounds ? (product < 0 ? -1 : 1) : 0);
}

}  // namespace answerable::loss
