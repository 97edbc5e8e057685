#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "audit/ledger/tree.hpp"
#include "ingest/digest.hpp"

namespace answerable::ledger {

/// Hashes a tile (C2SP tlog-tiles): a tile of level L holds hashes of the tree's level 8 · L. The tree's other levels
/// are computed from these when they are wanted.
inline constexpr int tile_height = 8;
inline constexpr std::size_t tile_width = 256;

/// The tile `index` of its level. Only the rightmost of a level has fewer than tile_width hashes.
struct Tile {
  int level{};
  std::uint64_t index{};
  std::vector<Digest> hashes;
  bool full() const { return hashes.size() == tile_width; }
};

/// Fetches a tile's hashes from where they are stored: all of them, or of a partial tile as many as there are.
using TileSource = std::function<std::vector<Digest>(int level, std::uint64_t index)>;

/// Serves a tree's nodes from its tiles, fetching each tile once. Copies share nothing; give it to the functions of
/// tree.hpp as std::ref(tiles). Keeps every tile it was asked for: make a new one for each question.
class TileReader {
 public:
  explicit TileReader(TileSource source) : source_(std::move(source)) {}
  /// \throws std::runtime_error naming the tile when it has fewer hashes than the tree's size needs
  Digest operator()(int level, std::uint64_t index);

 private:
  TileSource source_;
  std::map<std::pair<int, std::uint64_t>, std::vector<Digest>> tiles_;
};

/// A growing tree and its tiles. Keeps the rightmost tile of each level and what was completed since the last take().
class TileBuilder {
 public:
  TileBuilder() = default;
  /// Goes on from a tree that is already there.
  TileBuilder(std::uint64_t size, const TileSource& source);

  void append(const Digest& leaf);
  /// The tiles to be stored since the last call, full ones and the rightmost partial ones, which replace shorter ones
  /// of the same level and index.
  std::vector<Tile> take();

  std::uint64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }

 private:
  struct Edge {
    Tile tile;
    bool changed{};
  };
  Frontier frontier_;
  std::vector<Edge> edges_;  ///< by level: the tile that is being filled
  std::vector<Tile> full_;
};

}  // namespace answerable::ledger
