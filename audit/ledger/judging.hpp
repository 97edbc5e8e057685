#pragma once

// Private to audit/ledger: what judging a bundle and judging an export have in common.

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bag/bag_source.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "audit/ledger/leaf_text.hpp"
#include "ingest/intake/leaf.hpp"

namespace answerable::ledger {

/// Something does not hold; which path it is about is known where it is caught.
struct Wrong : std::runtime_error {
  explicit Wrong(const std::string& problem, std::string expected_ = {}, std::string found_ = {})
      : std::runtime_error(problem), expected(std::move(expected_)), found(std::move(found_)) {}
  std::string expected, found;
};

bag::Finding finding(std::string_view path, std::string_view problem, std::string_view expected = {},
                     std::string_view found = {});
/// Whatever goes wrong in `check` becomes a finding about this path.
void find_at(std::vector<bag::Finding>& findings, std::string_view path, const std::function<void()>& check);

/// Reads 32 lower-case hexadecimal digits. Nothing on anything else.
std::optional<intake::Salt> parse_salt(std::string_view text);
/// Reads 64 lower-case hexadecimal digits, as these formats write hashes. Nothing on anything else.
std::optional<Digest> parse_hash(std::string_view text);
/// "NAME+ID+KEY, …"
std::string listed(std::span<const VerifierKey> keys);

/// A signed checkpoint as it was read. Nothing of it is to be trusted before its signatures were checked.
struct ReadCheckpoint {
  Note note;
  Checkpoint checkpoint;
};
/// \throws Malformed
ReadCheckpoint read_checkpoint(std::string_view signed_note);

/// Checks the signatures that are by known keys. \return the keys that signed
/// \throws NotVerified when one of them is not good, or no key of a council is among `believed`
std::vector<VerifierKey> check_signed(const ReadCheckpoint& read, std::span<const VerifierKey> known,
                                      std::span<const VerifierKey> believed);

class Judging {
 public:
  Judging(const bag::BagSource& source, BundleJudgement& result, const JudgeOptions& options);

  /// The bag as bundle.md has it: four tag files, what bag-info.txt has to say.
  void judge_tag_files();
  /// Keys and checkpoint. \return whether there is a checkpoint to prove anything under
  bool judge_checkpoint();

  const bag::BagSource& source() const { return source_; }
  BundleJudgement& result() { return result_; }
  const ReadCheckpoint& checkpoint() const { return checkpoint_; }
  /// As it stands in the bundle: every proof ends with these bytes.
  const std::string& signed_note() const { return signed_note_; }
  /// Those given and those that came with the bundle; and those that are believed without more ado.
  std::span<const VerifierKey> known() const { return known_; }
  std::span<const VerifierKey> believed() const { return trusts_given_ ? options_.trusted : known_; }
  const std::vector<ReadCheckpoint>& kept_apart() const { return kept_apart_; }

  void error(std::string_view path, std::string_view problem, std::string_view expected = {},
             std::string_view found = {});
  void cannot_tell(std::string what);
  void at(std::string_view path, const std::function<void()>& check) { find_at(result_.findings, path, check); }

  /// The whole of a file. \throws Wrong when it is not there or longer than anything of its kind
  std::string text(std::string_view path, std::uint64_t most = most_text) const;
  /// A file's lines without their line feeds, in flat memory. \throws Wrong
  void each_line(std::string_view path, const std::function<void(std::string_view)>& use) const;

  /// Two trees of one ledger and one size are a fork: nobody can have been shown both honestly. \throws Wrong
  void meet(const Checkpoint& checkpoint, std::string_view path);
  /// All leaves are of one council. \throws Wrong
  void belongs(const LeafText& leaf);

 private:
  void judge_manifests();
  static constexpr std::uint64_t most_text = 1 << 20;

  const bag::BagSource& source_;
  BundleJudgement& result_;
  const JudgeOptions& options_;
  std::string signed_note_, says_checkpoint_, authority_;
  ReadCheckpoint checkpoint_;
  std::vector<VerifierKey> known_;
  bool trusts_given_{};
  std::vector<ReadCheckpoint> kept_apart_;
  /// By origin and size: root, and where it was met first.
  std::map<std::pair<std::string, std::uint64_t>, std::pair<Digest, std::string>> trees_;
};

/// leaves.csv with all it names, exhibits and receipts.
void judge_leaves(Judging& judging);
/// All leaves, and every checkpoint ever signed.
void judge_export(Judging& judging);

namespace names {
inline constexpr std::string_view checkpoint = "data/ledger/checkpoint";
inline constexpr std::string_view checkpoints = "data/ledger/checkpoints";
inline constexpr std::string_view keys = "data/ledger/keys";
inline constexpr std::string_view leaves = "data/ledger/leaves";
inline constexpr std::string_view table = "data/ledger/leaves.csv";
inline constexpr std::string_view ledger = "data/ledger/";
inline constexpr std::string_view receipts = "data/receipts/";
inline constexpr std::string_view kept_apart = "the checkpoint kept apart";
}  // namespace names

}  // namespace answerable::ledger
