#pragma once

#include <string>
#include <vector>

#include "reports/render/pdf_file.hpp"

namespace answerable::render {

struct Document;

struct Bookmark {
  int level;  ///< 2: outermost
  std::string title;
  std::string destination;  ///< as it stands in the file
};

/// Every bookmark open (ISO 32000-1, 12.3.3); 0 when there are none.
PdfFile::Object write_outline(PdfFile& file, const std::vector<Bookmark>& bookmarks);

struct CatalogueParts {
  PdfFile::Object pages, structure;
  PdfFile::Object outlines;  ///< 0: none
};

/// The catalogue, with what PDF/A-2a (ISO 19005-2:2011, level A) asks of a file as a whole: metadata (XMP, ISO 16684-1)
/// that says what the information dictionary says, and the meaning of its colours (sRGB). Also page labels, and the
/// settings that make readers show title and bookmarks.
PdfFile::Object write_catalogue(PdfFile& file, const Document& document, const CatalogueParts& parts);
PdfFile::Object write_information(PdfFile& file, const Document& document);

}  // namespace answerable::render
