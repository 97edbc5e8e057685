#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <functional>
#include <map>
#include <stdexcept>
#include <vector>

#include "audit/ledger/tiles.hpp"
#include "audit/ledger/tree.hpp"

namespace answerable::ledger {
namespace {

std::vector<Digest> leaves(std::size_t count) {
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(leaf_hash(as_bytes("leaf " + std::to_string(i))));
  return hashes;
}

/// MTH(D[n]) as RFC 6962 §2.1 words it.
Digest naive_root(std::span<const Digest> hashes) {
  if (hashes.empty()) return sha256({});
  if (hashes.size() == 1) return hashes.front();
  std::size_t k = 1;
  while (k * 2 < hashes.size()) k *= 2;
  return node_hash(naive_root(hashes.first(k)), naive_root(hashes.subspan(k)));
}

/// Every node of a tree, as its frontier tells them.
struct Nodes {
  explicit Nodes(const std::vector<Digest>& hashes) {
    for (const Digest& hash : hashes)
      frontier.append(hash, [&](int level, std::uint64_t index, const Digest& node) {
        EXPECT_TRUE(known.emplace(std::pair{level, index}, node).second) << "a node told twice";
      });
  }
  NodeReader reader() {
    return [this](int level, std::uint64_t index) {
      ++reads;
      return known.at({level, index});
    };
  }
  Frontier frontier;
  std::map<std::pair<int, std::uint64_t>, Digest> known;
  int reads{};
};

Digest flipped(Digest hash, int bit) {
  hash[static_cast<std::size_t>(bit) / 8] ^= static_cast<std::byte>(1 << bit % 8);
  return hash;
}

TEST(LedgerTree, HashesAreThoseOfTheStandard) {
  // RFC 6962 as widely published: the empty tree, the leaf of no bytes, and the tree of the eight well-known leaves.
  EXPECT_EQ(hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(leaf_hash({})), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(Frontier{}.root(), empty_root());
  EXPECT_EQ(tree_root(0, nullptr), empty_root());
}

TEST(LedgerTree, EveryProofOfEverySmallTreeVerifies) {
  const std::vector<Digest> all = leaves(70);
  Nodes nodes(all);
  const NodeReader read = nodes.reader();
  std::vector<Digest> roots;
  for (std::size_t size = 0; size <= all.size(); ++size) {
    roots.push_back(naive_root(std::span{all}.first(size)));
    ASSERT_EQ(tree_root(size, read), roots.back()) << size;
    ASSERT_EQ(Frontier(size, read).root(), roots.back()) << size;
  }
  for (std::size_t size = 1; size <= all.size(); ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, read);
      ASSERT_TRUE(verify_inclusion(index, size, all[index], proof, roots[size])) << index << " of " << size;
    }
    for (std::size_t size1 = 1; size1 <= size; ++size1) {
      const auto proof = consistency_proof(size1, size, read);
      ASSERT_TRUE(verify_consistency(size1, size, proof, roots[size1], roots[size])) << size1 << " in " << size;
    }
    EXPECT_TRUE(consistency_proof(0, size, read).empty());
  }
  EXPECT_THROW(inclusion_proof(70, 70, read), std::out_of_range);
  EXPECT_THROW(inclusion_proof(0, 0, read), std::out_of_range);
  EXPECT_THROW(consistency_proof(8, 7, read), std::out_of_range);
}

RC_GTEST_PROP(LedgerTree, ProofsOfRandomTreesVerifyAndNothingNearThemDoes, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 3000);
  const auto size1 = *rc::gen::inRange<std::size_t>(1, size + 1);
  const auto index = *rc::gen::inRange<std::size_t>(0, size);
  const auto bit = *rc::gen::inRange(0, 256);
  const std::vector<Digest> all = leaves(size);
  Nodes nodes(all);
  const NodeReader read = nodes.reader();
  const Digest root = nodes.frontier.root(), root1 = naive_root(std::span{all}.first(size1));
  RC_ASSERT(root == naive_root(all));

  nodes.reads = 0;
  std::vector<Digest> path = inclusion_proof(index, size, read);
  RC_ASSERT(nodes.reads <= 2 * std::bit_width(size));
  RC_ASSERT(verify_inclusion(index, size, all[index], path, root));
  RC_ASSERT(!verify_inclusion(index, size, flipped(all[index], bit), path, root));
  RC_ASSERT(!verify_inclusion(index, size, all[index], path, flipped(root, bit)));
  for (int flip = 0; flip < 12; ++flip)
    RC_ASSERT(!verify_inclusion(index ^ (1U << flip), size, all[index], path, root));
  for (Digest& hash : path) {
    hash = flipped(hash, bit);
    RC_ASSERT(!verify_inclusion(index, size, all[index], path, root));
    hash = flipped(hash, bit);
  }
  path.push_back(root);
  RC_ASSERT(!verify_inclusion(index, size, all[index], path, root));
  path.resize(path.size() - 1);
  if (!path.empty()) {
    path.pop_back();
    RC_ASSERT(!verify_inclusion(index, size, all[index], path, root));
  }

  nodes.reads = 0;
  std::vector<Digest> proof = consistency_proof(size1, size, read);
  RC_ASSERT(nodes.reads <= 2 * std::bit_width(size));
  RC_ASSERT(verify_consistency(size1, size, proof, root1, root));
  RC_ASSERT(!verify_consistency(size1, size, proof, flipped(root1, bit), root));
  RC_ASSERT(!verify_consistency(size1, size, proof, root1, flipped(root, bit)));
  for (Digest& hash : proof) {
    hash = flipped(hash, bit);
    RC_ASSERT(!verify_consistency(size1, size, proof, root1, root));
    hash = flipped(hash, bit);
  }
  proof.push_back(root);
  RC_ASSERT(!verify_consistency(size1, size, proof, root1, root));
}

/// Tiles as a database would keep them: a later partial tile in place of the shorter one.
struct Stored {
  std::map<std::pair<int, std::uint64_t>, std::vector<Digest>> tiles;
  int fetched{};
  void keep(const std::vector<Tile>& taken) {
    for (const Tile& tile : taken) {
      ASSERT_FALSE(tile.hashes.empty());
      auto& kept = tiles[{tile.level, tile.index}];
      ASSERT_LE(kept.size(), tile.hashes.size());
      ASSERT_TRUE(std::equal(kept.begin(), kept.end(), tile.hashes.begin()));
      kept = tile.hashes;
    }
  }
  TileSource source() {
    return [this](int level, std::uint64_t index) {
      ++fetched;
      return tiles.at({level, index});
    };
  }
};

TEST(LedgerTiles, ATreeServedFromTilesIsTheSameTree) {
  const std::size_t size = 70'000;  // the example of C2SP tlog-tiles
  const std::vector<Digest> all = leaves(size);
  Stored stored;
  TileBuilder builder;
  std::size_t batch = 1;
  while (builder.size() < size) {
    // Every batch goes on from what is stored, as after a restart.
    builder = TileBuilder(builder.size(), stored.source());
    for (std::size_t i = 0; i < batch && builder.size() < size; ++i) builder.append(all[builder.size()]);
    stored.keep(builder.take());
    EXPECT_TRUE(builder.take().empty());
    batch = batch * 3 % 4099 + 1;
  }
  EXPECT_EQ(builder.root(), naive_root(all));
  EXPECT_EQ(stored.tiles.size(), 273U + 1 + 1 + 1 + 1);
  EXPECT_EQ((stored.tiles[{0, 273}].size()), 112U);
  EXPECT_EQ((stored.tiles[{1, 0}].size()), 256U);
  EXPECT_EQ((stored.tiles[{1, 1}].size()), 17U);
  EXPECT_EQ((stored.tiles[{2, 0}].size()), 1U);
  for (const std::size_t index : {0, 1, 255, 256, 65'535, 65'536, 69'887, 69'888, 69'999}) {
    TileReader tiles(stored.source());
    stored.fetched = 0;
    const auto path = inclusion_proof(index, size, std::ref(tiles));
    EXPECT_LE(stored.fetched, 5);
    EXPECT_TRUE(verify_inclusion(index, size, all[index], path, builder.root())) << index;
  }
  for (const std::size_t size1 : {1, 255, 256, 257, 65'536, 65'537, 69'999, 70'000}) {
    TileReader tiles(stored.source());
    const auto proof = consistency_proof(size1, size, std::ref(tiles));
    EXPECT_TRUE(verify_consistency(size1, size, proof, naive_root(std::span{all}.first(size1)), builder.root()));
  }
}

TEST(LedgerTiles, ATileThatIsTooShortIsNamed) {
  TileReader tiles([](int, std::uint64_t) { return leaves(3); });
  EXPECT_NO_THROW(tiles(1, 0));
  try {
    tiles(2, 0);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("tile 0 of level 0 has 3 hashes where at least 4"), std::string::npos)
        << error.what();
  }
  EXPECT_THROW(TileBuilder(5, [](int, std::uint64_t) { return leaves(3); }), std::runtime_error);
}

}  // namespace
}  // namespace answerable::ledger
