#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audit/cli/asked.hpp"
#include "audit/ledger/keys.hpp"
#include "audit/ledger/sequence.hpp"

namespace answerable::cli {

/// What every word about the ledger asks: which council, and where its keys are.
struct LedgerAsked {
  std::string authority;
  std::filesystem::path keys;

  void add_to(CLI::App& command);
};

/// The database with the audit's rights, and the keys beside it.
class LedgerDesk {
 public:
  LedgerDesk(const Common& common, const LedgerAsked& asked);

  pg::Connection& connection() { return connection_; }
  pg::Connection another() const { return {database_.conninfo(), "ledger", "answerable_audit"}; }
  /// The council named, or all that hold anything. \throws Failure(usage) for one that holds nothing
  const std::vector<std::string>& authorities() const { return authorities_; }
  /// The only one. \throws Failure(usage) when there are more and none was named
  const std::string& authority() const;

  const ledger::Keys& keys() const { return keys_; }
  /// What signs the council's ledger; the first key is made now when nothing was ever signed.
  /// \throws Failure(refused) when the key that did is not there
  std::vector<ledger::StoredKey> keys_of(const std::string& authority);
  /// Sequences and signs what waits, with the council's keys, and keeps the checkpoint apart too.
  ledger::Sealed seal(const std::string& authority);

 private:
  pg::Database database_;
  pg::Connection connection_;
  ledger::Keys keys_;
  std::vector<std::string> authorities_;
};

}  // namespace answerable::cli
