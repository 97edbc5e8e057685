#pragma once

#include <string_view>

#include "audit/ledger/note.hpp"
#include "ingest/digest.hpp"

namespace answerable::ledger {

/// What a leaf's text says (schemas/formats/leaf.md). Views into the text.
struct LeafText {
  int format{};
  std::string_view authority;
  std::string_view what;  ///< "submission S905-12", "event read/17" …; of a record its number alone
  std::string_view at;    ///< when it was received, or came about
  Digest commitment{};
};

/// \throws Malformed on any text that leaf.md does not allow
LeafText parse_leaf_text(std::string_view text);

}  // namespace answerable::ledger
