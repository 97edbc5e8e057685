#include "audit/ledger/facts.hpp"

#include <fmt/format.h>

#include <istream>
#include <map>
#include <streambuf>
#include <vector>

#include "ingest/json_text.hpp"
#include "ingest/xml/file_reader.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement submissions{
    "facts.submissions",
    "SELECT s.submission, s.sender, o.scheme || ':' || o.code, coalesce(s.agreement, ''), s.first_record, s.last_record"
    " FROM answerable.submission s"
    " JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = s.sender"
    " WHERE s.authority = $1 AND s.stored > 0 ORDER BY s.submission"};
// As intake::original, without what was held or disposed of: what is left is a submission still. Only the keys are
// sorted; the bytes are fetched one by one behind the fence.
constexpr pg::Statement bytes_of{
    "facts.bytes",
    "COPY (SELECT CASE what WHEN 0 THEN (SELECT b.lead || b.body FROM answerable.record_body b WHERE b.authority = "
    "current_setting('answerable.p1') AND b.number = piece.key)"
    " ELSE (SELECT p.bytes FROM answerable.submission_part p WHERE p.authority = current_setting('answerable.p1')"
    " AND p.submission = current_setting('answerable.p2')::bigint AND p.position = piece.key) END FROM ("
    "SELECT 0 AS what, number AS key, position FROM answerable.record WHERE authority = "
    "current_setting('answerable.p1')"
    " AND number BETWEEN current_setting('answerable.p3')::bigint AND current_setting('answerable.p4')::bigint"
    " UNION ALL SELECT 1, position, position FROM answerable.submission_part"
    " WHERE authority = current_setting('answerable.p1') AND submission = current_setting('answerable.p2')::bigint"
    " ORDER BY position, what DESC OFFSET 0) piece) TO STDOUT (FORMAT binary)"};
// Row by row through the key that fits, whatever the server thinks of the tables' sizes: hence OFFSET 0.
constexpr pg::Statement record_rows{
    "facts.records",
    "SELECT r.* FROM unnest($3::text[]) AS wanted (id) CROSS JOIN LATERAL"
    " (SELECT r.number, r.id, r.kind, r.version, r.subject, coalesce((SELECT c.id FROM answerable.record c WHERE"
    " c.authority = r.authority AND c.number = r.corrects), ''), coalesce(r.agreement, ''), p.scheme || ':' || p.code,"
    " coalesce(r.worker, ''), coalesce(r.role, ''), r.recorded_first, r.recorded_last, r.recorded_precision::text,"
    " coalesce(r.source, '') FROM answerable.record r"
    " JOIN answerable.organisation p ON p.authority = r.authority AND p.organisation = r.performer"
    " WHERE r.authority = $1 AND r.sender = $4 AND r.id = wanted.id AND r.submission = $2 OFFSET 0) r"};
constexpr pg::Statement entry_rows{
    "facts.entries",
    "SELECT e.* FROM unnest($2::bigint[]) AS wanted (number) CROSS JOIN LATERAL"
    " (SELECT e.number, e.ordinal, e.subject, e.act, e.first, e.last, e.precision::text, e.until_first, e.until_last,"
    " e.until_precision::text, o.scheme || ':' || o.code, e.attributes FROM answerable.entry e"
    " JOIN answerable.organisation o ON o.authority = e.authority AND o.organisation = e.performer"
    " WHERE e.authority = $1 AND e.number = wanted.number OFFSET 0) e"};
// The table's key begins with the subject, which is not always the record's own: read once from end to end instead.
constexpr pg::Statement evidence_rows{
    "facts.evidence",
    "COPY (SELECT number, ordinal, item, state, coalesce(document, ''), coalesce(is_a, ''), created_first, "
    "created_last,"
    " created_precision::text, coalesce(covers, ''), coalesce(reason, ''), coalesce(searched_by, ''),"
    " coalesce(searched_where, ''), searched_on, coalesce(searched_terms, '') FROM answerable.evidence"
    " WHERE authority = current_setting('answerable.p1') ORDER BY number, ordinal) TO STDOUT (FORMAT binary)"};

std::string happened_text(const std::optional<Happened>& when) {
  return when ? iso(*when) : "";
}

std::string happened_text(const pg::Result& rows, int row, int column) {
  if (rows.is_null(row, column)) return "";
  return iso(Happened{rows.day(row, column), rows.day(row, column + 1),
                      static_cast<Precision>(rows.text(row, column + 2).front())});
}

/// A submission's bytes as they stream out of the database.
class StoredFile final : public std::streambuf {
 public:
  explicit StoredFile(pg::CopyOut rows) : rows_(std::move(rows)) {}

 protected:
  int_type underflow() override {
    while (rows_.next()) {
      if (rows_.is_null(0)) continue;
      const auto text = as_text(rows_.bytes(0));
      if (text.empty()) continue;
      piece_.assign(text);
      setg(piece_.data(), piece_.data(), piece_.data() + piece_.size());
      return traits_type::to_int_type(piece_.front());
    }
    return traits_type::eof();
  }

 private:
  pg::CopyOut rows_;
  std::string piece_;
};

struct EvidenceRow {
  std::size_t ordinal;
  std::string item, state, document, is_a, created, covers, reason, searched_by, searched_where, searched_on,
      searched_terms;
};

/// All rows of evidence of a council, as they stream out of the database in the order of their records' numbers.
class EvidenceRows {
 public:
  EvidenceRows(pg::Connection& connection, const std::string& authority)
      : transaction_(connection, pg::Access::read_only),
        rows_(transaction_.copy_out(evidence_rows, authority)),
        more_(rows_.next()) {}

  /// Those of a record. Numbers are asked for in ascending order, but for a few: what is passed over waits in memory.
  std::vector<EvidenceRow> of(std::int64_t number) {
    for (; more_ && rows_.int64(0) <= number; more_ = rows_.next()) passed_[rows_.int64(0)].push_back(row());
    auto found = passed_.extract(number);
    return found ? std::move(found.mapped()) : std::vector<EvidenceRow>{};
  }

 private:
  std::string text(std::size_t column) const { return std::string(rows_.text(column)); }
  EvidenceRow row() const {
    return {.ordinal = static_cast<std::size_t>(rows_.int16(1)),
            .item = text(2),
            .state = text(3),
            .document = text(4),
            .is_a = text(5),
            .created = rows_.is_null(6)
                           ? ""
                           : iso(Happened{rows_.day(6), rows_.day(7), static_cast<Precision>(rows_.text(8).front())}),
            .covers = text(9),
            .reason = text(10),
            .searched_by = text(11),
            .searched_where = text(12),
            .searched_on = rows_.is_null(13) ? "" : iso(rows_.day(13)),
            .searched_terms = text(14)};
  }

  pg::Transaction transaction_;
  pg::CopyOut rows_;
  bool more_;
  std::map<std::int64_t, std::vector<EvidenceRow>> passed_;
};

/// Whose file it is that is read.
struct Sent {
  std::int64_t submission;
  std::int32_t sender;
  std::string sender_key, agreement;
};

class Comparer final : public xml::Handler {
 public:
  Comparer(pg::Transaction& rows, EvidenceRows& evidence, const std::string& authority, Sent sent, FactsRead& read,
           const std::function<void(WrongFact&&)>& wrong)
      : rows_(rows), evidence_(evidence), authority_(authority), sent_(std::move(sent)), read_(read), wrong_(wrong) {}

  void envelope(const Envelope&) override {}
  void part(std::uint64_t, std::span<const std::byte>) override {}
  void record(ParsedRecord&& record, std::span<const std::byte>, std::span<const std::byte>) override {
    waiting_.push_back(std::move(record));
    if (waiting_.size() >= together) compare();
  }

  void compare() {
    std::map<std::string, const ParsedRecord*> by_id;
    for (const auto& record : waiting_) by_id.emplace(record.id, &record);
    std::string ids = "{";
    for (const auto& [id, record] : by_id) {
      if (ids.size() > 1) ids += ',';
      append_json_string(ids, id);  // an array's element in quotation marks escapes the same two characters
    }
    const auto rows = rows_.run(record_rows, authority_, sent_.submission, ids + '}', sent_.sender);
    ByNumber by_number;
    for (int i = 0; i < rows.rows(); ++i) {
      const ParsedRecord& record = *by_id.at(std::string(rows.text(i, 1)));
      compare_record(rows, i, record);
      by_number.emplace(rows.int64(i, 0), OfRecord{&record, rows.int32(i, 4)});
    }
    read_.records += rows.rows();
    compare_entries(by_number);
    compare_evidence(by_number);
    waiting_.clear();
  }

 private:
  static constexpr std::size_t together = 2000;

  struct OfRecord {
    const ParsedRecord* record;
    std::int32_t subject;
    std::size_t entries{};
  };
  using ByNumber = std::map<std::int64_t, OfRecord>;

  void same(std::int64_t number, std::string field, std::string_view found, std::string_view expected) {
    if (found != expected) wrong_({number, std::move(field), std::string(found), std::string(expected)});
  }
  void same_number(std::int64_t number, std::string_view what, std::size_t found, std::size_t expected) {
    if (found != expected)
      wrong_({number, fmt::format("number of {}", what), std::to_string(found), std::to_string(expected)});
  }

  std::string performer(const ParsedRecord& record) const {
    return record.performer ? record.performer->key() : sent_.sender_key;
  }

  void compare_record(const pg::Result& rows, int i, const ParsedRecord& record) {
    ++read_.rows;
    const auto number = rows.int64(i, 0);
    same(number, "kind", rows.text(i, 2), record.kind);
    same(number, "version", std::to_string(rows.int16(i, 3)), std::to_string(record.version));
    same(number, "corrects", rows.text(i, 5), record.corrects);
    same(number, "agreement", rows.text(i, 6), record.agreement.empty() ? sent_.agreement : record.agreement);
    same(number, "performer", rows.text(i, 7), performer(record));
    same(number, "worker", rows.text(i, 8), record.worker);
    same(number, "role", rows.text(i, 9), record.role);
    same(number, "recorded", happened_text(rows, i, 10), happened_text(record.recorded));
    same(number, "source", rows.text(i, 13), record.source);
  }

  void compare_entries(ByNumber& by_number) {
    std::string numbers = "{";
    for (const auto& [number, of] : by_number)
      fmt::format_to(std::back_inserter(numbers), "{}{}", numbers.size() > 1 ? "," : "", number);
    const auto rows = rows_.run(entry_rows, authority_, numbers + '}');
    for (int i = 0; i < rows.rows(); ++i) {
      OfRecord& of = by_number.at(rows.int64(i, 0));
      ++of.entries;
      ++read_.rows;
      compare_entry(rows, i, of);
    }
    for (const auto& [number, of] : by_number) same_number(number, "entries", of.entries, of.record->entries.size());
  }

  void compare_entry(const pg::Result& rows, int i, const OfRecord& of) {
    const auto number = rows.int64(i, 0);
    const auto ordinal = static_cast<std::size_t>(rows.int16(i, 1));
    if (ordinal >= of.record->entries.size()) return;
    const ParsedEntry& entry = of.record->entries[ordinal];
    const auto field = [&](const char* name) { return fmt::format("entry {}: {}", ordinal, name); };
    same(number, field("subject"), std::to_string(rows.int32(i, 2)), std::to_string(of.subject));
    same(number, field("act"), rows.text(i, 3), entry.act);
    same(number, field("happened"), happened_text(rows, i, 4), iso(entry.when));
    same(number, field("until"), happened_text(rows, i, 7), happened_text(entry.until));
    same(number, field("performer"), rows.text(i, 10), entry.by ? entry.by->key() : performer(*of.record));
    JsonText attributes;
    for (const auto& [name, value] : entry.attributes) attributes.text(name, value);
    same(number, field("attributes"), rows.text(i, 11), attributes.take());
  }

  void compare_evidence(const ByNumber& by_number) {
    for (const auto& [number, of] : by_number) {
      const auto rows = evidence_.of(number);
      read_.rows += static_cast<std::int64_t>(rows.size());
      for (const auto& row : rows)
        if (row.ordinal < of.record->evidence.size()) compare_evidence(number, row, of.record->evidence[row.ordinal]);
      same_number(number, "evidence", rows.size(), of.record->evidence.size());
    }
  }

  void compare_evidence(std::int64_t number, const EvidenceRow& row, const ParsedEvidence& e) {
    const auto field = [&](const char* name) { return fmt::format("evidence {}: {}", row.ordinal, name); };
    same(number, field("item"), row.item, e.item);
    same(number, field("state"), row.state, e.state);
    same(number, field("document"), row.document, e.document);
    same(number, field("is"), row.is_a, e.is_a);
    same(number, field("created"), row.created, happened_text(e.created));
    same(number, field("covers"), row.covers, e.covers);
    same(number, field("reason"), row.reason, e.reason);
    same(number, field("searched by"), row.searched_by, e.searched_by);
    same(number, field("searched where"), row.searched_where, e.searched_where);
    same(number, field("searched on"), row.searched_on, e.searched_on ? iso(*e.searched_on) : "");
    same(number, field("searched terms"), row.searched_terms, e.searched_terms);
  }

  pg::Transaction& rows_;
  EvidenceRows& evidence_;
  const std::string& authority_;
  Sent sent_;
  FactsRead& read_;
  const std::function<void(WrongFact&&)>& wrong_;
  std::vector<ParsedRecord> waiting_;
};

}  // namespace

FactsRead compare_facts(pg::Connection& bytes, const Another& another, xml::FileReader& reader,
                        const std::string& authority, const std::function<void(WrongFact&&)>& wrong) {
  FactsRead read;
  pg::Transaction transaction(bytes, pg::Access::read_only);
  const auto all = transaction.run(submissions, authority);
  auto for_rows = another(), for_evidence = another();
  pg::Transaction rows(for_rows, pg::Access::read_only);
  EvidenceRows evidence(for_evidence, authority);
  for (int i = 0; i < all.rows(); ++i) {
    const Sent sent{.submission = all.int64(i, 0),
                    .sender = all.int32(i, 1),
                    .sender_key = std::string(all.text(i, 2)),
                    .agreement = std::string(all.text(i, 3))};
    StoredFile file(transaction.copy_out(bytes_of, authority, sent.submission, all.int64(i, 4), all.int64(i, 5)));
    std::istream in(&file);
    Comparer comparer(rows, evidence, authority, sent, read, wrong);
    reader.read(in, london_day(now()), comparer);
    comparer.compare();
  }
  return read;
}

}  // namespace answerable::ledger
