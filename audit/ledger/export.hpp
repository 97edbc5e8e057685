#pragma once

#include <string>

#include "audit/bag/sink.hpp"
#include "audit/ledger/sequence.hpp"

namespace answerable::ledger {

/// "answerable-905-ledger-1": the folder, and the name before `.zip`, of an export.
std::string export_name(const std::string& authority, int ledger);

/// Writes all leaves of a ledger under its newest checkpoint, with every checkpoint ever signed, as a bag
/// (schemas/formats/bundle.md, "The export of a ledger"). Flat memory; the same ledger at the same checkpoints gives
/// the same bytes.
/// \param transaction repeatable read, so that leaves and checkpoints are of one moment
/// \param ledger 0: the open one
/// \return the checkpoint it is under
/// \throws std::runtime_error when there is no checkpoint yet, or the leaves no longer give the root that was signed:
///   then nothing is written
KeptCheckpoint export_ledger(pg::Transaction& transaction, const std::string& authority, int ledger, bag::Sink& sink);

}  // namespace answerable::ledger
