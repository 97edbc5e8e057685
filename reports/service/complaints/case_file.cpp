#include "reports/service/complaints/case_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/pages/bodies.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement bodies_read{
    "case_file.bodies",
    "SELECT r.number, r.kind, r.version::int4, b.body, r.id, o.scheme || ':' || o.code, o.name FROM answerable.record r"
    " JOIN answerable.record_body b ON b.authority = r.authority AND b.number = r.number"
    " JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation = r.sender"
    " WHERE r.authority = $1 AND r.number = ANY ($2::bigint[]) ORDER BY r.kind <> 'complaint', r.number"};
constexpr pg::Statement findings_read{
    "case_file.findings",
    "SELECT f.finding, f.rule, f.outcome, coalesce(f.sentence, ''), f.trigger_record, coalesce(l.linked_by, '')"
    " FROM answerable.finding_current c CROSS JOIN LATERAL (SELECT * FROM answerable.finding_step s"
    " WHERE s.authority = c.authority AND s.finding = c.finding AND s.run = c.run OFFSET 0) f"
    " LEFT JOIN answerable.complaint_link l ON l.authority = f.authority"
    " AND l.finding = f.finding AND l.case_reference = $3"
    " WHERE c.authority = $1 AND c.subject = $2 AND NOT f.withdrawn AND f.outcome IN ('breached', 'not-evidenced', "
    "'contradicted', 'error')"
    " ORDER BY f.trigger_first, f.finding LIMIT 200"};
constexpr pg::Statement records_read{
    "case_file.records",
    "SELECT r.number, r.kind, r.id, o.name, r.received_on FROM answerable.record r"
    " JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation = r.sender"
    " WHERE r.authority = $1 AND r.subject = $2 AND r.number = ANY ($3::bigint[])"};
constexpr pg::Statement organisations_read{
    "case_file.organisations",
    "SELECT DISTINCT o.scheme || ':' || o.code, o.name FROM answerable.record r JOIN answerable.organisation o"
    " ON o.authority = r.authority AND o.organisation IN (r.sender, r.performer)"
    " WHERE r.authority = $1 AND r.subject = $2"};
constexpr pg::Statement evidence_read{
    "case_file.evidence",
    "SELECT q.request, q.reference, q.words, coalesce(a.name, ''), q.at, q.answer, q.answered_at"
    " FROM answerable.evidence_request q"
    " LEFT JOIN answerable.account a ON a.authority = q.authority AND a.account = q.by"
    " WHERE $1 = '' OR q.reference = $1 ORDER BY q.answer IS NOT NULL, q.request LIMIT 200"};
constexpr pg::Statement evidence_wanted{"case_file.ask_evidence", "SELECT answerable.ask_evidence($1)"};
constexpr pg::Statement evidence_answered{"case_file.answer_evidence", "SELECT answerable.answer_evidence($1, $2)"};

template <class Numbers>
std::string number_array(const Numbers& numbers) {
  return fmt::format("{{{}}}", fmt::join(numbers, ","));
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text(bytes.size(), '\0');
  std::ranges::transform(bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return text;
}

}  // namespace

std::vector<CaseRecord> case_records(pg::Transaction& transaction, const std::string& authority,
                                     const Complaint& complaint) {
  std::set<std::int64_t> numbers;
  for (const auto& act : complaint.acts) numbers.insert(act.record);
  const auto rows = transaction.run(bodies_read, authority, number_array(numbers));
  std::vector<pages::Body> stored;
  for (int row = 0; row < rows.rows(); ++row)
    stored.push_back({std::string(rows.text(row, 1)), rows.int32(row, 2), text_of(rows.bytes(row, 3))});
  auto elements = pages::read_bodies(stored);
  std::vector<CaseRecord> records;
  for (int row = 0; row < rows.rows(); ++row)
    records.push_back({.number = rows.int64(row, 0),
                       .kind = std::string(rows.text(row, 1)),
                       .id = std::string(rows.text(row, 4)),
                       .sender = std::string(rows.text(row, 5)),
                       .sender_name = std::string(rows.text(row, 6)),
                       .element = std::move(elements[static_cast<std::size_t>(row)])});
  return records;
}

std::vector<CaseFinding> case_findings(pg::Transaction& transaction, const std::string& authority,
                                       const Complaint& complaint) {
  const auto rows = transaction.run(findings_read, authority, complaint.subject, complaint.reference);
  std::vector<CaseFinding> findings;
  for (int row = 0; row < rows.rows(); ++row)
    findings.push_back({.finding = rows.int64(row, 0),
                        .rule = std::string(rows.text(row, 1)),
                        .sentence = std::string(rows.text(row, 3)),
                        .outcome = engine::parse_outcome(rows.text(row, 2)).value_or(engine::Outcome::error),
                        .record = rows.int64(row, 4),
                        .linked_by = std::string(rows.text(row, 5))});
  return findings;
}

std::map<std::int64_t, std::string> records_in_words(pg::Transaction& transaction, const std::string& authority,
                                                     const Complaint& complaint,
                                                     const std::vector<std::int64_t>& numbers) {
  const auto rows = transaction.run(records_read, authority, complaint.subject, number_array(numbers));
  std::map<std::int64_t, std::string> all;
  for (int row = 0; row < rows.rows(); ++row)
    all.emplace(rows.int64(row, 0), fmt::format("{} {} of {}, received {}", pages::code_words(rows.text(row, 1)),
                                                rows.text(row, 2), rows.text(row, 3), words(rows.day(row, 4))));
  return all;
}

std::map<std::string, std::string> bodies(pg::Transaction& transaction, const std::string& authority,
                                          const Complaint& complaint) {
  const auto rows = transaction.run(organisations_read, authority, complaint.subject);
  std::map<std::string, std::string> all;
  for (int row = 0; row < rows.rows(); ++row) all.emplace(rows.text(row, 0), rows.text(row, 1));
  return all;
}

std::vector<EvidenceAsked> evidence_asked(pg::Transaction& transaction, const std::string& reference) {
  const auto rows = transaction.run(evidence_read, reference);
  std::vector<EvidenceAsked> all;
  for (int row = 0; row < rows.rows(); ++row) {
    EvidenceAsked one{.number = rows.int64(row, 0),
                      .reference = std::string(rows.text(row, 1)),
                      .words = std::string(rows.text(row, 2)),
                      .asked_by = std::string(rows.text(row, 3)),
                      .at = rows.instant(row, 4)};
    if (!rows.is_null(row, 5)) one.answer = rows.text(row, 5);
    if (!rows.is_null(row, 6)) one.answered_at = rows.instant(row, 6);
    all.push_back(std::move(one));
  }
  return all;
}

std::optional<std::int64_t> ask_evidence(pg::Transaction& transaction, const std::string& words) {
  const auto row = transaction.run(evidence_wanted, words);
  return row.rows() == 0 || row.is_null(0, 0) ? std::nullopt : std::optional(row.int64(0, 0));
}

bool answer_evidence(pg::Transaction& transaction, std::int64_t request, const std::string& words) {
  return transaction.run_one(evidence_answered, request, words).boolean(0, 0);
}

}  // namespace answerable::service
