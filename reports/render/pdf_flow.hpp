#pragma once

#include <string>
#include <variant>
#include <vector>

#include "reports/render/document.hpp"
#include "reports/render/pdf_page.hpp"
#include "reports/render/pdf_structure.hpp"
#include "reports/render/pdf_text.hpp"

namespace answerable::render {

// A document is first laid out as a sequence of fragments, each of which stays in one piece, and the fragments are then
// put on pages (paginate). Coordinates inside a fragment count from its own top.

struct DrawLine {
  const TextBlock* block;
  std::size_t line;
  double x, y;
  StructureTree::Element element;
};
struct Fill {
  Rectangle area;
  Colour colour;
};
struct Dashes {
  Rectangle area;
};
/// The page on which an anchor stands, known only when all pages are.
struct PageNumber {
  std::string anchor;
  double right, y;
  StructureTree::Element element;
};
using Mark = std::variant<DrawLine, Fill, Dashes, PageNumber>;

struct Slice {
  static constexpr int none = -1;

  double space_before = 0;
  double height = 0;
  bool keep_with_next = false;
  bool starts_page = false;
  /// The innermost callout around it.
  int box = none;
  /// The table header to repeat when this is the first fragment of a page.
  int header = none;
  /// Its place in the outline.
  int heading = none;
  std::vector<std::string> anchors;
  std::vector<Mark> marks;
};

/// A callout: drawn around all fragments that name it, on each page they reach.
struct Box {
  Callout::Kind kind;
  double x, width;
  int parent;
};

struct Flow {
  std::vector<Slice> fragments;
  std::vector<Slice> headers;
  std::vector<Box> boxes;
  TextBlocks texts;
};

Flow lay_out(const Document& document, const Outline& outline, Typesetter& typesetter, StructureTree& tree);

struct Placed {
  const Slice* fragment;
  double y;
  /// A repeated table header: drawn, but not read out again.
  bool repeated;
};
using PageContent = std::vector<Placed>;

std::vector<PageContent> paginate(const Flow& flow);

}  // namespace answerable::render
