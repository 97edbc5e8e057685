#include "audit/ledger/proof_file.hpp"

#include <fmt/format.h>

#include <utility>

#include "audit/ledger/lines.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ", index_word = "index ";

}  // namespace

std::string format_proof(const ProofFile& proof) {
  std::string text = fmt::format("{}\n", first_line);
  if (!proof.extra.empty()) text += fmt::format("{}{}\n", extra_word, base64(proof.extra));
  text += fmt::format("{}{}\n", index_word, proof.index);
  for (const Digest& hash : proof.path) text += base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

ProofFile parse_proof(std::string_view text) {
  Lines lines("the proof", text);
  if (lines.next() != first_line) lines.expected(first_line);
  ProofFile proof;
  std::string_view line = lines.next();
  if (line.starts_with(extra_word)) {
    auto extra = parse_base64(line.substr(extra_word.size()));
    if (!extra || extra->empty()) lines.expected("'extra' and base64");
    proof.extra = *std::move(extra);
    line = lines.next();
  }
  if (!line.starts_with(index_word)) lines.expected("'index' and the leaf's number");
  proof.index = parse_size(line.substr(index_word.size()), "the proof's index");
  proof.path = read_hashes(lines);
  proof.checkpoint = lines.rest();
  return proof;
}

SignedCheckpoint verify_proof(const ProofFile& proof, const Digest& leaf, const Trust& trust) {
  SignedCheckpoint opened = open_checkpoint(proof.checkpoint, trust);
  const Checkpoint& checkpoint = opened.checkpoint;
  if (!verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root))
    throw NotVerified(fmt::format("the leaf {} is not number {} of the {} leaves of {} with the root {}", hex(leaf),
                                  proof.index, checkpoint.size, checkpoint.origin, base64(checkpoint.root)));
  return opened;
}

}  // namespace answerable::ledger
