#pragma once

// Private to pdf_text: texts set whole, and word by word.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/render/pdf_text.hpp"

namespace answerable::render {

/// A run as it is to be read.
struct OnPaper {
  Run::Kind kind;
  std::string text;
};

/// A line before it has its place, in points.
struct SetLine {
  struct Piece {
    std::size_t run;
    double x, width;
    PdfFonts::Shown shown;
  };
  std::vector<Piece> pieces;
  double ascent{}, descent{};
};

/// By Pango, which knows every script.
std::vector<SetLine> set_whole(Typesetter& typesetter, std::span<const OnPaper> runs, const TextStyle& style,
                               double width);

/// From words that Pango has set once each. Nothing for what has to be set whole: where letters join across spaces or
/// run from right to left, where a word is wider than the line, and where a line is to be cut.
std::optional<std::vector<SetLine>> set_by_words(Typesetter& typesetter, std::span<const OnPaper> runs,
                                                 const TextStyle& style, double width);

}  // namespace answerable::render
