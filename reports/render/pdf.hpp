#pragma once

#include <string>

namespace answerable::render {

struct Document;

/// The bytes of a PDF 1.7 file: A4, tagged (ISO 32000-1 §14.8, with what lies in headers and footers marked as
/// artifacts), with outline, links, language and metadata, fonts embedded as subsets. Equal documents give equal bytes
/// on machines with the same fonts (Liberation Sans, DejaVu) and library versions. Throws what outline() throws, and
/// std::runtime_error when Cairo or qpdf fails.
std::string pdf(const Document& document);

}  // namespace answerable::render
