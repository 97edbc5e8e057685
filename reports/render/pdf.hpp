#pragma once

#include <iosfwd>

namespace answerable::render {

struct Document;

/// Writes a PDF 1.7 file, A4, made to PDF/A-2a (ISO 19005-2:2011): tagged (ISO 32000-1 §14.8, with what lies in
/// headers and footers marked as artifacts), with language, metadata, outline, page labels and links, fonts embedded as
/// subsets, colours in sRGB. tests/reports/pdf_archive.hpp lists the requirements that are checked; nobody has
/// certified it. A document of more than three pages gets a table of contents when it has none. Equal documents give
/// equal bytes on machines with the same fonts (Liberation Sans, DejaVu) and library versions. Written page by page as
/// the document is gone through: of what is laid out no more than a page is in memory. Throws what outline() throws,
/// and std::runtime_error when a font cannot be embedded.
void pdf(const Document& document, std::ostream& out);

}  // namespace answerable::render
