#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/ledger/keys.hpp"
#include "audit/ledger/sequence.hpp"
#include "audit/ledger/verify.hpp"
#include "ingest/xml/file_reader.hpp"

/// What keeps a council's ledger: its keys and the copies of its checkpoints lie in a folder apart from the database.
namespace answerable::ledger {

/// The ledger was signed by a key that is not in the folder of keys. what() says what to do.
struct KeyMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What signs the council's ledger; the first key is made now when nothing was ever signed. \throws KeyMissing
std::vector<StoredKey> signing_keys(pg::Connection& connection, const Keys& keys, const std::string& authority);

/// seal() with the council's keys; the checkpoint is kept apart too. \throws KeyMissing
Sealed seal_and_keep(pg::Connection& connection, const Keys& keys, const std::string& authority);

/// Of a reader for what was taken in already: it is read again whatever its size, for a day.
xml::Limits no_limits();

/// verify_ledgers() against the keys and checkpoints kept apart; what came of it is kept.
/// \param another makes further connections to the same database
Verification verify_and_keep(pg::Connection& connection, const Another& another, xml::FileReader& reader,
                             const Keys& keys, const std::string& authority,
                             const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace answerable::ledger
