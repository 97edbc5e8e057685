#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/service/monitoring/standing.hpp"
#include "reports/service/monitoring/survival.hpp"

namespace answerable::monitoring {

/// An organisation that acts for the council, and how its duties stand.
struct ProviderRow {
  std::int32_t organisation{};
  std::string key, name;
  std::optional<Instant> last_sent{};
  Standing standing;
};
/// Those the actor monitors and whoever has duties that they see, the smallest evidenced share as records stand first;
/// those of whom nothing can be told last.
std::vector<ProviderRow> providers(pg::Transaction& transaction, const std::string& authority);

/// One version of an agreement, in words.
struct AgreementLine {
  std::string reference, type, functions, extent, monitoring, reports;
  std::vector<std::string> parties;  ///< keys
  Happened from{};
  std::optional<Happened> until{};
  bool revoked{}, in_force{};  ///< on the day asked for
  std::int64_t record{};       ///< that says so
};
/// Every version of every agreement of the council, by reference and day.
std::vector<AgreementLine> agreements(pg::Transaction& transaction, const std::string& authority, Day today);

struct SubmissionLine {
  std::string receipt;
  Instant received{};
  std::int64_t stored{}, held{}, already_held{};
};

struct Provider {
  std::int32_t organisation{};
  std::string key, name;
  std::vector<AgreementLine> agreements{};
  std::optional<Instant> last_sent{};
  std::vector<SubmissionLine> submissions{};  ///< the newest that the actor sees
  Scorecard card{};
  std::vector<Quarter> trend{};
  Waiting reviews{};
  std::int64_t asked{}, unanswered_and_late{};
};
/// Nothing when the council has no such organisation.
std::optional<Provider> provider(pg::Transaction& transaction, const std::string& authority, std::int32_t organisation,
                                 Day today);

}  // namespace answerable::monitoring
