#include "tests/audit/golden_ledger.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <sstream>

#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/sequence.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"
#include "ingest/civil_date.hpp"

namespace answerable::ledger::testing {
namespace {

using bag::testing::slurp;

constexpr std::string_view council = "905";
constexpr std::size_t with_submission = 7;  ///< size of the first checkpoint that held the submission
constexpr std::size_t submission = 5;       ///< its leaf
constexpr std::int64_t cosigned_at = 1795334400;

PrivateKey key_of(unsigned char number) {
  std::array<std::byte, 32> seed{};
  seed.fill(std::byte{number});
  return PrivateKey::from_seed(seed);
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line + ",");
  for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
  return fields;
}

intake::Salt salt_of(const std::string& text) {
  intake::Salt salt{};
  for (std::size_t i = 0; i < salt.size(); ++i)
    salt[i] = static_cast<std::byte>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  return salt;
}

Digest hash_of(const GoldenLeaf& leaf) {
  return leaf_hash(as_bytes(leaf.text));
}

/// The hashes of complete subtrees, by definition.
NodeReader nodes_of(std::span<const GoldenLeaf> leaves) {
  return [leaves](int level, std::uint64_t index) {
    const std::function<Digest(int, std::uint64_t)> node = [&](int at, std::uint64_t i) {
      return at == 0 ? hash_of(leaves[i]) : node_hash(node(at - 1, 2 * i), node(at - 1, 2 * i + 1));
    };
    return node(level, index);
  };
}

/// The content with one piece kept back, and its pieces file.
std::pair<std::string, std::string> in_part(const GoldenLeaf& leaf, std::size_t hidden, std::string_view reason) {
  std::vector<std::size_t> ends;
  intake::piece_ends(leaf.content, ends);
  const auto salts = intake::piece_salts(leaf.salt, ends.size());
  intake::LeafHasher hasher;
  std::string shown, pieces;
  for (std::size_t i = 0, start = 0; i < ends.size(); start = ends[i++]) {
    const auto piece = leaf.content.substr(start, ends[i] - start);
    if (i == hidden) {
      shown += fmt::format("<!-- kept back: {} -->", reason);
      pieces += fmt::format("hidden {} {}\n", hex(hasher.piece_hash(salts[i], piece)), reason);
    } else {
      shown += piece;
      pieces += fmt::format("shown {} {}\n", hex(salts[i]), piece.size());
    }
  }
  return {shown, pieces};
}

class MemorySink : public bag::Sink {
 public:
  void begin(std::string_view path) override { path_ = path; }
  void write(std::span<const std::byte> piece) override { files[path_] += as_text(piece); }
  void end() override { files.try_emplace(path_); }
  void finish() override {}
  Files files;

 private:
  std::string path_;
};

void write_bag(bag::Sink& sink, const Files& payload) {
  const bool bundle = !payload.contains("data/ledger/leaves");
  std::string checkpoint = "none that can be read";
  try {
    const auto read = parse_checkpoint(parse_note(payload.at("data/ledger/checkpoint")).text);
    checkpoint = fmt::format("{} {} {}", read.origin, read.size, base64(read.root));
  } catch (const std::exception&) {
    // Somebody who writes the manifests anew has to write something.
  }
  bag::BagWriter writer(sink, {{"Source-Organization", "Somerset County Council"},
                               {"External-Identifier", bundle ? "B-00000001" : export_folder},
                               {"Bagging-Date", "2026-11-22"},
                               {"Answerable-Format", bundle ? "bundle/1" : "ledger/1"},
                               {"Answerable-Checkpoint", checkpoint}});
  for (const auto& [path, content] : payload) writer.add(path, content);
  writer.finish();
}

}  // namespace

Golden::Golden()
    : sent_(slurp(golden_folder / "sent.xml")),
      plan_(slurp(golden_folder / "plan.txt")),
      first_(key_of(1)),
      second_(key_of(2)),
      witness_(key_of(3)),
      stranger_(key_of(4)) {
  std::istringstream rows(slurp(golden_folder / "leaves.csv"));
  std::string line;
  std::getline(rows, line);
  intake::LeafHasher hasher;
  while (std::getline(rows, line)) {
    const auto fields = fields_of(line);
    GoldenLeaf leaf{.format = std::stoi(fields.at(0)),
                    .text = {},
                    .content = slurp(golden_folder / "contents" / fields.at(8)),
                    .salt = salt_of(fields.at(7))};
    const auto at = parse_instant(fields.at(6)).value();
    const auto commitment =
        leaf.format == 1 ? hasher.commitment_1(leaf.salt, leaf.content) : hasher.commitment(leaf.salt, leaf.content);
    if (!fields.at(1).empty()) {
      leaf.text = intake::leaf_text(council, fields.at(1), at, commitment);
    } else {
      const auto slash = fields.at(2).find('/');
      leaf.text = intake::leaf_text({.authority = council,
                                     .number = static_cast<std::int64_t>(leaves_.size()),
                                     .kind = std::string_view(fields.at(2)).substr(0, slash),
                                     .version = std::stoi(fields.at(2).substr(slash + 1)),
                                     .sender = fields.at(3),
                                     .id = fields.at(4),
                                     .submission = fields.at(5),
                                     .received_at = at,
                                     .commitment = commitment,
                                     .format = leaf.format});
    }
    leaves_.push_back(std::move(leaf));
  }
}

VerifierKey Golden::vkey(const PrivateKey& key) {
  return {origin(std::string(council), 1), SignatureType::ed25519, key.public_key()};
}

std::string Golden::checkpoint(std::span<const GoldenLeaf> leaves, std::size_t size) const {
  return checkpoint(leaves, size, {&first_}, false);
}

std::string Golden::checkpoint(std::span<const GoldenLeaf> leaves, std::size_t size,
                               std::vector<const PrivateKey*> signers, bool cosigned) const {
  Frontier tree;
  for (const auto& leaf : leaves.first(size)) tree.append(hash_of(leaf));
  const auto name = origin(std::string(council), 1);
  Note note{format_checkpoint({.origin = name, .size = size, .root = tree.root()}), {}};
  for (const auto* const key : signers) note.signatures.push_back(sign({name, *key}, note.text));
  if (cosigned) note.signatures.push_back(cosign({witness_key().name, witness_}, note.text, cosigned_at));
  return format_note(note);
}

std::string Golden::proof(std::span<const GoldenLeaf> leaves, std::size_t index, std::size_t size,
                          const std::string& note) {
  ProofFile proof{.index = index};
  proof.path = inclusion_proof(index, size, nodes_of(leaves));
  proof.checkpoint = note;
  return format_proof(proof);
}

std::vector<std::string> Golden::former() const {
  return {checkpoint(leaves_, 3), checkpoint(leaves_, with_submission), newest()};
}

Files Golden::export_payload(std::span<const GoldenLeaf> leaves, const std::vector<std::string>& notes,
                             const std::string& last) const {
  Files files{{"data/ledger/checkpoint", last},
              {"data/ledger/checkpoints", fmt::format("{}", fmt::join(notes, "---\n"))},
              {"data/ledger/keys", fmt::format("{}\n{}\n", format_vkey(first_key()), format_vkey(second_key()))},
              {"data/ledger/leaves", ""}};
  for (const auto& leaf : leaves) files["data/ledger/leaves"] += leaf.text;
  return files;
}

Files Golden::bundle_payload() const {
  const auto note = newest();
  Files files{{"data/index.html", "<!DOCTYPE html><title>Made up</title>\n"},
              {"data/exhibits/EX-003-content.txt", plan_},
              {"data/receipts/S905-12.txt", receipt("sequenced")},
              {"data/ledger/checkpoint", note},
              {"data/ledger/keys", fmt::format("{}\n{}\n", format_vkey(first_key()), format_vkey(second_key()))}};
  std::string table = "index,leaf,content,salt,pieces,hash\n";
  // The read of leaf 8 was disposed of: its leaf still stands.
  for (const std::size_t i : {0U, 1U, 2U, 5U, 7U, 8U}) {
    const auto& leaf = leaves_[i];
    const auto own = [&](std::string_view folder) { return fmt::format("data/ledger/{}/{}", folder, i); };
    std::string content = i < 3 ? fmt::format("data/exhibits/EX-00{}.xml", i + 1) : i == 8 ? "" : own("content");
    std::string salt, pieces;
    if (i == 1) {
      pieces = own("pieces");
      std::tie(files[content], files[pieces]) = in_part(leaf, 2, "third-party");
    } else if (!content.empty()) {
      salt = hex(leaf.salt);
      files[content] = leaf.content;
    }
    files[own("leaf")] = leaf.text;
    files[own("proof")] = proof(leaves_, i, leaves_.size(), note);
    table += fmt::format("{},{},{},{},{},{}\n", i, own("leaf"), content, salt, pieces, hex(hash_of(leaf)));
  }
  files["data/ledger/leaves.csv"] = table;
  return files;
}

std::string Golden::receipt(std::string_view state) const {
  const auto& leaf = leaves_[submission];
  auto text = fmt::format(
      "answerable-receipt/1\nreceipt S905-12\nstate {}\nsha256 {}\nbytes {}\nreceived 2026-11-21T20:15:03.123456Z\n"
      "sender ods:RH5\nmessage MSG „1“\nrecords 2 stored, 1 held, 0 held already\nsalt {}\ncontent {}\n\n{}",
      state, hex(sha256(as_bytes(sent_))), sent_.size(), hex(leaf.salt), leaf.content, leaf.text);
  if (state == "received") return text;
  const auto note = checkpoint(leaves_, with_submission, {&first_}, state == "published");
  return text + "\n" + proof(leaves_, submission, with_submission, note);
}

Files Golden::bag_of(const Files& payload) {
  MemorySink sink;
  write_bag(sink, payload);
  return std::move(sink.files);
}

fs::path Golden::seal(const fs::path& file, const Files& payload) {
  bag::SealedZipWriter zip(file, payload.contains("data/ledger/leaves") ? export_folder : bundle_folder);
  write_bag(zip, payload);
  return file;
}

MemorySource::MemorySource(Files contents) : contents_(std::move(contents)) {
  for (const auto& [path, content] : contents_) files_.push_back({path, content.size()});
}

}  // namespace answerable::ledger::testing
