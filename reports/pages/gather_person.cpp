#include <fmt/format.h>

#include <algorithm>

#include "ingest/pg/connection.hpp"
#include "reports/pages/bodies.hpp"
#include "reports/pages/gathering.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::pages {
namespace {

constexpr pg::Statement bodies_of_subject{
    "trail-bodies",
    "SELECT r.number, r.kind, r.version::int4, b.body FROM answerable.record r JOIN answerable.record_body b USING "
    "(authority, number) "
    "WHERE r.authority = $1 AND r.subject = $2 AND r.number < $3 AND r.kind = ANY ($4::text[]) AND NOT EXISTS "
    "(SELECT FROM answerable.record c WHERE c.authority = r.authority AND c.subject = r.subject AND c.corrects = "
    "r.number AND c.number < $3) "
    "ORDER BY r.number"};

constexpr pg::Statement identifiers_of_subject{
    "trail-identifiers",
    "SELECT scheme, value FROM answerable.identifier WHERE authority = $1 AND subject = $2 AND number < $3 "
    "AND scheme IN ('nhs-number', 'council', 'sender') ORDER BY scheme = 'nhs-number' DESC, scheme, value"};

/// Whose carer, advocate or representative the person is: relations that name one of the person's numbers.
constexpr pg::Statement relations_naming{
    "trail-relations",
    "SELECT r.number, r.kind, r.version::int4, b.body, r.subject FROM answerable.relations_naming($1, $2, $3) n JOIN "
    "answerable.record r ON r.authority = $1 AND r.number = n.number JOIN answerable.record_body b ON b.authority = $1 "
    "AND b.number = n.number WHERE r.subject <> $2 AND NOT EXISTS "
    "(SELECT FROM answerable.record c WHERE c.authority = r.authority AND c.subject = r.subject AND c.corrects = "
    "r.number AND c.number < $3) "
    "ORDER BY r.number"};

constexpr pg::Statement submissions_of_subject{
    "trail-submissions",
    "SELECT s.submission, o.scheme || ':' || o.code, s.message_id, s.source_system, s.sha256, s.received_at, s.bytes, "
    "n.records "
    "FROM (SELECT submission, count(*) AS records FROM answerable.record WHERE authority = $1 AND subject = $2 AND "
    "number < $3 "
    "GROUP BY submission) n JOIN answerable.submission s ON s.authority = $1 AND s.submission = n.submission "
    "JOIN answerable.organisation o ON o.authority = $1 AND o.organisation = s.sender ORDER BY s.submission"};

struct Read {
  std::vector<std::int64_t> numbers;
  std::vector<std::int32_t> subjects;
  std::vector<xml::Element> elements;
};

Read read(const pg::Result& rows, bool with_subject) {
  Read out;
  std::vector<Body> bodies;
  for (int row = 0; row < rows.rows(); ++row) {
    out.numbers.push_back(rows.int64(row, 0));
    if (with_subject) out.subjects.push_back(rows.int32(row, 4));
    const auto bytes = rows.bytes(row, 3);
    std::string text(bytes.size(), '\0');
    std::ranges::transform(bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
    bodies.push_back({std::string(rows.text(row, 1)), rows.int32(row, 2), std::move(text)});
  }
  out.elements = read_bodies(bodies);
  return out;
}

void add(std::vector<Person::Value>& to, std::string_view text, std::int64_t record) {
  if (!text.empty() && std::ranges::find(to, text, &Person::Value::text) == to.end())
    to.push_back({std::string(text), record});
}

Relation relation(const xml::Element& element, std::int64_t record) {
  Relation out{.role = code_words(element.child_text("role")),
               .name = std::string(element.child_text("name")),
               .scope = std::string(element.child_text("scope")),
               .from = parse_happened(element.child_text("from")).value_or(Happened{}),
               .to = parse_happened(element.child_text("to")),
               .record = record};
  if (out.name.empty()) {
    const auto* other = element.child("otherPerson");
    if (other != nullptr) out.name = identifier_words({std::string(other->value("scheme")), other->text});
  }
  return out;
}

/// The other person may be named by a number that is somebody else's under another scheme.
bool names_one_of(const xml::Element& relationship, const std::vector<engine::Identifier>& identifiers) {
  const auto* other = relationship.child("otherPerson");
  if (other == nullptr) return false;
  return std::ranges::any_of(identifiers, [&](const engine::Identifier& mine) {
    return mine.scheme == other->value("scheme") &&
           (mine.value == other->text || (mine.scheme == "sender" && mine.value.ends_with("/" + other->text)));
  });
}

}  // namespace

Person person(pg::Transaction& transaction, const Gathering&, const Trail& trail, std::int32_t subject) {
  Person out;
  const auto known_at = trail.horizon.known_at;
  const auto identifiers = transaction.run(identifiers_of_subject, trail.authority, subject, known_at);
  for (int row = 0; row < identifiers.rows(); ++row) {
    out.identifiers.push_back({std::string(identifiers.text(row, 0)), std::string(identifiers.text(row, 1))});
  }
  const auto own =
      read(transaction.run(bodies_of_subject, trail.authority, subject, known_at, "{person,relationship}"), false);
  for (std::size_t i = own.elements.size(); i-- > 0;) {
    const auto& element = own.elements[i];
    if (element.name == "relationship") {
      out.relations.insert(out.relations.begin(), relation(element, own.numbers[i]));
      continue;
    }
    add(out.names, element.child_text("name"), own.numbers[i]);
    if (const auto born = parse_happened(element.child_text("dateOfBirth")))
      add(out.born, words(*born), own.numbers[i]);
    add(out.communication_needs, element.child_text("communicationNeeds"), own.numbers[i]);
    add(out.reasonable_adjustments, element.child_text("reasonableAdjustments"), own.numbers[i]);
  }
  const auto others = read(transaction.run(relations_naming, trail.authority, subject, known_at), true);
  for (std::size_t i = 0; i < others.elements.size(); ++i) {
    if (!names_one_of(others.elements[i], out.identifiers)) continue;
    auto it = relation(others.elements[i], others.numbers[i]);
    it.of_other = true;
    const auto named =
        read(transaction.run(bodies_of_subject, trail.authority, others.subjects[i], known_at, "{person}"), false);
    it.name = named.elements.empty() ? "a person" : std::string(named.elements.back().child_text("name"));
    out.relations.push_back(std::move(it));
  }
  return out;
}

std::vector<SubmissionUsed> submissions(pg::Transaction& transaction, const Gathering& gathering, const Trail& trail,
                                        std::int32_t subject) {
  const auto rows = transaction.run(submissions_of_subject, trail.authority, subject, trail.horizon.known_at);
  std::vector<SubmissionUsed> out;
  for (int row = 0; row < rows.rows(); ++row) {
    SubmissionUsed it{.id = fmt::format("S{}-{}", trail.authority, rows.int64(row, 0)),
                      .sender = gathering.party(rows.text(row, 1)),
                      .message_id = std::string(rows.text(row, 2)),
                      .source_system = std::string(rows.text(row, 3)),
                      .received_at = rows.instant(row, 5),
                      .bytes = rows.int64(row, 6),
                      .records = rows.int64(row, 7)};
    std::ranges::copy(rows.bytes(row, 4), it.sha256.begin());
    out.push_back(std::move(it));
  }
  return out;
}

}  // namespace answerable::pages
