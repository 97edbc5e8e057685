#include "reports/service/provider/known.hpp"

#include <fmt/format.h>

#include <map>

#include "reports/pages/bodies.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/provider/submissions.hpp"

namespace answerable::service::provider_desk {
namespace {

constexpr pg::Statement sender_and_council{
    "provider.ends",
    "SELECT coalesce((SELECT o.name FROM answerable.organisation o WHERE o.authority = u.authority AND o.organisation ="
    " (SELECT answerable.acting_sender())), ''), u.name FROM answerable.authority u WHERE u.authority = $1"};
// The newest record about each person, and the newest that gives their name, among the last few hundred.
constexpr pg::Statement people_lately{
    "provider.people",
    "WITH lately AS (SELECT s.first_record, s.last_record FROM answerable.submission s WHERE s.authority = $1"
    " AND s.sender = (SELECT answerable.acting_sender()) AND s.first_record IS NOT NULL ORDER BY s.submission DESC "
    "LIMIT 20),"
    " sent AS (SELECT r.* FROM lately l CROSS JOIN LATERAL (SELECT r.number, r.subject, r.kind, r.version FROM"
    " answerable.record r WHERE r.authority = $1 AND r.number BETWEEN l.first_record AND l.last_record"
    " AND r.sender = (SELECT answerable.acting_sender()) ORDER BY r.number DESC LIMIT 200) r),"
    " newest AS (SELECT DISTINCT ON (subject, kind = 'person') number, subject, kind, version FROM sent"
    " ORDER BY subject, kind = 'person', number DESC)"
    " SELECT n.subject, n.kind, n.version, b.body FROM (SELECT * FROM newest ORDER BY number DESC LIMIT 200) n"
    " JOIN answerable.record_body b ON b.authority = $1 AND b.number = n.number ORDER BY n.number DESC"};
// However many visits were sent: only the last of each file are gone through.
constexpr pg::Statement records_lately{
    "provider.records",
    "SELECT r.id, r.kind FROM answerable.submission s CROSS JOIN LATERAL (SELECT r.id, r.kind, r.number FROM"
    " answerable.record r WHERE r.authority = $1 AND r.number BETWEEN s.first_record AND s.last_record"
    " AND r.sender = s.sender ORDER BY r.number DESC LIMIT 200) r"
    " WHERE r.kind <> 'visit' AND s.authority = $1 AND s.sender = (SELECT answerable.acting_sender()) AND "
    "s.first_record IS NOT NULL"
    " AND s.submission IN (SELECT n.submission FROM answerable.submission n WHERE n.authority = $1 AND n.sender ="
    " (SELECT answerable.acting_sender()) ORDER BY n.submission DESC LIMIT 20) ORDER BY r.number DESC LIMIT 50"};
constexpr pg::Statement party_to{"provider.agreements",
                                 "SELECT reference, type, functions FROM answerable.agreements_with_me()"};

/// The number that a record gives its person.
const xml::Element* person_in(const xml::Element& record) {
  const auto* person = record.child("person");
  return person != nullptr && person->attribute("scheme") != nullptr ? person : nullptr;
}

}  // namespace

Ends ends(pg::Transaction& transaction, const access::Actor& actor) {
  const auto row = transaction.run_one(sender_and_council, actor.authority);
  const std::string key = actor.organisation.value_or("cassr:" + actor.authority);
  const auto colon = key.find(':');
  const std::string name(row.text(0, 0));
  return {.sender = {key.substr(0, colon), key.substr(colon + 1), name.empty() ? key.substr(colon + 1) : name},
          .authority = {"cassr", actor.authority, std::string(row.text(0, 1))},
          .named = !name.empty()};
}

forms::Known known(pg::Transaction& transaction, const access::Actor& actor) {
  forms::Known known;
  const auto rows = transaction.run(people_lately, actor.authority);
  std::vector<pages::Body> bodies;
  for (int i = 0; i < rows.rows(); ++i) {
    bodies.push_back({std::string(rows.text(i, 1)), rows.int16(i, 2), text_of(rows.bytes(i, 3))});
  }
  const auto records = pages::read_bodies(bodies);
  std::map<std::int32_t, std::size_t> places;
  for (int i = 0; i < rows.rows(); ++i) {
    const auto& record = records[static_cast<std::size_t>(i)];
    const auto* person = person_in(record);
    if (person == nullptr) continue;
    const auto [place, fresh] = places.emplace(rows.int32(i, 0), known.people.size());
    if (fresh) known.people.push_back({std::string(person->value("scheme")), person->text, ""});
    if (rows.text(i, 1) == "person") known.people[place->second].name = record.child_text("name");
  }
  const auto lately = transaction.run(records_lately, actor.authority);
  for (int i = 0; i < lately.rows(); ++i)
    known.records.push_back({std::string(lately.text(i, 0)), std::string(lately.text(i, 1))});
  const auto agreements = transaction.run(party_to);
  for (int i = 0; i < agreements.rows(); ++i) {
    const std::string reference(agreements.text(i, 0));
    known.agreements.push_back(
        {reference, fmt::format("{}, {}", reference, pages::instrument_words(agreements.text(i, 1)))});
  }
  return known;
}

}  // namespace answerable::service::provider_desk
