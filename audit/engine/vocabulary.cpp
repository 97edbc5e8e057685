#include "audit/engine/vocabulary.hpp"

#include <limits>
#include <stdexcept>

namespace answerable::engine {

Vocabulary::Vocabulary() {
  words_.emplace_back();
  numbers_.emplace(std::string_view{words_.back()}, Word{0});
}

Word Vocabulary::add(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (words_.size() > std::numeric_limits<Word>::max())
    throw std::length_error(
        "more than 65,535 different acts, attributes and evidence items: the record kinds cannot mean that");
  const auto number = static_cast<Word>(words_.size());
  words_.emplace_back(text);
  numbers_.emplace(std::string_view{words_.back()}, number);
  return number;
}

Word Vocabulary::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? Word{0} : found->second;
}

}  // namespace answerable::engine
