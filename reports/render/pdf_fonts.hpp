#pragma once

#include <hb.h>
#include <pango/pango.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/render/pdf_file.hpp"

namespace answerable::render {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

inline double points(int pango_units) {
  return static_cast<double>(pango_units) / PANGO_SCALE;
}

/// Nearer than this to its place, in points, a glyph stands where it should.
inline constexpr double near_enough = 0.02;

/// The fonts of one file. Collects the glyphs that are shown, each with the text it stands for, and embeds them as
/// subsets (ISO 32000-1, 9.7: composite fonts whose codes are the glyphs' own numbers).
class PdfFonts {
 public:
  /// \param context finds the font for what no font has a glyph for; must outlive this
  explicit PdfFonts(PangoContext& context) : context_(context) {}

  struct Shown {
    std::string operators;  ///< to stand in a text object (9.4) that begins at the left end
    double size;            ///< of the font, in points
    double advance;         ///< to where the next glyph would stand by itself, in points
  };
  /// Shows one item of a line. \param text the whole text the item is of
  Shown show(PangoGlyphItem& item, const char* text);

  /// Writes every font of which anything was shown; a resource dictionary's /Font.
  std::string write(PdfFile& file) const;

 private:
  struct Face {
    std::unique_ptr<hb_face_t, Release<hb_face_destroy>> face;
    std::unique_ptr<hb_font_t, Release<hb_font_destroy>> font;  ///< in the face's own units
    double units_per_em{};
    bool can_be_embedded{};
    std::map<std::uint32_t, std::string> glyphs;  ///< shown, and what each stands for; "" until that is known
  };
  struct Sized {
    std::unique_ptr<PangoFont, Release<g_object_unref>> font;
    std::size_t face{};
    double size{};  ///< in points
  };
  class Run;

  const Sized& sized(PangoFont& font);
  /// A glyph that says that there is none.
  const Sized& stand_in(double size);
  static double width(const Face& face, std::uint32_t glyph);

  PangoContext& context_;
  std::vector<Face> faces_;
  std::map<PangoFont*, Sized> sized_;
  std::map<double, PangoFont*> stand_ins_;  ///< by size
};

}  // namespace answerable::render
