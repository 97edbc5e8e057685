#include "audit/ledger/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace answerable::ledger {
namespace {

/// The largest power of two smaller than `leaves`, of which there are at least two: where RFC 6962 splits a tree.
std::uint64_t split(std::uint64_t leaves) {
  return std::bit_floor(leaves - 1);
}

/// The hash over the leaves [begin, end) of a subtree that begins where a complete one of its height could.
Digest range_hash(std::uint64_t begin, std::uint64_t end, const NodeReader& read) {
  const std::uint64_t leaves = end - begin;
  if (std::has_single_bit(leaves)) {
    const int level = std::countr_zero(leaves);
    return read(level, begin >> level);
  }
  const std::uint64_t middle = begin + split(leaves);
  const Digest left = range_hash(begin, middle, read);
  return node_hash(left, range_hash(middle, end, read));
}

/// PATH(index, D[begin:end]) of RFC 6962 §2.1.1, with the index counted from the first leaf of all.
void add_path(std::uint64_t index, std::uint64_t begin, std::uint64_t end, const NodeReader& read,
              std::vector<Digest>& proof) {
  if (end - begin == 1) return;
  const std::uint64_t middle = begin + split(end - begin);
  if (index < middle) {
    add_path(index, begin, middle, read, proof);
    proof.push_back(range_hash(middle, end, read));
  } else {
    add_path(index, middle, end, read, proof);
    proof.push_back(range_hash(begin, middle, read));
  }
}

/// SUBPROOF(size1, D[begin:end], known) of RFC 6962 §2.1.2, with size1 counted from the first leaf of all.
void add_subproof(std::uint64_t size1, std::uint64_t begin, std::uint64_t end, bool known, const NodeReader& read,
                  std::vector<Digest>& proof) {
  if (size1 == end) {
    if (!known) proof.push_back(range_hash(begin, end, read));
    return;
  }
  const std::uint64_t middle = begin + split(end - begin);
  if (size1 <= middle) {
    add_subproof(size1, begin, middle, known, read, proof);
    proof.push_back(range_hash(middle, end, read));
  } else {
    add_subproof(size1, middle, end, false, read, proof);
    proof.push_back(range_hash(begin, middle, read));
  }
}

}  // namespace

Digest leaf_hash(std::span<const std::byte> leaf) {
  static constexpr std::array prefix{std::byte{0x00}};
  thread_local Sha256 hasher;
  hasher.update(prefix);
  hasher.update(leaf);
  return hasher.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::byte, 65> node;
  node[0] = std::byte{0x01};
  std::ranges::copy(left, node.begin() + 1);
  std::ranges::copy(right, node.begin() + 33);
  return sha256(node);
}

Digest empty_root() {
  return sha256({});
}

Digest tree_root(std::uint64_t size, const NodeReader& read) {
  return size == 0 ? empty_root() : range_hash(0, size, read);
}

std::vector<Digest> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read) {
  if (index >= size) throw std::out_of_range(fmt::format("a ledger of {} leaves has no leaf number {}", size, index));
  std::vector<Digest> proof;
  add_path(index, 0, size, read, proof);
  return proof;
}

std::vector<Digest> consistency_proof(std::uint64_t size1, std::uint64_t size2, const NodeReader& read) {
  if (size1 > size2)
    throw std::out_of_range(fmt::format("a ledger of {} leaves cannot begin with {} leaves", size2, size1));
  std::vector<Digest> proof;
  if (size1 != 0) add_subproof(size1, 0, size2, true, read, proof);
  return proof;
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf, std::span<const Digest> proof,
                      const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index, last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1, last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Digest> proof, const Digest& root1,
                        const Digest& root2) {
  if (size1 == 0 || size1 > size2) return false;
  if (size1 == size2) return proof.empty() && root1 == root2;
  if (proof.empty()) return false;
  std::uint64_t node = size1 - 1, last = size2 - 1;
  const int shift = std::countr_one(node);
  node >>= shift, last >>= shift;
  // A first tree that is complete is a node of the second: the proof leaves out what the verifier has.
  Digest hash1 = root1;
  if (!std::has_single_bit(size1)) {
    hash1 = proof.front();
    proof = proof.subspan(1);
  }
  Digest hash2 = hash1;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash1 = node_hash(sibling, hash1);
      hash2 = node_hash(sibling, hash2);
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    } else {
      hash2 = node_hash(hash2, sibling);
    }
    node >>= 1, last >>= 1;
  }
  return last == 0 && hash1 == root1 && hash2 == root2;
}

Frontier::Frontier(std::uint64_t size, const NodeReader& read) : size_(size) {
  std::uint64_t begin = 0;
  for (std::uint64_t rest = size; rest != 0; rest -= std::bit_floor(rest)) {
    const int level = std::bit_width(rest) - 1;
    edge_.push_back(read(level, begin >> level));
    begin += std::bit_floor(rest);
  }
}

void Frontier::grow(const Digest& leaf, const NodeSink* completed) {
  Digest hash = leaf;
  if (completed != nullptr) (*completed)(0, size_, hash);
  const int merges = std::countr_one(size_);
  for (int level = 1; level <= merges; ++level) {
    hash = node_hash(edge_.back(), hash);
    edge_.pop_back();
    if (completed != nullptr) (*completed)(level, size_ >> level, hash);
  }
  edge_.push_back(hash);
  ++size_;
}

Digest Frontier::root() const {
  if (edge_.empty()) return empty_root();
  Digest hash = edge_.back();
  for (std::size_t i = edge_.size() - 1; i-- > 0;) hash = node_hash(edge_[i], hash);
  return hash;
}

}  // namespace answerable::ledger
