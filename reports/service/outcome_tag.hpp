#pragma once

#include "audit/engine/outcome.hpp"
#include "reports/render/components/content.hpp"

namespace answerable::service {

/// An outcome in words, coloured alike on every page.
components::Tag outcome_tag(engine::Outcome outcome);

}  // namespace answerable::service
