#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

/// Sign-off by a second person: who asks does not decide. On connections with an Acting.
namespace answerable::access {

enum class ApprovalOf { set_aside, bundle, disposal };
/// "set-aside"
std::string_view word(ApprovalOf what);

struct Approval {
  std::int64_t number{};
  std::string what{}, about{}, reason{};
  std::string asked_by{};  ///< name
  Instant asked_at{};
  std::optional<std::string> decided_by{};  ///< name
  std::optional<Instant> decided_at{};
  std::optional<std::string> decision{};  ///< approved | refused
};

struct Asked {
  ApprovalOf what{};
  std::string about{};                    ///< the finding, the case or the person's number
  std::optional<std::int32_t> subject{};  ///< whom it concerns: what is said here goes when their records do
  std::string reason{};
};
/// Its number; nothing when whoever the connection acts for may not ask for it.
std::optional<std::int64_t> ask_approval(pg::Transaction& transaction, const Asked& asked);
/// False when there is none that waits, it was asked for by the same person, or their role may not decide it.
bool decide(pg::Transaction& transaction, std::int64_t number, bool approved);
/// Those that whoever the connection acts for asked for or may decide, newest first.
std::vector<Approval> approvals(pg::Transaction& transaction);

/// What was approved, by its two people: "Gus Guardian <g@example.org>".
struct UsedApproval {
  std::string what{}, about{};
  std::optional<std::int32_t> subject{};
  std::string reason{}, asked_by{}, approved_by{};
};
/// Uses an approval up, for what the same transaction then does and puts on the ledger with `approval` and
/// `approved_by` (schemas/formats/leaf.md); the database takes nothing that was not approved. Nothing when there is
/// none, it was not approved, was used already, or whoever the connection acts for is neither of its two people.
std::optional<UsedApproval> use_approval(pg::Transaction& transaction, std::int64_t number);
/// The same for whoever holds the database. \param transaction as answerable_audit or answerable_desk
std::optional<UsedApproval> use_approval(pg::Transaction& transaction, std::string_view authority, std::int64_t number);
/// Whether anybody of the council has an account that may sign it off: then nobody does without.
bool must_be_signed_off(pg::Transaction& transaction, std::string_view authority, ApprovalOf what);

/// What stands behind something that needs a second person, as its leaf says it.
struct SignOff {
  std::optional<std::int64_t> approval{};    ///< nothing: not signed off
  std::optional<std::string> approved_by{};  ///< without an approval, whom the command line was told
};

}  // namespace answerable::access
