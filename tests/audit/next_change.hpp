#pragma once

#include <rapidcheck/gtest.h>

#include "audit/engine/explain.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine::testing {

/// Judged on a day and on any day before its next change, a timeline comes to the same. A property to check, within
/// rapidcheck.
/// \param at the context of a day
/// \param longest days to look ahead where no next change is given
template <class At>
void nothing_changes_until_next(const SubjectTimeline& timeline, Day as_of, std::int64_t longest, const At& at) {
  Judge judge_now(at(as_of));
  const Judged now = judge_now(timeline);
  const auto span = now.next_change ? (*now.next_change - as_of).count() : longest;
  RC_ASSERT(span > 0);
  const Day other = as_of + std::chrono::days{*rc::gen::inRange<std::int64_t>(0, span)};
  Judge judge_then(at(other));
  const Judged then = judge_then(timeline);
  RC_ASSERT(then.judgements.size() == now.judgements.size());
  for (std::size_t i = 0; i < now.judgements.size(); ++i) {
    const auto &a = now.judgements[i], &b = then.judgements[i];
    RC_ASSERT(a.outcome == b.outcome);
    RC_ASSERT(a.state == b.state);
    RC_ASSERT(a.due == b.due);
    RC_ASSERT(a.flagged_since == b.flagged_since);
    RC_ASSERT(a.actor == b.actor);
    RC_ASSERT(a.agreement == b.agreement);
    RC_ASSERT(a.late_days == b.late_days);
    RC_ASSERT(sentence(at(as_of), timeline, a) == sentence(at(other), timeline, b));
  }
}

}  // namespace answerable::engine::testing
