#include "reports/render/pdf_structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace answerable::render {
namespace {

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

}  // namespace

StructureTree::StructureTree(PdfFile& file) : file_(file), root_(file.reserve()), document_(file.reserve()) {
  nodes_.emplace(document_, Node{"Document", root_, Trait::none, {}});
}

StructureTree::Element StructureTree::add(Element parent, std::string_view type, Trait trait) {
  const Element element = file_.reserve();
  nodes_.at(parent).children.push_back({Child::Kind::element, element, 0});
  nodes_.emplace(element, Node{type, parent, trait, {}});
  return element;
}

void StructureTree::close(Element element) {
  const auto closed = nodes_.extract(element);
  const Node& node = closed.mapped();
  // Most elements lie on one page: named once, its content needs numbers only.
  const auto content = std::ranges::find(node.children, Child::Kind::content, &Child::kind);
  const PdfFile::Object own_page = content == node.children.end() ? 0 : content->page;
  std::string out =
      fmt::format("<< /Type /StructElem /S /{} /P {}{}", node.type, reference(node.parent), attributes_of(node.trait));
  if (own_page != 0) out += " /Pg " + reference(own_page);
  out += " /K [";
  for (const Child& child : node.children) out += text_of(child, own_page) + ' ';
  file_.put(element, out + "] >>");
}

std::string StructureTree::text_of(const Child& child, PdfFile::Object own_page) {
  switch (child.kind) {
    case Child::Kind::element:
      return reference(child.number);
    case Child::Kind::content:
      if (child.page == own_page) return std::to_string(child.number);
      return fmt::format("<< /Type /MCR /Pg {} /MCID {} >>", reference(child.page), child.number);
    case Child::Kind::annotation:
      return fmt::format("<< /Type /OBJR /Pg {} /Obj {} >>", reference(child.page), reference(child.number));
  }
  return "";
}

std::size_t StructureTree::lead_back(PdfFile::Object to) {
  parents_ += fmt::format("{} {} ", next_key_, reference(to));
  return next_key_++;
}

std::size_t StructureTree::begin_page(PdfFile::Object page) {
  page_ = page;
  page_parents_ = file_.reserve();
  stretches_.clear();
  return lead_back(page_parents_);
}

std::size_t StructureTree::add_content(Element element) {
  nodes_.at(element).children.push_back({Child::Kind::content, static_cast<int>(stretches_.size()), page_});
  stretches_.push_back(element);
  return stretches_.size() - 1;
}

std::size_t StructureTree::add_annotation(Element element, PdfFile::Object annotation) {
  nodes_.at(element).children.push_back({Child::Kind::annotation, annotation, page_});
  return lead_back(element);
}

void StructureTree::end_page() {
  std::string parents = "[";
  for (const auto element : stretches_) parents += reference(element) + ' ';
  file_.put(page_parents_, parents + ']');
}

PdfFile::Object StructureTree::finish() {
  close(document_);
  file_.put(root_, fmt::format("<< /Type /StructTreeRoot /K {} /ParentTree {} /ParentTreeNextKey {} >>",
                               reference(document_), reference(file_.add(parents_ += "] >>")), next_key_));
  return root_;
}

}  // namespace answerable::render
