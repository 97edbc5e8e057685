#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/ledger/sequence.hpp"
#include "ingest/intake/leaf.hpp"

namespace answerable::ledger {

/// Which leaf, by what it is of.
struct LeafName {
  std::string kind;        ///< record, held, submission, faults, run, finding, event
  std::int64_t key{};      ///< number of the record, held record, submission, run or event; of a finding: the run
  std::int64_t finding{};  ///< of a finding's step; otherwise 0
  auto operator<=>(const LeafName&) const = default;
};

/// A leaf with all that proves it.
struct Disclosed {
  LeafName name;
  std::int64_t index{};
  Digest hash{};
  std::string text;
  std::string content;               ///< "" when it was disposed of
  std::optional<intake::Salt> salt;  ///< nothing when it was disposed of
  std::string proof;                 ///< C2SP tlog-proof under the checkpoint
};

/// Opens leaves of one ledger under one of its checkpoints. The transaction must outlive it.
class Disclosure {
 public:
  Disclosure(pg::Transaction& transaction, std::string authority, KeptCheckpoint checkpoint);
  Disclosure(const Disclosure&) = delete;
  Disclosure& operator=(const Disclosure&) = delete;
  ~Disclosure();

  const KeptCheckpoint& checkpoint() const;
  /// Those of the names that are under the checkpoint, by index; the others (younger, or of another ledger) are left
  /// out.
  void each(std::vector<LeafName> names, const std::function<void(Disclosed&&)>& use);
  /// How many records of the council, counted from its first, the checkpoint and the ledgers before it hold.
  std::int64_t records();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace answerable::ledger
