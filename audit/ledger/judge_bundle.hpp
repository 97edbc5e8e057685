#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bag/bag_judge.hpp"
#include "audit/ledger/checkpoint.hpp"

/// What a stranger can check without our database: bundles and exports (schemas/formats/bundle.md, "What a verifier
/// does") and receipts (receipt.md). reports/bundle/verify.py judges the same and shares nothing with this.
namespace answerable::ledger {

struct JudgeOptions {
  /// Keys from elsewhere: the council's own publication, a witness's. Empty: those that came with the bundle are
  /// believed.
  std::vector<VerifierKey> trusted;
  /// Signed checkpoints from elsewhere (a receipt's, one kept from before): each must be one of this ledger's history.
  std::vector<std::string> kept_apart;
};

/// What was judged and what came of it. All text can be printed as it is.
struct Judgement {
  std::vector<bag::Finding> findings;  ///< in the order they were met: the container, the bag, the ledger
  std::vector<std::string> cannot_tell;
  std::vector<VerifierKey> signed_by;  ///< the keys whose signatures of the checkpoint are good
  std::optional<Checkpoint> checkpoint;

  /// There is no error. Warnings may be there.
  bool holds() const;
};

struct BundleJudgement : Judgement {
  std::string format;                   ///< "bundle/1", "ledger/1"; "" when it was not to be told
  std::string identifier, council;      ///< as bag-info.txt has them
  std::uint64_t files{}, octets{};      ///< read
  std::uint64_t leaves{};               ///< proved to be in the ledger; of an export: hashed into its tree
  std::uint64_t contents{}, in_part{};  ///< that are what their leaf stands for; of them with parts kept back
  std::uint64_t receipts{};             ///< that hold
  std::uint64_t checkpoints{};          ///< of an export: former ones, whose roots come out again
  std::uint64_t beside{};               ///< files that the manifest lists and no signature covers: pages, tables
};

/// Judges a sealed ZIP, or the folder it was unpacked to. Everything that does not hold is named: path, what has to be
/// there, what is. Reads every byte twice at most, and holds no more in memory than the names of the files and the
/// longest content (64 MiB at most).
/// \throws std::runtime_error when there is nothing to read; never for what a bundle says
BundleJudgement judge_bundle(const std::filesystem::path& path, const JudgeOptions& options = {});
/// As above, of one that is open.
BundleJudgement judge_bundle(const bag::BagSource& source, const JudgeOptions& options = {});

struct ReceiptJudgement : Judgement {
  std::string receipt, state;  ///< "S905-12"; "received", "sequenced", "published"
  std::string sender, message, received, records;
};

/// Judges a receipt alone: findings' path is `receipt`, and of the file `file`.
/// \param file what was sent, when it is at hand
/// \param keys the council's, from its own publication, and its witnesses'
ReceiptJudgement judge_receipt(std::string_view receipt, std::istream* file, std::span<const VerifierKey> keys);

}  // namespace answerable::ledger
