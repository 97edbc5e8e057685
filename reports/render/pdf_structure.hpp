#pragma once

#include <string_view>
#include <vector>

#include "reports/render/pdf_file.hpp"

namespace answerable::render {

/// The logical structure of a PDF file (ISO 32000-1, 14.7), kept apart from its pages until they are all painted.
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
    /// The element, the stretch's number on its page, or the annotation's object.
    int number;
    int page;
  };

  struct Node {
    std::string_view type;
    Element parent;
    Trait trait;
    std::vector<Child> children;
  };

  StructureTree();
  /// `type` is a standard structure type (ISO 32000-1 §14.8.4): a literal.
  Element add(Element parent, std::string_view type, Trait trait = Trait::none);
  /// The next stretch of a page: its number among the marked-content sequences of its content stream.
  int add_content(Element element, int page);
  /// The annotation's number among those of all pages.
  int add_annotation(Element element, int page, PdfFile::Object annotation);

  const std::vector<Node>& nodes() const { return nodes_; }
  /// By page and stretch.
  const std::vector<std::vector<Element>>& contents() const { return contents_; }
  const std::vector<Element>& annotations() const { return annotations_; }

 private:
  std::vector<Child>& children_of(Element element) { return nodes_[static_cast<std::size_t>(element)].children; }

  std::vector<Node> nodes_;
  std::vector<std::vector<Element>> contents_;
  std::vector<Element> annotations_;
};

/// \param first_page the object of the first page; the others follow it. Page n has the key n in the parent tree
/// (14.7.4.4), and annotation n the key behind those of the pages
PdfFile::Object write_structure(PdfFile& file, const StructureTree& tree, PdfFile::Object first_page);

}  // namespace answerable::render
