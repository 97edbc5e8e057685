#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/engine/decisions.hpp"
#include "audit/engine/identity.hpp"
#include "reports/service/monitoring/asking.hpp"

namespace answerable::monitoring {

struct Escalation {
  std::string to, reason, by;
  Instant at{};
};
struct ComplaintLink {
  std::string reference, by;
  Instant at{};
};
/// An action of a plan that was sent, about one finding.
struct PlannedAction {
  std::int64_t plan{};
  std::string what;
  Day until{};
};
/// That it be set aside was asked for, and nobody has decided.
struct SetAsideAsked {
  std::int64_t approval{};
  std::string reason, by;
  Instant at{};
  std::optional<Day> until{};
};

/// One finding as its newest step has it, and what was done about it.
struct FindingPage {
  engine::FindingId id{};
  std::int32_t subject{};
  bool about_person{};
  bool withdrawn{};  ///< nothing calls for it any more
  engine::Outcome outcome{};
  std::string rule, severity, state, sentence, actor, agreement;
  Day edition_from{};  ///< of the rule
  std::optional<Day> due{}, flagged_since{};
  std::optional<Day> found_on{};  ///< while it is open
  Day as_of{};                    ///< of the last audit
  std::optional<std::int64_t> known_at{};
  std::vector<engine::LifeStep> life{};
  bool set_aside{};
  std::vector<Request> requests{};
  std::vector<Escalation> escalations{};
  std::vector<ComplaintLink> complaints{};
  std::vector<PlannedAction> actions{};
  std::optional<SetAsideAsked> asked_to_set_aside{};
};
/// Nothing when there is none of that number that the actor sees.
std::optional<FindingPage> finding_page(pg::Transaction& transaction, const std::string& authority,
                                        engine::FindingId id, Day today);

}  // namespace answerable::monitoring
