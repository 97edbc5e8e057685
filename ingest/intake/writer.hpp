#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ingest/intake/leaf.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/intake/register.hpp"
#include "ingest/parsed.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::intake {

/// The council's counters, locked from the first batch of a file to its commit.
struct Counters {
  std::int64_t record{}, submission{1}, held{1};
  std::int32_t subject{1}, organisation{1};
};

/// A record to be stored. Points into its batch.
struct StoredRow {
  const ParsedRecord* record{};
  std::span<const std::byte> lead, body;
  std::int64_t number{};
  std::int32_t subject{};
  std::optional<std::int64_t> corrects;
  /// Parallel to record->evidence: the record each is evidence for, and its subject. Empty when there is none.
  std::vector<std::pair<std::int64_t, std::int32_t>> targets;
  Salt salt{};
  Digest leaf{};
};

struct HeldRow {
  const ParsedRecord* record{};
  std::span<const std::byte> lead, body;
  std::int64_t held{};
};

struct NewIdentifier {
  std::string scheme, value;
  std::int32_t subject{};
  std::int64_t number{};
};

/// What a batch adds to the tables.
struct Rows {
  std::vector<StoredRow> records;
  std::vector<HeldRow> held;
  std::vector<std::pair<std::uint64_t, std::string>>
      parts;  ///< position in the file, bytes that are no record stored or held
  std::vector<std::pair<std::int32_t, std::string>> subjects;  ///< number, type
  std::vector<NewIdentifier> identifiers;
  bool empty() const;
  void clear();
};

/// Writes rows by binary COPY, table by table.
class Writer {
 public:
  /// What every row of a file shares.
  struct Context {
    std::string authority;
    std::int64_t submission{};
    OrganisationRef sender;
    std::string agreement;  ///< the envelope's
    Instant received_at{};
  };
  /// \param transaction, known, counters must outlive this
  Writer(pg::Transaction& transaction, Register& known, Counters& counters, Context context);

  /// The row's salt and leaf. Not part of write(), so that the server need not wait for the hashing: whoever judges the
  /// next rows does it, while those before are being written.
  void make_leaf(StoredRow& row);
  void write(const Rows& rows);
  std::int32_t sender() const { return sender_; }

 private:
  /// Its number, a new one when it has none yet.
  std::int32_t organisation(const OrganisationRef& organisation);
  void resolve_organisations(const Rows& rows);
  void write_organisations();
  void write_subjects(const Rows& rows);
  void write_records(const Rows& rows);
  void write_bodies(const Rows& rows);
  void write_entries(const Rows& rows);
  void write_evidence(const Rows& rows);
  void write_held(const Rows& rows);
  void write_parts(const Rows& rows);
  std::int32_t performer_of(const ParsedRecord& record);

  pg::Transaction& transaction_;
  Register& known_;
  Counters& counters_;
  Context context_;
  std::string sender_key_, submission_id_;
  std::int32_t sender_{};
  Day received_on_{};
  LeafHasher hasher_;
  std::string key_;  ///< of organisation(): used again
  std::vector<std::pair<std::int32_t, OrganisationRef>> new_organisations_;
};

}  // namespace answerable::intake
