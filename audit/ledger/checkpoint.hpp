#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/note.hpp"
#include "ingest/digest.hpp"

namespace answerable::ledger {

/// What a ledger says of itself (C2SP tlog-checkpoint v1): how many leaves it has and which root.
struct Checkpoint {
  std::string origin;  ///< which ledger: "example.council.uk/905"
  std::uint64_t size{};
  Digest root{};
  std::vector<std::string> extensions{};
  bool operator==(const Checkpoint&) const = default;
};

/// The text to be signed. \throws std::invalid_argument when origin or an extension is empty or has a line feed
std::string format_checkpoint(const Checkpoint& checkpoint);
/// Reads the text of a note. \throws Malformed
Checkpoint parse_checkpoint(std::string_view text);

/// Decimal without leading zeros, at most 2^63 - 1, as sizes and indices are written.
/// \throws Malformed naming `what` it is
std::uint64_t parse_size(std::string_view text, std::string_view what);

/// Who is trusted about one ledger.
struct Trust {
  std::string origin;
  std::vector<VerifierKey> log{};        ///< at least one of them must have signed
  std::vector<VerifierKey> witnesses{};  ///< cosignature keys
  std::size_t quorum{};                  ///< how many of the witnesses must have cosigned
};

/// A checkpoint whose signatures were checked.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
  std::vector<Verified> log, witnesses;  ///< who signed
};

/// \throws Malformed
/// \throws NotVerified when it is of another ledger, no trusted key of the log signed it, a trusted key's signature is
///   not good, or fewer witnesses than wanted cosigned it
SignedCheckpoint open_checkpoint(std::string_view signed_note, const Trust& trust);

}  // namespace answerable::ledger
