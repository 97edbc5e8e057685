#include "audit/events/reminders.hpp"

#include "audit/events/event.hpp"
#include "ingest/json_text.hpp"

namespace answerable::events {
namespace {

constexpr pg::Statement list{
    "event.reminders",
    "SELECT event, subject, c->>'to', c->>'about', c->>'finding', (c->>'sent')::date, c->>'how', c->>'delivered',"
    " c->>'by', at FROM (SELECT event, subject, at, content::json AS c FROM answerable.event WHERE authority = $1"
    " AND kind = 'reminder' AND content IS NOT NULL AND ($3::int IS NULL OR subject = $3)) e"
    " WHERE ($2 = '' OR c->>'to' = $2) AND ($4 = '' OR c->>'finding' = $4) ORDER BY 6, event"};

std::optional<std::string> finding_text(const std::optional<engine::FindingId>& finding) {
  if (!finding) return std::nullopt;
  return engine::format_finding(*finding);
}

}  // namespace

std::int64_t add_reminder(pg::Transaction& transaction, const std::string& authority, const Reminder& reminder) {
  return append(transaction, authority, "reminder", reminder.subject,
                JsonText()
                    .text("to", reminder.to)
                    .text("about", reminder.about)
                    .maybe("finding", finding_text(reminder.finding))
                    .text("sent", iso(reminder.sent))
                    .text("how", reminder.how)
                    .text("delivered", reminder.delivered)
                    .text("by", reminder.by)
                    .take());
}

std::vector<Reminder> reminders(pg::Transaction& transaction, const std::string& authority,
                                const ReminderFilter& filter) {
  const auto rows =
      transaction.run(list, authority, filter.to, filter.subject, finding_text(filter.finding).value_or(""));
  std::vector<Reminder> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Reminder it{.number = rows.int64(i, 0),
                .to = std::string(rows.text(i, 2)),
                .about = std::string(rows.text(i, 3)),
                .sent = rows.day(i, 5),
                .how = std::string(rows.text(i, 6)),
                .delivered = std::string(rows.text(i, 7)),
                .by = std::string(rows.text(i, 8)),
                .at = rows.instant(i, 9)};
    if (!rows.is_null(i, 1)) it.subject = rows.int32(i, 1);
    if (!rows.is_null(i, 4)) it.finding = engine::parse_finding(rows.text(i, 4));
    all.push_back(std::move(it));
  }
  return all;
}

}  // namespace answerable::events
