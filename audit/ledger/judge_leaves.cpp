#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "audit/ledger/judging.hpp"
#include "audit/ledger/receipt_text.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

constexpr std::uint64_t most_content = 64 << 20;
constexpr std::string_view header = "index,leaf,content,salt,pieces,hash";
constexpr std::array<std::string_view, 6> reasons{"third-party",  "not-relevant",        "legal-privilege",
                                                  "serious-harm", "confidential-source", "security"};
constexpr std::array<std::string_view, 3> exhibit_folders{"data/exhibits/", "data/agreements/", "data/policies/"};

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end; (end = text.find(at)) != text.npos; text.remove_prefix(end + 1))
    parts.push_back(text.substr(0, end));
  parts.push_back(text);
  return parts;
}

/// The commitment of a content some pieces of which are kept back: pieces/INDEX taken line by line beside the content
/// as it is shown.
class InPart {
 public:
  explicit InPart(std::string_view shown) : shown_(shown) {}

  /// \throws Wrong
  void take(std::string_view line) {
    const auto words = split(line, ' ');
    if (words.size() == 3 && words[0] == "shown")
      take_shown(words[1], words[2], line);
    else if (words.size() == 3 && words[0] == "hidden")
      take_hidden(words[1], words[2], line);
    else
      refuse(line);
  }

  /// \throws Wrong
  Digest finish() {
    if (at_ != shown_.size())
      throw Wrong("The content goes on behind its last piece", fmt::format("{} bytes", at_),
                  fmt::format("{} bytes", shown_.size()));
    if (!hides_) throw Wrong("Nothing in it is kept back: the leaf should be shown whole, with its salt");
    return pieces_.finish();
  }

 private:
  [[noreturn]] static void refuse(std::string_view line) {
    throw Wrong("A line is neither of a piece that is shown nor of one kept back for a reason of the list",
                "shown SALT LENGTH, or hidden HASH REASON", std::string(line.substr(0, 200)));
  }

  void take_shown(std::string_view salt_text, std::string_view length_text, std::string_view line) {
    const auto salt = parse_salt(salt_text);
    const auto length = parse_size(length_text, "the length of a piece");
    if (!salt || length == 0) refuse(line);
    if (length > shown_.size() - at_)
      throw Wrong("The content is shorter than its pieces", fmt::format("{} bytes more", length),
                  fmt::format("{} bytes", shown_.size() - at_));
    // With one byte of what follows: an end there is one of this piece, not of the view.
    intake::piece_ends(shown_.substr(at_, length + 1), ends_);
    if (ends_.front() != length)
      throw Wrong("A piece that is shown does not end where a piece ends", fmt::format("{} bytes", ends_.front()),
                  std::string(line));
    pieces_.update(hasher_.piece_hash(*salt, shown_.substr(at_, length)));
    at_ += length;
  }

  void take_hidden(std::string_view hash_text, std::string_view reason, std::string_view line) {
    const auto hash = parse_hash(hash_text);
    if (!hash || std::ranges::find(reasons, reason) == reasons.end()) refuse(line);
    const auto mark = fmt::format("<!-- kept back: {} -->", reason);
    const auto there = shown_.substr(at_, mark.size());
    if (there != mark)
      throw Wrong("The content does not say in its place what was kept back", mark, std::string(there));
    hides_ = true;
    pieces_.update(*hash);
    at_ += mark.size();
  }

  std::string_view shown_;
  std::size_t at_{};
  bool hides_{};
  Sha256 pieces_;
  intake::LeafHasher hasher_;
  std::vector<std::size_t> ends_;
};

/// Whether one of the record's texts, white space taken out, is the document in base64.
bool holds_in_base64(std::string_view record, std::string_view document) {
  const auto wanted = base64(as_bytes(document));
  for (std::size_t start; (start = record.find('>')) != record.npos;) {
    record.remove_prefix(start + 1);
    std::string text;
    for (const char c : record.substr(0, record.find('<'))) {
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') text += c;
    }
    if (!text.empty() && text == wanted) return true;
  }
  return false;
}

class Leaves {
 public:
  explicit Leaves(Judging& judging) : judging_(judging), result_(judging.result()) {}

  void judge() {
    judging_.at(names::table, [&] {
      bool first = true;
      judging_.each_line(names::table, [&](std::string_view line) {
        if (first && line != header) throw Wrong("It does not have its header", std::string(header), std::string(line));
        if (!first) judging_.at(names::table, [&] { judge_row(line); });
        first = false;
      });
      if (first) throw Wrong("It is empty", std::string(header));
    });
    name_what_belongs_to_no_row();
    judge_exhibits();
    judge_receipts();
    if (result_.beside > 0)
      judging_.cannot_tell(
          fmt::format("whether the other files under data/ ({}: pages, tables, programs) are as the council made them: "
                      "the manifest lists them, but no signature covers the manifest. What they say can be compared "
                      "with the records that are proved",
                      result_.beside));
  }

 private:
  struct Row {
    std::uint64_t index{};
    std::string leaf, proof, content, pieces;
    std::optional<intake::Salt> salt;
    Digest hash{};
  };

  Row read_row(std::string_view line) {
    const auto fields = split(line, ',');
    if (fields.size() != 6) throw Wrong("A row does not have its six fields", std::string(header), std::string(line));
    Row row;
    row.index = parse_size(fields[0], "the index of a row");
    const auto own = [&](std::string_view folder) { return fmt::format("data/ledger/{}/{}", folder, row.index); };
    row.leaf = own("leaf");
    row.proof = own("proof");
    row.content = fields[2];
    row.pieces = fields[4];
    const auto hash = parse_hash(fields[5]);
    row.salt = parse_salt(fields[3]);
    const bool paths = fields[1] == row.leaf && (row.pieces.empty() || row.pieces == own("pieces"));
    const bool shown = row.content.empty() ? fields[3].empty() && row.pieces.empty()
                       : fields[3].empty() ? !row.pieces.empty()
                                           : row.salt && row.pieces.empty();
    if (!paths || !shown || !hash)
      throw Wrong(fmt::format("The row of leaf {} does not name its files, salt and hash as it must", row.index),
                  fmt::format("{0},{1},CONTENT and its salt, or CONTENT and {2}, or neither,HASH", row.index, row.leaf,
                              own("pieces")),
                  std::string(line));
    row.hash = *hash;
    return row;
  }

  void judge_row(std::string_view line) {
    const auto row = read_row(line);
    if (!rows_.empty() && row.index <= rows_.back().first)
      throw Wrong("The indexes do not rise", fmt::format("more than {}", rows_.back().first),
                  std::to_string(row.index));
    for (const auto* path : {&row.leaf, &row.proof, &row.pieces}) belonging_.insert(*path);
    std::optional<Digest> commitment;
    int format = 0;
    judging_.at(row.leaf, [&] {
      const auto text = judging_.text(row.leaf);
      if (const auto hash = leaf_hash(as_bytes(text)); hash != row.hash)
        judging_.error(row.leaf, fmt::format("It is not the leaf of the hash that {} gives", names::table),
                       hex(row.hash), hex(hash));
      const auto leaf = parse_leaf_text(text);
      judging_.belongs(leaf);
      commitment = leaf.commitment;
      format = leaf.format;
    });
    bool proved = false;
    judging_.at(row.proof, [&] {
      check_proof(row);
      proved = true;
    });
    rows_.emplace_back(row.index, proved ? std::optional(row.hash) : std::nullopt);
    if (proved) ++result_.leaves;
    if (!row.content.empty()) judging_.at(row.content, [&] { check_content(row, commitment, format); });
  }

  void check_proof(const Row& row) {
    const auto proof = parse_proof(judging_.text(row.proof));
    if (!proof.extra.empty()) throw Wrong("It has a line 'extra', for which nothing vouches");
    if (proof.index != row.index)
      throw Wrong("It proves another leaf", std::to_string(row.index), std::to_string(proof.index));
    if (proof.checkpoint != judging_.signed_note())
      throw Wrong(fmt::format("It is not under {}", names::checkpoint), judging_.signed_note(), proof.checkpoint);
    const auto& checkpoint = judging_.checkpoint().checkpoint;
    if (!verify_inclusion(row.index, checkpoint.size, row.hash, proof.path, checkpoint.root))
      throw Wrong(fmt::format("It does not lead from leaf {} to the root of the checkpoint", row.index),
                  base64(checkpoint.root));
  }

  void check_content(const Row& row, const std::optional<Digest>& commitment, int format) {
    if (!row.content.starts_with("data/") || belonging_.contains(row.content))
      throw Wrong(fmt::format("It cannot be the content of leaf {}", row.index), "a file of its own below data/");
    const auto [first, is_new] = contents_.emplace(row.content, row.index);
    if (!is_new)
      throw Wrong(fmt::format("It is said to be the content of two leaves, {} and {}", first->second, row.index));
    const auto content = judging_.text(row.content, most_content);
    if (!commitment) return;
    if (!row.salt && format == 1) throw Wrong("A leaf of version 1 cannot be shown in part");
    const auto found = row.salt ? whole(content, *row.salt, format) : in_part(content, row.pieces);
    if (found != *commitment)
      throw Wrong(fmt::format("It is not what leaf {} stands for: the commitment differs", row.index), hex(*commitment),
                  hex(found));
    ++result_.contents;
    if (!row.salt) ++result_.in_part;
  }

  Digest whole(std::string_view content, const intake::Salt& salt, int format) {
    return format == 1 ? hasher_.commitment_1(salt, content) : hasher_.commitment(salt, content);
  }
  Digest in_part(std::string_view content, const std::string& pieces) const {
    if (judging_.source().find(pieces) == nullptr)
      throw Wrong(fmt::format("What is kept back of it cannot be told: {} is missing", pieces));
    InPart part(content);
    judging_.each_line(pieces, [&](std::string_view line) { part.take(line); });
    return part.finish();
  }

  void name_what_belongs_to_no_row() {
    for (const auto name : {names::checkpoint, names::keys, names::table}) belonging_.emplace(name);
    for (const auto& file : judging_.source().files()) {
      if (file.path.starts_with(names::ledger) && !belonging_.contains(file.path) && !contents_.contains(file.path))
        judging_.error(file.path, fmt::format("It belongs to no row of {}", names::table));
    }
  }

  /// Every exhibit is the content of a leaf, or a document that one of its name holds in base64.
  void judge_exhibits() {
    for (const auto& file : judging_.source().files()) {
      const auto& path = file.path;
      if (!path.starts_with("data/") || path.starts_with(names::ledger) || path.starts_with(names::receipts) ||
          contents_.contains(path))
        continue;
      const bool exhibit =
          std::ranges::any_of(exhibit_folders, [&](std::string_view folder) { return path.starts_with(folder); });
      if (exhibit)
        judging_.at(path, [&] { check_document(path); });
      else
        ++result_.beside;
    }
  }

  void check_document(const std::string& path) {
    for (auto end = path.rfind('-'); end != path.npos && end > 0; end = path.rfind('-', end - 1)) {
      const auto record = path.substr(0, end) + ".xml";
      if (!contents_.contains(record)) continue;
      if (!holds_in_base64(judging_.text(record, most_content), judging_.text(path, most_content)))
        throw Wrong(fmt::format("It does not stand in {}, in which it is said to have been sent", record));
      return;
    }
    throw Wrong(
        "It is an exhibit, but neither it nor an exhibit that it could have been sent in is the content of a leaf");
  }

  void judge_receipts() {
    for (const auto& file : judging_.source().files()) {
      if (!file.path.starts_with(names::receipts)) continue;
      judging_.at(file.path, [&] {
        check_receipt(file.path);
        ++result_.receipts;
      });
    }
  }

  void check_receipt(const std::string& path) {
    const auto text = judging_.text(path);
    const auto receipt = read_receipt_text(text);
    if (const auto own = fmt::format("{}{}.txt", names::receipts, receipt.receipt); own != path)
      throw Wrong("It is the receipt of another number", path, own);
    judging_.belongs(receipt.leaf);
    if (!receipt.proven)
      return judging_.cannot_tell(fmt::format(
          "whether {} came to be in the ledger: its receipt is from before that, and not signed", receipt.receipt));
    const auto& [proof, read] = *receipt.proven;
    judging_.meet(read.checkpoint, path);
    const auto row =
        std::ranges::lower_bound(rows_, proof.index, {}, &std::pair<std::uint64_t, std::optional<Digest>>::first);
    const bool same_ledger = read.checkpoint.origin == judging_.checkpoint().checkpoint.origin;
    const bool known = same_ledger && row != rows_.end() && row->first == proof.index && row->second;
    if (known && *row->second != receipt.hash)
      throw Wrong(fmt::format("Its leaf {} is not the one that is proved under {}", proof.index, names::checkpoint),
                  hex(*row->second), hex(receipt.hash));
    // A key that has been replaced is believed of what the checkpoint proves besides, no further.
    const auto by = check_signed(read, judging_.known(), known ? judging_.known() : judging_.believed());
    if (by.size() < read.note.signatures.size())
      judging_.cannot_tell(
          "whether the other signatures of the receipts' checkpoints (a witness's?) are good: their keys were not "
          "given");
  }

  Judging& judging_;
  BundleJudgement& result_;
  intake::LeafHasher hasher_;
  std::vector<std::pair<std::uint64_t, std::optional<Digest>>> rows_;  ///< by index; the hash when it is proved
  std::set<std::string, std::less<>> belonging_;                       ///< files of data/ledger/ that have their row
  std::map<std::string, std::uint64_t, std::less<>> contents_;         ///< and the leaf that stands for each
};

}  // namespace

void judge_leaves(Judging& judging) {
  Leaves(judging).judge();
}

}  // namespace answerable::ledger
