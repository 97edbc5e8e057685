#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Words and numbers of a free line.
namespace answerable::replay {

/// Stands among the words of a line where a clause ends.
inline constexpr std::string_view clause_end = ";";

/// Lower-case words of a free line: letters, digits, ' - . and nothing else; a full stop ends a word. Where a full
/// stop, semicolon, colon or bracket ends a clause, clause_end stands.
std::vector<std::string> split_words(std::string_view text);

/// Whether a free line tells that a number became smaller: "from 40 hours to 32". Days of a month and years are no such
/// numbers.
bool tells_a_fall(std::string_view text);

/// The longest time that a line tells, in months: 18 of "eighteen months after the last"; 0 when it tells none.
int longest_months(std::span<const std::string> words);

/// So much of something over a period: 16 hours a week, 290 pounds a week, 84 nights a year.
struct Allowance {
  double amount{};
  std::string of, period;  ///< hours, nights, days, visits or pounds; week, month or year
};

/// The first allowance that a line tells; nothing when it tells none. Hours and visits without a period are a week's.
std::optional<Allowance> allowance(std::string_view text);

/// What each person was last said to be allowed, line by line.
class Allowances {
 public:
  /// Remembers what the line allows. \return whether it is less than what was last told of that person
  bool fall(const std::string& person, std::string_view text);

 private:
  std::map<std::string, double> last_;
};

}  // namespace answerable::replay
