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
    "SELECT s.submission, o.scheme || ':' || o.code, coalesce(s.agreement, '') FROM answerable.submission s"
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
    "SELECT 0 AS what, r.number AS key, r.position FROM answerable.submission s JOIN answerable.record r"
    " ON r.authority = s.authority AND r.number BETWEEN s.first_record AND s.last_record"
    " WHERE s.authority = current_setting('answerable.p1') AND s.submission = current_setting('answerable.p2')::bigint"
    " UNION ALL SELECT 1, position, position FROM answerable.submission_part"
    " WHERE authority = current_setting('answerable.p1') AND submission = current_setting('answerable.p2')::bigint"
    " ORDER BY position, what DESC OFFSET 0) piece) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement record_rows{
    "facts.records",
    "SELECT r.number, r.id, r.kind, r.version, r.subject, coalesce((SELECT c.id FROM answerable.record c WHERE "
    "c.authority = r.authority AND c.number = r.corrects), ''), coalesce(r.agreement, ''), p.scheme || "
    "':'"
    " || p.code, coalesce(r.worker, ''), coalesce(r.role, ''), r.recorded_first, r.recorded_last, "
    "r.recorded_precision::text, coalesce(r.source, '') FROM answerable.record r"
    " JOIN answerable.organisation p ON p.authority = r.authority AND p.organisation = r.performer"
    " WHERE r.authority = $1 AND r.sender = (SELECT sender FROM answerable.submission WHERE authority = $1 AND"
    " submission = $2) AND r.id = ANY ($3::text[]) AND r.submission = $2"};
constexpr pg::Statement entry_rows{
    "facts.entries",
    "SELECT e.number, e.ordinal, e.subject, e.act, e.first, e.last, e.precision::text, e.until_first, e.until_last,"
    " e.until_precision::text, o.scheme || ':' || o.code, e.attributes FROM answerable.entry e"
    " JOIN answerable.organisation o ON o.authority = e.authority AND o.organisation = e.performer"
    " WHERE e.authority = $1 AND e.number BETWEEN (SELECT min(n) FROM unnest($2::bigint[]) n)"
    " AND (SELECT max(n) FROM unnest($2::bigint[]) n) AND e.number = ANY ($2::bigint[])"
    " ORDER BY e.number, e.ordinal"};
// Its key begins with the subject; its rows lie in the order of numbers, and the range finds them by that.
constexpr pg::Statement evidence_rows{
    "facts.evidence",
    "SELECT e.number, e.ordinal, e.item, e.state, coalesce(e.document, ''), coalesce(e.is_a, ''), e.created_first,"
    " e.created_last, e.created_precision::text, coalesce(e.covers, ''), coalesce(e.reason, ''), "
    "coalesce(e.searched_by, ''), coalesce(e.searched_where, ''), e.searched_on, coalesce(e.searched_terms, '')"
    " FROM answerable.evidence e WHERE e.authority = $1 AND e.number BETWEEN"
    " (SELECT min(n) FROM unnest($2::bigint[]) n) AND (SELECT max(n) FROM unnest($2::bigint[]) n)"
    " AND e.number = ANY ($2::bigint[]) ORDER BY e.number, e.ordinal"};

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

class Comparer final : public xml::Handler {
 public:
  Comparer(pg::Connection& connection, const std::string& authority, std::int64_t submission, std::string sender,
           std::string agreement, FactsRead& read, const std::function<void(WrongFact&&)>& wrong)
      : transaction_(connection, pg::Access::read_only),
        authority_(authority),
        submission_(submission),
        sender_(std::move(sender)),
        agreement_(std::move(agreement)),
        read_(read),
        wrong_(wrong) {}

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
    const auto rows = transaction_.run(record_rows, authority_, submission_, ids + '}');
    std::map<std::int64_t, const ParsedRecord*> by_number;
    std::string numbers = "{";
    for (int i = 0; i < rows.rows(); ++i) {
      const ParsedRecord& record = *by_id.at(std::string(rows.text(i, 1)));
      compare_record(rows, i, record);
      numbers += fmt::format("{}{}", by_number.empty() ? "" : ",", rows.int64(i, 0));
      by_number.emplace(rows.int64(i, 0), &record);
    }
    read_.records += rows.rows();
    compare_entries(numbers + '}', by_number);
    compare_evidence(numbers + '}', by_number);
    waiting_.clear();
  }

 private:
  static constexpr std::size_t together = 2000;

  void same(std::int64_t number, std::string field, std::string_view found, std::string_view expected) {
    if (found != expected) wrong_({number, std::move(field), std::string(found), std::string(expected)});
  }

  std::string performer(const ParsedRecord& record) const {
    return record.performer ? record.performer->key() : sender_;
  }

  void compare_record(const pg::Result& rows, int i, const ParsedRecord& record) {
    ++read_.rows;
    const auto number = rows.int64(i, 0);
    same(number, "kind", rows.text(i, 2), record.kind);
    same(number, "version", std::to_string(rows.int16(i, 3)), std::to_string(record.version));
    same(number, "corrects", rows.text(i, 5), record.corrects);
    same(number, "agreement", rows.text(i, 6), record.agreement.empty() ? agreement_ : record.agreement);
    same(number, "performer", rows.text(i, 7), performer(record));
    same(number, "worker", rows.text(i, 8), record.worker);
    same(number, "role", rows.text(i, 9), record.role);
    same(number, "recorded", happened_text(rows, i, 10), happened_text(record.recorded));
    same(number, "source", rows.text(i, 13), record.source);
    subjects_[number] = rows.int32(i, 4);
  }

  /// Counts the rows of a record and says when they are too few or too many.
  template <class Compare>
  void each_row(const pg::Result& rows, const std::map<std::int64_t, const ParsedRecord*>& by_number,
                std::string_view what, std::size_t (*expected)(const ParsedRecord&), const Compare& compare) {
    std::map<std::int64_t, std::size_t> counted;
    for (int i = 0; i < rows.rows(); ++i) {
      const auto number = rows.int64(i, 0);
      const auto ordinal = static_cast<std::size_t>(rows.int16(i, 1));
      const ParsedRecord& record = *by_number.at(number);
      ++counted[number];
      ++read_.rows;
      if (ordinal < expected(record)) compare(i, number, ordinal, record);
    }
    for (const auto& [number, record] : by_number)
      if (counted[number] != expected(*record))
        wrong_({number, fmt::format("number of {}", what), std::to_string(counted[number]),
                std::to_string(expected(*record))});
  }

  void compare_entries(const std::string& numbers, const std::map<std::int64_t, const ParsedRecord*>& by_number) {
    const auto rows = transaction_.run(entry_rows, authority_, numbers);
    each_row(
        rows, by_number, "entries", [](const ParsedRecord& record) { return record.entries.size(); },
        [&](int i, std::int64_t number, std::size_t ordinal, const ParsedRecord& record) {
          const ParsedEntry& entry = record.entries[ordinal];
          const auto field = [&](const char* name) { return fmt::format("entry {}: {}", ordinal, name); };
          same(number, field("subject"), std::to_string(rows.int32(i, 2)), std::to_string(subjects_[number]));
          same(number, field("act"), rows.text(i, 3), entry.act);
          same(number, field("happened"), happened_text(rows, i, 4), iso(entry.when));
          same(number, field("until"), happened_text(rows, i, 7), happened_text(entry.until));
          same(number, field("performer"), rows.text(i, 10), entry.by ? entry.by->key() : performer(record));
          JsonText attributes;
          for (const auto& [name, value] : entry.attributes) attributes.text(name, value);
          same(number, field("attributes"), rows.text(i, 11), attributes.take());
        });
  }

  void compare_evidence(const std::string& numbers, const std::map<std::int64_t, const ParsedRecord*>& by_number) {
    const auto rows = transaction_.run(evidence_rows, authority_, numbers);
    each_row(
        rows, by_number, "evidence", [](const ParsedRecord& record) { return record.evidence.size(); },
        [&](int i, std::int64_t number, std::size_t ordinal, const ParsedRecord& record) {
          const ParsedEvidence& e = record.evidence[ordinal];
          const auto field = [&](const char* name) { return fmt::format("evidence {}: {}", ordinal, name); };
          same(number, field("item"), rows.text(i, 2), e.item);
          same(number, field("state"), rows.text(i, 3), e.state);
          same(number, field("document"), rows.text(i, 4), e.document);
          same(number, field("is"), rows.text(i, 5), e.is_a);
          same(number, field("created"), happened_text(rows, i, 6), happened_text(e.created));
          same(number, field("covers"), rows.text(i, 9), e.covers);
          same(number, field("reason"), rows.text(i, 10), e.reason);
          same(number, field("searched by"), rows.text(i, 11), e.searched_by);
          same(number, field("searched where"), rows.text(i, 12), e.searched_where);
          same(number, field("searched on"), rows.is_null(i, 13) ? "" : iso(rows.day(i, 13)),
               e.searched_on ? iso(*e.searched_on) : "");
          same(number, field("searched terms"), rows.text(i, 14), e.searched_terms);
        });
  }

  pg::Transaction transaction_;
  const std::string& authority_;
  std::int64_t submission_;
  std::string sender_, agreement_;
  FactsRead& read_;
  const std::function<void(WrongFact&&)>& wrong_;
  std::vector<ParsedRecord> waiting_;
  std::map<std::int64_t, std::int32_t> subjects_;
};

}  // namespace

FactsRead compare_facts(pg::Connection& bytes, pg::Connection& rows, xml::FileReader& reader,
                        const std::string& authority, const std::function<void(WrongFact&&)>& wrong) {
  FactsRead read;
  pg::Transaction transaction(bytes, pg::Access::read_only);
  const auto all = transaction.run(submissions, authority);
  for (int i = 0; i < all.rows(); ++i) {
    const auto submission = all.int64(i, 0);
    StoredFile file(transaction.copy_out(bytes_of, authority, submission));
    std::istream in(&file);
    Comparer comparer(rows, authority, submission, std::string(all.text(i, 1)), std::string(all.text(i, 2)), read,
                      wrong);
    reader.read(in, london_day(now()), comparer);
    comparer.compare();
  }
  return read;
}

}  // namespace answerable::ledger
