#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::monitoring {

/// Days from the day something was due to the day it was done. What was done in time took 0.
struct Waiting {
  std::map<int, std::int64_t> done;  ///< how many, by days
  std::map<int, std::int64_t> open;  ///< not done yet: how many have waited so long

  std::int64_t total() const;
};

struct SurvivalStep {
  int days{};
  std::int64_t at_risk{}, done{};
  double open{};  ///< share that is still open after that many days, 0 to 1
};
/// The product-limit estimate (E. L. Kaplan, P. Meier, JASA 53 (1958) 457): those still open count for as long as they
/// were watched. One step a day on which something was done; those open after as many days are still at risk on it.
std::vector<SurvivalStep> survival(const Waiting& waiting);
/// The first day by which half were done; nothing when more than half are still open.
std::optional<int> median_days(const std::vector<SurvivalStep>& steps);

/// An organisation's reviews that fell due by `today`.
Waiting reviews(pg::Transaction& transaction, const std::string& authority, const std::string& actor, Day today);

}  // namespace answerable::monitoring
