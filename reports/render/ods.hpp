#pragma once

#include <iosfwd>

namespace answerable::render {

struct Document;

/// Writes a spreadsheet: OpenDocument 1.3 (OASIS, parts 2 and 3), a ZIP with its media type first and nothing packed.
/// The first sheet holds what the document says in sentences, a line a row; each of its tables is a sheet of its own,
/// and whole numbers in cells are numbers. Equal documents give equal bytes. Throws what outline() throws.
void ods(const Document& document, std::ostream& out);

}  // namespace answerable::render
