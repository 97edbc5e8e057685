#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace answerable::engine {

/// A word by number: acts, attribute names, functions, evidence items. 0 is no word.
using Word = std::uint16_t;

/// Words met so far. Words are added and never change their number; equal words are equal numbers.
class Vocabulary {
 public:
  Vocabulary();
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;
  Vocabulary(Vocabulary&&) = default;
  Vocabulary& operator=(Vocabulary&&) = default;
  /// \throws std::length_error at 65,535 words
  Word add(std::string_view text);
  /// 0 when it was never added.
  Word find(std::string_view text) const;
  std::string_view text(Word word) const { return words_[word]; }
  std::size_t size() const { return words_.size(); }

 private:
  std::deque<std::string> words_;  ///< stays where it is, for the map's keys
  std::unordered_map<std::string_view, Word> numbers_;
};

}  // namespace answerable::engine
