#include "reports/service/complaints/work.hpp"

#include <algorithm>

#include "audit/engine/identity.hpp"

namespace answerable::service {
namespace {

constexpr pg::Statement heads_read{
    "complaint_work.heads",
    "SELECT head, words FROM answerable.complaint_head WHERE reference = $1 AND dropped_at"
    " IS NULL ORDER BY head"};
constexpr pg::Statement ties_read{
    "complaint_work.ties",
    "SELECT head, what, about FROM answerable.complaint_tie WHERE reference = $1 ORDER BY "
    "head, what, at"};
constexpr pg::Statement drafts_read{
    "complaint_work.drafts",
    "SELECT DISTINCT ON (piece) piece, words FROM answerable.complaint_draft WHERE reference = $1 ORDER BY piece,"
    " ordinal DESC"};
constexpr pg::Statement parts_read{
    "complaint_work.parts",
    "SELECT p.part, p.reference, p.body, p.words, coalesce(a.name, ''), p.due, p.at, p.reply, p.replied_at"
    " FROM answerable.complaint_part p LEFT JOIN answerable.account a ON a.authority = p.authority AND a.account = p.by"
    " WHERE $1 = '' OR p.reference = $1 ORDER BY p.reply IS NOT NULL, p.due, p.part LIMIT 200"};
constexpr pg::Statement kept_back_read{
    "complaint_work.kept_back",
    "SELECT item, what, sender, id, path, name, reason FROM answerable.complaint_keep_back WHERE reference = $1"
    " AND dropped_at IS NULL ORDER BY item"};
constexpr pg::Statement bundles_read{
    "complaint_work.bundles",
    "SELECT p.approval, p.reason, coalesce(a.name, ''), p.asked_at, p.decision, d.name, b.number"
    " FROM answerable.approval p"
    " LEFT JOIN answerable.account a ON a.authority = p.authority AND a.account = p.asked_by"
    " LEFT JOIN answerable.account d ON d.authority = p.authority AND d.account = p.decided_by"
    " LEFT JOIN answerable.complaint_bundle b ON b.authority = p.authority AND b.approval = p.approval"
    " WHERE p.what = 'bundle' AND p.about = $1 ORDER BY p.approval DESC LIMIT 20"};
constexpr pg::Statement kept_back_when_asked{
    "complaint_work.kept_back_when_asked",
    "SELECT k.what, k.sender, k.id, k.path, k.name, k.reason, a.name, p.asked_at FROM answerable.approval p"
    " JOIN answerable.complaint_keep_back k ON k.authority = p.authority AND k.reference = p.about"
    " AND k.at <= p.asked_at AND (k.dropped_at IS NULL OR k.dropped_at > p.asked_at)"
    " JOIN answerable.account a ON a.authority = p.authority AND a.account = p.asked_by"
    " WHERE p.approval = $1 AND p.what = 'bundle' ORDER BY k.item"};

constexpr pg::Statement head_added{"complaint_work.add_head", "SELECT answerable.add_head($1, $2)"};
constexpr pg::Statement head_dropped{"complaint_work.drop_head", "SELECT answerable.drop_head($1, $2)"};
constexpr pg::Statement head_tied{"complaint_work.tie", "SELECT answerable.tie_head($1, $2, $3, $4)"};
constexpr pg::Statement head_untied{"complaint_work.untie", "SELECT answerable.untie_head($1, $2, $3, $4)"};
constexpr pg::Statement draft_written{"complaint_work.draft", "SELECT answerable.write_draft($1, $2, $3)"};
constexpr pg::Statement part_asked{"complaint_work.ask_part", "SELECT answerable.ask_part($1, $2, $3, $4)"};
constexpr pg::Statement part_replied{"complaint_work.reply_part", "SELECT answerable.reply_part($1, $2)"};
constexpr pg::Statement item_kept_back{"complaint_work.keep_back",
                                       "SELECT answerable.keep_back($1, $2, $3, $4, $5, $6, $7)"};
constexpr pg::Statement item_shown{"complaint_work.show_again", "SELECT answerable.show_again($1, $2)"};

Part part_in(const pg::Result& rows, int row) {
  Part part{.number = rows.int64(row, 0),
            .reference = std::string(rows.text(row, 1)),
            .body = std::string(rows.text(row, 2)),
            .words = std::string(rows.text(row, 3)),
            .asked_by = std::string(rows.text(row, 4)),
            .due = rows.day(row, 5),
            .asked_at = rows.instant(row, 6)};
  if (!rows.is_null(row, 7)) part.reply = rows.text(row, 7);
  if (!rows.is_null(row, 8)) part.replied_at = rows.instant(row, 8);
  return part;
}

std::vector<Part> parts_of(pg::Transaction& transaction, const std::string& reference) {
  const auto rows = transaction.run(parts_read, reference);
  std::vector<Part> parts;
  for (int row = 0; row < rows.rows(); ++row) parts.push_back(part_in(rows, row));
  return parts;
}

std::vector<Head> heads_of(pg::Transaction& transaction, const std::string& reference) {
  std::vector<Head> heads;
  const auto rows = transaction.run(heads_read, reference);
  for (int row = 0; row < rows.rows(); ++row) heads.push_back({rows.int32(row, 0), std::string(rows.text(row, 1)), {}});
  const auto ties = transaction.run(ties_read, reference);
  for (int row = 0; row < ties.rows(); ++row) {
    const auto head = std::ranges::find(heads, ties.int32(row, 0), &Head::number);
    if (head != heads.end()) head->ties.push_back({std::string(ties.text(row, 1)), std::string(ties.text(row, 2))});
  }
  return heads;
}

std::vector<BundleAsked> bundles_of(pg::Transaction& transaction, const std::string& reference) {
  const auto rows = transaction.run(bundles_read, reference);
  std::vector<BundleAsked> bundles;
  for (int row = 0; row < rows.rows(); ++row) {
    const auto maybe = [&](int column) {
      return rows.is_null(row, column) ? std::nullopt : std::optional<std::string>(rows.text(row, column));
    };
    bundles.push_back({.approval = rows.int64(row, 0),
                       .reason = std::string(rows.text(row, 1)),
                       .asked_by = std::string(rows.text(row, 2)),
                       .asked_at = rows.instant(row, 3),
                       .decision = maybe(4),
                       .decided_by = maybe(5),
                       .number = maybe(6)});
  }
  return bundles;
}

bool did(const pg::Result& row) {
  return row.boolean(0, 0);
}

}  // namespace

std::string_view Work::draft(std::string_view piece) const {
  const auto found = drafts.find(piece);
  return found == drafts.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<ReplyPart> Work::missing_of_reply() const {
  std::vector<ReplyPart> missing;
  for (const auto& part : reply_parts)
    if (draft(part.piece).empty()) missing.push_back(part);
  return missing;
}

Work work_on(pg::Transaction& transaction, const std::string& reference) {
  Work work{.heads = heads_of(transaction, reference),
            .drafts = {},
            .parts = parts_of(transaction, reference),
            .kept_back = {},
            .bundles = bundles_of(transaction, reference)};
  const auto drafts = transaction.run(drafts_read, reference);
  for (int row = 0; row < drafts.rows(); ++row) work.drafts.emplace(drafts.text(row, 0), drafts.text(row, 1));
  const auto kept = transaction.run(kept_back_read, reference);
  for (int row = 0; row < kept.rows(); ++row)
    work.kept_back.push_back({kept.int64(row, 0), std::string(kept.text(row, 1)), std::string(kept.text(row, 2)),
                              std::string(kept.text(row, 3)), std::string(kept.text(row, 4)),
                              std::string(kept.text(row, 5)), std::string(kept.text(row, 6))});
  return work;
}

std::optional<int> add_head(pg::Transaction& transaction, const std::string& reference, const std::string& words) {
  const auto row = transaction.run_one(head_added, reference, words);
  return row.is_null(0, 0) ? std::nullopt : std::optional(row.int32(0, 0));
}

bool drop_head(pg::Transaction& transaction, const std::string& reference, int head) {
  return did(transaction.run_one(head_dropped, reference, head));
}

bool tie_head(pg::Transaction& transaction, const std::string& reference, int head, const Tie& tie) {
  return did(transaction.run_one(head_tied, reference, head, tie.what, tie.about));
}

bool untie_head(pg::Transaction& transaction, const std::string& reference, int head, const Tie& tie) {
  return did(transaction.run_one(head_untied, reference, head, tie.what, tie.about));
}

bool write_draft(pg::Transaction& transaction, const std::string& reference, const std::string& piece,
                 const std::string& words) {
  return !transaction.run_one(draft_written, reference, piece, words).is_null(0, 0);
}

std::optional<std::int64_t> ask_part(pg::Transaction& transaction, const std::string& reference,
                                     const std::string& body, const std::string& words, Day due) {
  const auto row = transaction.run_one(part_asked, reference, body, words, due);
  return row.is_null(0, 0) ? std::nullopt : std::optional(row.int64(0, 0));
}

bool reply_part(pg::Transaction& transaction, std::int64_t part, const std::string& words) {
  return did(transaction.run_one(part_replied, part, words));
}

std::vector<Part> parts_asked_of_us(pg::Transaction& transaction) {
  return parts_of(transaction, "");
}

bool keep_back(pg::Transaction& transaction, const std::string& reference, const KeptBack& what) {
  return !transaction
              .run_one(item_kept_back, reference, what.what, what.sender, what.id, what.path, what.name, what.reason)
              .is_null(0, 0);
}

bool show_again(pg::Transaction& transaction, const std::string& reference, std::int64_t item) {
  return did(transaction.run_one(item_shown, reference, item));
}

std::optional<bundle::RedactionRequest> keeping_back(pg::Transaction& transaction, std::int64_t approval) {
  const auto rows = transaction.run(kept_back_when_asked, approval);
  if (rows.rows() == 0) return std::nullopt;
  bundle::RedactionRequest request{
      .by = std::string(rows.text(0, 6)), .on = london_day(rows.instant(0, 7)), .items = {}, .checked = {}};
  for (int row = 0; row < rows.rows(); ++row) {
    const auto what = rows.text(row, 0);
    const bundle::WhichRecord record{std::string(rows.text(row, 1)), std::string(rows.text(row, 2))};
    bundle::RedactionRequest::Item item{
        .line = row + 1,
        .reason = bundle::parse_reason(rows.text(row, 5)).value_or(bundle::Reason::third_party),
        .what = bundle::KeepRecord{record}};
    if (what == "person") item.what = bundle::KeepPerson{.identifiers = {}, .names = {std::string(rows.text(row, 4))}};
    if (what == "field") item.what = bundle::KeepField{record, std::string(rows.text(row, 3)), ""};
    request.items.push_back(std::move(item));
  }
  return request;
}

}  // namespace answerable::service
