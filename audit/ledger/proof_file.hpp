#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/checkpoint.hpp"
#include "ingest/digest.hpp"

namespace answerable::ledger {

/// Shows that a leaf is in a ledger (C2SP tlog-proof v1): a text file, checked without asking anybody.
struct ProofFile {
  std::vector<std::byte> extra{};  ///< for the reader's use; nothing vouches for it. Empty: no such line
  std::uint64_t index{};           ///< of the leaf, from 0
  std::vector<Digest> path{};      ///< inclusion proof, from the leaf's sibling upwards
  std::string checkpoint{};        ///< the signed note, as it is
  bool operator==(const ProofFile&) const = default;
};

std::string format_proof(const ProofFile& proof);
/// The checkpoint in it is only read by verify_proof(). \throws Malformed
ProofFile parse_proof(std::string_view text);

/// \param leaf its leaf hash
/// \throws Malformed, NotVerified from open_checkpoint()
/// \throws NotVerified when the leaf is not at its place in the ledger of that checkpoint
SignedCheckpoint verify_proof(const ProofFile& proof, const Digest& leaf, const Trust& trust);

}  // namespace answerable::ledger
