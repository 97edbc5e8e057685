#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

struct Document;

/// A text fixed when the program was compiled. Element and attribute names are of this type, so that no name can come
/// from data.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {}
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

/// Writes HTML. Text and attribute values go in through escaping functions only; there is no way to put markup in as
/// text.
class Html {
 public:
  struct Attribute {
    Literal name;
    std::string_view value;
  };
  using Attributes = std::initializer_list<Attribute>;

  /// Begins with the document type.
  Html();

  Html& open(Literal element, Attributes attributes = {});
  /// Closes what was opened last. Throws std::logic_error when nothing is open.
  Html& close();
  /// A void element: meta, br, hr.
  Html& single(Literal element, Attributes attributes = {});
  /// A line feed becomes <br>.
  Html& text(std::string_view text);
  /// An element with nothing but text in it.
  Html& element(Literal name, std::string_view text, Attributes attributes = {});
  Html& style(Literal css);
  /// Layout of the source only.
  Html& line();

  /// What was written since this was last asked for.
  std::string take();
  /// The page, or what is left of it to be taken. Throws std::logic_error when an element is still open.
  std::string finish() &&;

 private:
  void tag(Literal element, Attributes attributes);
  std::string out_;
  std::vector<std::string_view> open_;
};

/// A whole page in one file: nothing is fetched, nothing runs (its Content-Security-Policy says so), and equal
/// documents give equal bytes. WCAG 2.2 AA; prints on A4. Written as the document is gone through: beside its outline
/// no more than a row of it is in memory. Throws what outline() throws.
void html(const Document& document, std::ostream& out);
/// The same in one text, for a page that is answered with.
std::string html(const Document& document);

}  // namespace answerable::render
