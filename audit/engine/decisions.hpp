#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/store.hpp"
#include "ingest/access/approvals.hpp"

/// What people decide about findings. Every decision is a row that stays; the newest counts.
namespace answerable::engine {

struct Decision {
  FindingId finding{};
  bool set_aside{};  ///< otherwise reopened
  Instant decided_at{};
  std::string decided_by, reason;
  std::optional<Day> until;  ///< the last day it is set aside; nothing: until it changes or is reopened
  Outcome outcome{};         ///< of the finding when it was decided
  access::SignOff sign_off;  ///< of what is set aside

  /// Whether a finding with this outcome is set aside by it on a day: it is open again once its day is over, and once
  /// it came to something else than what was looked at.
  bool holds(Outcome now, Day on) const { return set_aside && now == outcome && (!until || on <= *until); }
};

/// The newest decision about each finding that has one.
std::map<FindingId, Decision> decisions(pg::Transaction& transaction, const std::string& authority);

/// \param sign_off its approval was used in this transaction
/// \throws std::invalid_argument when there is no such finding, it needs no attention, is set aside already, or `until`
///   is past
/// \throws pg::Error when it has to be signed off and is not
void set_aside(pg::Transaction& transaction, const std::string& authority, FindingId id, const std::string& decided_by,
               const std::string& reason, std::optional<Day> until, Day today, const access::SignOff& sign_off = {});
/// \throws std::invalid_argument when it is not set aside
void reopen(pg::Transaction& transaction, const std::string& authority, FindingId id, const std::string& decided_by,
            const std::string& reason, Day today);

/// One step in a finding's life: of an audit, or of a person.
struct LifeStep {
  Instant at{};
  std::string what;  ///< opened | changed | met | met-late | withdrawn | called for again | set-aside | set-aside-over
                     ///< | reopened
  std::string text;  ///< for people
};

/// From its first audit to `today`, oldest first. Empty when no audit has stored it.
std::vector<LifeStep> life(pg::Transaction& transaction, const std::string& authority, FindingId id, Day today);

}  // namespace answerable::engine
