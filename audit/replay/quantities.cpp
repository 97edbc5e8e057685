#include "audit/replay/quantities.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace answerable::replay {
namespace {

constexpr std::size_t words_from_number = 6;

/// Words of which one beside a number makes it a day of a month.
bool is_month(std::string_view word) {
  constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  return std::ranges::any_of(months, [&](std::string_view month) { return word.starts_with(month); });
}

/// The number that a word spells out; 0 for none.
int spelt(std::string_view word) {
  constexpr std::array<std::string_view, 20> numbers{
      "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",     "ten",
      "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
  const auto found = std::ranges::find(numbers, word);
  return found == numbers.end() ? 0 : static_cast<int>(found - numbers.begin()) + 1;
}

/// The quantity that stands at this word; nothing for a day, a year or no number.
std::optional<double> quantity_at(std::span<const std::string> words, std::size_t at) {
  if (at >= words.size()) return std::nullopt;
  if (const int number = spelt(words[at])) return number;
  if (words[at].find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  if ((at + 1 < words.size() && is_month(words[at + 1])) || (at > 0 && is_month(words[at - 1]))) return std::nullopt;
  const double number = std::strtod(words[at].c_str(), nullptr);
  const bool year = words[at].size() == 4 && number >= 1900 && number < 2100;
  return year ? std::nullopt : std::optional(number);
}

/// 9,559 is one number.
std::vector<std::string> words_with_numbers(std::string_view text) {
  std::string without_commas;
  for (const char c : text)
    if (c != ',') without_commas += c;
  return split_words(without_commas);
}

/// week, month or year when a word beside the number says so: "a week", "weekly", "per year".
std::string period_near(std::span<const std::string> words, std::size_t at) {
  const std::size_t first = at < 3 ? 0 : at - 3;
  for (std::size_t i = first; i < std::min(words.size(), at + 5); ++i)
    for (const std::string_view period : {"week", "month", "year"})
      if (words[i] == period || words[i] == std::string(period) + "ly") return std::string(period);
  return {};
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&](bool clause) {
    while (!word.empty() && (word.back() == '.' || word.back() == '\'' || word.back() == '-')) {
      clause = clause || word.back() == '.';
      word.pop_back();
    }
    if (!word.empty()) words.push_back(std::exchange(word, {}));
    if (clause && !words.empty() && words.back() != clause_end) words.emplace_back(clause_end);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // A typographic apostrophe (U+2019) is one all the same.
    if (text.substr(i, 3) == "\xe2\x80\x99") {
      word += '\'';
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '-' || c == '.') {
      word += c;
    } else if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c - 'A' + 'a');
    } else {
      end(c == ';' || c == ':' || c == '(' || c == ')');
    }
  }
  end(false);
  return words;
}

bool tells_a_fall(std::string_view text) {
  const auto words = words_with_numbers(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto before = words[i] == "from" ? quantity_at(words, i + 1) : std::nullopt;
    if (!before) continue;
    for (std::size_t to = i + 2; to < std::min(words.size(), i + 2 + words_from_number); ++to)
      if (words[to] == "to")
        if (const auto after = quantity_at(words, to + 1)) return *after < *before;
  }
  return false;
}

int longest_months(std::span<const std::string> words) {
  const auto number = [&](std::size_t at) -> double {
    const auto& word = words[at];
    if (word == "a" || word == "an") return 1;
    if (word == "several" || word == "few") return 3;
    return quantity_at(words, at).value_or(0);
  };
  double longest = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const double months = words[i].starts_with("month")  ? 1
                          : words[i].starts_with("year") ? 12
                          : words[i].starts_with("week") ? 0.23
                                                         : 0;
    longest = std::max(longest, months * number(i - 1));
  }
  return static_cast<int>(longest);
}

std::optional<Allowance> allowance(std::string_view text) {
  constexpr std::array<std::string_view, 5> things{"hours", "visits", "nights", "days", "pounds"};
  const auto words = words_with_numbers(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto amount = quantity_at(words, i);
    const auto thing = std::ranges::find(things, words[i + 1]);
    if (!amount || thing == things.end()) continue;
    std::string period = period_near(words, i);
    if (period.empty() && (*thing == "hours" || *thing == "visits")) period = "week";
    if (!period.empty()) return Allowance{*amount, std::string(*thing), std::move(period)};
  }
  return std::nullopt;
}

bool Allowances::fall(const std::string& person, std::string_view text) {
  const auto now = allowance(text);
  if (!now) return false;
  const auto [before, first] = last_.try_emplace(person + '|' + now->of + '|' + now->period, now->amount);
  return !first && now->amount < std::exchange(before->second, now->amount);
}

}  // namespace answerable::replay
