// Whose word a line is: what it tells as fact, as somebody's account, and of whose doing.
#include <algorithm>
#include <iterator>

#include "audit/replay/mapping.hpp"
#include "audit/replay/quantities.hpp"

namespace answerable::replay {
namespace {

/// "X says", "her daughter says": an account that begins so early is the whole clause's.
constexpr std::size_t account_head = 1;

}  // namespace

bool Mapping::claimed(const EventKind& kind, const Facts& facts, bool by_person) const {
  if (kind.claims || (by_person && words_match("claims", facts))) return true;
  // Whose account it is stands at the head of what it is an account of, or at its end.
  const std::span first(facts.words.begin(), std::ranges::find(facts.words, clause_end));
  if (facts.evidence == "not_stated") return accounted(first);
  if (kind.hears) return false;
  const auto begins = account(first);
  return begins <= account_head || begins + 2 == first.size();
}

std::size_t Mapping::account(std::span<const std::string> words) const {
  const auto& by_account = words_.at("by-account");
  std::size_t begins = words.size() + 1;
  for (std::size_t i = 0; i < words.size() && begins > words.size(); ++i)
    if (by_account.begins(words.subspan(i), words_)) begins = i;
  return begins;
}

bool Mapping::accounted(std::span<const std::string> words) const {
  return account(words) <= words.size();
}

std::set<std::string> Mapping::lists(std::span<const std::string> words) const {
  std::set<std::string> all;
  for (const auto& [name, list] : words_)
    if (list.match(words, words_)) all.insert(name);
  return all;
}

std::vector<std::string> Mapping::told_as_fact(std::vector<std::string> words, bool shown) const {
  const auto end_of_first = std::ranges::find(words, clause_end);
  const auto begins = account({words.begin(), end_of_first});
  const auto length = static_cast<std::size_t>(end_of_first - words.begin());
  if (shown && begins > account_head && begins + 2 < length)
    words.erase(words.begin() + static_cast<long>(begins), end_of_first);
  for (auto clause = std::ranges::find(words, clause_end); clause != words.end();) {
    const auto next = std::find(clause + 1, words.end(), clause_end);
    clause = accounted({clause + 1, next}) ? words.erase(clause, next) : next;
  }
  return words;
}

std::vector<std::string> Mapping::without_omissions(std::vector<std::string> words) const {
  const auto& omission = words_.at("own-omission");
  const auto& ground = words_.at("ground");
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = words.begin() + static_cast<long>(i);
    const auto next = std::find(word, words.end(), clause_end);
    if (!omission.begins({word, next}, words_)) continue;
    const auto before = std::find(std::reverse_iterator(word), words.rend(), clause_end).base();
    const bool why = word != before && ground.begins({word - 1, word}, words_);
    words.erase(why ? before : word, next);
    if (why) i = static_cast<std::size_t>(before - words.begin());
  }
  return words;
}

}  // namespace answerable::replay
