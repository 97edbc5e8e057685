#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/service/monitoring/provider.hpp"

namespace answerable::monitoring {

/// What changed since somebody last said that they had looked.
struct Changes {
  std::optional<Instant> since{};  ///< nothing: they never have; then it is the last seven days
  Instant from{};
  std::int64_t opened{}, closed{}, replies{}, approvals_decided{};
};

/// A finding that falls due, or was due.
struct DueLine {
  std::int64_t finding{};
  std::string sentence;  ///< "" of what is not due yet
  std::string rule, actor;
  Day due{};
};
struct Today {
  std::int64_t replies_to_decide{}, answers_overdue{}, approvals_waiting{}, drafts{};
  std::int64_t due_soon{};  ///< duties that fall due within 14 days
  std::vector<DueLine> soonest;
  std::vector<DueLine> latest;
};

/// Open findings by how long they have been wrong.
struct AgeBand {
  std::string_view words;
  std::int64_t serious{}, important{}, advisory{}, not_graded{};
  std::int64_t overdue{};  ///< of them: past the day on which they were due
  std::int64_t all() const { return serious + important + advisory + not_graded; }
};
inline constexpr std::size_t age_bands = 6;

/// A party to an agreement in force that has sent nothing for long, or never.
struct SilentParty {
  std::string key, name, agreements;
  std::int32_t organisation{};
  std::optional<Instant> last_sent{};
};
/// Reports that agreements ask for, and that are not held.
struct MissingReports {
  std::string agreement, actor;
  std::int64_t findings{};
};

struct IntakeWeek {
  std::int64_t files{}, stored{}, held{};
};
struct Health {
  IntakeWeek this_week, week_before;
  std::optional<Instant> last_file{};
  struct Failure {
    std::string kind, why;
    std::int64_t attempts{};
  };
  std::vector<Failure> failing;
  std::optional<Instant> verified_at{};
  std::int64_t differences{};
  std::optional<Instant> audited_at{};
};

struct Overview {
  Changes changes;
  Today today;
  std::vector<ProviderRow> providers;
  std::array<AgeBand, age_bands> ageing;
  std::vector<SilentParty> silent;
  std::vector<MissingReports> missing_reports;
  Health health;
};
inline constexpr int silent_after_days = 90;
Overview overview(pg::Transaction& transaction, const std::string& authority, std::int32_t account, Day today);
std::array<AgeBand, age_bands> ageing(pg::Transaction& transaction, const std::string& authority, Day today);

/// From now on, changes are told from now.
void look(pg::Transaction& transaction, const std::string& authority, std::int32_t account);

}  // namespace answerable::monitoring
