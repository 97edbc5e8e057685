#include "ingest/intake/intake.hpp"

#include <fmt/format.h>

#include <mutex>

#include "ingest/intake/councils.hpp"
#include "ingest/intake/relay.hpp"
#include "ingest/intake/taking.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::intake {
namespace {

/// What is told of progress while reading and of faults while judging comes from two threads: never both at once.
class OneAtATime {
 public:
  explicit OneAtATime(const Options& asked) : options(asked) {
    if (asked.progress) {
      options.progress = [this, &asked](std::uint64_t bytes) {
        const std::lock_guard lock(telling_);
        asked.progress(bytes);
      };
    }
    if (asked.on_fault) {
      options.on_fault = [this, &asked](const Fault& fault) {
        const std::lock_guard lock(telling_);
        asked.on_fault(fault);
      };
    }
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

  Options options;

 private:
  std::mutex telling_;
};

xml::FileOutcome read(xml::FileReader& reader, std::istream& file, const Options& options, Taking& taking) {
  const Instant at = options.received_at.value_or(now());
  Relay relay(taking);
  xml::FileOutcome outcome = reader.read(file, london_day(at), relay, options.progress);
  relay.finish();
  return outcome;
}

/// After a commit that was cut off: the receipt, when it was done after all.
std::optional<Receipt> look_after(const Options& options, const Taken& taken, const Digest& sha256) {
  if (!options.reconnect) return std::nullopt;
  const auto connection = options.reconnect();
  pg::Transaction transaction(*connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  const auto id = find_message(transaction, taken.authority, taken.envelope.sender, taken.envelope.message_id);
  if (!id) return std::nullopt;
  Receipt receipt = read_receipt(transaction, *id);
  if (receipt.sha256 != sha256) return std::nullopt;
  return receipt;
}

}  // namespace

Answer submit(pg::Connection& connection, xml::FileReader& reader, std::istream& file, const Options& asked) {
  const OneAtATime telling(asked);
  const Options& options = telling.options;
  const Councils councils = Councils::load(share_folder() / "schemas");
  pg::Transaction transaction(connection, pg::Access::read_write);
  Taking taking(transaction, councils, Taking::Mode::store, options);
  const xml::FileOutcome outcome = read(reader, file, options, taking);
  Taken taken = taking.finish(outcome);
  if (taken.refused) return Refusal{std::move(taken.faults), outcome.bytes, outcome.records};
  Receipt receipt = read_receipt(transaction, taken.repeated ? *taken.repeated : taken.id.value());
  receipt.repeated = taken.repeated.has_value();
  if (receipt.repeated) return receipt;
  try {
    transaction.commit();
  } catch (const pg::InDoubt&) {
    if (auto found = look_after(options, taken, outcome.sha256)) return *std::move(found);
    throw;
  }
  return receipt;
}

CheckReport check(pg::Connection& connection, xml::FileReader& reader, std::istream& file, const Options& asked) {
  const OneAtATime telling(asked);
  const Options& options = telling.options;
  const Councils councils = Councils::load(share_folder() / "schemas");
  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  Taking taking(transaction, councils, Taking::Mode::judge_only, options);
  const xml::FileOutcome outcome = read(reader, file, options, taking);
  Taken taken = taking.finish(outcome);
  CheckReport report;
  report.refused = taken.refused;
  report.taken_in_as = taken.repeated;
  report.authority = taken.authority;
  report.authority_name = taken.authority_name;
  report.sender = taken.envelope.sender.key();
  report.sender_name = taken.envelope.sender.name;
  report.message_id = taken.envelope.message_id;
  report.bytes = outcome.bytes;
  report.records = outcome.records;
  report.would_store = taken.stored;
  report.would_hold = taken.held;
  report.already_held = taken.already_held;
  report.held_records = std::move(taken.held_records);
  report.faults = std::move(taken.faults);
  return report;
}

}  // namespace answerable::intake
