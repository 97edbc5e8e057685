#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/intake/receipt.hpp"
#include "ingest/pg/connection.hpp"

/// What a provider or trust sent, as its own people see it. Row-level security shows them theirs and no others.
namespace answerable::service::provider_desk {

struct SubmissionLine {
  std::int64_t submission{};
  Instant received_at{};
  std::string message_id, source_system, agreement;
  std::int64_t stored{}, held{}, already_held{};
  std::int64_t still_held{};  ///< of the held ones, those not mended yet
};

/// The newest first. \param before only those with smaller numbers
std::vector<SubmissionLine> submissions(pg::Transaction& transaction, const std::string& authority,
                                        std::optional<std::int64_t> before, int most);

/// A record that was held, and what became of it.
struct Held {
  std::int64_t held{}, submission{};
  std::string kind, id;  ///< "" when they could not be read
  int line{};
  Instant received_at{};
  enum class State { waits, mended, sent_again, erased } state{};
  std::optional<std::int64_t> mended_in;  ///< the submission by which it was stored, or held again
};
/// Of one submission, in file order. \param most of them
std::vector<Held> held_in(pg::Transaction& transaction, const std::string& authority, std::int64_t submission,
                          int most);
/// What still waits to be mended, the oldest first.
std::vector<Held> still_held(pg::Transaction& transaction, const std::string& authority, int most);

/// One held record with its bytes and what is wrong with it.
struct HeldWhole {
  Held line;
  std::string bytes;
  std::vector<Fault> faults;  ///< lines count from the record's first
};
/// Nothing when there is none of that number, or it is another sender's.
std::optional<HeldWhole> held_whole(pg::Transaction& transaction, const std::string& authority, std::int64_t held);

/// Stored bytes as text.
std::string text_of(std::span<const std::byte> bytes);

/// Notes who sent a submission from a page, and which held record it mends; with a leaf on the ledger.
void note_sending(pg::Transaction& transaction, std::int64_t submission, std::optional<std::int64_t> mends);

}  // namespace answerable::service::provider_desk
