#pragma once

#include <vector>

#include "audit/loss/held.hpp"

// Private to audit/loss: when a loss began and ended.
namespace answerable::loss {

/// The days on which something dated so can have been the first of which it is true.
inline Span readings(const Happened& when) {
  return {when.first, when.last};
}
/// The last day before it.
inline Span day_before(const Happened& when) {
  return {when.first - std::chrono::days{1}, when.last - std::chrono::days{1}};
}

/// What can end any loss that may have begun on one of these days: a sound decision on eligibility made later, or the
/// end of the needs. \param rested_on the determination on which the stop or cut itself rests; may be null
std::vector<End> decided_or_needs_ended(const Held& held, const Span& start, const engine::RecordRow* rested_on);

struct LastDay {
  Span readings;
  bool running{};  ///< nothing held ends it: the day looked from
};
/// The earliest of the ends, read both ways. \param start the earliest first day \param bound a day that is never
/// passed
LastDay last_day(const std::vector<End>& ends, Day start, Day bound);

/// The first or the last lost day as the officer's own days narrow or settle it.
Span narrowed_start(const Span& start, const Question& question);
Span narrowed_last(const Span& last, const Question& question);

void sort(std::vector<End>& ends);

}  // namespace answerable::loss
