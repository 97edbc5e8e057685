#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/ed25519.hpp"

namespace answerable::ledger {

/// A signing key as it lies on disk.
struct StoredKey {
  int number{};  ///< from 1; the highest is the newest
  std::filesystem::path file;
  PrivateKey key;
};

/// A folder of signing keys, kept apart from the data: one PEM file (PKCS#8, `openssl pkey -in FILE` reads it) a key,
/// <name>-<number>.pem, which only this user can read, encrypted where there is a vault (ingest/access/vault.hpp).
/// Every key that lies there signs, the newest first: while keys are changed over, that is the new one and the former
/// one.
class Keys {
 public:
  /// Makes the folder when it is missing.
  /// \throws std::runtime_error with the cure, when others than this user can get at it
  explicit Keys(std::filesystem::path folder);

  /// The keys of a name, the newest first; none when none was made yet.
  /// \throws std::runtime_error naming the file and the cure, when others can read one or it is not an Ed25519 key
  std::vector<StoredKey> of(std::string_view name) const;

  /// The same, and when there are none the first is made, durably. Programs that do this at once get the same one.
  std::vector<StoredKey> of_or_first(std::string_view name) const;

  /// Makes the name's next key, durably: a changeover begins.
  StoredKey make(std::string_view name) const;

  /// Ends a changeover: takes away the private half of every key but the newest. What they signed stays valid.
  void retire_former(std::string_view name) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  StoredKey make(std::string_view name, int number) const;
  std::filesystem::path folder_;
};

}  // namespace answerable::ledger
