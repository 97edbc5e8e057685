#include "audit/cli/ledger_desk.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "audit/engine/ledger_reader.hpp"
#include "audit/ledger/keeping.hpp"
#include "ingest/locations.hpp"

namespace answerable::cli {

void LedgerAsked::add_to(CLI::App& command) {
  command.add_option("--authority", authority, "The council's CASSR code (default: every council that holds records)")
      ->type_name("CODE");
  command.add_option("--keys", keys, "Folder with the signing keys (default: under the XDG config folder)")
      ->type_name("DIR");
}

LedgerDesk::LedgerDesk(const Common& common, const LedgerAsked& asked)
    : database_(open_database(common)),
      connection_(database_.conninfo(), "ledger", "answerable_audit"),
      keys_(asked.keys.empty() ? default_keys_folder() : asked.keys) {
  pg::Transaction transaction(connection_, pg::Access::read_only);
  authorities_ = engine::LedgerReader::authorities(transaction);
  if (asked.authority.empty()) return;
  if (std::ranges::find(authorities_, asked.authority) == authorities_.end())
    throw Failure(usage, fmt::format("--authority {}: nothing of that council is held; `answerable status` lists those "
                                     "that are",
                                     asked.authority));
  authorities_ = {asked.authority};
}

const std::string& LedgerDesk::authority() const {
  if (authorities_.size() == 1) return authorities_.front();
  throw Failure(usage, authorities_.empty() ? "Nothing is held yet: there is no ledger."
                                            : "Say with --authority which council's ledger is meant.");
}

std::vector<ledger::StoredKey> LedgerDesk::keys_of(const std::string& authority) {
  try {
    return ledger::signing_keys(connection_, keys_, authority);
  } catch (const ledger::KeyMissing& missing) {
    throw Failure(refused, missing.what());
  }
}

ledger::Sealed LedgerDesk::seal(const std::string& authority) {
  try {
    return ledger::seal_and_keep(connection_, keys_, authority);
  } catch (const ledger::KeyMissing& missing) {
    throw Failure(refused, missing.what());
  }
}

}  // namespace answerable::cli
