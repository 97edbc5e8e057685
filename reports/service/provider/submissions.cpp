#include "reports/service/provider/submissions.hpp"

#include <algorithm>
#include <limits>

#include "ingest/intake/faults.hpp"

namespace answerable::service::provider_desk {
namespace {

constexpr pg::Statement of_submission{
    "held.of_submission",
    "SELECT held, submission, kind, id, line, received_at, erased, mended_in, held_again_in FROM answerable.held_state"
    " WHERE authority = $1 AND submission = $2 AND sender = (SELECT answerable.acting_sender())"
    " ORDER BY line, held LIMIT $3"};
constexpr pg::Statement one_held{
    "held.one",
    "SELECT held, submission, kind, id, line, received_at, erased, mended_in, held_again_in FROM answerable.held_state"
    " WHERE authority = $1 AND held = $2 AND sender = (SELECT answerable.acting_sender())"};
constexpr pg::Statement waiting_held{
    "held.waiting",
    "SELECT w.held, w.submission, w.kind, w.id, w.line, w.received_at, w.erased, w.mended_in, w.held_again_in"
    " FROM answerable.submission s JOIN answerable.held_state w USING (authority, submission) WHERE s.authority = $1"
    " AND s.sender = (SELECT answerable.acting_sender()) AND s.held > 0 AND NOT w.erased AND w.mended_in IS NULL"
    " AND w.held_again_in IS NULL ORDER BY w.held LIMIT $2"};
constexpr pg::Statement bytes_of{"held.bytes",
                                 "SELECT bytes FROM answerable.held_record WHERE authority = $1 AND held = $2"};
constexpr pg::Statement faults_of{
    "held.faults",
    "SELECT severity, code, line, col, record_id, field, sent, problem, expected, mend FROM answerable.fault"
    " WHERE authority = $1 AND submission = $2 AND line BETWEEN $3 AND $4 ORDER BY ordinal"};
constexpr pg::Statement list_sent{
    "provider.submissions",
    "SELECT s.submission, s.received_at, s.message_id, s.source_system, coalesce(s.agreement, ''), s.stored, s.held,"
    " s.already_held, CASE WHEN s.held = 0 THEN 0 ELSE (SELECT count(*) FROM answerable.held_state h WHERE h.authority "
    "="
    " s.authority AND h.submission = s.submission AND NOT h.erased AND h.mended_in IS NULL AND h.held_again_in IS "
    "NULL) END"
    " FROM answerable.submission s WHERE s.authority = $1 AND s.sender = (SELECT answerable.acting_sender())"
    " AND s.submission < $2 ORDER BY s.submission DESC LIMIT $3"};
constexpr pg::Statement note{"provider.note_sending", "SELECT answerable.note_sending($1, $2)"};

Held held_row(const pg::Result& rows, int i) {
  Held held{.held = rows.int64(i, 0),
            .submission = rows.int64(i, 1),
            .kind = std::string(rows.text(i, 2)),
            .id = std::string(rows.text(i, 3)),
            .line = rows.int32(i, 4),
            .received_at = rows.instant(i, 5),
            .state = Held::State::waits,
            .mended_in = {}};
  if (rows.boolean(i, 6)) {
    held.state = Held::State::erased;
  } else if (!rows.is_null(i, 7)) {
    held.state = Held::State::mended;
    held.mended_in = rows.int64(i, 7);
  } else if (!rows.is_null(i, 8)) {
    held.state = Held::State::sent_again;
    held.mended_in = rows.int64(i, 8);
  }
  return held;
}

std::vector<Held> held_rows(const pg::Result& rows) {
  std::vector<Held> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(held_row(rows, i));
  return all;
}

Fault fault_row(const pg::Result& rows, int i) {
  const auto text = [&](int column) { return std::string(rows.text(i, column)); };
  return {.severity = intake::parse_severity(rows.text(i, 0)),
          .code = text(1),
          .line = rows.int32(i, 2),
          .column = rows.int32(i, 3),
          .record_id = text(4),
          .field = text(5),
          .sent = text(6),
          .problem = text(7),
          .expected = text(8),
          .mend = text(9)};
}

}  // namespace

std::vector<SubmissionLine> submissions(pg::Transaction& transaction, const std::string& authority,
                                        std::optional<std::int64_t> before, int most) {
  constexpr auto none = std::numeric_limits<std::int64_t>::max();
  const auto rows = transaction.run(list_sent, authority, before.value_or(none), most);
  std::vector<SubmissionLine> lines;
  for (int i = 0; i < rows.rows(); ++i)
    lines.push_back({.submission = rows.int64(i, 0),
                     .received_at = rows.instant(i, 1),
                     .message_id = std::string(rows.text(i, 2)),
                     .source_system = std::string(rows.text(i, 3)),
                     .agreement = std::string(rows.text(i, 4)),
                     .stored = rows.int32(i, 5),
                     .held = rows.int32(i, 6),
                     .already_held = rows.int32(i, 7),
                     .still_held = rows.int64(i, 8)});
  return lines;
}

std::vector<Held> held_in(pg::Transaction& transaction, const std::string& authority, std::int64_t submission,
                          int most) {
  return held_rows(transaction.run(of_submission, authority, submission, most));
}

std::vector<Held> still_held(pg::Transaction& transaction, const std::string& authority, int most) {
  return held_rows(transaction.run(waiting_held, authority, most));
}

std::optional<HeldWhole> held_whole(pg::Transaction& transaction, const std::string& authority, std::int64_t held) {
  const auto rows = transaction.run(one_held, authority, held);
  if (rows.rows() == 0) return std::nullopt;
  HeldWhole whole{.line = held_row(rows, 0), .bytes = {}, .faults = {}};
  if (whole.line.state == Held::State::erased) return whole;
  const auto found = transaction.run_one(bytes_of, authority, held);
  whole.bytes = text_of(found.bytes(0, 0));
  const int first = whole.line.line;
  const int last = first + static_cast<int>(std::ranges::count(whole.bytes, '\n'));
  const auto wrong = transaction.run(faults_of, authority, whole.line.submission, first, last);
  for (int i = 0; i < wrong.rows(); ++i) {
    auto fault = fault_row(wrong, i);
    fault.line -= first - 1;
    if (fault.record_id.empty() || whole.line.id.empty() || fault.record_id == whole.line.id)
      whole.faults.push_back(std::move(fault));
  }
  return whole;
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text(bytes.size(), '\0');
  std::ranges::transform(bytes, text.begin(), [](std::byte b) { return static_cast<char>(b); });
  return text;
}

void note_sending(pg::Transaction& transaction, std::int64_t submission, std::optional<std::int64_t> mends) {
  transaction.run_one(note, submission, mends);
}

}  // namespace answerable::service::provider_desk
