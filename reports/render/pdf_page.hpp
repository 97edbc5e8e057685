#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reports/render/pdf_structure.hpp"
#include "reports/render/pdf_text.hpp"

namespace answerable::render {

/// In points from the top left corner of the page.
struct Rectangle {
  double x, y, width, height;
};

/// The content stream of one page (ISO 32000-1, 7.8.2), told apart by element: everything painted is a marked-content
/// sequence of an element, or an artifact. Coordinates count from the top left corner of the page.
class PdfPage {
 public:
  explicit PdfPage(StructureTree& tree) : tree_(tree) {}

  /// What is painted from now on belongs to `element`. Consecutive calls with the same element make one sequence.
  void in(StructureTree::Element element);
  /// The same for a stretch that was counted among the page's already, of an element of this type.
  void in(std::string_view type, std::size_t stretch);
  void end();

  void fill(const Rectangle& area, const Colour& colour);
  void frame(const Rectangle& area, const Colour& colour, double width);
  /// A dashed border just inside `area`.
  void dash(const Rectangle& area, const Colour& colour, double width);
  /// \param glyphs a TextBlock's piece
  void show(std::string_view glyphs, double x, double baseline, const Colour& colour);

  const std::string& content() const { return content_; }

 private:
  void number(double value);
  void place(double x, double y);
  void rectangle(const Rectangle& area);
  /// \param current what the stream has set
  void set(std::optional<Colour>& current, const Colour& colour, std::string_view operation);
  void dash_side(double from_x, double from_y, double to_x, double to_y, double width);

  static constexpr StructureTree::Element unnamed = 0;

  StructureTree& tree_;
  std::string content_;
  std::optional<StructureTree::Element> open_;
  std::optional<Colour> filling_, stroking_;
};

}  // namespace answerable::render
