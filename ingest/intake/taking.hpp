#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/intake/councils.hpp"
#include "ingest/intake/faults.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/intake/judge.hpp"
#include "ingest/intake/parked.hpp"
#include "ingest/intake/writer.hpp"
#include "ingest/xml/file_reader.hpp"

namespace answerable::intake {

/// What a file came to, before it is committed.
struct Taken {
  bool refused{};
  std::optional<ReceiptId> repeated;  ///< the same file was taken in before as this
  std::optional<ReceiptId> id;        ///< when it was stored: not yet committed
  std::string authority, authority_name;
  Envelope envelope;
  std::int64_t stored{}, held{}, already_held{};
  std::vector<HeldRecord> held_records;
  std::vector<Fault> faults;
};

/// Takes one file in as it is read: judges the records batch by batch, stores them in the transaction it is given,
/// keeps for the end those that wait for what may still come. Memory does not grow with the file.
///
/// The council's counters are locked by the first batch, so files for one council are stored one after another, and a
/// number is given only to what will be committed before the next.
class Taking : public xml::Handler {
 public:
  enum class Mode { store, judge_only };

  /// \param transaction, councils must outlive this
  Taking(pg::Transaction& transaction, const Councils& councils, Mode mode, const Options& options);
  ~Taking() override;

  void envelope(const Envelope& envelope) override;
  void record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) override;
  void records(std::vector<ParsedRecord>&& records, std::string&& bytes) override;
  void part(std::uint64_t position, std::span<const std::byte> bytes) override;

  /// After the file's end: decides what waits and writes the submission. Nothing is committed.
  Taken finish(const xml::FileOutcome& outcome);

 private:
  struct Piece {
    std::vector<ParsedRecord> records;
    std::string bytes;  ///< leads and bodies
  };
  struct Item {
    ParsedRecord* record{};
    std::span<const std::byte> lead, body;
  };
  struct Batch {
    std::deque<Piece> pieces;  ///< never moved: items and rows point into them
    std::vector<Item> items;
    std::size_t bytes{};
    Rows rows;
    void clear();
  };
  void scan(ParsedRecord& record);
  void start();
  void lock_counters();
  void find_message();
  void take_batch();
  void decide(Item& item);
  bool same_bytes(std::int64_t earlier, std::span<const std::byte> body);
  static Fault id_used(const ParsedRecord& record, bool in_this_file);
  static Fault id_disposed_of(const ParsedRecord& record);
  void park(ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body, const Key& id);
  void add_stored(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                  const Judgement& judgement, std::int64_t number, std::int32_t subject, bool is_new_subject);
  void add_held(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body);
  void add_already_held(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                        bool in_this_file);
  void add_faults(std::vector<Fault>&& faults);
  void claim_identifiers(const ParsedRecord& record, std::int32_t subject, std::int64_t number);
  void write_rows();
  void collect_parts();
  void write_judged();
  void write_judged_behind();
  void finish_writing();

  Found look(const Key& key) const;
  void settle_parked();
  void judge_one_parked(std::uint32_t place, RecordWithBytes& waiting);
  void store_one_parked(std::uint32_t place, RecordWithBytes& waiting);
  void each_parked(const std::function<bool(const Parked::Place&)>& wanted,
                   const std::function<void(std::uint32_t, RecordWithBytes&)>& each);
  void ask_questions();

  void write_submission(const xml::FileOutcome& outcome);
  void write_faults(const std::vector<Fault>& faults);
  void refuse(Fault&& fault);
  void add_untold(std::vector<Fault>& told, const std::vector<Fault>& all) const;

  pg::Transaction& transaction_;
  const Councils& councils_;
  Mode mode_;
  const Options& options_;

  FileContext file_;
  std::optional<Envelope> envelope_;
  const Council* council_{};
  bool refused_{}, started_{}, settling_{};
  std::optional<ReceiptId> sent_before_;  ///< a submission under this message id
  Digest sent_before_sha256_{};
  Counters counters_;
  std::int64_t first_record_{};
  Instant received_at_{};
  std::optional<Register> register_;
  std::optional<Judge> judge_;
  std::optional<Writer> writer_;

  // Three batches are under way: one comes in and is judged, the one before waits to be written until the connection
  // has answered what judging the next needs, the one before that is being written.
  Batch batch_, judged_, being_written_;
  std::vector<RecordWithBytes> parked_batch_;
  std::map<std::int64_t, Digest> earlier_bodies_;
  std::vector<std::pair<std::uint64_t, std::string>> parts_;
  Parked parked_;
  std::unordered_map<Key, int, KeyHash> held_names_;     ///< ids and identifiers of held records, and their lines
  std::unordered_map<std::int64_t, Key> judged_bodies_;  ///< judging only: stands for the bytes of what would be stored
  std::vector<LaterQuestion> questions_;
  FaultList faults_;
  std::vector<HeldRecord> held_records_;
  std::int64_t stored_{}, held_{}, already_held_{};
  std::future<void> writing_;  ///< last: what it uses goes after it
};

}  // namespace answerable::intake
