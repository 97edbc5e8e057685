#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/identity.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::service {

/// What an officer does about findings, one or several at once.
enum class Act { ask, escalate, complaint, plan, set_aside, reopen };
inline constexpr std::array all_acts{Act::ask, Act::plan, Act::escalate, Act::complaint, Act::set_aside, Act::reopen};
/// Whether it is for findings that are set aside; all others are for those that are not.
constexpr bool for_set_aside(Act act) {
  return act == Act::reopen;
}
/// "set-aside"
std::string_view word(Act act);
std::optional<Act> parse_act(std::string_view text);
/// "Ask for evidence"
std::string_view button_words(Act act);

/// Whether somebody's role does such things at all; about which findings, the database says.
bool may_follow_up(const access::Actor& actor);

/// What is said with an act.
struct ActWords {
  std::string text;  ///< what is asked for; why; the plan's title
  std::string to;    ///< to whom it is escalated; the complaint's reference
  std::optional<Day> until{};
};
/// What came of it.
struct ActOutcome {
  std::vector<engine::FindingId> done, not_done;
  std::optional<std::int64_t> plan{};
};
/// Does it about each finding for which it may be done. A plan is drafted about all of them or none.
ActOutcome carry_out(pg::Transaction& transaction, Act act, const std::vector<engine::FindingId>& findings,
                     const ActWords& words);

}  // namespace answerable::service
