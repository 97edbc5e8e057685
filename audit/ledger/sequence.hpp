#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/ledger/checkpoint.hpp"
#include "audit/ledger/keys.hpp"
#include "audit/ledger/tiles.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Gives leaves that stand in line their index in a council's tree, and signs the tree.
namespace answerable::ledger {

/// "answerable/905/1": the first line of a ledger's checkpoints, and the name its keys sign under.
std::string origin(const std::string& authority, int ledger);

/// A signed checkpoint as it is kept.
struct KeptCheckpoint {
  int ledger{};
  std::int64_t size{};
  Digest root{};
  std::string note;  ///< with the cosignatures that have come since
  Instant signed_at{};
};

struct Sealed {
  std::int64_t added{};                      ///< leaves sequenced now
  std::optional<KeptCheckpoint> checkpoint;  ///< the newest; nothing when there is no leaf at all
};

/// Sequences what waits and signs a checkpoint when there is anything new. A key that is not on the ledger yet is put
/// on it first. One council's sealing at a time; safe beside intake and audits.
/// \param keys the newest first; each signs. At least one
Sealed seal(pg::Connection& connection, const std::string& authority, std::span<const StoredKey> keys);

/// Ends the open ledger with a leaf and a last checkpoint, and begins the next with a leaf that holds that checkpoint:
/// what came to harm in a ledger is bounded by it. \throws std::invalid_argument when it has no leaf but its first
Sealed close_ledger(pg::Connection& connection, const std::string& authority, std::span<const StoredKey> keys);

/// The newest, or that of a size. \param ledger 0: the open one
std::optional<KeptCheckpoint> find_checkpoint(pg::Transaction& transaction, const std::string& authority,
                                              int ledger = 0, std::optional<std::int64_t> size = {});
/// Of a ledger, oldest first.
std::vector<KeptCheckpoint> checkpoints(pg::Transaction& transaction, const std::string& authority, int ledger);
/// The keys ever used, oldest first, as they sign for this ledger.
std::vector<VerifierKey> known_keys(pg::Transaction& transaction, const std::string& authority, int ledger);
/// The tree's tiles from the database.
TileSource tile_source(pg::Transaction& transaction, const std::string& authority, int ledger);

}  // namespace answerable::ledger
