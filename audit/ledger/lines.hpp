#pragma once

// Private to audit/ledger: texts that are read line by line.

#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/note.hpp"
#include "ingest/digest.hpp"

namespace answerable::ledger {

/// Takes lines off a text. Errors name the text and the line.
class Lines {
 public:
  Lines(std::string_view what, std::string_view text) : what_(what), rest_(text) {}

  /// Without its line feed. \throws Malformed when there is none
  std::string_view next();
  std::string_view rest() const { return rest_; }

  [[noreturn]] void refuse(std::string_view why) const;
  [[noreturn]] void expected(std::string_view wanted) const;

 private:
  std::string_view what_, rest_, line_{};
  int number_{};
};

/// Reads hashes in base64, one a line and 63 at most (more no tree of 2^63 leaves has in a proof), up to an empty line.
/// \throws Malformed
std::vector<Digest> read_hashes(Lines& lines);

}  // namespace answerable::ledger
