#pragma once

#include "audit/engine/explain.hpp"
#include "reports/service/monitoring/finding.hpp"
#include "reports/service/page.hpp"

// Private to the pages of monitoring: why a finding is what it is.
namespace answerable::service {

/// The rule's law as it was on the day, whether or not the person's record is open.
void add_law(Page& page, const engine::Catalogue& catalogue, const monitoring::FindingPage& finding);
/// Events, clock, evidence and who answers.
void add_explanation(Page& page, const engine::Explanation& why);

}  // namespace answerable::service
