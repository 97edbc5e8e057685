#pragma once

#include <pango/pango.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reports/render/document.hpp"
#include "reports/render/pdf_fonts.hpp"

namespace answerable::render {

struct Colour {
  double red, green, blue;
  bool operator==(const Colour&) const = default;
};

inline constexpr Colour ink{0.043, 0.047, 0.047};
inline constexpr Colour grey_ink{0.22, 0.24, 0.255};
inline constexpr Colour rule_grey{0.69, 0.706, 0.714};
inline constexpr Colour link_blue{0.059, 0.329, 0.6};

struct TextStyle {
  double size = 10;
  bool bold = false;
  Colour colour = ink;
  bool right_aligned = false;
  /// Cut at the end of its first line, with an ellipsis.
  bool one_line = false;
};

using PangoContextPtr = std::unique_ptr<PangoContext, Release<g_object_unref>>;

/// Measures in points on any machine: no hinting, no rounding to pixels.
PangoContextPtr make_text_context(std::string_view language);

/// A word in one manner, as it is set wherever it stands.
struct SetWord {
  std::string font;               ///< the operator that chooses it (ISO 32000-1, 9.3)
  std::string glyphs;             ///< what stands between the brackets of a TJ (9.4.3)
  double size, advance;           ///< as PdfFonts::Shown
  double width, ascent, descent;  ///< in points
};

/// The words of a file that were set last: most come again and again, and setting them is what takes the time.
class SetWords {
 public:
  /// Null for what cannot be set apart from its neighbours.
  using Word = std::shared_ptr<const SetWord>;
  Word get(const std::string& key, const std::function<Word()>& set);

 private:
  using Known = std::unordered_map<std::string, Word>;
  Known recent_, older_;
};

/// What turns texts into glyphs, for one file.
struct Typesetter {
  explicit Typesetter(std::string_view language) : context(make_text_context(language)), fonts(*context) {}

  PangoContextPtr context;
  PdfFonts fonts;
  SetWords words;
};

/// Runs of text broken into lines of a width. Lines are drawn one by one, so that a text can go on on the next page.
class TextBlock {
 public:
  /// A stretch of one run on one line, in points from the line's left edge.
  struct Piece {
    std::size_t run;
    double x;
    double width;
    /// The operators that show it, from its left end.
    std::string glyphs;
  };
  struct Line {
    /// In the order in which they stand on the page, from the left.
    std::vector<Piece> pieces;
    double height;
    /// From the top of the line.
    double baseline;
  };

  TextBlock(Typesetter& typesetter, Inline runs, const TextStyle& style, double width);

  const std::vector<Line>& lines() const { return lines_; }
  /// Without their texts, but for those that can lead somewhere: the others stand in the pieces.
  const Inline& runs() const { return runs_; }
  const TextStyle& style() const { return style_; }
  double height() const;
  bool has_tags() const { return has_tags_; }

 private:
  Inline runs_;
  TextStyle style_;
  bool has_tags_ = false;
  std::vector<Line> lines_;
};

}  // namespace answerable::render
