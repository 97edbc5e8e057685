#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "audit/loss/loss.hpp"
#include "reports/render/document.hpp"

namespace answerable::render {
class XmlWriter;
}

/// A loss that was worked out, for people and machines.
namespace answerable::pages {

/// Headings begin at level 2, so that it can stand in a document with other parts.
std::vector<render::Block> loss_blocks(const loss::Loss& loss);

/// Sums as decimal strings in pounds, days in ISO 8601; null where nothing is known.
nlohmann::ordered_json loss_json(const loss::Loss& loss);

/// The element `loss` of a trail (schemas/reports/trail/1/trail.xsd): what loss_json() says, each single value an
/// attribute and each thing of a list an element. What is not known is left out.
void write_loss(render::XmlWriter& out, const loss::Loss& loss);

}  // namespace answerable::pages
