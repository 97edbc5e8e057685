#include "audit/events/holds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/events/event.hpp"
#include "ingest/json_text.hpp"

namespace answerable::events {
namespace {

constexpr pg::Statement standing{"event.holds",
                                 "SELECT hold, subject, at, by, reason FROM answerable.hold WHERE authority = $1 AND "
                                 "($2::int IS NULL OR subject = $2) ORDER BY hold"};

}  // namespace

std::int64_t place_hold(pg::Transaction& transaction, const std::string& authority, std::int32_t subject,
                        const std::string& by, const std::string& reason) {
  return append(transaction, authority, "hold", subject, JsonText().text("by", by).text("reason", reason).take());
}

void lift_hold(pg::Transaction& transaction, const std::string& authority, std::int64_t number, const std::string& by,
               const std::string& reason) {
  const auto all = standing_holds(transaction, authority);
  const auto hold = std::ranges::find(all, number, &Hold::number);
  if (hold == all.end())
    throw std::invalid_argument(fmt::format(
        "council {} has no hold {} that stands; `answerable hold --list` shows those that do", authority, number));
  append(transaction, authority, "hold", hold->subject,
         JsonText().number("lifts", number).text("by", by).text("reason", reason).take());
}

std::vector<Hold> standing_holds(pg::Transaction& transaction, const std::string& authority,
                                 std::optional<std::int32_t> subject) {
  const auto rows = transaction.run(standing, authority, subject);
  std::vector<Hold> all;
  for (int i = 0; i < rows.rows(); ++i)
    all.push_back({.number = rows.int64(i, 0),
                   .subject = rows.int32(i, 1),
                   .at = rows.instant(i, 2),
                   .by = std::string(rows.text(i, 3)),
                   .reason = std::string(rows.text(i, 4))});
  return all;
}

}  // namespace answerable::events
