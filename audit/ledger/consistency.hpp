#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/judge_bundle.hpp"

namespace answerable::ledger {

/// Shows that a ledger only grew between two of its checkpoints (RFC 6962 §2.1.2): a text file of the form that
/// schemas/formats/checkpoint.md calls the consistency file, checked without asking anybody.
struct ConsistencyFile {
  std::vector<Digest> path{};
  std::string from{}, to{};  ///< the two signed notes, as they are
};

std::string format_consistency(const ConsistencyFile& file);
/// The checkpoints in it are only read by judge_consistency(). \throws Malformed
ConsistencyFile parse_consistency(std::string_view text);

struct ConsistencyJudgement : Judgement {
  std::string origin;          ///< "" when it was not to be told
  std::uint64_t from{}, to{};  ///< leaves
};

/// Judges a consistency file: findings' path is `consistency`.
/// \param keys the ledger's, from the council's own publication, and its witnesses'
ConsistencyJudgement judge_consistency(std::string_view text, std::span<const VerifierKey> keys);

}  // namespace answerable::ledger
