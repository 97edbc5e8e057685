#include "audit/ledger/leaves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/engine/identity.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/json_text.hpp"

namespace answerable::ledger {
namespace {

using pg::CopyOut;

constexpr pg::Statement waiting{"ledger.waiting",
                                "SELECT place, kind, key, count, format FROM answerable.to_ledger WHERE authority = $1 "
                                "AND place > (SELECT coalesce(max(place), 0) FROM answerable.ledger_segment WHERE "
                                "authority = $1) ORDER BY place"};
constexpr pg::Statement sequenced{
    "ledger.sequenced",
    "SELECT t.place, t.kind, t.key, t.count, t.format, s.first FROM answerable.ledger_segment s"
    " JOIN answerable.to_ledger t ON t.authority = s.authority AND t.place = s.place"
    " WHERE s.authority = $1 AND s.ledger = $2 ORDER BY s.place"};
// One row after the other by its key, whatever the server thinks of the table's size: OFFSET 0 keeps it from joining
// the whole table to every list.
constexpr pg::Statement records{
    "ledger.records",
    "COPY (SELECT r.* FROM (SELECT number FROM unnest(current_setting('answerable.p2')::bigint[]) AS listed (number)"
    " ORDER BY number) wanted CROSS JOIN LATERAL"
    " (SELECT r.number, r.kind, r.version, r.id, o.scheme || ':' || o.code, r.submission, s.received_at, r.leaf,"
    " b.salt, b.body, d.commitment FROM answerable.record r"
    " JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation = r.sender"
    " JOIN answerable.submission s ON s.authority = r.authority AND s.submission = r.submission"
    " LEFT JOIN answerable.record_body b ON b.authority = r.authority AND b.number = r.number"
    " LEFT JOIN answerable.disposed_leaf d ON d.authority = r.authority AND d.kind = 'record' AND d.key = r.number"
    " WHERE r.authority = current_setting('answerable.p1') AND r.number = wanted.number OFFSET 0) r"
    " ORDER BY wanted.number) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement record_hashes{
    "ledger.record_hashes",
    "COPY (SELECT leaf FROM answerable.record WHERE authority = current_setting('answerable.p1') AND number BETWEEN"
    " current_setting('answerable.p2')::bigint AND current_setting('answerable.p3')::bigint ORDER BY number)"
    " TO STDOUT (FORMAT binary)"};
constexpr pg::Statement held_records{
    "ledger.held",
    "COPY (SELECT h.* FROM (SELECT number FROM unnest(current_setting('answerable.p2')::bigint[]) AS listed (number)"
    " ORDER BY number) wanted CROSS JOIN LATERAL"
    " (SELECT h.held, s.received_at, h.salt, h.bytes, d.commitment FROM answerable.held_record h"
    " JOIN answerable.submission s ON s.authority = h.authority AND s.submission = h.submission"
    " LEFT JOIN answerable.disposed_leaf d ON d.authority = h.authority AND d.kind = 'held' AND d.key = h.held"
    " WHERE h.authority = current_setting('answerable.p1') AND h.held = wanted.number OFFSET 0) h"
    " ORDER BY wanted.number) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement submission{
    "ledger.submission",
    "COPY (SELECT s.received_at, s.salt, o.scheme || ':' || o.code, o.name, s.message_id, s.sha256, s.bytes, "
    "s.created_at, s.source_system, s.agreement, s.period_from, s.period_to, s.stored, s.held, s.already_held, "
    "s.first_record, s.last_record FROM answerable.submission s"
    " JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = s.sender"
    " WHERE s.authority = current_setting('answerable.p1') AND s.submission = "
    "current_setting('answerable.p2')::bigint) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement faults{
    "ledger.faults",
    "COPY (SELECT s.received_at, s.faults_salt, f.severity, f.code, f.line, f.col, "
    "f.record_id, f.field, f.sent, f.problem, f.expected, f.mend, d.commitment FROM answerable.submission s"
    " JOIN answerable.fault f ON f.authority = s.authority AND f.submission = s.submission"
    " LEFT JOIN answerable.disposed_leaf d ON d.authority = s.authority AND d.kind = 'faults' AND d.key = s.submission"
    " WHERE s.authority = current_setting('answerable.p1') AND s.submission = "
    "current_setting('answerable.p2')::bigint ORDER BY f.ordinal) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement audit_run{
    "ledger.run",
    "COPY (SELECT started_at, salt, as_of, known_at, rule_set, engine, judged, judgements, steps, why::text"
    " FROM answerable.audit_run WHERE authority = current_setting('answerable.p1')"
    " AND run = current_setting('answerable.p2')::bigint) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement findings{
    "ledger.findings",
    // Of a finding that was disposed of no row is left but its commitment.
    "COPY (SELECT r.started_at, l.salt, l.id, l.withdrawn, l.subject, l.rule, l.duty, l.edition_from,"
    " l.trigger_record, l.trigger_ordinal, l.trigger_act, l.trigger_first, l.trigger_last, l.trigger_precision,"
    " l.occurrence, l.outcome, l.state, l.severity, l.due, l.flagged_since, l.actor, l.agreement, l.sentence,"
    " l.commitment, coalesce(p.place, l.place) - 1 FROM answerable.audit_run r CROSS JOIN"
    " (SELECT *, coalesce(finding, gone) AS id, row_number() OVER (ORDER BY coalesce(finding, gone)) AS place FROM"
    " (SELECT * FROM answerable.finding_step WHERE authority = current_setting('answerable.p1')"
    " AND run = current_setting('answerable.p2')::bigint) f FULL JOIN"
    " (SELECT finding AS gone, commitment FROM answerable.disposed_leaf WHERE authority = "
    "current_setting('answerable.p1')"
    " AND kind = 'finding' AND key = current_setting('answerable.p2')::bigint) d ON gone = finding) l"
    // Of some findings the asker may see no others of their run: then the place is not theirs to count.
    " LEFT JOIN answerable.finding_places(current_setting('answerable.p1'), current_setting('answerable.p2')::bigint,"
    " current_setting('answerable.p3')::bigint[]) p ON p.finding = l.id"
    " WHERE r.authority = current_setting('answerable.p1') AND r.run = current_setting('answerable.p2')::bigint"
    " AND (current_setting('answerable.p3') = '{}' OR l.id IN (SELECT "
    "unnest(current_setting('answerable.p3')::bigint[])))"
    " ORDER BY l.id) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement event{
    "ledger.event",
    "COPY (SELECT e.at, e.salt, e.kind, e.content, d.commitment FROM answerable.event e"
    " LEFT JOIN answerable.disposed_leaf d ON d.authority = e.authority AND d.kind = 'event' AND d.key = e.event"
    " WHERE e.authority = current_setting('answerable.p1') AND e.event = current_setting('answerable.p2')::bigint)"
    " TO STDOUT (FORMAT binary)"};

Segment segment_in(const pg::Result& rows, int row) {
  return {.place = rows.int64(row, 0),
          .kind = std::string(rows.text(row, 1)),
          .key = rows.int64(row, 2),
          .count = rows.int64(row, 3),
          .format = rows.int16(row, 4)};
}

Digest digest_in(std::span<const std::byte> bytes) {
  if (bytes.size() != Digest{}.size()) throw std::runtime_error("a hash in the database is not 32 bytes long");
  Digest digest;
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

std::optional<intake::Salt> salt_in(const CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  const auto bytes = row.bytes(column);
  intake::Salt salt;
  if (bytes.size() != salt.size()) throw std::runtime_error("a salt in the database is not 16 bytes long");
  std::ranges::copy(bytes, salt.begin());
  return salt;
}

/// The commitment of a leaf that was disposed of.
std::optional<Digest> left_in(const CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return digest_in(row.bytes(column));
}

std::optional<std::string_view> maybe_text(const CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.text(column);
}
std::optional<Day> maybe_day(const CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.day(column);
}
std::optional<std::int64_t> maybe_int64(const CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.int64(column);
}

/// Makes the leaves of one segment.
class Maker {
 public:
  Maker(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
        const std::function<void(const Leaf&)>& use)
      : transaction_(transaction), authority_(authority), segment_(segment), use_(use) {}

  /// \param wanted empty: all
  void run(std::span<const std::int64_t> wanted) {
    wanted_ = wanted;
    if (segment_.kind == "record")
      records_of();
    else if (segment_.kind == "held")
      held();
    else if (segment_.kind == "submission")
      submission_of();
    else if (segment_.kind == "faults")
      faults_of();
    else if (segment_.kind == "run")
      run_of();
    else if (segment_.kind == "finding")
      findings_of();
    else if (segment_.kind == "event")
      event_of();
    else
      throw std::runtime_error(
          fmt::format("the ledger holds leaves of a kind this program does not know: {}", segment_.kind));
    const auto expected = wanted.empty() ? segment_.count : static_cast<std::int64_t>(wanted.size());
    if (made_ != expected)
      throw std::runtime_error(
          fmt::format("the ledger has {} leaves of kind {} from number {} on, and {} rows are there: rows were {}",
                      expected, segment_.kind, segment_.key, made_, made_ < expected ? "taken away" : "added"));
  }

 private:
  static constexpr std::int64_t together = 4096;

  /// Lists of the numbers to be read, as PostgreSQL writes an array, one after the other.
  void each_list(const std::function<void(const std::string&)>& read) const {
    const auto many = wanted_.empty() ? segment_.count : static_cast<std::int64_t>(wanted_.size());
    for (std::int64_t from = 0; from < many; from += together) {
      std::string list = "{";
      for (auto i = from; i < std::min(from + together, many); ++i)
        fmt::format_to(std::back_inserter(list), "{}{}", i > from ? "," : "",
                       wanted_.empty() ? segment_.key + i : wanted_[static_cast<std::size_t>(i)]);
      read(list + '}');
    }
  }

  void give(Leaf leaf, std::string text) {
    text_ = std::move(text);
    leaf.text = text_;
    leaf.hash = hasher_.hash(text_);
    ++made_;
    use_(leaf);
  }

  /// Of everything but records.
  void give(std::int64_t key, std::string_view what, Instant at, std::optional<intake::Salt> salt,
            std::string_view content, std::optional<Digest> left, std::int64_t offset = 0, std::int64_t finding = 0) {
    const Digest commitment = salt   ? hasher_.commitment(*salt, content)
                              : left ? *left
                                     : throw std::runtime_error(fmt::format("{}: content and salt are gone, and no "
                                                                            "disposal tells of it",
                                                                            what));
    Leaf leaf{.key = key,
              .finding = finding,
              .offset = offset,
              .text = {},
              .commitment = commitment,
              .salt = salt,
              .content = salt ? content : std::string_view{}};
    give(std::move(leaf), intake::leaf_text(authority_, what, at, commitment));
  }

  void records_of() {
    each_list([this](const std::string& numbers) { records_of(numbers); });
  }
  void records_of(const std::string& numbers) {
    auto rows = transaction_.copy_out(records, authority_, numbers);
    while (rows.next()) {
      const auto salt = salt_in(rows, 8);
      const std::string_view body = salt ? as_text(rows.bytes(9)) : std::string_view{};
      if (!salt && rows.is_null(10))
        throw std::runtime_error(
            fmt::format("record {}: its bytes are gone, and no disposal tells of it", rows.int64(0)));
      intake::Leaf record{.authority = authority_,
                          .number = rows.int64(0),
                          .kind = rows.text(1),
                          .version = rows.int16(2),
                          .sender = rows.text(4),
                          .id = rows.text(3),
                          .submission = {},
                          .received_at = rows.instant(6),
                          .format = segment_.format};
      const auto receipt = intake::ReceiptId{authority_, rows.int64(5)}.text();
      record.submission = receipt;
      record.commitment = !salt                  ? digest_in(rows.bytes(10))
                          : segment_.format == 1 ? hasher_.commitment_1(*salt, body)
                                                 : hasher_.commitment(*salt, body);
      Leaf leaf{.key = record.number,
                .offset = record.number - segment_.key,
                .text = {},
                .commitment = record.commitment,
                .salt = salt,
                .content = body};
      leaf.stored = digest_in(rows.bytes(7));
      give(std::move(leaf), intake::leaf_text(record));
    }
  }

  void held() {
    each_list([this](const std::string& numbers) {
      auto rows = transaction_.copy_out(held_records, authority_, numbers);
      while (rows.next())
        give(rows.int64(0), fmt::format("held H{}-{}", authority_, rows.int64(0)), rows.instant(1), salt_in(rows, 2),
             rows.is_null(3) ? std::string_view{} : as_text(rows.bytes(3)), left_in(rows, 4),
             rows.int64(0) - segment_.key);
    });
  }

  void submission_of() {
    auto rows = transaction_.copy_out(submission, authority_, segment_.key);
    while (rows.next()) {
      const auto id = intake::ReceiptId{authority_, segment_.key}.text();
      const auto content = JsonText()
                               .text("receipt", id)
                               .text("sender", rows.text(2))
                               .text("sender_name", rows.text(3))
                               .text("message_id", rows.text(4))
                               .text("sha256", hex(rows.bytes(5)))
                               .number("bytes", rows.int64(6))
                               .text("created_at", iso(rows.instant(7)))
                               .text("received_at", iso(rows.instant(0)))
                               .text("source_system", rows.text(8))
                               .maybe("agreement", maybe_text(rows, 9))
                               .maybe("period_from", maybe_day(rows, 10))
                               .maybe("period_to", maybe_day(rows, 11))
                               .number("stored", rows.int32(12))
                               .number("held", rows.int32(13))
                               .number("already_held", rows.int32(14))
                               .maybe("first_record", maybe_int64(rows, 15))
                               .maybe("last_record", maybe_int64(rows, 16))
                               .take();
      give(segment_.key, "submission " + id, rows.instant(0), salt_in(rows, 1), content, {});
    }
  }

  void faults_of() {
    std::string content = "[";
    std::optional<intake::Salt> salt;
    std::optional<Digest> left;
    Instant at{};
    auto rows = transaction_.copy_out(faults, authority_, segment_.key);
    while (rows.next()) {
      at = rows.instant(0);
      salt = salt_in(rows, 1);
      left = left_in(rows, 12);
      if (content.size() > 1) content += ',';
      content += JsonText()
                     .text("severity", rows.text(2))
                     .text("code", rows.text(3))
                     .number("line", rows.int32(4))
                     .number("column", rows.int32(5))
                     .text("record", rows.text(6))
                     .text("field", rows.text(7))
                     .text("sent", rows.text(8))
                     .text("problem", rows.text(9))
                     .text("expected", rows.text(10))
                     .text("mend", rows.text(11))
                     .take();
    }
    if (content.size() == 1) return;
    content += ']';
    give(segment_.key, "faults " + intake::ReceiptId{authority_, segment_.key}.text(), at, salt, content, left);
  }

  void run_of() {
    auto rows = transaction_.copy_out(audit_run, authority_, segment_.key);
    while (rows.next()) {
      const auto content = JsonText()
                               .number("run", segment_.key)
                               .text("as_of", iso(rows.day(2)))
                               .number("known_at", rows.int64(3))
                               .text("rule_set", hex(rows.bytes(4)))
                               .number("engine", rows.int32(5))
                               .number("judged", rows.int64(6))
                               .number("judgements", rows.int64(7))
                               .number("steps", rows.int64(8))
                               .text("why", rows.text(9))
                               .take();
      give(segment_.key, fmt::format("run {}", segment_.key), rows.instant(0), salt_in(rows, 1), content, {});
    }
  }

  void findings_of() {
    JsonText json;
    auto rows =
        transaction_.copy_out(findings, authority_, segment_.key, fmt::format("{{{}}}", fmt::join(wanted_, ",")));
    while (rows.next()) {
      const auto id = engine::format_finding(rows.int64(2));
      const auto what = fmt::format("finding {}/{}", id, segment_.key);
      const auto salt = salt_in(rows, 1);
      if (!salt) {
        give(segment_.key, what, rows.instant(0), {}, {}, left_in(rows, 23), rows.int64(24), rows.int64(2));
        continue;
      }
      const Happened trigger{rows.day(11), rows.day(12), static_cast<Precision>(rows.text(13).front())};
      const auto content = json.text("finding", id)
                               .number("run", segment_.key)
                               .truth("withdrawn", rows.boolean(3))
                               .number("subject", rows.int32(4))
                               .text("rule", rows.text(5))
                               .text("duty", rows.text(6))
                               .text("edition_from", iso(rows.day(7)))
                               .number("trigger_record", rows.int64(8))
                               .number("trigger_ordinal", rows.int16(9))
                               .text("trigger_act", rows.text(10))
                               .text("trigger_happened", iso(trigger))
                               .number("occurrence", rows.int32(14))
                               .text("outcome", rows.text(15))
                               .text("state", rows.text(16))
                               .text("severity", rows.text(17))
                               .maybe("due", maybe_day(rows, 18))
                               .maybe("flagged_since", maybe_day(rows, 19))
                               .text("actor", rows.text(20))
                               .text("agreement", rows.text(21))
                               .maybe("sentence", maybe_text(rows, 22))
                               .take();
      give(segment_.key, what, rows.instant(0), salt, content, {}, rows.int64(24), rows.int64(2));
    }
  }

  void event_of() {
    auto rows = transaction_.copy_out(event, authority_, segment_.key);
    while (rows.next()) {
      give(segment_.key, fmt::format("event {}/{}", rows.text(2), segment_.key), rows.instant(0), salt_in(rows, 1),
           maybe_text(rows, 3).value_or(""), left_in(rows, 4));
    }
  }

  pg::Transaction& transaction_;
  const std::string& authority_;
  const Segment& segment_;
  const std::function<void(const Leaf&)>& use_;
  intake::LeafHasher hasher_;
  std::span<const std::int64_t> wanted_;
  std::string text_;
  std::int64_t made_{};
};

}  // namespace

std::vector<Segment> segments_waiting(pg::Transaction& transaction, const std::string& authority) {
  const auto rows = transaction.run(waiting, authority);
  std::vector<Segment> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(segment_in(rows, i));
  return all;
}

std::vector<Segment> segments_of(pg::Transaction& transaction, const std::string& authority, int ledger) {
  const auto rows = transaction.run(sequenced, authority, std::int32_t{ledger});
  std::vector<Segment> all;
  for (int i = 0; i < rows.rows(); ++i) {
    all.push_back(segment_in(rows, i));
    all.back().first = rows.int64(i, 5);
  }
  return all;
}

void each_leaf(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
               const std::function<void(const Leaf&)>& use) {
  Maker(transaction, authority, segment, use).run({});
}

void some_leaves(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
                 std::span<const std::int64_t> wanted, const std::function<void(const Leaf&)>& use) {
  if (!wanted.empty()) Maker(transaction, authority, segment, use).run(wanted);
}

void each_hash(pg::Transaction& transaction, const std::string& authority, const Segment& segment,
               const std::function<void(const Digest&)>& use) {
  if (segment.kind != "record")
    return each_leaf(transaction, authority, segment, [&](const Leaf& leaf) { use(leaf.hash); });
  std::int64_t given = 0;
  auto rows = transaction.copy_out(record_hashes, authority, segment.key, segment.key + segment.count - 1);
  while (rows.next()) {
    use(digest_in(rows.bytes(0)));
    ++given;
  }
  if (given != segment.count)
    throw std::runtime_error(
        fmt::format("{} records from number {} on should be there, and {} are", segment.count, segment.key, given));
}

std::string describe(const std::string& authority, const std::string& kind, const Leaf& leaf) {
  if (kind == "finding") return fmt::format("finding {}/{}", engine::format_finding(leaf.finding), leaf.key);
  if (kind == "held") return fmt::format("held H{}-{}", authority, leaf.key);
  if (kind == "submission" || kind == "faults")
    return fmt::format("{} {}", kind, intake::ReceiptId{authority, leaf.key}.text());
  return fmt::format("{} {}", kind, leaf.key);
}

}  // namespace answerable::ledger
