#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "ingest/intake/receipt.hpp"
#include "ingest/xml/file_reader.hpp"

/// From bytes to records: checked against each other and against what is held, numbered, hashed and stored in one
/// transaction.
namespace answerable::intake {

/// How one file is taken in. Everything may be left as it is.
struct Options {
  /// When the file counts as received; nothing: the moment its storing begins. Set only for replays and demonstrations
  /// in private databases.
  std::optional<Instant> received_at;
  /// This and on_fault may be called in different threads, but never both at once.
  xml::Progress progress;
  /// Told of every fault as it is found, also of those beyond what a receipt lists. Never for a file taken in before.
  std::function<void(const Fault&)> on_fault;
  /// Asked once, before anything is stored: a fault refuses the file. For senders who may send for some only.
  std::function<std::optional<Fault>(const Envelope&)> permit;
  /// Looks at each document that a record carries (the reader must tell them: xml::Limits::contents): the name of a
  /// virus found in it holds the record.
  std::function<std::optional<std::string>(std::string_view bytes)> scan;
  /// Makes another connection to the same database, to find out whether a commit that was cut off was done.
  std::function<std::unique_ptr<pg::Connection>()> reconnect;
};

/// A file of which nothing was stored, and every reason.
struct Refusal {
  std::vector<Fault> faults;
  std::uint64_t bytes{}, records{};
};

using Answer = std::variant<Receipt, Refusal>;

/// Takes a file in: all of it or, when it is refused, nothing. Records at fault are held, the others stored. Durable
/// when this returns. The same file (sender, message id, SHA-256) again gives the same receipt and stores nothing.
/// \param connection may write as answerable_ingest
/// \param reader starts its workers once for any number of files
/// \throws pg::Error, pg::InDoubt (nobody knows whether it was stored: send it again), std::runtime_error
Answer submit(pg::Connection& connection, xml::FileReader& reader, std::istream& file, const Options& options = {});

/// What submit would have said.
struct CheckReport {
  bool refused{};
  std::optional<ReceiptId> taken_in_as;  ///< the very same file was taken in before
  std::string authority, authority_name, sender, sender_name, message_id;
  std::uint64_t bytes{}, records{};
  std::int64_t would_store{}, would_hold{}, already_held{};
  std::vector<HeldRecord> held_records;
  std::vector<Fault> faults;
};

/// The same judgement with nothing stored. Remembers every id of the file, about 60 bytes each.
/// \throws as submit
CheckReport check(pg::Connection& connection, xml::FileReader& reader, std::istream& file, const Options& options = {});

}  // namespace answerable::intake
