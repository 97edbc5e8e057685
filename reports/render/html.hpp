#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
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

class Html;

/// A piece of HTML that the render room wrote, so that it is safe wherever it is put. Only Html makes one: from text,
/// which is escaped, and from components (reports/render/components), for which a function put() is found.
class Fragment {
 public:
  Fragment() = default;
  Fragment(std::string_view text);
  Fragment(const std::string& text) : Fragment(std::string_view(text)) {}
  Fragment(const char* text) : Fragment(std::string_view(text)) {}
  template <class Component>
  requires requires(Html& html, const Component& component) { put(html, component); }
  Fragment(const Component& component);

  bool empty() const { return html_.empty(); }
  /// One after the other.
  Fragment& operator+=(const Fragment& next);

 private:
  friend class Html;
  std::string html_;
};

/// One after the other, with nothing between them.
Fragment joined(std::initializer_list<Fragment> parts);

/// Writes HTML. Text and attribute values go in through escaping functions only; there is no way to put markup in as
/// text.
class Html {
 public:
  struct Attribute {
    Literal name;
    std::string_view value{};  ///< of boolean attributes: empty
    bool present{true};        ///< else it is left out
  };
  using Attributes = std::initializer_list<Attribute>;

  /// Begins with the document type.
  Html();
  /// Begins with nothing: what is written becomes a part of a page.
  static Html part();

  Html& open(Literal element, Attributes attributes = {});
  /// Closes what was opened last. Throws std::logic_error when nothing is open.
  Html& close();
  /// A void element: meta, br, hr.
  Html& single(Literal element, Attributes attributes = {});
  /// A line feed becomes <br>.
  Html& text(std::string_view text);
  /// An element with nothing but text in it.
  Html& element(Literal name, std::string_view text, Attributes attributes = {});
  /// Line feeds stay as they are: <textarea>, <pre>.
  Html& verbatim(std::string_view text);
  Html& add(const Fragment& fragment);
  Html& style(Literal css);
  /// Layout of the source only.
  Html& line();

  /// What was written since this was last asked for.
  std::string take();
  /// The page, or what is left of it to be taken. Throws std::logic_error when an element is still open.
  std::string finish() &&;
  /// The same, of a part.
  Fragment fragment() &&;

 private:
  explicit Html(std::string begun) : out_(std::move(begun)) {}
  void tag(Literal element, Attributes attributes);
  std::string out_;
  std::vector<std::string_view> open_;
};

template <class Component>
requires requires(Html& html, const Component& component) {
  put(html, component);
}
Fragment::Fragment(const Component& component) {
  Html html = Html::part();
  put(html, component);
  *this = std::move(html).fragment();
}

/// A whole page in one file: nothing is fetched, nothing runs (its Content-Security-Policy says so), and equal
/// documents give equal bytes. WCAG 2.2 AA; prints on A4. Written as the document is gone through: beside its outline
/// no more than a row of it is in memory. Throws what outline() throws.
/// \param above stands above the title: what a service shows with the document, and the document is without elsewhere
void html(const Document& document, std::ostream& out, const Fragment& above = {});
/// The same in one text, for a page that is answered with.
std::string html(const Document& document, const Fragment& above = {});

}  // namespace answerable::render
