#include "reports/service/provider/todo.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "audit/engine/identity.hpp"
#include "reports/pages/bodies.hpp"
#include "reports/pages/wording.hpp"
#include "reports/service/provider/submissions.hpp"

namespace answerable::service::provider_desk {
namespace {

constexpr pg::Statement wanted_now{
    "provider.wanted",
    "SELECT what, reference, coalesce(sentence, ''), coalesce(person, ''), due, asked_on, total, overdue"
    " FROM answerable.wanted_page($1, $2, $3, $4)"};
constexpr pg::Statement coming_until{
    "provider.coming", "SELECT due, rule, coalesce(person, ''), finding FROM answerable.coming_up($1, $2)"};
// The newest record that they themselves sent about whom a finding is about.
constexpr pg::Statement own_records{
    "provider.own_records",
    "SELECT o.finding, r.kind, r.version, b.body FROM answerable.open_finding o CROSS JOIN LATERAL (SELECT r.number, "
    "r.kind,"
    " r.version FROM answerable.record r WHERE r.authority = o.authority AND r.subject = o.subject AND r.sender = "
    "(SELECT"
    " answerable.acting_sender()) ORDER BY r.number DESC LIMIT 1) r JOIN answerable.record_body b ON b.authority ="
    " o.authority AND b.number = r.number WHERE o.authority = $1 AND o.finding = ANY ($2::bigint[])"};
constexpr pg::Statement changed_since{
    "provider.since",
    "SELECT coalesce(sum(c.opened), 0)::bigint, coalesce(sum(c.closed), 0)::bigint, (SELECT count(*) FROM"
    " answerable.open_finding o WHERE o.authority = $1 AND o.actor = (SELECT answerable.acting_provider())"
    " AND answerable.needs_attention(o.outcome))"
    " FROM answerable.run_change c WHERE c.authority = $1 AND c.at >= $2 AND c.actor = (SELECT "
    "answerable.acting_provider())"};
constexpr pg::Statement one_request{
    "provider.request",
    "SELECT q.request, CASE WHEN q.finding IS NULL THEN '' ELSE answerable.finding_name(q.finding) END, q.what, "
    "q.asked_by,"
    " q.asked_at, q.until, coalesce((SELECT s.sentence FROM answerable.open_finding o JOIN answerable.finding_step s"
    " USING (authority, finding, run) WHERE o.authority = q.authority AND o.finding = q.finding), '')"
    " FROM answerable.request q WHERE q.authority = $1 AND q.request = $2 AND q.asked_of = (SELECT "
    "answerable.acting_provider())"};
constexpr pg::Statement its_replies{
    "provider.replies",
    "SELECT words, replied_by, replied_at, submission, coalesce(decision, ''), coalesce(reason, '') FROM"
    " answerable.request_reply WHERE authority = $1 AND request = $2 ORDER BY reply"};
constexpr pg::Statement answer{"provider.reply", "SELECT answerable.reply_to_request($1, $2, $3)"};

/// Whom findings are about, by the numbers that the organisation's own records gave them.
std::map<std::int64_t, std::string> people_of(pg::Transaction& transaction, const std::string& authority,
                                              const std::vector<std::int64_t>& findings) {
  std::map<std::int64_t, std::string> people;
  if (findings.empty()) return people;
  const auto rows = transaction.run(own_records, authority, fmt::format("{{{}}}", fmt::join(findings, ",")));
  std::vector<pages::Body> bodies;
  for (int i = 0; i < rows.rows(); ++i)
    bodies.push_back({std::string(rows.text(i, 1)), rows.int16(i, 2), text_of(rows.bytes(i, 3))});
  const auto records = pages::read_bodies(bodies);
  for (int i = 0; i < rows.rows(); ++i) {
    const auto* person = records[static_cast<std::size_t>(i)].child("person");
    if (person != nullptr && person->attribute("scheme") != nullptr)
      people[rows.int64(i, 0)] = pages::identifier_words({std::string(person->value("scheme")), person->text});
  }
  return people;
}

}  // namespace

WantedPage wanted(pg::Transaction& transaction, const std::string& authority, const std::string& what, Day today,
                  int skip, int most) {
  const auto rows = transaction.run(wanted_now, what, today, skip, most);
  WantedPage page;
  for (int i = 0; i < rows.rows(); ++i) {
    page.total = rows.int64(i, 6);
    page.overdue = rows.int64(i, 7);
    Wanted one{.what = std::string(rows.text(i, 0)),
               .reference = std::string(rows.text(i, 1)),
               .sentence = std::string(rows.text(i, 2)),
               .person = std::string(rows.text(i, 3)),
               .due = {},
               .asked_on = {}};
    if (!rows.is_null(i, 4)) one.due = rows.day(i, 4);
    if (!rows.is_null(i, 5)) one.asked_on = rows.day(i, 5);
    page.shown.push_back(std::move(one));
  }
  std::vector<std::int64_t> findings;
  for (const auto& one : page.shown)
    if (const auto finding = engine::parse_finding(one.reference)) findings.push_back(*finding);
  const auto people = people_of(transaction, authority, findings);
  for (auto& one : page.shown) {
    const auto finding = engine::parse_finding(one.reference);
    const auto person = finding && one.person.empty() ? people.find(*finding) : people.end();
    if (person != people.end()) one.person = person->second;
  }
  return page;
}

std::vector<Coming> coming(pg::Transaction& transaction, const std::string& authority, Day until, int most) {
  const auto rows = transaction.run(coming_until, until, most);
  std::vector<Coming> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({rows.day(i, 0), std::string(rows.text(i, 1)), std::string(rows.text(i, 2))});
  std::vector<std::int64_t> findings;
  for (int i = 0; i < rows.rows(); ++i) findings.push_back(rows.int64(i, 3));
  const auto people = people_of(transaction, authority, findings);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const auto person = people.find(findings[i]); all[i].person.empty() && person != people.end())
      all[i].person = person->second;
  return all;
}

Since since(pg::Transaction& transaction, const std::string& authority, Instant from) {
  const auto row = transaction.run_one(changed_since, authority, from);
  return {row.int64(0, 0), row.int64(0, 1), row.int64(0, 2)};
}

std::optional<Request> request(pg::Transaction& transaction, const std::string& authority, std::int64_t number) {
  const auto row = transaction.run(one_request, authority, number);
  if (row.rows() == 0) return std::nullopt;
  Request request{.number = row.int64(0, 0),
                  .finding = std::string(row.text(0, 1)),
                  .what = std::string(row.text(0, 2)),
                  .by = std::string(row.text(0, 3)),
                  .sentence = std::string(row.text(0, 6)),
                  .asked_at = row.instant(0, 4),
                  .until = row.day(0, 5),
                  .replies = {}};
  const auto replies = transaction.run(its_replies, authority, number);
  for (int i = 0; i < replies.rows(); ++i) {
    Reply reply{.words = std::string(replies.text(i, 0)),
                .by = std::string(replies.text(i, 1)),
                .at = replies.instant(i, 2),
                .submission = {},
                .decision = std::string(replies.text(i, 4)),
                .reason = std::string(replies.text(i, 5))};
    if (!replies.is_null(i, 3)) reply.submission = replies.int64(i, 3);
    request.replies.push_back(std::move(reply));
  }
  return request;
}

bool reply_to(pg::Transaction& transaction, std::int64_t request, const std::string& words,
              std::optional<std::int64_t> submission) {
  return !transaction.run_one(answer, request, words, submission).is_null(0, 0);
}

}  // namespace answerable::service::provider_desk
