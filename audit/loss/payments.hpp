#pragma once

#include <vector>

#include "audit/loss/held.hpp"

// Private to audit/loss: direct payments that stopped or were cut.
namespace answerable::loss {

/// \param not_worked gets the stops that are no loss, with the reason
std::vector<LostPayments> lost_payments(const Held& held, const Question& question, std::vector<Shown>& not_worked);

/// Working out one stop or cut: its dates are known, its sums are not.
struct Working {
  const Held& held;
  const Question& question;
  const engine::RecordRow* rested_on{};  ///< the determination behind the stop
  std::optional<Day> bound{};            ///< the day before another stop or cut takes over
  std::vector<const engine::Entry*> resumed{};
  std::optional<std::size_t> cut_at{};  ///< into rates_of(): the rate to which payments were cut
};
/// Fills in ends, readings, what is missing and what is shown. `loss.start`, `records`, `when` and `cut` are given.
void work_out(LostPayments& loss, const Working& working);

}  // namespace answerable::loss
