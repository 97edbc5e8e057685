#include "reports/service/monitoring/asking.hpp"

#include <algorithm>
#include <map>

#include "ingest/intake/receipt.hpp"

namespace answerable::monitoring {
namespace {

/// Answered is what has a reply that was not turned down.
constexpr pg::Statement some_requests{
    "monitoring.requests",
    "SELECT q.request, q.letter, q.asked_of, q.finding, q.what, q.asked_by, q.asked_at, q.until, count(*) OVER ()"
    " FROM answerable.request q WHERE q.authority = $1 AND ($2::bigint IS NULL OR q.finding = $2) AND ($8::bigint IS "
    "NULL OR "
    "q.request = $8) AND ($3 = '' OR "
    "q.asked_of = $3)"
    " AND ($4 = 'anything' OR CASE WHEN $4 = 'decision' THEN EXISTS (SELECT FROM answerable.request_reply p"
    "   WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS NULL)"
    "  ELSE NOT EXISTS (SELECT FROM answerable.request_reply p WHERE p.authority = q.authority AND p.request = "
    "q.request"
    "    AND p.decision IS DISTINCT FROM 'not-accepted') AND ($4 = 'answer' OR q.until < $5)"
    "   AND (q.finding IS NULL OR EXISTS (SELECT FROM answerable.open_finding o WHERE o.authority = q.authority AND "
    "o.finding = q.finding)) END)"
    " ORDER BY CASE WHEN $4 LIKE 'answer%' THEN q.until END, q.request DESC LIMIT $6 OFFSET $7"};
constexpr pg::Statement replies_of{
    "monitoring.replies",
    "SELECT request, reply, words, submission, replied_by, replied_at, coalesce(decision, ''), coalesce(reason, ''),"
    " coalesce(decided_by, ''), decided_at FROM answerable.request_reply WHERE authority = $1 AND request = ANY "
    "($2::bigint[]) ORDER BY reply"};
constexpr pg::Statement reminders_of{"monitoring.reminders",
                                     "SELECT request, reminded_at FROM answerable.reminder WHERE authority = $1 AND "
                                     "request = ANY ($2::bigint[]) ORDER BY reminded_at"};

constexpr std::string_view word(RequestState state) {
  switch (state) {
    case RequestState::anything:
      return "anything";
    case RequestState::decision:
      return "decision";
    case RequestState::answer_overdue:
      return "answer-overdue";
    case RequestState::answer:
      return "answer";
  }
  return "";
}

std::string numbers(const std::vector<Request>& all) {
  std::string text = "{";
  for (const auto& request : all) text += (text.size() > 1 ? "," : "") + std::to_string(request.number);
  return text + "}";
}

}  // namespace

bool Request::unanswered() const {
  return std::ranges::all_of(replies, [](const Reply& reply) { return reply.decision == "not-accepted"; });
}
bool Request::undecided() const {
  return std::ranges::any_of(replies, [](const Reply& reply) { return reply.decision.empty(); });
}
bool Request::accepted() const {
  return std::ranges::any_of(replies, [](const Reply& reply) { return reply.decision == "accepted"; });
}

Requests requests(pg::Transaction& transaction, const std::string& authority, const RequestFilter& filter, Day today) {
  Requests all;
  const auto rows = transaction.run(some_requests, authority, filter.finding, filter.asked_of, word(filter.waiting),
                                    today, std::int64_t{filter.limit}, std::int64_t{filter.skip}, filter.request);
  std::map<std::int64_t, std::size_t> places;
  for (int i = 0; i < rows.rows(); ++i) {
    Request one{.number = rows.int64(i, 0),
                .letter = rows.int64(i, 1),
                .asked_of = std::string(rows.text(i, 2)),
                .what = std::string(rows.text(i, 4)),
                .by = std::string(rows.text(i, 5)),
                .at = rows.instant(i, 6),
                .until = rows.day(i, 7)};
    if (!rows.is_null(i, 3)) one.finding = rows.int64(i, 3);
    all.total = rows.int64(i, 8);
    places[one.number] = all.shown.size();
    all.shown.push_back(std::move(one));
  }
  if (all.shown.empty()) return all;
  const auto which = numbers(all.shown);
  const auto replies = transaction.run(replies_of, authority, which);
  for (int i = 0; i < replies.rows(); ++i) {
    Reply reply{.number = replies.int64(i, 1),
                .words = std::string(replies.text(i, 2)),
                .by = std::string(replies.text(i, 4)),
                .at = replies.instant(i, 5),
                .decision = std::string(replies.text(i, 6)),
                .reason = std::string(replies.text(i, 7)),
                .decided_by = std::string(replies.text(i, 8))};
    if (!replies.is_null(i, 3)) reply.receipt = intake::ReceiptId{authority, replies.int64(i, 3)}.text();
    if (!replies.is_null(i, 9)) reply.decided_at = replies.instant(i, 9);
    all.shown[places.at(replies.int64(i, 0))].replies.push_back(std::move(reply));
  }
  const auto reminders = transaction.run(reminders_of, authority, which);
  for (int i = 0; i < reminders.rows(); ++i)
    all.shown[places.at(reminders.int64(i, 0))].reminders.push_back(reminders.instant(i, 1));
  return all;
}

}  // namespace answerable::monitoring
