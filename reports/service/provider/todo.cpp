#include "reports/service/provider/todo.hpp"

namespace answerable::service::provider_desk {
namespace {

constexpr pg::Statement wanted_now{
    "provider.wanted",
    "SELECT what, reference, coalesce(sentence, ''), coalesce(person, ''), due, asked_on, count(*) OVER (),"
    " count(*) FILTER (WHERE due < $2) OVER () FROM answerable.wanted() WHERE $1 = '' OR what = $1"
    " ORDER BY due NULLS LAST, what, reference OFFSET $3 LIMIT $4"};
constexpr pg::Statement coming_until{"provider.coming",
                                     "SELECT due, rule, coalesce(person, '') FROM answerable.coming_up($1) LIMIT $2"};
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

}  // namespace

WantedPage wanted(pg::Transaction& transaction, const std::string& what, Day today, int skip, int most) {
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
  return page;
}

std::vector<Coming> coming(pg::Transaction& transaction, Day until, int most) {
  const auto rows = transaction.run(coming_until, until, most);
  std::vector<Coming> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({rows.day(i, 0), std::string(rows.text(i, 1)), std::string(rows.text(i, 2))});
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
