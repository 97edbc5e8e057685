#include "ingest/access/approvals.hpp"

namespace answerable::access {
namespace {

constexpr pg::Statement ask{"approvals.ask", "SELECT answerable.ask_approval($1, $2, $3, $4)"};
constexpr pg::Statement decide_one{"approvals.decide", "SELECT answerable.decide_approval($1, $2)"};
constexpr pg::Statement list_approvals{
    "approvals.list",
    "SELECT p.approval, p.what, p.about, p.reason, coalesce(a.name, ''), p.asked_at, d.name, p.decided_at, p.decision"
    " FROM answerable.approval p LEFT JOIN answerable.account a ON a.authority = p.authority AND a.account = p.asked_by"
    " LEFT JOIN answerable.account d ON d.authority = p.authority AND d.account = p.decided_by ORDER BY p.approval "
    "DESC"};
constexpr pg::Statement use_own{"approvals.use_own",
                                "SELECT what, about, subject, reason, asked_by, approved_by FROM "
                                "answerable.use_approval($1)"};
constexpr pg::Statement use_councils{"approvals.use_councils",
                                     "SELECT what, about, subject, reason, asked_by, approved_by FROM "
                                     "answerable.use_approval($1, $2)"};
constexpr pg::Statement must_be{"approvals.must_be_signed_off", "SELECT answerable.must_be_signed_off($1, $2)"};

std::optional<UsedApproval> used(const pg::Result& row) {
  if (row.rows() != 1) return std::nullopt;
  UsedApproval it{.what = std::string(row.text(0, 0)),
                  .about = std::string(row.text(0, 1)),
                  .reason = std::string(row.text(0, 3)),
                  .asked_by = std::string(row.text(0, 4)),
                  .approved_by = std::string(row.text(0, 5))};
  if (!row.is_null(0, 2)) it.subject = row.int32(0, 2);
  return it;
}

}  // namespace

std::string_view word(ApprovalOf what) {
  switch (what) {
    case ApprovalOf::set_aside:
      return "set-aside";
    case ApprovalOf::bundle:
      return "bundle";
    case ApprovalOf::disposal:
      return "disposal";
  }
  return "";
}

std::optional<std::int64_t> ask_approval(pg::Transaction& transaction, const Asked& asked) {
  const auto row = transaction.run_one(ask, word(asked.what), asked.about, asked.subject, asked.reason);
  return row.is_null(0, 0) ? std::nullopt : std::optional(row.int64(0, 0));
}

bool decide(pg::Transaction& transaction, std::int64_t number, bool approved) {
  return transaction.run_one(decide_one, number, approved ? "approved" : "refused").boolean(0, 0);
}

std::vector<Approval> approvals(pg::Transaction& transaction) {
  const auto rows = transaction.run(list_approvals);
  std::vector<Approval> all;
  for (int i = 0; i < rows.rows(); ++i) {
    Approval one{.number = rows.int64(i, 0),
                 .what = std::string(rows.text(i, 1)),
                 .about = std::string(rows.text(i, 2)),
                 .reason = std::string(rows.text(i, 3)),
                 .asked_by = std::string(rows.text(i, 4)),
                 .asked_at = rows.instant(i, 5)};
    if (!rows.is_null(i, 6)) one.decided_by = rows.text(i, 6);
    if (!rows.is_null(i, 7)) one.decided_at = rows.instant(i, 7);
    if (!rows.is_null(i, 8)) one.decision = rows.text(i, 8);
    all.push_back(std::move(one));
  }
  return all;
}

std::optional<UsedApproval> use_approval(pg::Transaction& transaction, std::int64_t number) {
  return used(transaction.run(use_own, number));
}

std::optional<UsedApproval> use_approval(pg::Transaction& transaction, std::string_view authority,
                                         std::int64_t number) {
  return used(transaction.run(use_councils, authority, number));
}

bool must_be_signed_off(pg::Transaction& transaction, std::string_view authority, ApprovalOf what) {
  return transaction.run_one(must_be, authority, word(what)).boolean(0, 0);
}

}  // namespace answerable::access
