#include "reports/render/pdf_structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace answerable::render {
namespace {

using Child = StructureTree::Child;

/// ISO 32000-1 §14.8.5: what assistive technology needs to know beyond the type.
std::string_view attributes_of(StructureTree::Trait trait) {
  switch (trait) {
    case StructureTree::Trait::none:
      return "";
    case StructureTree::Trait::column_header:
      return " /A << /O /Table /Scope /Column >>";
    case StructureTree::Trait::row_header:
      return " /A << /O /Table /Scope /Row >>";
    case StructureTree::Trait::bulleted:
      return " /A << /O /List /ListNumbering /Disc >>";
    case StructureTree::Trait::numbered:
      return " /A << /O /List /ListNumbering /Decimal >>";
  }
  return "";
}

class StructureWriter {
 public:
  StructureWriter(PdfFile& file, const StructureTree& tree, PdfFile::Object first_page)
      : file_(file), tree_(tree), first_page_(first_page), root_(file.reserve()), first_element_(root_ + 1) {
    for (std::size_t i = 0; i < tree.nodes().size(); ++i) file.reserve();
  }

  PdfFile::Object run() {
    for (std::size_t i = 0; i < tree_.nodes().size(); ++i) write_element(static_cast<int>(i));
    const auto next_key = tree_.contents().size() + tree_.annotations().size();
    file_.put(root_, fmt::format("<< /Type /StructTreeRoot /K {} /ParentTree {} /ParentTreeNextKey {} >>", element(0),
                                 reference(write_parents()), next_key));
    return root_;
  }

 private:
  std::string element(int index) const { return reference(first_element_ + index); }
  std::string page(int number) const { return reference(first_page_ + number); }

  void write_element(int index) {
    const StructureTree::Node& node = tree_.nodes()[static_cast<std::size_t>(index)];
    // Most elements lie on one page: named once, its content needs numbers only.
    const auto content = std::ranges::find(node.children, Child::Kind::content, &Child::kind);
    const int own_page = content == node.children.end() ? no_page : content->page;
    std::string out = fmt::format("<< /Type /StructElem /S /{} /P {}{}", node.type,
                                  index == 0 ? reference(root_) : element(node.parent), attributes_of(node.trait));
    if (own_page != no_page) out += " /Pg " + page(own_page);
    out += " /K [";
    for (const Child& child : node.children) out += text_of(child, own_page) + ' ';
    file_.put(first_element_ + index, out + "] >>");
  }

  std::string text_of(const Child& child, int own_page) const {
    switch (child.kind) {
      case Child::Kind::element:
        return element(child.number);
      case Child::Kind::content:
        if (child.page == own_page) return std::to_string(child.number);
        return fmt::format("<< /Type /MCR /Pg {} /MCID {} >>", page(child.page), child.number);
      case Child::Kind::annotation:
        return fmt::format("<< /Type /OBJR /Pg {} /Obj {} >>", page(child.page), reference(child.number));
    }
    return "";
  }

  /// From pages' stretches and annotations back to their elements.
  PdfFile::Object write_parents() {
    std::string numbers = "<< /Nums [";
    std::size_t key = 0;
    for (const auto& stretches : tree_.contents()) {
      std::string parents = "[";
      for (const auto parent : stretches) parents += element(parent) + ' ';
      numbers += fmt::format("{} {} ", key++, reference(file_.add(parents + ']')));
    }
    for (const auto parent : tree_.annotations()) numbers += fmt::format("{} {} ", key++, element(parent));
    return file_.add(numbers + "] >>");
  }

  static constexpr int no_page = -1;

  PdfFile& file_;
  const StructureTree& tree_;
  PdfFile::Object first_page_, root_, first_element_;
};

}  // namespace

StructureTree::StructureTree() {
  nodes_.push_back({"Document", 0, Trait::none, {}});
}

StructureTree::Element StructureTree::add(Element parent, std::string_view type, Trait trait) {
  if (parent == artifact) return artifact;
  const auto element = static_cast<Element>(nodes_.size());
  nodes_.push_back({type, parent, trait, {}});
  children_of(parent).push_back({Child::Kind::element, element, 0});
  return element;
}

int StructureTree::add_content(Element element, int page) {
  contents_.resize(std::max(contents_.size(), static_cast<std::size_t>(page) + 1));
  auto& stretches = contents_[static_cast<std::size_t>(page)];
  const int stretch = static_cast<int>(stretches.size());
  stretches.push_back(element);
  children_of(element).push_back({Child::Kind::content, stretch, page});
  return stretch;
}

int StructureTree::add_annotation(Element element, int page, PdfFile::Object annotation) {
  annotations_.push_back(element);
  children_of(element).push_back({Child::Kind::annotation, annotation, page});
  return static_cast<int>(annotations_.size()) - 1;
}

PdfFile::Object write_structure(PdfFile& file, const StructureTree& tree, PdfFile::Object first_page) {
  return StructureWriter(file, tree, first_page).run();
}

}  // namespace answerable::render
