#include "audit/cli/ledger_desk.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "audit/engine/ledger_reader.hpp"
#include "audit/ledger/kept_apart.hpp"
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
  auto all = keys_.of(authority);
  if (!all.empty()) return all;
  pg::Transaction transaction(connection_, pg::Access::read_only);
  if (ledger::find_checkpoint(transaction, authority))
    throw Failure(refused, fmt::format("The key that signs the ledger of council {} is not in {}. Put it back from its "
                                       "backup, or name its folder with --keys. If it is lost for good, `answerable "
                                       "ledger key --lost` makes another; tell everybody who has the old one.",
                                       authority, keys_.folder().string()));
  return keys_.of_or_first(authority);
}

ledger::Sealed LedgerDesk::seal(const std::string& authority) {
  const auto signing = keys_of(authority);
  auto sealed = ledger::seal(connection_, authority, signing);
  if (sealed.checkpoint)
    ledger::keep_apart(keys_.folder(), authority, sealed.checkpoint->ledger, sealed.checkpoint->note);
  return sealed;
}

}  // namespace answerable::cli
