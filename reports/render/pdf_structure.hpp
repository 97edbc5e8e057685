#pragma once

#include <cairo.h>

#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

struct Document;

/// The logical structure of a PDF file, kept apart from its pages: Cairo 1.16 cannot mark artifacts, give a table cell
/// its scope, or carry a table across a page. So Cairo only numbers the stretches of each page (MarkedPage), and
/// finish_pdf() puts this tree in the place of the one Cairo wrote.
class StructureTree {
 public:
  using Element = int;
  /// What no reader should read out: rules, backgrounds, running heads, repeated table headers.
  static constexpr Element artifact = -1;
  static constexpr Element root = 0;

  enum class Trait { none, column_header, row_header, bulleted, numbered };

  struct Child {
    enum class Kind { element, content, annotation };
    Kind kind;
    /// The element, or else the stretch's or annotation's number on its page.
    int number;
    int page;
  };

  struct Node {
    std::string type;
    Element parent;
    Trait trait;
    std::vector<Child> children;
  };

  StructureTree();
  /// `type` is a standard structure type (ISO 32000-1 §14.8.4).
  Element add(Element parent, std::string_view type, Trait trait = Trait::none);
  void add_content(Element element, int page, int stretch);
  void add_annotation(Element element, int page, int annotation);
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::vector<Node> nodes_;
};

/// In points from the top left corner of the page.
struct Rectangle {
  double x, y, width, height;
};

struct LinkAnnotation {
  Rectangle area;
  StructureTree::Element element;
  /// Read out by a screen reader.
  std::string text;
  /// An address, or empty when the link leads to a place in the document.
  std::string address;
  int to_page = 0;
  double to_y = 0;
};

/// What was drawn on one page, told apart by element: stretch n is the n-th marked-content sequence of its content
/// stream.
class MarkedPage {
 public:
  MarkedPage(cairo_t* cairo, StructureTree& tree, int number) : cairo_(cairo), tree_(tree), number_(number) {}
  /// What is drawn from now on belongs to `element`. Consecutive calls with the same element make one stretch.
  void in(StructureTree::Element element);
  void end();
  void link(LinkAnnotation annotation);

  const std::vector<StructureTree::Element>& stretches() const { return stretches_; }
  const std::vector<LinkAnnotation>& links() const { return links_; }

 private:
  cairo_t* cairo_;
  StructureTree& tree_;
  int number_;
  bool open_ = false;
  std::vector<StructureTree::Element> stretches_;
  std::vector<LinkAnnotation> links_;
};

/// Cairo's bytes with the tree, the links and what an archive asks for put in, written so that equal input gives equal
/// bytes.
std::string finish_pdf(const std::string& cairo_bytes, const Document& document, const StructureTree& tree,
                       const std::vector<MarkedPage>& pages);

}  // namespace answerable::render
