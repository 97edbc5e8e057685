#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/engine/identity.hpp"
#include "audit/engine/outcome.hpp"
#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::monitoring {

struct Action {
  std::int32_t ordinal{};
  std::string what;
  Day until{};
};
/// A finding that a plan is about. It is closed when records show that its rule was kept.
struct Issue {
  engine::FindingId finding{};
  std::string sentence;
  std::optional<engine::Outcome> outcome{};  ///< as it stands now; nothing when nothing calls for it any more
  std::vector<Action> actions;

  bool closed() const {
    return !outcome || *outcome == engine::Outcome::met || *outcome == engine::Outcome::met_late ||
           *outcome == engine::Outcome::exempt;
  }
};
struct Plan {
  std::int64_t number{};
  std::string asked_of, title, by;
  bool own{};  ///< the actor's
  Instant made{};
  std::optional<Instant> sent{};
  std::vector<Issue> issues;
};
/// Nothing when there is none of that number that the actor sees.
std::optional<Plan> plan(pg::Transaction& transaction, const std::string& authority, std::int64_t number);

struct PlanLine {
  std::int64_t number{};
  std::string asked_of, title, by;
  std::optional<Instant> sent{};
  std::int64_t issues{}, open{};
  std::optional<Day> next{};  ///< the first day on which an action about an open issue is due
};
/// Newest first, at most `limit`.
std::vector<PlanLine> plans(pg::Transaction& transaction, const std::string& authority, int limit);

}  // namespace answerable::monitoring
