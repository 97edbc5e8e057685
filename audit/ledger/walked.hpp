#pragma once

// Private to verify.cpp.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "audit/ledger/sequence.hpp"
#include "audit/ledger/verify.hpp"

namespace answerable::ledger {

/// What a walk through a ledger leaves behind for what is compared afterwards.
struct Walked {
  struct Records {
    int ledger;
    std::int64_t key, count, first;  ///< their numbers, and the index of the first one's leaf
  };
  struct Finding {
    std::size_t difference;  ///< its place among the differences
    std::string content;
  };
  std::map<int, std::vector<KeptCheckpoint>> checkpoints;  ///< those whose signature holds, by ledger, oldest first
  std::vector<Records> records;                            ///< by key
  std::vector<Finding> findings;                           ///< that are not what was signed

  /// Says which checkpoint was the first to cover its leaf.
  void date(Difference& difference) const {
    const auto of = checkpoints.find(difference.ledger);
    if (difference.index < 0 || of == checkpoints.end()) return;
    const auto proves = std::ranges::upper_bound(of->second, difference.index, {}, &KeptCheckpoint::size);
    if (proves == of->second.end()) return;
    difference.signed_at_size = proves->size;
    difference.signed_at = proves->signed_at;
  }
  /// Says where the leaf of a record is, and since when it is signed; nothing of one that waits.
  void place(std::int64_t record, Difference& difference) const {
    const auto behind = std::ranges::upper_bound(records, record, {}, &Records::key);
    if (behind == records.begin()) return;
    const auto& of = *std::prev(behind);
    if (record >= of.key + of.count) return;
    difference.ledger = of.ledger;
    difference.index = of.first + record - of.key;
    date(difference);
  }
};

}  // namespace answerable::ledger
