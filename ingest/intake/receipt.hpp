#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/parsed.hpp"

namespace answerable::pg {
class Connection;
class Transaction;
}  // namespace answerable::pg

namespace answerable::intake {

/// A record that was not taken in, kept as sent until it is mended and sent again.
struct HeldRecord {
  std::int64_t held{};   ///< its own number, counted by council
  std::string kind, id;  ///< "" when it could not be read
  int line{};
};

/// What the sender is given for a file, and is given again for the same file.
struct Receipt {
  std::string id;  ///< "S905-12": the council's code and the submission's number
  std::string authority, authority_name;
  std::string sender, sender_name;  ///< "ods:RH5"
  std::string message_id, agreement, source_system;
  std::optional<Day> period_from, period_to;
  Digest sha256{};
  std::uint64_t bytes{};
  Instant received_at{}, created_at{};
  std::int64_t stored{}, held{}, already_held{};
  std::optional<std::int64_t> first_record, last_record;
  bool repeated{};                       ///< the same file had been taken in before; nothing was stored now
  std::vector<HeldRecord> held_records;  ///< in file order, at most `listed_at_most`
  std::vector<Fault> faults;             ///< in file order, at most `listed_at_most` and a note of how many more
};

inline constexpr std::size_t listed_at_most = 10'000;

/// Reads "S905-12". Nothing on anything else.
struct ReceiptId {
  std::string authority;
  std::int64_t submission{};
  std::string text() const;
};
std::optional<ReceiptId> parse_receipt_id(std::string_view text);

/// Nothing when there is no such submission.
std::optional<Receipt> find_receipt(pg::Connection& connection, const ReceiptId& id);

/// The submission a sender made under a message id. Nothing when there is none.
std::optional<ReceiptId> find_message(pg::Transaction& transaction, const std::string& authority,
                                      const OrganisationRef& sender, const std::string& message_id);
Receipt read_receipt(pg::Transaction& transaction, const ReceiptId& id);

/// A part of a file was disposed of under retention.
struct DisposedOf : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes the exact bytes of the file as it was sent, in flat memory.
/// \throws DisposedOf; std::runtime_error when there is no such submission, when `out` fails, or (after writing) when
///   the bytes held no longer have the receipt's SHA-256
void original(pg::Connection& connection, const ReceiptId& id, std::ostream& out);

/// What is held for one council.
struct CouncilStatus {
  std::string authority, name;
  std::int64_t records{}, submissions{}, held{}, subjects{};
  std::optional<Instant> last_received;
  struct Sender {
    std::string key, name;
    std::int64_t submissions{}, records{}, held{};
    Instant last_received{};
  };
  std::vector<Sender> senders;
};
std::vector<CouncilStatus> council_status(pg::Connection& connection);
int schema_version(pg::Connection& connection);

}  // namespace answerable::intake
