#pragma once

#include <string>

#include "reports/render/document.hpp"

namespace answerable::render {

/// A document with every kind of block in it and `rows` rows in its chronology, every seventh of them a gap.
Document sample_document(int rows = 20);

}  // namespace answerable::render
