#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/intake/leaf.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::ledger {

/// A stretch of leaves of one kind, as the table to_ledger lists them in the order of commits.
struct Segment {
  std::int64_t place{};
  std::string kind;  ///< record, held, submission, faults, run, finding, event
  std::int64_t key{}, count{};
  int format{};
  std::int64_t first{-1};  ///< index of its first leaf; -1: not sequenced yet
};

/// One leaf as its rows make it. Views are valid until the next.
struct Leaf {
  std::int64_t key{};      ///< a record's number, a held record's, a submission's, a run's, an event's
  std::int64_t finding{};  ///< of a finding's step; otherwise 0
  std::int64_t offset{};   ///< its place in the segment, from 0
  std::string_view text;   ///< schemas/formats/leaf.md
  Digest hash{};
  Digest commitment{};               ///< which the text ends with
  std::optional<intake::Salt> salt;  ///< nothing when the content was disposed of
  std::string_view content;          ///< exactly what the commitment is of
  /// Of a record: the hash that was stored with it.
  std::optional<Digest> stored{};
};

/// Segments not sequenced yet, in order.
std::vector<Segment> segments_waiting(pg::Transaction& transaction, const std::string& authority);
/// Those of a ledger, in order.
std::vector<Segment> segments_of(pg::Transaction& transaction, const std::string& authority, int ledger);

/// Makes each leaf of a segment from its rows, in order and in flat memory.
/// \throws std::runtime_error when a row of it is gone
void each_leaf(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
               const std::function<void(const Leaf&)>& use);
/// Of these only: numbers of records or held records, or findings.
void some_leaves(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
                 std::span<const std::int64_t> wanted, const std::function<void(const Leaf&)>& use);
/// Only the hashes; those of records as they were stored with them.
void each_hash(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
               const std::function<void(const Digest&)>& use);

/// "record 12", "submission S905-3", "finding F-…/7": a leaf in words.
std::string describe(const std::string& authority, const std::string& kind, const Leaf& leaf);

}  // namespace answerable::ledger
