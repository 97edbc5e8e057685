#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ingest/digest.hpp"

/// The ledger: a Merkle tree over leaves in commit order (RFC 6962 §2.1), its signed checkpoints and its proofs. What
/// is written is described byte for byte in schemas/formats/checkpoint.md. No SQL here.
namespace answerable::ledger {

/// SHA-256(0x00 || leaf)
Digest leaf_hash(std::span<const std::byte> leaf);
/// SHA-256(0x01 || left || right)
Digest node_hash(const Digest& left, const Digest& right);
/// The root of the tree without leaves: SHA-256 of nothing.
Digest empty_root();

/// Gives the hash of the complete subtree over the leaves [index << level, (index + 1) << level). Only subtrees that
/// are complete at the size asked about are ever asked for; level 0 are the leaf hashes.
using NodeReader = std::function<Digest(int level, std::uint64_t index)>;

/// Merkle Tree Hash at `size`, in about log2(size) reads.
Digest tree_root(std::uint64_t size, const NodeReader& read);

/// RFC 6962 §2.1.1, from the leaf's sibling upwards; at most 2 · log2(size) reads.
/// \throws std::out_of_range unless index < size
std::vector<Digest> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read);

/// RFC 6962 §2.1.2; at most 2 · log2(size2) reads. Empty when size1 is 0 or equals size2.
/// \throws std::out_of_range unless size1 <= size2
std::vector<Digest> consistency_proof(std::uint64_t size1, std::uint64_t size2, const NodeReader& read);

/// RFC 9162 §2.1.3.2: is the leaf that of this index in the tree of this size and root?
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf, std::span<const Digest> proof,
                      const Digest& root);

/// RFC 9162 §2.1.4.2: does the second tree begin with all leaves of the first? False when the first is empty: every
/// tree begins with nothing, and there is no proof of that to check.
bool verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Digest> proof, const Digest& root1,
                        const Digest& root2);

/// A growing tree of which only the right edge is kept: one hash for every set bit of its size, so 64 at most.
class Frontier {
 public:
  /// Told of every subtree that a leaf completes, the leaf itself (level 0) first.
  using NodeSink = std::function<void(int level, std::uint64_t index, const Digest& hash)>;

  Frontier() = default;
  /// Goes on from a tree that is already there.
  Frontier(std::uint64_t size, const NodeReader& read);

  void append(const Digest& leaf) { grow(leaf, nullptr); }
  void append(const Digest& leaf, const NodeSink& completed) { grow(leaf, &completed); }

  std::uint64_t size() const { return size_; }
  Digest root() const;

 private:
  void grow(const Digest& leaf, const NodeSink* completed);

  std::uint64_t size_{};
  std::vector<Digest> edge_;  ///< the complete subtrees from left to right, the largest first
};

}  // namespace answerable::ledger
