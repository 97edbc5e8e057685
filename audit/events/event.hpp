#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/pg/connection.hpp"

/// What people do with what is held, as the ledger keeps it: holds, disposals, reminders, reads.
namespace answerable::events {

/// Adds an event and its leaf. Returns its number.
/// \param kind one of schemas/formats/leaf.md
/// \param about the subject's number, when it is about somebody
/// \param content JSON, the very bytes the leaf stands for
std::int64_t append(pg::Transaction& transaction, const std::string& authority, const std::string& kind,
                    std::optional<std::int32_t> about, const std::string& content);

}  // namespace answerable::events
