#pragma once

// Private to audit/ledger: a receipt as schemas/formats/receipt.md has it.

#include <optional>
#include <string>
#include <string_view>

#include "audit/ledger/judging.hpp"
#include "audit/ledger/proof_file.hpp"

namespace answerable::ledger {

/// What a receipt says. Views into its text.
struct ReceiptText {
  std::string_view receipt, state, sha256, bytes, received, sender, message, records;
  LeafText leaf;
  Digest hash{};  ///< of the leaf
  struct Proven {
    ProofFile proof;
    ReadCheckpoint checkpoint;
  };
  std::optional<Proven> proven;  ///< nothing while its state is `received`
};

/// Reads a receipt and checks all that needs neither a key nor the file: that its parts agree, and that its leaf is in
/// the tree of its checkpoint. \throws Malformed, Wrong
ReceiptText read_receipt_text(std::string_view text);

}  // namespace answerable::ledger
