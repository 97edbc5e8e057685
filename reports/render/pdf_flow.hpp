#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/render/document.hpp"
#include "reports/render/pdf_page.hpp"
#include "reports/render/pdf_structure.hpp"
#include "reports/render/pdf_text.hpp"

namespace answerable::render {

// A document is laid out as a sequence of fragments, each of which stays in one piece; the fragments are put on pages,
// and the pages are painted: each fragment and page as soon as nothing more can come to it. Coordinates inside a
// fragment count from its own top.

struct DrawLine {
  std::shared_ptr<const TextBlock> block;
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
/// The page on which a heading stands, known only when all pages are.
struct PageNumber {
  std::size_t heading;
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
  std::shared_ptr<const Slice> header;
  bool starts_heading = false;
  /// The anchors that lead here.
  std::vector<std::string> anchors;
  std::vector<Mark> marks;
  /// Elements to which nothing comes behind this.
  std::vector<StructureTree::Element> closes;
};

/// A callout: drawn around all fragments that name it, on each page they reach.
struct Box {
  Callout::Kind kind;
  double x, width;
  int parent;
};

/// What layout and painting share.
struct Flow {
  Flow(std::string_view language, PdfFile& file) : typesetter(language), tree(file) {}

  Typesetter typesetter;
  StructureTree tree;
  std::vector<Box> boxes;
};

/// \param adds_contents puts a table of contents before the first heading
/// \param use is given the fragments in their order
void lay_out(const Document& document, const Outline& outline, bool adds_contents, Flow& flow,
             const std::function<void(Slice)>& use);

struct Placed {
  Slice fragment;
  double y;
  /// A repeated table header: drawn, but not read out again.
  bool repeated;
};
using PageContent = std::vector<Placed>;

/// Puts fragments on pages.
class Paginator {
 public:
  /// \param use is given the pages in their order
  explicit Paginator(std::function<void(const PageContent&)> use);

  void add(Slice fragment);
  /// Gives the last page.
  void finish();

 private:
  void place_chain();
  double chain_height() const;
  void place(Slice fragment);
  void turn(const Slice& next);

  std::function<void(const PageContent&)> use_;
  std::vector<Slice> chain_;  ///< kept together, waiting for its end
  PageContent page_;
  double y_;
};

}  // namespace answerable::render
