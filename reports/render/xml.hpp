#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

/// Writes an XML 1.0 document to a stream as it is told, indented by two spaces, UTF-8. Text and attribute values are
/// escaped; characters that XML 1.0 does not allow (§2.2 production Char) and bytes that are not UTF-8 become U+FFFD.
/// Carriage returns, and tabs and line feeds in attributes, are written as references, so that a reader gets back what
/// was given.
///
/// An element holds either elements or text: text() after a child element, or a child after text, throws.
class XmlWriter {
 public:
  /// Writes the declaration. `out` must outlive this.
  explicit XmlWriter(std::ostream& out);

  /// Throws std::invalid_argument for what is no name (ASCII letters, digits, '-', '_', '.', one ':' for a prefix).
  XmlWriter& open(std::string_view name);
  /// Of the element just opened, in the order given. Throws std::logic_error after its text or children.
  XmlWriter& attribute(std::string_view name, std::string_view value);
  XmlWriter& text(std::string_view text);
  XmlWriter& close();
  /// open, text, close.
  XmlWriter& element(std::string_view name, std::string_view text);

  /// Ends the document. Throws std::logic_error when an element is still open or there was none.
  void finish();

 private:
  enum class Content { start_tag, text, children };
  struct Open {
    std::string name;
    Content content;
  };
  void begin_line(std::size_t depth);

  std::ostream& out_;
  std::vector<Open> open_;
  bool root_written_ = false;
};

}  // namespace answerable::render
