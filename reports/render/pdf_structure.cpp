#include "reports/render/pdf_structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <stdexcept>

#include "reports/render/pdf_archive.hpp"
#include "reports/render/pdf_geometry.hpp"
#include "reports/render/pdf_objects.hpp"

namespace answerable::render {
namespace {

using Handle = QPDFObjectHandle;

// The tag every stretch is drawn in; written over afterwards.
constexpr const char* stretch_tag = "Span";

/// Cairo's content streams hold operators, names, numbers and strings, and no inline images (none are drawn). The marks
/// are found outside strings only: a record's text may look like one.
std::string with_marks(std::string_view content, const std::vector<StructureTree::Element>& stretches,
                       const StructureTree& tree) {
  constexpr std::string_view mark = "/Span << /MCID ";
  constexpr std::string_view mark_end = ">> BDC";
  std::string out;
  out.reserve(content.size() + stretches.size() * 8);
  std::size_t found = 0;
  int depth = 0;
  for (std::size_t i = 0; i < content.size();) {
    const char c = content[i];
    if (depth > 0 && c == '\\') {
      out.append(content.substr(i, 2));
      i += 2;
    } else if (depth == 0 && c == '/' && content.substr(i, mark.size()) == mark) {
      const auto end = content.find(mark_end, i);
      if (end == std::string_view::npos || found == stretches.size())
        throw std::runtime_error("PDF: Cairo's marks are not as expected");
      const StructureTree::Element element = stretches[found];
      if (element == StructureTree::artifact) {
        out += "/Artifact BMC";
      } else {
        out += fmt::format("/{} << /MCID {} >> BDC", tree.nodes()[static_cast<std::size_t>(element)].type, found);
      }
      ++found;
      i = end + mark_end.size();
    } else {
      if (c == '(') ++depth;
      if (c == ')') --depth;
      out.push_back(c);
      ++i;
    }
  }
  if (found != stretches.size()) throw std::runtime_error("PDF: Cairo's marks are not as expected");
  return out;
}

Handle number(double value) {
  return Handle::newReal(value, 2);
}

/// ISO 32000-1 §14.8.5: what assistive technology needs to know beyond the type.
std::string_view attributes_of(StructureTree::Trait trait) {
  switch (trait) {
    case StructureTree::Trait::none:
      return "";
    case StructureTree::Trait::column_header:
      return "<< /O /Table /Scope /Column >>";
    case StructureTree::Trait::row_header:
      return "<< /O /Table /Scope /Row >>";
    case StructureTree::Trait::bulleted:
      return "<< /O /List /ListNumbering /Disc >>";
    case StructureTree::Trait::numbered:
      return "<< /O /List /ListNumbering /Decimal >>";
  }
  return "";
}

class Finisher {
 public:
  Finisher(QPDF& file, const StructureTree& tree, const std::vector<MarkedPage>& pages)
      : file_(file), tree_(tree), pages_(pages) {
    for (auto& page : QPDFPageDocumentHelper(file).getAllPages()) page_objects_.push_back(page.getObjectHandle());
    if (page_objects_.size() != pages.size()) throw std::runtime_error("PDF: pages were lost");
  }

  void write_structure() {
    Handle root = file_.makeIndirectObject(Handle::newDictionary());
    for (std::size_t i = 0; i < tree_.nodes().size(); ++i)
      elements_.push_back(file_.makeIndirectObject(Handle::newDictionary()));
    write_links();
    for (std::size_t i = 0; i < tree_.nodes().size(); ++i) write_element(i, root);

    root.replaceKey("/Type", Handle::newName("/StructTreeRoot"));
    root.replaceKey("/K", elements_.front());
    Handle numbers = Handle::newArray();
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      page_objects_[page].replaceKey("/StructParents", Handle::newInteger(static_cast<long long>(page)));
      page_objects_[page].replaceKey("/Tabs", Handle::newName("/S"));
      Handle parents = Handle::newArray();
      for (const auto element : pages_[page].stretches()) {
        parents.appendItem(element == StructureTree::artifact ? Handle::newNull()
                                                              : elements_[static_cast<std::size_t>(element)]);
      }
      numbers.appendItem(Handle::newInteger(static_cast<long long>(page)));
      numbers.appendItem(file_.makeIndirectObject(parents));
    }
    for (const auto& [key, element] : annotation_parents_) {
      numbers.appendItem(Handle::newInteger(key));
      numbers.appendItem(element);
    }
    Handle parent_tree = Handle::newDictionary();
    parent_tree.replaceKey("/Nums", numbers);
    root.replaceKey("/ParentTree", file_.makeIndirectObject(parent_tree));
    root.replaceKey("/ParentTreeNextKey", Handle::newInteger(next_key()));
    file_.getRoot().replaceKey("/StructTreeRoot", root);

    for (std::size_t page = 0; page < pages_.size(); ++page) write_content(page);
  }

 private:
  long long next_key() const { return static_cast<long long>(pages_.size() + annotation_parents_.size()); }

  void write_links() {
    annotations_.resize(pages_.size());
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      Handle list = Handle::newArray();
      for (const LinkAnnotation& link : pages_[page].links()) {
        Handle annotation = annotation_of(link);
        const long long key = next_key();
        annotation.replaceKey("/StructParent", Handle::newInteger(key));
        annotation = file_.makeIndirectObject(annotation);
        annotation_parents_.emplace(key, elements_[static_cast<std::size_t>(link.element)]);
        annotations_[page].push_back(annotation);
        list.appendItem(annotation);
      }
      if (list.getArrayNItems() > 0) page_objects_[page].replaceKey("/Annots", list);
    }
  }

  Handle annotation_of(const LinkAnnotation& link) const {
    Handle annotation = Handle::parse("<< /Type /Annot /Subtype /Link /Border [0 0 0] /F 4 >>");
    const Rectangle& area = link.area;
    Handle rectangle = Handle::newArray();
    for (const double edge : {area.x, page_height - area.y - area.height, area.x + area.width, page_height - area.y})
      rectangle.appendItem(number(edge));
    annotation.replaceKey("/Rect", rectangle);
    annotation.replaceKey("/Contents", text_string(link.text));
    if (link.address.empty()) {
      Handle destination = Handle::newArray();
      destination.appendItem(page_objects_[static_cast<std::size_t>(link.to_page)]);
      destination.appendItem(Handle::newName("/XYZ"));
      destination.appendItem(Handle::newNull());
      destination.appendItem(number(page_height - link.to_y));
      destination.appendItem(Handle::newNull());
      annotation.replaceKey("/Dest", destination);
    } else {
      Handle action = Handle::parse("<< /S /URI >>");
      action.replaceKey("/URI", Handle::newString(link.address));
      annotation.replaceKey("/A", action);
    }
    return annotation;
  }

  void write_element(std::size_t index, const Handle& root) {
    const StructureTree::Node& node = tree_.nodes()[index];
    Handle element = elements_[index];
    element.replaceKey("/Type", Handle::newName("/StructElem"));
    element.replaceKey("/S", Handle::newName("/" + node.type));
    element.replaceKey("/P", index == 0 ? root : elements_[static_cast<std::size_t>(node.parent)]);
    if (const std::string_view attributes = attributes_of(node.trait); !attributes.empty()) {
      element.replaceKey("/A", Handle::parse(std::string(attributes)));
    }
    // Most elements lie on one page: named once, its content needs numbers only.
    const auto content =
        std::ranges::find(node.children, StructureTree::Child::Kind::content, &StructureTree::Child::kind);
    const int own_page = content == node.children.end() ? no_page : content->page;
    if (own_page != no_page) element.replaceKey("/Pg", page_objects_[static_cast<std::size_t>(own_page)]);
    std::vector<Handle> children;
    for (const StructureTree::Child& child : node.children) children.push_back(child_of(child, own_page));
    element.replaceKey("/K", Handle::newArray(children));
  }

  Handle child_of(const StructureTree::Child& child, int own_page) const {
    if (child.kind == StructureTree::Child::Kind::element) return elements_[static_cast<std::size_t>(child.number)];
    if (child.kind == StructureTree::Child::Kind::content && child.page == own_page)
      return Handle::newInteger(child.number);
    const auto page = static_cast<std::size_t>(child.page);
    Handle reference = Handle::newDictionary();
    reference.replaceKey("/Pg", page_objects_[page]);
    if (child.kind == StructureTree::Child::Kind::content) {
      reference.replaceKey("/Type", Handle::newName("/MCR"));
      reference.replaceKey("/MCID", Handle::newInteger(child.number));
    } else {
      reference.replaceKey("/Type", Handle::newName("/OBJR"));
      reference.replaceKey("/Obj", annotations_[page][static_cast<std::size_t>(child.number)]);
    }
    return reference;
  }

  void write_content(std::size_t page) {
    Handle stream = page_objects_[page].getKey("/Contents");
    const auto data = stream.getStreamData(qpdf_dl_generalized);
    const std::string_view content(reinterpret_cast<const char*>(data->getBuffer()), data->getSize());
    stream.replaceStreamData(with_marks(content, pages_[page].stretches(), tree_), Handle::newNull(),
                             Handle::newNull());
  }

  static constexpr int no_page = -1;

  QPDF& file_;
  const StructureTree& tree_;
  const std::vector<MarkedPage>& pages_;
  std::vector<Handle> page_objects_;
  std::vector<Handle> elements_;
  std::vector<std::vector<Handle>> annotations_;
  std::map<long long, Handle> annotation_parents_;
};

}  // namespace

StructureTree::StructureTree() {
  nodes_.push_back({"Document", 0, Trait::none, {}});
}

StructureTree::Element StructureTree::add(Element parent, std::string_view type, Trait trait) {
  if (parent == artifact) return artifact;
  const auto element = static_cast<Element>(nodes_.size());
  nodes_.push_back({std::string(type), parent, trait, {}});
  nodes_[static_cast<std::size_t>(parent)].children.push_back({Child::Kind::element, element, 0});
  return element;
}

void StructureTree::add_content(Element element, int page, int stretch) {
  nodes_[static_cast<std::size_t>(element)].children.push_back({Child::Kind::content, stretch, page});
}

void StructureTree::add_annotation(Element element, int page, int annotation) {
  nodes_[static_cast<std::size_t>(element)].children.push_back({Child::Kind::annotation, annotation, page});
}

void MarkedPage::in(StructureTree::Element element) {
  if (open_ && stretches_.back() == element) return;
  end();
  cairo_tag_begin(cairo_, stretch_tag, nullptr);
  open_ = true;
  if (element != StructureTree::artifact) tree_.add_content(element, number_, static_cast<int>(stretches_.size()));
  stretches_.push_back(element);
}

void MarkedPage::end() {
  if (open_) cairo_tag_end(cairo_, stretch_tag);
  open_ = false;
}

void MarkedPage::link(LinkAnnotation annotation) {
  tree_.add_annotation(annotation.element, number_, static_cast<int>(links_.size()));
  links_.push_back(std::move(annotation));
}

std::string finish_pdf(const std::string& cairo_bytes, const Document& document, const StructureTree& tree,
                       const std::vector<MarkedPage>& pages) {
  QPDF file;
  file.processMemoryFile("document", cairo_bytes.data(), cairo_bytes.size());
  Finisher finisher(file, tree, pages);
  finisher.write_structure();
  make_archival(file, document);

  QPDFWriter writer(file);
  writer.setOutputMemory();
  writer.setMinimumPDFVersion("1.7");
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.setNewlineBeforeEndstream(true);  // ISO 19005-2, 6.1.7.1
  writer.setDeterministicID(true);
  writer.write();
  const std::unique_ptr<Buffer> bytes(writer.getBuffer());
  return {reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()};
}

}  // namespace answerable::render
