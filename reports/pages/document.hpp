#pragma once

#include "reports/pages/trail.hpp"
#include "reports/render/document.hpp"

namespace answerable::pages {

/// The trail as it is read, in HTML and on paper. It has to outlive the document, whose long parts are made of it each
/// time they are wanted.
render::Document document(const Trail& trail);

}  // namespace answerable::pages
