#include "ingest/http/accept.hpp"

#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

/// Weight in thousandths; anything that is not a weight counts as none given.
int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = trimmed(cut_off(parameters, ';'));
    if (!same_word(trimmed(cut_off(value, '=')), "q")) continue;
    int weight = 0, unit = 1000;
    for (const char c : trimmed(value).substr(0, 5)) {
      if (c == '.') continue;
      if (!is_digit(c)) return 1000;
      weight += (c - '0') * unit;
      unit /= 10;
    }
    return weight > 1000 ? 1000 : weight;
  }
  return 1000;
}

/// How closely a range fits: 3 the type itself, 2 text/*, 1 anything, 0 not at all.
int fit(std::string_view range, std::string_view type) {
  if (same_word(range, type)) return 3;
  if (range == "*/*") return 1;
  return range.ends_with("/*") && same_word(range.substr(0, range.size() - 1), type.substr(0, type.find('/') + 1)) ? 2
                                                                                                                   : 0;
}

int weight_for(std::string_view accept, std::string_view type) {
  int weight = 0, closest = 0;
  while (!accept.empty()) {
    std::string_view parameters = cut_off(accept, ',');
    const int closeness = fit(trimmed(cut_off(parameters, ';')), type);
    if (closeness <= closest) continue;
    closest = closeness;
    weight = weight_of(parameters);
  }
  return weight;
}

}  // namespace

std::optional<std::size_t> preferred(std::string_view accept, std::span<const std::string_view> offered) {
  if (trimmed(accept).empty()) accept = "*/*";
  std::optional<std::size_t> best;
  int most = 0;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const int weight = weight_for(accept, offered[i]);
    if (weight <= most) continue;
    most = weight;
    best = i;
  }
  return best;
}

}  // namespace answerable::http
