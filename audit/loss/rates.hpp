#pragma once

#include <map>
#include <optional>
#include <vector>

#include "audit/loss/held.hpp"

// Private to audit/loss: which weekly sum was due on which day.
namespace answerable::loss {

/// A rate as a record gives it.
struct WeeklyRate {
  Happened from;
  std::optional<Happened> until;
  Pennies gross{};
  std::optional<Pennies> contribution;
  std::int64_t record{};
};
/// In order of date.
std::vector<WeeklyRate> rates_of(const Held& held);

/// A contribution from the person's financial assessments.
struct Contribution {
  Happened from;
  Pennies weekly{};
  std::int64_t record{};
};
std::vector<Contribution> contributions_of(const Held& held);

/// Which way open dates are read: for the smallest sum due or the largest.
enum class Extreme : std::uint8_t { lowest, highest };

/// The weekly sum due, net of the contribution, day by day. What the officer entered stands from its day on in place
/// of what records say.
class Schedule {
 public:
  Schedule(const std::vector<WeeklyRate>& rates, const std::vector<Contribution>& contributions,
           const std::vector<EnteredRate>& entered_rates, Extreme extreme);

  /// A term for each stretch of days with one rate: due, or not_known.
  std::vector<Term> terms(const Span& days) const;
  /// Net, on one day. Nothing when no rate is held.
  std::optional<Pennies> on(Day day) const;

 private:
  Term at(Day day) const;

  std::map<Day, std::optional<WeeklyRate>> rates_;
  std::map<Day, Contribution> contributions_;
  std::map<Day, Pennies> entered_;
};

}  // namespace answerable::loss
