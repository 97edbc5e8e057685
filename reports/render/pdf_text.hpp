#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/render/document.hpp"

namespace answerable::render {

struct Colour {
  double red, green, blue;
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

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using PangoContextPtr = std::unique_ptr<PangoContext, Release<g_object_unref>>;

/// Measures in points on any machine: no hinting, no rounding to pixels.
PangoContextPtr make_text_context(std::string_view language);

/// Runs of text broken into lines of a width. Lines are drawn one by one, so that a text can go on on the next page.
class TextBlock {
 public:
  /// A stretch of one run on one line, in points from the line's left edge.
  struct Piece {
    std::size_t run;
    double x;
    double width;
    PangoGlyphItem* glyphs;
  };
  struct Line {
    PangoLayoutLine* line;
    double x;
    double height;
    /// From the top of the line.
    double baseline;
  };

  TextBlock(PangoContext& context, Inline runs, const TextStyle& style, double width);

  const std::vector<Line>& lines() const { return lines_; }
  const Inline& runs() const { return runs_; }
  const TextStyle& style() const { return style_; }
  const std::string& text() const { return text_; }
  double height() const;
  bool has_tags() const { return has_tags_; }
  /// In the order in which they stand on the page, from the left.
  std::vector<Piece> pieces(std::size_t line) const;

 private:
  Inline runs_;
  TextStyle style_;
  std::string text_;
  /// Where each run begins in text_.
  std::vector<std::size_t> starts_;
  bool has_tags_ = false;
  std::unique_ptr<PangoLayout, Release<g_object_unref>> layout_;
  std::vector<Line> lines_;
};

}  // namespace answerable::render
