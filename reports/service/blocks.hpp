#pragma once

#include "reports/render/document.hpp"
#include "reports/render/html.hpp"

namespace answerable::service {

/// Parts of a document (a trail, a loss) as they stand on a page of the service, in its components. What refers to
/// another place of the document is plain text.
render::Fragment on_page(const render::Blocks& blocks);

}  // namespace answerable::service
