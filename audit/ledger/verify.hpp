#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "audit/ledger/facts.hpp"
#include "audit/ledger/sequence.hpp"

namespace answerable::xml {
class FileReader;
}

/// Recomputes a council's ledger from what is stored and says what is no longer as it was signed.
namespace answerable::ledger {

/// One thing that is not as it was.
struct Difference {
  int ledger{};
  std::int64_t index{-1};  ///< of the leaf; -1: not one leaf's
  std::string what{};      ///< "record 12", "tile 0/3", "checkpoint 64" …
  std::string field{};     ///< "bytes", "id", "entry 1: act" …; "" when it cannot be told
  std::string found{}, expected{};
  std::int64_t signed_at_size{-1};  ///< size of the first checkpoint that proves it was otherwise; -1: none does
  Instant signed_at{};              ///< when that was signed
};

struct Verification {
  struct OfLedger {
    int ledger{};
    std::int64_t leaves{}, checkpoints{};
  };
  std::vector<OfLedger> ledgers;
  std::int64_t waiting{};           ///< leaves not sequenced yet: no signature covers them
  std::int64_t records{}, facts{};  ///< records read again, and rows compared with what their bytes say
  std::size_t kept_apart{};         ///< checkpoints kept apart from the database that it was held against
  std::vector<Difference> differences;
};

struct VerifyOptions {
  /// Only these are trusted. Empty: those the database lists.
  std::vector<PublicKey> trusted;
  /// Keys that are held here: each must have signed the newest checkpoint, so that a ledger signed anew by a stranger's
  /// key does not pass.
  std::vector<PublicKey> held;
  /// Checkpoints kept apart from the database: each must be one of this history.
  std::vector<std::string> kept_apart;
  /// Told leaves done and leaves in all, now and then.
  std::function<void(std::int64_t done, std::int64_t of)> progress;
};

/// Leaves from the stored bytes and rows, trees, tiles, signatures; and whether the rows that rules read still say what
/// the records' bytes say. Linear time, flat memory.
Verification verify_ledgers(pg::Connection& connection, const Another& another, xml::FileReader& reader,
                            const std::string& authority, const VerifyOptions& options);

/// Keeps what came of it, so that its age can be shown.
void keep_verification(pg::Connection& connection, const std::string& authority, const Verification& verification);

}  // namespace answerable::ledger
