#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::monitoring {

/// Cases drawn for a deep audit. The population is everybody with a record under an agreement among the records
/// numbered below known_at. For each the SHA-256 of the text "seed/number" is taken, where number is the case's number
/// here; those whose hashes come first, as lower-case hexadecimal, are drawn. So whoever has the list of numbers can
/// draw again: `printf '%s' 'seed/17' | sha256sum`. Each drawing is a leaf on the ledger.
struct Sample {
  std::int64_t number{};  ///< of its event
  std::string agreement, seed, by;
  std::int64_t known_at{};
  std::vector<std::int32_t> cases;  ///< in the order drawn
  Instant at{};
};
/// Newest first, at most 100.
std::vector<Sample> samples(pg::Transaction& transaction, const std::string& authority);
std::optional<Sample> sample(pg::Transaction& transaction, const std::string& authority, std::int64_t number);

/// Its number; nothing when the agreement is none that the actor monitors.
std::optional<std::int64_t> draw(pg::Transaction& transaction, const std::string& agreement, const std::string& seed,
                                 int size);
Digest case_hash(const std::string& seed, std::int32_t number);

/// Those drawn, in order, each with a number by which it can be opened: "sender:ods:RH5/88"; "" when there is none.
struct SampleCase {
  std::int32_t number{};
  std::string identifier;
};
std::vector<SampleCase> sample_cases(pg::Transaction& transaction, std::int64_t sample);
/// The whole population's numbers, in the order in which the seed draws them.
std::vector<std::int32_t> population(pg::Transaction& transaction, std::int64_t sample);

}  // namespace answerable::monitoring
