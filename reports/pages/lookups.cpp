#include "reports/pages/lookups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/engine/ledger_reader.hpp"
#include "audit/engine/store.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/pages/bodies.hpp"

namespace answerable::pages {
namespace {

constexpr pg::Statement every_council{
    "lookup-councils",
    "SELECT authority, name FROM answerable.authority JOIN answerable.counter USING (authority)"
    " WHERE $1 = '' OR authority = $1 ORDER BY authority"};

constexpr pg::Statement subject_of_identifier{
    "lookup-identifier",
    "SELECT a.authority, a.name, i.subject FROM answerable.authority a JOIN answerable.identifier i "
    "ON i.authority = a.authority AND i.scheme = $1 AND i.value = $2 "
    "JOIN answerable.subject s ON s.authority = i.authority AND s.subject = i.subject AND s.type = 'person' "
    "WHERE $3 = '' OR a.authority = $3 ORDER BY a.authority"};

constexpr pg::Statement people_with_records{
    "lookup-people",
    "SELECT s.subject, count(*), max(r.number), max(r.received_on) FROM answerable.subject s "
    "JOIN answerable.record r ON r.authority = s.authority AND r.subject = s.subject "
    "WHERE s.authority = $1 AND s.type = 'person' GROUP BY s.subject"};

constexpr pg::Statement every_identifier{"lookup-identifiers",
                                         "SELECT subject, scheme, value FROM answerable.identifier WHERE authority = "
                                         "$1 AND scheme IN ('nhs-number', 'council', 'sender') "
                                         "ORDER BY subject, scheme = 'nhs-number' DESC, scheme, value"};

constexpr pg::Statement person_records{
    "lookup-person-records",
    "SELECT r.number, r.subject, r.version::int4, b.body FROM answerable.record r JOIN answerable.record_body b USING "
    "(authority, number) "
    "WHERE r.authority = $1 AND r.kind = 'person' AND r.number > $2 ORDER BY r.number LIMIT 2000"};

constexpr pg::Statement acts_by_agreement{
    "lookup-acts-by-agreement",
    "SELECT r.agreement, count(*) FROM answerable.record r JOIN answerable.entry e USING (authority, number) "
    "WHERE r.authority = $1 AND r.agreement IS NOT NULL GROUP BY r.agreement"};

constexpr pg::Statement reports_by_agreement{"lookup-reports-by-agreement",
                                             "SELECT subject, count(*) FROM answerable.entry WHERE authority = $1 AND "
                                             "act = 'agreement.report' GROUP BY subject"};

constexpr pg::Statement every_submission{
    "lookup-submissions",
    "SELECT s.submission, o.scheme || ':' || o.code, o.name, s.message_id, s.received_at, s.stored::int8, "
    "s.held::int8, "
    "s.already_held::int8, s.bytes, s.sha256 FROM answerable.submission s "
    "JOIN answerable.organisation o ON o.authority = s.authority AND o.organisation = s.sender "
    "WHERE s.authority = $1 AND ($2 = '' OR o.scheme || ':' || o.code = $2) ORDER BY s.submission"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains(std::string_view text, std::string_view part) {
  return !std::ranges::search(text, part, {}, lower, lower).empty();
}

/// The name last given for each person.
std::map<std::int32_t, std::string> names(pg::Transaction& transaction, const std::string& authority) {
  std::map<std::int32_t, std::string> out;
  for (std::int64_t after = -1;;) {
    const auto rows = transaction.run(person_records, authority, after);
    if (rows.rows() == 0) return out;
    std::vector<Body> bodies;
    for (int row = 0; row < rows.rows(); ++row) {
      const auto bytes = rows.bytes(row, 3);
      std::string text(bytes.size(), '\0');
      std::ranges::transform(bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
      bodies.push_back({"person", rows.int32(row, 2), std::move(text)});
    }
    const auto elements = read_bodies(bodies);
    for (int row = 0; row < rows.rows(); ++row) {
      out[rows.int32(row, 1)] = elements[static_cast<std::size_t>(row)].child_text("name");
    }
    after = rows.int64(rows.rows() - 1, 0);
  }
}

}  // namespace

std::vector<Council> councils(pg::Connection& connection, const std::string& authority) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  const auto rows = transaction.run(every_council, authority);
  std::vector<Council> out;
  for (int row = 0; row < rows.rows(); ++row)
    out.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1))});
  return out;
}

std::vector<Found> find_people(pg::Connection& connection, const std::string& scheme, const std::string& value,
                               const std::string& authority) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  const auto rows = transaction.run(subject_of_identifier, scheme, value, authority);
  std::vector<Found> out;
  for (int row = 0; row < rows.rows(); ++row) {
    out.push_back({{std::string(rows.text(row, 0)), std::string(rows.text(row, 1))}, rows.int32(row, 2)});
  }
  return out;
}

std::vector<PersonRow> people(pg::Connection& connection, const std::vector<Council>& councils,
                              const std::string& text) {
  std::string number = text;
  std::erase(number, ' ');
  std::vector<PersonRow> out;
  for (const auto& council : councils) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    std::map<std::int32_t, PersonRow> by_subject;
    const auto rows = transaction.run(people_with_records, council.authority);
    for (int row = 0; row < rows.rows(); ++row) {
      const auto subject = rows.int32(row, 0);
      by_subject[subject] = {.authority = council.authority,
                             .name = {},
                             .subject = subject,
                             .identifiers = {},
                             .records = rows.int64(row, 1),
                             .needing_attention = 0,
                             .last_record = rows.int64(row, 2),
                             .last_received = rows.day(row, 3)};
    }
    for (auto& [subject, name] : names(transaction, council.authority)) by_subject[subject].name = std::move(name);
    const auto identifiers = transaction.run(every_identifier, council.authority);
    for (int row = 0; row < identifiers.rows(); ++row) {
      const auto person = by_subject.find(identifiers.int32(row, 0));
      if (person == by_subject.end()) continue;
      person->second.identifiers.push_back(
          {std::string(identifiers.text(row, 1)), std::string(identifiers.text(row, 2))});
    }
    engine::FindingFilter needing_attention;
    needing_attention.outcomes = {engine::Outcome::breached, engine::Outcome::not_evidenced,
                                  engine::Outcome::contradicted, engine::Outcome::error};
    const auto wrong = engine::findings(transaction, council.authority, needing_attention);
    for (const auto& finding : wrong) {
      if (const auto person = by_subject.find(finding.subject); person != by_subject.end())
        ++person->second.needing_attention;
    }
    for (auto& [subject, person] : by_subject) {
      const auto matches = [&](const engine::Identifier& it) { return contains(it.value, number); };
      if (text.empty() || contains(person.name, text) || std::ranges::any_of(person.identifiers, matches))
        out.push_back(std::move(person));
    }
  }
  std::ranges::sort(out, {}, [](const PersonRow& it) { return std::tie(it.authority, it.name, it.subject); });
  return out;
}

std::vector<AgreementRow> agreements(pg::Connection& connection, const std::vector<Council>& councils) {
  std::vector<AgreementRow> out;
  for (const auto& council : councils) {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    engine::Vocabulary vocabulary;
    const engine::LedgerReader reader(transaction, council.authority, vocabulary);
    const auto known = reader.agreements(reader.size());
    const auto organisations = reader.organisations();
    std::map<std::string, std::int64_t, std::less<>> acts;
    const auto by_reference = transaction.run(acts_by_agreement, council.authority);
    for (int row = 0; row < by_reference.rows(); ++row)
      acts[std::string(by_reference.text(row, 0))] = by_reference.int64(row, 1);
    std::map<std::int32_t, std::int64_t> reports;
    const auto by_subject = transaction.run(reports_by_agreement, council.authority);
    for (int row = 0; row < by_subject.rows(); ++row) reports[by_subject.int32(row, 0)] = by_subject.int64(row, 1);
    for (const auto& agreement : known.all()) {
      AgreementRow row{.authority = council.authority,
                       .agreement = agreement,
                       .functions = {},
                       .acts = acts[agreement.reference],
                       .reports_received = reports[agreement.subject]};
      for (const auto function : agreement.functions) row.functions.emplace_back(vocabulary.text(function));
      for (const auto& party : agreement.parties) {
        if (!agreement.party_name.empty()) break;
        row.agreement.party_name += (row.agreement.party_name.empty() ? "" : ", ") + organisations.name(party);
      }
      out.push_back(std::move(row));
    }
  }
  return out;
}

std::vector<SubmissionRow> submissions(pg::Connection& connection, const std::vector<Council>& councils,
                                       const std::string& sender) {
  std::vector<SubmissionRow> out;
  for (const auto& council : councils) {
    pg::Transaction transaction(connection, pg::Access::read_only);
    const auto rows = transaction.run(every_submission, council.authority, sender);
    for (int row = 0; row < rows.rows(); ++row) {
      SubmissionRow it{.id = fmt::format("S{}-{}", council.authority, rows.int64(row, 0)),
                       .sender = std::string(rows.text(row, 1)),
                       .sender_name = std::string(rows.text(row, 2)),
                       .message_id = std::string(rows.text(row, 3)),
                       .received_at = rows.instant(row, 4),
                       .stored = rows.int64(row, 5),
                       .held = rows.int64(row, 6),
                       .already_held = rows.int64(row, 7),
                       .bytes = rows.int64(row, 8)};
      std::ranges::copy(rows.bytes(row, 9), it.sha256.begin());
      out.push_back(std::move(it));
    }
  }
  return out;
}

}  // namespace answerable::pages
