#pragma once

// Private to pdf_fonts: one font in a file.

#include <hb.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "reports/render/pdf_file.hpp"

namespace answerable::render {

struct FontShown {
  hb_face_t* face;
  hb_font_t* font;  ///< in the face's own units
  struct Glyph {
    std::uint32_t number;
    double width;  ///< in thousandths of the font's size
    std::string_view text;
  };
  std::vector<Glyph> glyphs;  ///< by number
};

/// Whether it has outlines of a kind that a file can hold; a font of coloured pictures has none.
bool has_outlines(hb_face_t* face);

/// A composite font in horizontal writing with its program, widths and Unicode map; codes are glyphs' numbers.
/// \pre has_outlines(font.face) \throws std::runtime_error when HarfBuzz cannot take the font apart, naming it
PdfFile::Object write_font(PdfFile& file, const FontShown& font);

}  // namespace answerable::render
