#include "audit/ledger/disclose.hpp"

#include <algorithm>
#include <map>

#include "audit/ledger/leaves.hpp"
#include "audit/ledger/proof_file.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement records_under{
    "ledger.records_under",
    "SELECT coalesce(max(t.key + t.count), 0) FROM answerable.ledger_segment s JOIN answerable.to_ledger t"
    " ON t.authority = s.authority AND t.place = s.place WHERE s.authority = $1 AND t.kind = 'record'"
    " AND (s.ledger < $2 OR (s.ledger = $2 AND s.first < $3))"};

/// Leaves whose contents are in memory together.
constexpr std::size_t long_together = 64, short_together = 8192;

}  // namespace

struct Disclosure::Parts {
  pg::Transaction& transaction;
  std::string authority;
  KeptCheckpoint checkpoint;
  std::map<std::pair<std::string, std::int64_t>, Segment> segments;  ///< by kind and first key
  TileReader tiles;

  /// The segment that holds a leaf; null when none under the checkpoint does.
  const Segment* holding(const LeafName& name) const {
    auto after = segments.upper_bound({name.kind, name.key});
    if (after == segments.begin()) return nullptr;
    const auto& [at, segment] = *--after;
    const bool by_number = name.kind == "record" || name.kind == "held";
    if (at.first != name.kind || (by_number ? name.key >= segment.key + segment.count : name.key != segment.key))
      return nullptr;
    return &segment;
  }

  void some(const Segment& segment, std::span<const std::int64_t> keys, const std::function<void(Disclosed&&)>& use) {
    // The proofs ask the database too: after the rows have been read.
    std::vector<Disclosed> all;
    some_leaves(transaction, authority, segment, keys, [&](const Leaf& leaf) {
      all.push_back({.name = {segment.kind, leaf.key, leaf.finding},
                     .index = segment.first + leaf.offset,
                     .hash = leaf.hash,
                     .text = std::string(leaf.text),
                     .content = std::string(leaf.content),
                     .salt = leaf.salt,
                     .proof = {}});
    });
    for (auto& disclosed : all) {
      if (disclosed.index >= checkpoint.size) continue;
      ProofFile proof{.index = static_cast<std::uint64_t>(disclosed.index)};
      proof.path = inclusion_proof(proof.index, static_cast<std::uint64_t>(checkpoint.size), std::ref(tiles));
      proof.checkpoint = checkpoint.note;
      disclosed.proof = format_proof(proof);
      use(std::move(disclosed));
      disclosed = {};
    }
  }
};

Disclosure::Disclosure(pg::Transaction& transaction, std::string authority, KeptCheckpoint checkpoint)
    : parts_(std::make_unique<Parts>(
          Parts{transaction, std::move(authority), std::move(checkpoint), {}, TileReader(TileSource{})})) {
  parts_->tiles = TileReader(tile_source(transaction, parts_->authority, parts_->checkpoint.ledger));
  for (auto& segment : segments_of(transaction, parts_->authority, parts_->checkpoint.ledger))
    if (segment.first < parts_->checkpoint.size) {
      const auto at = std::pair(segment.kind, segment.key);
      parts_->segments.emplace(at, std::move(segment));
    }
}

Disclosure::~Disclosure() = default;

const KeptCheckpoint& Disclosure::checkpoint() const {
  return parts_->checkpoint;
}

std::int64_t Disclosure::records() {
  return parts_->transaction
      .run_one(records_under, parts_->authority, std::int32_t{parts_->checkpoint.ledger}, parts_->checkpoint.size)
      .int64(0, 0);
}

void Disclosure::each(std::vector<LeafName> names, const std::function<void(Disclosed&&)>& use) {
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  std::map<std::int64_t, std::pair<const Segment*, std::vector<std::int64_t>>> wanted;  // by the segment's first leaf
  for (const auto& name : names)
    if (const Segment* const segment = parts_->holding(name)) {
      auto& [which, keys] = wanted[segment->first];
      which = segment;
      keys.push_back(name.kind == "finding" ? name.finding : name.key);
    }
  for (const auto& [first, of] : wanted) {
    const auto& [segment, keys] = of;
    // A record can be long: fewer at a time. For findings each time their whole run is looked at: more at a time.
    const std::size_t together = segment->kind == "finding" ? short_together : long_together;
    for (std::size_t from = 0; from < keys.size(); from += together)
      parts_->some(*segment, std::span(keys).subspan(from, std::min(together, keys.size() - from)), use);
  }
}

}  // namespace answerable::ledger
