#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/bundle/reason.hpp"

namespace answerable::bundle {

/// Words that must not be read anywhere in a bundle. They are found as whole words, whatever their capitals, accents
/// and spacing.
class KeptWords {
 public:
  struct Match {
    Reason reason{};
    std::size_t item{};  ///< as it was given to add()
  };

  /// An NHS number is found as people part it too: 999 000 0042, 999-000-0042. Blank words are passed over.
  /// \param item what is told when it is found
  void add(std::string_view word, Reason reason, std::size_t item);
  bool empty() const { return words_.empty(); }

  /// One that is in the text; nothing when there is none.
  std::optional<Match> find(std::string_view text) const;
  /// As find(), in the bytes of an HTML, XML, CSV, JSON or text file, whose own ways of writing characters are undone.
  std::optional<Match> find_in_file(std::string_view bytes) const;
  /// Puts "[kept back: third-party]" in their places. \return the item of each
  std::vector<std::size_t> replace(std::string& text) const;

  /// find_in_file() in a file that comes in pieces.
  class Search;

 private:
  struct Word {
    std::string folded;
    Match match;
  };
  std::vector<Word> words_;  ///< the longest first
};

/// Finds a word wherever the file is cut, as long as the way it is written takes no more than 64 KiB and sixteen times
/// its length.
class KeptWords::Search {
 public:
  /// `words` must outlive this.
  explicit Search(const KeptWords& words) : words_(words) {}

  void look_at(std::string_view piece);
  /// One that is in the file; nothing when there is none.
  std::optional<Match> finish();

 private:
  const KeptWords& words_;
  std::string held_;  ///< not looked through yet; before it as much as a word may begin in that ends there
  std::optional<Match> found_;
};

}  // namespace answerable::bundle
