#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/checkpoint.hpp"
#include "audit/ledger/keys.hpp"
#include "audit/ledger/note.hpp"
#include "ingest/digest.hpp"
#include "ingest/http/route.hpp"
#include "ingest/lock_file.hpp"

/// Witnesses (C2SP tlog-witness): somebody else who sees that a ledger only ever grows, and signs that.
namespace answerable::ledger {

/// A witness's side. It remembers the latest checkpoint it cosigned of each ledger, one file a ledger, and cosigns only
/// what is consistent with it. For many threads at once; requests about one ledger wait for each other.
class Witness {
 public:
  /// \param state folder, made when missing. Only one witness can use it
  /// \param name of the witness, a schema-less URL: "audit.example.gov.uk/witness"
  /// \param keys all of them sign, the newest first
  /// \param logs the keys that are trusted, by origin
  /// \throws std::runtime_error when the state is another witness's, is in use, or was changed by somebody else
  Witness(std::filesystem::path state, std::string name, std::vector<StoredKey> keys,
          const std::map<std::string, std::vector<VerifierKey>>& logs);

  /// POST /add-checkpoint and GET /<SHA-256 of the origin>/checkpoint, for as long as this witness lives.
  std::vector<http::Route> routes();

  /// What others check its cosignatures with, the newest first.
  std::vector<VerifierKey> verifiers() const;

 private:
  struct Log {
    std::filesystem::path file;
    Trust trust;
    std::mutex mutex;
    std::optional<Checkpoint> latest;  ///< none: nothing cosigned yet
  };
  void recall(Log& log) const;
  http::Response add_checkpoint(std::string_view body);
  http::Response latest_checkpoint(std::string_view hashed_origin);
  /// \return the cosignature lines
  std::string cosign_and_keep(Log& log, const SignedCheckpoint& given);

  std::filesystem::path state_;
  std::string name_;
  std::vector<StoredKey> keys_;
  std::optional<LockFile> in_use_;
  std::map<std::string, std::unique_ptr<Log>, std::less<>> logs_;  ///< by origin
};

/// A witness that will not or cannot cosign: says why.
struct WitnessRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The ledger's side: sends a signed checkpoint to a witness and gives back the cosignatures of it that are good.
/// \param url where the witness takes submissions, without "/add-checkpoint". Nobody else is asked
/// \param known the witness's keys
/// \param old_size the size that the witness cosigned last, as far as known. When it says another, that is believed
/// once \param proof gives the consistency proof from a size to the checkpoint's \throws WitnessRefused, among others
/// when it has seen a larger ledger than this: then ours was rolled back or forked \throws NotVerified when none of the
/// cosignatures is good \throws std::runtime_error when the witness cannot be reached
std::vector<Signature> submit_to_witness(const std::string& url, const std::string& signed_checkpoint,
                                         std::span<const VerifierKey> known, std::uint64_t old_size,
                                         const std::function<std::vector<Digest>(std::uint64_t size)>& proof);

}  // namespace answerable::ledger
