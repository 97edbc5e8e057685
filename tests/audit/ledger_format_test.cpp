// schemas/formats/checkpoint.md and the program cannot part: its vectors are read out of the document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "audit/ledger/consistency.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::ledger {
namespace {

/// What stands in the document between ```name and ```.
std::string block(const std::string& name) {
  const std::string document = testing::slurp(ANSWERABLE_SOURCE "/schemas/formats/checkpoint.md");
  const std::string start = "\n```" + name + "\n";
  const auto at = document.find(start);
  const auto end = document.find("```\n", at + start.size());
  if (at == document.npos || end == document.npos) throw std::logic_error("the document has no block " + name);
  return document.substr(at + start.size(), end - at - start.size());
}

/// The page's keys: 32 bytes that count up.
PrivateKey key(unsigned char first) {
  std::array<std::byte, 32> seed;
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::byte>(first + i);
  return PrivateKey::from_seed(seed);
}

struct Vector {
  Vector() {
    Frontier tree;
    for (const char* leaf : {"leaf 0", "leaf 1", "leaf 2"}) {
      leaves.push_back(leaf_hash(as_bytes(leaf)));
      tree.append(leaves.back(), [&](int level, std::uint64_t index, const Digest& hash) {
        nodes[{level, index}] = hash;
      });
      roots.push_back(tree.root());
    }
    checkpoint.text = format_checkpoint({"council.example/905", 3, roots[2]});
    checkpoint.signatures = {sign(log, checkpoint.text), cosign(witness, checkpoint.text, 1767225600)};
  }
  NodeReader read = [this](int level, std::uint64_t index) { return nodes.at({level, index}); };
  PrivateKey log_key = key(0), witness_key = key(32);
  Signer log{"council.example/905", log_key}, witness{"audit.example/w1", witness_key};
  std::vector<Digest> leaves, roots;
  std::map<std::pair<int, std::uint64_t>, Digest> nodes;
  Note checkpoint;
};

TEST(LedgerFormat, HashesAndKeysAreThoseOfTheDocument) {
  const Vector vector;
  std::istringstream lines(block("hashes"));
  std::map<std::string, std::string> hashes;
  for (std::string name, hash; lines >> name >> hash;) hashes[name] = hash;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(hashes.at("leaf" + std::to_string(i)), hex(vector.leaves[static_cast<std::size_t>(i)]));
  EXPECT_EQ(hashes.at("node01"), hex(vector.nodes.at({1, 0})));
  EXPECT_EQ(hashes.at("root"), hex(vector.roots[2]));
  EXPECT_EQ(block("vkeys"), format_vkey(vector.log.verifier(SignatureType::ed25519)) + "\n" +
                                format_vkey(vector.witness.verifier(SignatureType::cosignature)) + "\n");
}

TEST(LedgerFormat, WhatIsWrittenIsTheDocumentByteForByte) {
  const Vector vector;
  EXPECT_EQ(format_note(vector.checkpoint), block("checkpoint"));
  const ProofFile proof{
      .index = 1, .path = inclusion_proof(1, 3, vector.read), .checkpoint = format_note(vector.checkpoint)};
  EXPECT_EQ(format_proof(proof), block("tlog-proof"));
  std::string request = "old 1\n";
  for (const Digest& hash : consistency_proof(1, 3, vector.read)) request += base64(hash) + "\n";
  EXPECT_EQ(request + "\n" + format_note({vector.checkpoint.text, {vector.checkpoint.signatures[0]}}),
            block("add-checkpoint"));
}

TEST(LedgerFormat, TheDocumentsProofVerifies) {
  std::istringstream lines(block("vkeys"));
  std::string log, witness;
  lines >> log >> witness;
  const Trust trust{
      .origin = "council.example/905", .log = {parse_vkey(log)}, .witnesses = {parse_vkey(witness)}, .quorum = 1};
  const auto opened = verify_proof(parse_proof(block("tlog-proof")), leaf_hash(as_bytes("leaf 1")), trust);
  EXPECT_EQ(opened.checkpoint.size, 3U);
  EXPECT_EQ(opened.witnesses.at(0).cosigned, 1767225600);
}

TEST(LedgerFormat, TheConsistencyFileIsTheDocumentsAndBothVerifiersFindEveryFlippedByte) {
  const Vector vector;
  const auto note = [&](std::uint64_t size) {
    Note out{.text = format_checkpoint({"council.example/905", size, vector.roots[size - 1]}), .signatures = {}};
    out.signatures = {sign(vector.log, out.text)};
    return format_note(out);
  };
  const auto proof = [&](std::uint64_t from) { return consistency_proof(from, 3, vector.read); };
  const std::string text = block("consistency");
  EXPECT_EQ(format_consistency({proof(1), note(1), note(3)}), text);
  const std::vector keys{vector.log.verifier(SignatureType::ed25519)};
  const auto good = judge_consistency(text, keys);
  EXPECT_TRUE(good.holds());
  EXPECT_EQ(good.from, 1U);
  EXPECT_EQ(good.to, 3U);
  EXPECT_FALSE(judge_consistency(text, {}).holds()) << "whose key is it?";
  EXPECT_FALSE(judge_consistency(text, std::vector{vector.witness.verifier(SignatureType::cosignature)}).holds());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = static_cast<char>(text[i] ^ (std::isalpha(static_cast<unsigned char>(text[i])) ? 0x20 : 1 << i % 5));
    EXPECT_FALSE(judge_consistency(changed, keys).holds()) << "byte " << i;
    EXPECT_FALSE(judge_consistency(text.substr(0, i), keys).holds()) << "cut off at " << i;
  }
  // Each part is good; together they show nothing, or the wrong way about.
  EXPECT_FALSE(judge_consistency(format_consistency({{}, note(1), note(3)}), keys).holds());
  EXPECT_FALSE(judge_consistency(format_consistency({proof(2), note(1), note(3)}), keys).holds());
  EXPECT_FALSE(judge_consistency(format_consistency({proof(1), note(3), note(1)}), keys).holds());
  EXPECT_TRUE(judge_consistency(format_consistency({{}, note(3), note(3)}), keys).holds());
  const testing::Folder folder;
  testing::spill(folder / "consistency", text);
  const auto other = testing::run(std::string("python3 " ANSWERABLE_SOURCE "/tests/support/every_flip.py ") +
                                      (folder / "consistency").string() + " '" + format_vkey(keys[0]) + "'",
                                  true);
  EXPECT_EQ(other.out, std::to_string(text.size()) + " bytes\n") << "the other verifier";
}

TEST(LedgerFormat, ItsCommandsCheckTheProofAndFindAChange) {
  const testing::Folder folder;
  const auto check = [&](const std::string& proof) {
    testing::spill(folder / "leaf1.tlog-proof", proof);
    testing::spill(folder / "check.sh", block("sh"));
    return testing::run("cd " + folder.path().string() + " && sh check.sh", true);
  };
  const std::string proof = block("tlog-proof");
  const auto good = check(proof);
  EXPECT_EQ(good.code, 0) << good.out;
  EXPECT_EQ(good.out,
            "Signature Verified Successfully\nSignature Verified Successfully\n"
            "leaf 1 is in the ledger of 3 leaves; cosigned at 1767225600\n");
  for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
           {"\n3\n", "\n4\n"}, {"index 1\n", "index 1\nAAAA"}, {"905\n3\n", "906\n3\n"}}) {
    std::string changed = proof;
    changed.replace(changed.find(what), what.size(), with);
    EXPECT_NE(check(changed).code, 0) << what;
  }
  std::istringstream lines(block("sha256sum"));
  std::string command, expected;
  std::getline(lines, command);
  std::getline(lines, expected);
  EXPECT_EQ(testing::run(command).out, expected + "\n");
}

}  // namespace
}  // namespace answerable::ledger
