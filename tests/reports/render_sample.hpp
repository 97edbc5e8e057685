#pragma once

#include <string>

#include "reports/render/document.hpp"

namespace answerable::render {

/// A document with every kind of block in it and `rows` rows in its chronology, every seventh of them a gap.
Document sample_document(int rows = 20);

/// The bytes of its PDF.
std::string pdf(const Document& document);

}  // namespace answerable::render
