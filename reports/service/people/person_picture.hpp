#pragma once

#include <string>

#include "audit/engine/catalogue.hpp"
#include "reports/pages/trail.hpp"
#include "reports/render/timeline_picture.hpp"

namespace answerable::service {

/// A person's years in lanes, one for each kind of record, with holes where acts should stand.
/// \param rules tell in whose lane a missing act is missed
components::TimelinePicture picture_of(const pages::Trail& trail, const engine::Catalogue& rules);

}  // namespace answerable::service
