#include "audit/ledger/proof_file.hpp"

#include <fmt/format.h>

#include <utility>

#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ", index_word = "index ";
constexpr std::size_t longest_path = 63;

/// Takes the next line off the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::string_view next() {
    ++number_;
    const std::size_t end = rest_.find('\n');
    if (end == rest_.npos) refuse("its end is missing", "a line feed");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }
  [[noreturn]] void refuse(std::string_view found, std::string_view expected) const {
    throw Malformed(fmt::format("line {} of the proof: {}, expected {}", number_, found, expected));
  }
  [[noreturn]] void refuse_line(std::string_view line, std::string_view expected) const {
    refuse("'" + xml::shortened(line, 60) + "'", expected);
  }

 private:
  std::string_view rest_;
  int number_{};
};

}  // namespace

std::string format_proof(const ProofFile& proof) {
  std::string text = fmt::format("{}\n", first_line);
  if (!proof.extra.empty()) text += fmt::format("{}{}\n", extra_word, base64(proof.extra));
  text += fmt::format("{}{}\n", index_word, proof.index);
  for (const Digest& hash : proof.path) text += base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

ProofFile parse_proof(std::string_view text) {
  Lines lines(text);
  std::string_view line = lines.next();
  if (line != first_line) lines.refuse_line(line, first_line);
  ProofFile proof;
  line = lines.next();
  if (line.starts_with(extra_word)) {
    auto extra = parse_base64(line.substr(extra_word.size()));
    if (!extra || extra->empty()) lines.refuse_line(line, "'extra' and base64");
    proof.extra = *std::move(extra);
    line = lines.next();
  }
  if (!line.starts_with(index_word)) lines.refuse_line(line, "'index' and the leaf's number");
  proof.index = parse_size(line.substr(index_word.size()), "the proof's index");
  for (line = lines.next(); !line.empty(); line = lines.next()) {
    const auto hash = parse_base64_digest(line);
    if (!hash) lines.refuse_line(line, "32 bytes in base64, or an empty line");
    if (proof.path.size() == longest_path) lines.refuse("one more hash", "at most 63");
    proof.path.push_back(*hash);
  }
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
