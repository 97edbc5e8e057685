#include "ingest/intake/receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>
#include <stdexcept>

#include "ingest/intake/faults.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::intake {
namespace {

using pg::Access;
using pg::Isolation;

constexpr pg::Statement message{"receipt.message",
                                "SELECT s.submission FROM answerable.submission s JOIN answerable.organisation o ON "
                                "o.authority = s.authority AND o.organisation = s.sender"
                                " WHERE s.authority = $1 AND o.scheme = $2 AND o.code = $3 AND s.message_id = $4"};
constexpr pg::Statement submission{
    "receipt.submission",
    "SELECT a.name, o.scheme || ':' || o.code, o.name, s.message_id, coalesce(s.agreement, ''), s.source_system, "
    "s.period_from, s.period_to,"
    " s.sha256, s.bytes, s.received_at, s.created_at, s.stored, s.held, s.already_held, s.first_record, s.last_record"
    " FROM answerable.submission s JOIN answerable.authority a USING (authority)"
    " JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = s.sender"
    " WHERE s.authority = $1 AND s.submission = $2"};
constexpr pg::Statement held_records{"receipt.held_records",
                                     "SELECT held, coalesce(kind, ''), coalesce(id, ''), line FROM "
                                     "answerable.held_record WHERE authority = $1 AND submission = $2"
                                     " ORDER BY line, held LIMIT $3"};
constexpr pg::Statement faults{
    "receipt.faults",
    "SELECT severity, code, line, col, record_id, field, sent, problem, expected, mend FROM answerable.fault"
    " WHERE authority = $1 AND submission = $2 ORDER BY ordinal"};
constexpr pg::Statement digest{"receipt.digest",
                               "SELECT sha256 FROM answerable.submission WHERE authority = $1 AND submission = $2"};
constexpr pg::Statement disposals{
    "receipt.disposals",
    "SELECT disposal, (SELECT at FROM answerable.event e WHERE e.authority = $1 AND e.event = disposal),"
    " count(*) FILTER (WHERE what = 'record'), count(*) FILTER (WHERE what = 'held') FROM"
    " (SELECT d.disposal, d.kind AS what FROM answerable.submission s JOIN answerable.disposed_leaf d"
    " ON d.authority = s.authority AND d.kind = 'record' AND d.key BETWEEN s.first_record AND s.last_record"
    " WHERE s.authority = $1 AND s.submission = $2"
    " UNION ALL SELECT d.disposal, d.kind FROM answerable.held_record h JOIN answerable.disposed_leaf d"
    " ON d.authority = h.authority AND d.kind = 'held' AND d.key = h.held"
    " WHERE h.authority = $1 AND h.submission = $2) gone GROUP BY disposal ORDER BY disposal"};
// Only the keys are sorted; the bytes are fetched one by one behind the fence.
constexpr pg::Statement pieces{
    "receipt.pieces",
    "COPY (SELECT CASE what WHEN 0 THEN (SELECT b.lead || b.body FROM answerable.record_body b WHERE b.authority = "
    "current_setting('answerable.p1') AND b.number = piece.key)"
    " WHEN 1 THEN (SELECT h.bytes FROM answerable.held_record h WHERE h.authority = current_setting('answerable.p1') "
    "AND h.held = piece.key)"
    " ELSE (SELECT p.bytes FROM answerable.submission_part p WHERE p.authority = current_setting('answerable.p1')"
    " AND p.submission = current_setting('answerable.p2')::bigint AND p.position = piece.key) END FROM ("
    "SELECT 0 AS what, r.number AS key, r.position FROM answerable.submission s JOIN answerable.record r"
    " ON r.authority = s.authority AND r.number BETWEEN s.first_record AND s.last_record"
    " WHERE s.authority = current_setting('answerable.p1') AND s.submission = current_setting('answerable.p2')::bigint"
    " UNION ALL SELECT 1, held, position FROM answerable.held_record WHERE authority = "
    "current_setting('answerable.p1') AND submission = current_setting('answerable.p2')::bigint"
    " UNION ALL SELECT 2, position, position FROM answerable.submission_part WHERE authority = "
    "current_setting('answerable.p1') AND submission = current_setting('answerable.p2')::bigint"
    " ORDER BY position OFFSET 0) piece) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement councils{
    "status.councils",
    "SELECT a.authority, a.name, c.next_record, c.next_submission - 1, c.next_held - 1,"
    " (SELECT count(*) FROM answerable.subject s WHERE s.authority = a.authority),"
    " (SELECT max(received_at) FROM answerable.submission s WHERE s.authority = a.authority)"
    " FROM answerable.authority a JOIN answerable.counter c USING (authority) ORDER BY a.authority"};
constexpr pg::Statement senders{
    "status.senders",
    "SELECT o.scheme || ':' || o.code, o.name, count(*), sum(s.stored)::bigint, sum(s.held)::bigint, max(s.received_at)"
    " FROM answerable.submission s JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = "
    "s.sender"
    " WHERE s.authority = $1 GROUP BY 1, 2 ORDER BY 1"};
constexpr pg::Statement newest_migration{"status.migration",
                                         "SELECT coalesce(max(number), 0) FROM answerable.migration"};

Digest to_digest(std::span<const std::byte> bytes) {
  Digest copy{};
  if (bytes.size() != copy.size())
    throw std::runtime_error("a stored SHA-256 has not 32 bytes: the database is damaged");
  std::ranges::copy(bytes, copy.begin());
  return copy;
}

/// \throws DisposedOf when it no longer has all its records
void refuse_disposed_of(pg::Transaction& transaction, const ReceiptId& id) {
  const pg::Result rows = transaction.run(disposals, id.authority, id.submission);
  if (rows.rows() == 0) return;
  std::string what;
  for (int i = 0; i < rows.rows(); ++i)
    what += fmt::format("{}{} of its records and {} of its held records on {} (certificate {})", i == 0 ? "" : "; ",
                        rows.int64(i, 2), rows.int64(i, 3), words(london_day(rows.instant(i, 1))), rows.int64(i, 0));
  throw DisposedOf(
      fmt::format("parts of {} were disposed of under retention: {}. Its exact bytes cannot be given back; the receipt "
                  "still stands, with the SHA-256 of the file as it was sent.",
                  id.text(), what));
}

}  // namespace

std::string ReceiptId::text() const {
  return fmt::format("S{}-{}", authority, submission);
}

std::optional<ReceiptId> parse_receipt_id(std::string_view text) {
  const auto dash = text.find('-');
  if (!text.starts_with('S') || dash == std::string_view::npos || dash < 2) return std::nullopt;
  ReceiptId id{std::string(text.substr(1, dash - 1)), 0};
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + dash + 1, end, id.submission);
  if (error != std::errc() || at != end || id.submission < 1) return std::nullopt;
  return id;
}

std::optional<ReceiptId> find_message(pg::Transaction& transaction, const std::string& authority,
                                      const OrganisationRef& sender, const std::string& message_id) {
  const pg::Result row = transaction.run(message, authority, sender.scheme, sender.code, message_id);
  if (row.rows() == 0) return std::nullopt;
  return ReceiptId{authority, row.int64(0, 0)};
}

std::optional<Receipt> find_receipt(pg::Connection& connection, const ReceiptId& id) {
  pg::Transaction transaction(connection, Access::read_only, Isolation::repeatable_read);
  if (transaction.run(digest, id.authority, id.submission).rows() == 0) return std::nullopt;
  return read_receipt(transaction, id);
}

Receipt read_receipt(pg::Transaction& transaction, const ReceiptId& id) {
  const pg::Result row = transaction.run_one(submission, id.authority, id.submission);
  Receipt receipt;
  receipt.id = id.text();
  receipt.authority = id.authority;
  receipt.authority_name = row.text(0, 0);
  receipt.sender = row.text(0, 1);
  receipt.sender_name = row.text(0, 2);
  receipt.message_id = row.text(0, 3);
  receipt.agreement = row.text(0, 4);
  receipt.source_system = row.text(0, 5);
  if (!row.is_null(0, 6)) receipt.period_from = row.day(0, 6);
  if (!row.is_null(0, 7)) receipt.period_to = row.day(0, 7);
  receipt.sha256 = to_digest(row.bytes(0, 8));
  receipt.bytes = static_cast<std::uint64_t>(row.int64(0, 9));
  receipt.received_at = row.instant(0, 10);
  receipt.created_at = row.instant(0, 11);
  receipt.stored = row.int32(0, 12);
  receipt.held = row.int32(0, 13);
  receipt.already_held = row.int32(0, 14);
  if (!row.is_null(0, 15)) receipt.first_record = row.int64(0, 15);
  if (!row.is_null(0, 16)) receipt.last_record = row.int64(0, 16);

  const pg::Result held =
      transaction.run(held_records, id.authority, id.submission, static_cast<std::int64_t>(listed_at_most));
  for (int i = 0; i < held.rows(); ++i)
    receipt.held_records.push_back(
        {held.int64(i, 0), std::string(held.text(i, 1)), std::string(held.text(i, 2)), held.int32(i, 3)});

  const pg::Result found = transaction.run(faults, id.authority, id.submission);
  for (int i = 0; i < found.rows(); ++i) {
    const auto text = [&](int column) { return std::string(found.text(i, column)); };
    receipt.faults.push_back({.severity = parse_severity(found.text(i, 0)),
                              .code = text(1),
                              .line = found.int32(i, 2),
                              .column = found.int32(i, 3),
                              .record_id = text(4),
                              .field = text(5),
                              .sent = text(6),
                              .problem = text(7),
                              .expected = text(8),
                              .mend = text(9)});
  }
  return receipt;
}

void original(pg::Connection& connection, const ReceiptId& id, std::ostream& out) {
  pg::Transaction transaction(connection, Access::read_only, Isolation::repeatable_read);
  const pg::Result row = transaction.run(digest, id.authority, id.submission);
  if (row.rows() == 0) throw std::runtime_error(fmt::format("there is no receipt {}", id.text()));
  const Digest expected = to_digest(row.bytes(0, 0));
  refuse_disposed_of(transaction, id);
  Sha256 hash;
  pg::CopyOut copy = transaction.copy_out(pieces, std::string_view(id.authority), id.submission);
  while (copy.next()) {
    if (copy.is_null(0))
      throw DisposedOf(fmt::format(
          "a record that {} holds a second time was disposed of: its exact bytes cannot be given back", id.text()));
    const auto bytes = copy.bytes(0);
    hash.update(bytes);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out) throw std::runtime_error("the file cannot be written: is the disk full?");
  }
  out.flush();
  if (!out) throw std::runtime_error("the file cannot be written: is the disk full?");
  if (hash.finish() != expected)
    throw std::runtime_error(
        fmt::format("what is held of {} no longer has the SHA-256 of its receipt: the database was changed. Do not "
                    "rely on the bytes written.",
                    id.text()));
}

std::vector<CouncilStatus> council_status(pg::Connection& connection) {
  pg::Transaction transaction(connection, Access::read_only, Isolation::repeatable_read);
  std::vector<CouncilStatus> all;
  const pg::Result rows = transaction.run(councils);
  for (int i = 0; i < rows.rows(); ++i) {
    CouncilStatus status;
    status.authority = rows.text(i, 0);
    status.name = rows.text(i, 1);
    status.records = rows.int64(i, 2);
    status.submissions = rows.int64(i, 3);
    status.held = rows.int64(i, 4);
    status.subjects = rows.int64(i, 5);
    if (!rows.is_null(i, 6)) status.last_received = rows.instant(i, 6);
    const pg::Result found = transaction.run(senders, status.authority);
    for (int j = 0; j < found.rows(); ++j)
      status.senders.push_back({std::string(found.text(j, 0)), std::string(found.text(j, 1)), found.int64(j, 2),
                                found.int64(j, 3), found.int64(j, 4), found.instant(j, 5)});
    all.push_back(std::move(status));
  }
  return all;
}

int schema_version(pg::Connection& connection) {
  pg::Transaction transaction(connection, Access::read_only);
  return transaction.run_one(newest_migration).int32(0, 0);
}

}  // namespace answerable::intake
