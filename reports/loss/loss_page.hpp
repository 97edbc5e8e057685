#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "audit/loss/loss.hpp"
#include "reports/render/document.hpp"

/// A loss that was worked out, for people and machines.
namespace answerable::pages {

/// Headings begin at level 2, so that it can stand in a document with other parts.
std::vector<render::Block> loss_blocks(const loss::Loss& loss);

/// Sums as decimal strings in pounds, days in ISO 8601; null where nothing is known.
nlohmann::ordered_json loss_json(const loss::Loss& loss);

}  // namespace answerable::pages
