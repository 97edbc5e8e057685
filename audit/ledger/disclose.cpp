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

/// Leaves asked for together. Findings are in memory together, but for each list their whole run is looked at: so they
/// are many. Of the others, which can be long, only the proofs are.
constexpr std::size_t findings_together = 4096, others_together = 1024;

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

  std::string proof(std::int64_t index) {
    ProofFile proof{.index = static_cast<std::uint64_t>(index)};
    proof.path = inclusion_proof(proof.index, static_cast<std::uint64_t>(checkpoint.size), std::ref(tiles));
    proof.checkpoint = checkpoint.note;
    return format_proof(proof);
  }

  static Disclosed disclosed(const Segment& segment, const Leaf& leaf) {
    return {.name = {segment.kind, leaf.key, leaf.finding},
            .index = segment.first + leaf.offset,
            .hash = leaf.hash,
            .text = std::string(leaf.text),
            .content = std::string(leaf.content),
            .salt = leaf.salt,
            .proof = {}};
  }

  // Proofs ask the database too: before the rows stream in where it is known which leaves they prove, else behind.
  void some(const Segment& segment, std::span<const std::int64_t> keys, const std::function<void(Disclosed&&)>& use) {
    std::vector<std::string> proofs;
    for (const auto key : keys) {
      const auto index = segment.first + key - segment.key;
      proofs.push_back(index < checkpoint.size ? proof(index) : "");
    }
    auto next = proofs.begin();
    some_leaves(transaction, authority, segment, keys, [&](const Leaf& leaf) {
      auto& proof = *next++;
      if (proof.empty()) return;
      auto it = disclosed(segment, leaf);
      it.proof = std::move(proof);
      use(std::move(it));
    });
  }

  void some_findings(const Segment& segment, std::span<const std::int64_t> findings,
                     const std::function<void(Disclosed&&)>& use) {
    std::vector<Disclosed> all;
    some_leaves(transaction, authority, segment, findings,
                [&](const Leaf& leaf) { all.push_back(disclosed(segment, leaf)); });
    for (auto& it : all) {
      if (it.index >= checkpoint.size) continue;
      it.proof = proof(it.index);
      use(std::move(it));
      it = {};
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
    const bool findings = segment->kind == "finding";
    const auto together = findings ? findings_together : others_together;
    for (std::size_t from = 0; from < keys.size(); from += together) {
      const auto some = std::span(keys).subspan(from, std::min(together, keys.size() - from));
      if (findings)
        parts_->some_findings(*segment, some, use);
      else
        parts_->some(*segment, some, use);
    }
  }
}

}  // namespace answerable::ledger
