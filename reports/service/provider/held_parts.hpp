#pragma once

#include <vector>

#include "reports/render/html.hpp"
#include "reports/service/provider/submissions.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service::provider_desk {

/// Held records, each leading to where it is mended, or to what mended it.
render::Fragment held_table(const std::vector<Held>& held);
/// What was sent, the newest first.
render::Fragment submissions_table(const Visit& visit, const std::vector<SubmissionLine>& lines);

}  // namespace answerable::service::provider_desk
