#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Who has looked at a person's record, and what for.
namespace answerable::events {

struct Read {
  Instant at{};
  std::string by;       ///< the operating system's user name, or who they said they were
  std::string purpose;  ///< complaint | monitoring | audit | subject-access | not-stated
  std::string what;     ///< "trail", "findings", "explain F-…", "loss", "bundle …"
};

/// Puts it on the ledger, in a transaction of its own. Nothing when the subject is no person.
void add_read(pg::Connection& connection, const std::string& authority, std::int32_t subject, const std::string& by,
              const std::string& purpose, const std::string& what);

/// Oldest first: those that stand on the ledger before the newest of the records numbered below `known_at`. What is
/// asked later at the same number of records is answered the same, whoever has read since.
std::vector<Read> reads_before(pg::Transaction& transaction, const std::string& authority, std::int32_t subject,
                               std::int64_t known_at);

/// All of them, newest first.
std::vector<Read> reads_of(pg::Transaction& transaction, const std::string& authority, std::int32_t subject);

}  // namespace answerable::events
