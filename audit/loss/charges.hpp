#pragma once

#include <vector>

#include "audit/loss/held.hpp"

// Private to audit/loss: what was charged for care.
namespace answerable::loss {

/// A sum charged or given back, and the days it is for.
struct Charge {
  Term::Kind kind{};  ///< charged or refunded
  std::int64_t record{};
  Happened when{};
  std::string_view service{};  ///< the service's id at the sender, or ""
  bool full_cost{};            ///< not a contribution
  std::optional<Span> days{};  ///< nothing: not said
  Pennies amount{};            ///< a week, where `weekly`
  bool weekly{};
};

/// Contributions and full costs, but not arrangement fees, top-ups and the like. A record's weekly rates are left out
/// where it also has bills. What has no end runs to the day looked from.
std::vector<Charge> charges_of(const Held& held);

/// The part of a charge that is for the days lost, shared by days. Nothing when none is, or its days are not said.
std::optional<Term> for_days_lost(const Charge& charge, const Span& lost);

}  // namespace answerable::loss
