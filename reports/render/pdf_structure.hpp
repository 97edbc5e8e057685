#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reports/render/pdf_file.hpp"

namespace answerable::render {

/// The logical structure of a PDF file (ISO 32000-1, 14.7), written while its pages are painted, in their order: only
/// elements that are not closed yet stay in memory.
class StructureTree {
 public:
  using Element = PdfFile::Object;
  /// What no reader should read out: rules, backgrounds, running heads, repeated table headers.
  static constexpr Element artifact = -1;

  enum class Trait { none, column_header, row_header, bulleted, numbered };

  explicit StructureTree(PdfFile& file);

  Element root() const { return document_; }
  /// `type` is a standard structure type (ISO 32000-1 §14.8.4): a literal.
  Element add(Element parent, std::string_view type, Trait trait = Trait::none);
  std::string_view type(Element element) const { return nodes_.at(element).type; }
  /// Writes the element: nothing more comes into it.
  void close(Element element);

  /// The pages in their order, each with the object that is the page. \return the page's key in the parent tree
  /// (14.7.4.4)
  std::size_t begin_page(PdfFile::Object page);
  /// The next stretch of the page: its number among the marked-content sequences of its content streams.
  std::size_t add_content(Element element);
  /// Of an annotation on the page. \return its key in the parent tree
  std::size_t add_annotation(Element element, PdfFile::Object annotation);
  void end_page();

  /// Closes the root and writes what leads to it.
  PdfFile::Object finish();

 private:
  struct Child {
    enum class Kind { element, content, annotation };
    Kind kind;
    /// The element, the stretch's number on its page, or the annotation's object.
    int number;
    PdfFile::Object page;
  };
  struct Node {
    std::string_view type;
    Element parent;
    Trait trait;
    std::vector<Child> children;
  };
  static std::string text_of(const Child& child, PdfFile::Object own_page);
  /// \return the key of what leads back from a page or annotation
  std::size_t lead_back(PdfFile::Object to);

  PdfFile& file_;
  PdfFile::Object root_;
  Element document_;
  std::unordered_map<Element, Node> nodes_;  ///< not closed yet
  PdfFile::Object page_{}, page_parents_{};
  std::vector<Element> stretches_;  ///< of the page
  std::size_t next_key_{};
  std::string parents_ = "<< /Nums [";  ///< keys and what each leads back to
};

}  // namespace answerable::render
