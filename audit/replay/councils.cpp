#include "audit/replay/councils.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

namespace answerable::replay {
namespace {

/// The words of a name that tell one council from another, sorted.
std::string bare(std::string_view name) {
  constexpr std::array<std::string_view, 16> ranks{
      "council",      "county",   "city",    "borough",   "london", "royal",       "of", "the",
      "metropolitan", "district", "unitary", "authority", "mbc",    "corporation", "in", "greater"};
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty() && word != "and" && std::ranges::find(ranks, word) == ranks.end()) words.push_back(word);
    word.clear();
  };
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += c;
    } else if (c != '\'' && c != '.') {
      end();
    }
  }
  end();
  std::ranges::sort(words);
  return fmt::format("{}", fmt::join(words, " "));
}

/// Whether every word of the one name is a word of the other.
bool holds_all(const std::string& words, const std::string& wanted) {
  std::istringstream each(wanted);
  for (std::string word; each >> word;)
    if ((' ' + words + ' ').find(' ' + word + ' ') == std::string::npos) return false;
  return true;
}

}  // namespace

CouncilNames::CouncilNames(const intake::Councils& councils) {
  for (const auto& council : councils.all())
    if (!council.code.empty()) by_bare_name_.emplace(bare(council.name), &council);
}

const intake::Council* CouncilNames::find(std::string_view name) const {
  const auto wanted = bare(name);
  if (wanted.empty() && name.find("London") == std::string_view::npos) return nullptr;
  if (const auto found = by_bare_name_.find(wanted); found != by_bare_name_.end()) return found->second;
  // "Hull" is short for the only council whose name has that word.
  const intake::Council* longer = nullptr;
  for (const auto& [bare_name, council] : by_bare_name_) {
    if (!holds_all(bare_name, wanted)) continue;
    if (longer != nullptr) return nullptr;
    longer = council;
  }
  return longer;
}

bool CouncilNames::same(std::string_view one, std::string_view other) {
  return bare(one) == bare(other);
}

}  // namespace answerable::replay
