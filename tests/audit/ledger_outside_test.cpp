// What others wrote to test such code: tests/outside/vectors.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/ledger/ed25519.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

const std::filesystem::path vectors = ANSWERABLE_SOURCE "/tests/outside/vectors";

nlohmann::json read_json(const std::filesystem::path& file) {
  std::ifstream in{file};
  return nlohmann::json::parse(in);
}

struct NoHash {};

/// An empty one cannot even be asked about. Some stand there as a few bytes, such as "don't care 1": with zeros behind
/// them, equal ones stay equal and others not.
Digest digest(const nlohmann::json& text) {
  const auto bytes = parse_base64(text.get<std::string>());
  if (!bytes || bytes->size() > sizeof(Digest)) throw std::runtime_error("not a hash: " + text.dump());
  if (bytes->empty()) throw NoHash{};
  Digest hash{};
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

std::vector<Digest> proof(const nlohmann::json& texts) {
  std::vector<Digest> hashes;
  for (const auto& text : texts) hashes.push_back(digest(text));
  return hashes;
}

struct Counted {
  int right{}, wrong{};
};

template <class Check>
Counted count(const std::string& folder, Check&& check) {
  Counted counted;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(vectors / "merkle-proofs" / folder)) {
    if (!entry.is_regular_file()) continue;
    const nlohmann::json given = read_json(entry.path());
    const bool expected = !given.at("wantErr").get<bool>();
    bool verified = false;
    try {
      verified = check(given);
    } catch (const NoHash&) {
    }
    EXPECT_EQ(verified, expected) << entry.path();
    ++(expected ? counted.right : counted.wrong);
  }
  return counted;
}

TEST(LedgerOutside, InclusionProofsOfTransparencyDev) {
  const Counted counted = count("inclusion", [](const nlohmann::json& given) {
    return verify_inclusion(given.at("leafIdx"), given.at("treeSize"), digest(given.at("leafHash")),
                            proof(given.at("proof")), digest(given.at("root")));
  });
  EXPECT_EQ(counted.right, 6);
  EXPECT_EQ(counted.wrong, 92);
}

TEST(LedgerOutside, ConsistencyProofsOfTransparencyDev) {
  const Counted counted = count("consistency", [](const nlohmann::json& given) {
    return verify_consistency(given.at("size1"), given.at("size2"), proof(given.at("proof")), digest(given.at("root1")),
                              digest(given.at("root2")));
  });
  EXPECT_EQ(counted.right, 6);
  EXPECT_EQ(counted.wrong, 92);
}

std::vector<std::byte> unhex(const std::string& text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

TEST(LedgerOutside, Ed25519SignaturesOfWycheproof) {
  int seen = 0, good = 0;
  const nlohmann::json suite = read_json(vectors / "wycheproof-ed25519.json");
  for (const auto& group : suite.at("testGroups")) {
    const auto bytes = unhex(group.at("publicKey").at("pk"));
    PublicKey key;
    ASSERT_EQ(bytes.size(), key.size());
    std::ranges::copy(bytes, key.begin());
    for (const auto& given : group.at("tests")) {
      const bool expected = given.at("result") == "valid";
      EXPECT_EQ(verify_ed25519(key, unhex(given.at("msg")), unhex(given.at("sig"))), expected)
          << given.at("tcId") << ' ' << given.at("comment");
      ++seen;
      good += expected;
    }
  }
  EXPECT_EQ(seen, 151);
  EXPECT_GT(good, 0);
  EXPECT_LT(good, seen);
}

}  // namespace
}  // namespace answerable::ledger
