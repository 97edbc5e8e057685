#include "audit/ledger/tiles.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace answerable::ledger {

Digest TileReader::operator()(int level, std::uint64_t index) {
  const int tile_level = level / tile_height;
  const int height = level % tile_height;
  const std::uint64_t tile_index = index >> (tile_height - height);
  // A tile is kept with the levels above it that follow from it.
  const int lowest = tile_level * tile_height;
  if (!tiles_.contains({lowest, tile_index})) {
    auto nodes = source_(tile_level, tile_index);
    for (int above = lowest; above < lowest + tile_height; ++above) {
      std::vector<Digest> next;
      for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) next.push_back(node_hash(nodes[i], nodes[i + 1]));
      tiles_.emplace(std::pair{above, tile_index}, std::exchange(nodes, std::move(next)));
    }
  }
  const auto& nodes = tiles_.at({level, tile_index});
  const std::size_t place = index % (tile_width >> height);
  if (place >= nodes.size())
    throw std::runtime_error(
        fmt::format("the ledger's tile {} of level {} has {} hashes where at least {} are needed: "
                    "compute the tiles again from the leaves",
                    tile_index, tile_level, tiles_.at({lowest, tile_index}).size(), (place + 1) << height));
  return nodes[place];
}

TileBuilder::TileBuilder(std::uint64_t size, const TileSource& source) {
  TileReader reader(source);
  frontier_ = Frontier(size, std::ref(reader));
  std::uint64_t hashes = size;
  for (int level = 0; hashes != 0; ++level, hashes >>= tile_height) {
    Tile tile{.level = level, .index = hashes >> tile_height, .hashes = {}};
    if (const std::size_t width = hashes % tile_width; width != 0) {
      tile.hashes = source(level, tile.index);
      if (tile.hashes.size() < width)
        throw std::runtime_error(
            fmt::format("the ledger's tile {} of level {} has {} hashes where {} are needed: "
                        "compute the tiles again from the leaves",
                        tile.index, level, tile.hashes.size(), width));
      tile.hashes.resize(width);
    }
    edges_.push_back({std::move(tile), false});
  }
}

void TileBuilder::append(const Digest& leaf) {
  frontier_.append(leaf, [this](int level, std::uint64_t index, const Digest& hash) {
    if (level % tile_height != 0) return;
    const std::size_t tile_level = static_cast<std::size_t>(level / tile_height);
    if (tile_level == edges_.size()) edges_.push_back({Tile{.level = level / tile_height, .index = 0, .hashes = {}}});
    Edge& edge = edges_[tile_level];
    edge.tile.index = index / tile_width;
    edge.tile.hashes.push_back(hash);
    edge.changed = true;
    if (!edge.tile.full()) return;
    full_.push_back(std::move(edge.tile));
    edge = {Tile{.level = level / tile_height, .index = index / tile_width + 1, .hashes = {}}};
  });
}

std::vector<Tile> TileBuilder::take() {
  std::vector<Tile> tiles = std::exchange(full_, {});
  for (Edge& edge : edges_) {
    if (edge.changed) tiles.push_back(edge.tile);
    edge.changed = false;
  }
  return tiles;
}

}  // namespace answerable::ledger
