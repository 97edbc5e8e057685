#include "ingest/xml/shapes.hpp"

#include <algorithm>
#include <xercesc/util/XMLException.hpp>
#include <xercesc/validators/datatype/ListDatatypeValidator.hpp>
#include <xercesc/validators/datatype/UnionDatatypeValidator.hpp>
#include <xercesc/validators/schema/SchemaAttDef.hpp>
#include <xercesc/validators/schema/SchemaElementDecl.hpp>
#include <xercesc/validators/schema/SchemaSymbols.hpp>

namespace answerable::xml {
namespace {

namespace x = xercesc;
using Type = x::DatatypeValidator;

constexpr std::size_t most_markup = 64 << 10;         // of one shape
constexpr std::size_t most_markup_of_all = 16 << 20;  // a file of ever new shapes costs this much, and no more
constexpr std::size_t most_remembered = 48;           // bytes of a value
constexpr char value_mark = '\x01';

/// False for types that look at more than the value: at namespaces or at the rest of the document.
bool judges_alone(const Type& type) {
  switch (type.getType()) {
    case Type::QName:
    case Type::ID:
    case Type::IDREF:
    case Type::ENTITY:
    case Type::NOTATION:
      return false;
    case Type::List: {
      const auto* item = static_cast<const x::ListDatatypeValidator&>(type).getItemTypeDTV();
      return item == nullptr || judges_alone(*item);
    }
    case Type::Union: {
      const auto* members = static_cast<const x::UnionDatatypeValidator&>(type).getMemberTypeValidators();
      for (XMLSize_t i = 0; members != nullptr && i < members->size(); ++i)
        if (!judges_alone(*members->elementAt(i))) return false;
      return true;
    }
    default:
      return true;
  }
}

const x::SchemaElementDecl* of_schema(const x::XMLElementDecl& declaration) {
  return declaration.getObjectType() == x::XMLElementDecl::Schema
             ? static_cast<const x::SchemaElementDecl*>(&declaration)
             : nullptr;
}

/// Whether the value is what the parser would hand on: no references, no line ends to change, no "]]>", no white space
/// that its type would take away.
bool as_it_stands(std::string_view text, bool white_space_kept, bool of_attribute) {
  if (text.empty()) return true;
  if (!white_space_kept && (text.front() == ' ' || text.back() == ' ')) return false;
  char before = 0;
  for (const char c : text) {
    if (c == '&' || c == ']' || c == '<') return false;
    if (static_cast<unsigned char>(c) < ' ' && !(white_space_kept && !of_attribute && (c == '\n' || c == '\t')))
      return false;
    if (c == ' ' && before == ' ' && !white_space_kept) return false;
    before = c;
  }
  return true;
}

}  // namespace

void ValueTypes::clear() {
  of_texts.clear();
  of_attributes.clear();
  each_alone = true;
}

void ValueTypes::open(const x::XMLElementDecl& declaration) {
  const auto* element = of_schema(declaration);
  auto* type = element == nullptr ? nullptr : element->getDatatypeValidator();
  if (element == nullptr || element->getDefaultValue() != nullptr || element->getIdentityConstraintCount() != 0 ||
      (element->getMiscFlags() & (x::SchemaSymbols::XSD_NILLABLE | x::SchemaSymbols::XSD_FIXED)) != 0 ||
      (type != nullptr && !judges_alone(*type)))
    each_alone = false;
  of_texts.push_back(type);
}

void ValueTypes::attribute(const x::XMLElementDecl& declaration, const x::XMLAttr& attribute) {
  const auto* element = of_schema(declaration);
  const auto* complex = element == nullptr ? nullptr : element->getComplexTypeInfo();
  const auto* its =
      complex == nullptr ? nullptr : complex->getAttDef(attribute.getName(), static_cast<int>(attribute.getURIId()));
  auto* type = its == nullptr ? nullptr : its->getDatatypeValidator();
  if (type == nullptr || !attribute.getSpecified() || !judges_alone(*type) ||
      (its->getDefaultType() != x::XMLAttDef::Required && its->getDefaultType() != x::XMLAttDef::Implied))
    each_alone = false;
  of_attributes.push_back(type);
}

void Shapes::Outline::cut(std::string_view record, std::size_t from, std::size_t to, std::int32_t node,
                          bool of_attribute) {
  markup.append(record, copied_, from - copied_);
  markup += value_mark;
  values.push_back({node, of_attribute, record.substr(from, to - from)});
  copied_ = to;
}

/// \param from behind the name's first byte \returns the place of the tag's ">"; npos when only the parser may judge
std::size_t Shapes::Outline::read_tag(std::string_view record, std::size_t from, std::int32_t node) {
  std::size_t name = from;
  for (auto at = from; at < record.size(); ++at) {
    const char c = record[at];
    if (c == '>') return at;
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') name = at + 1;
    if (c != '"' && c != '\'') continue;
    const auto end = record.find(c, at + 1);
    if (end == std::string_view::npos) return end;
    const auto named = record.substr(name, at - name);
    // What names mean is part of the shape. A prefix may be xsi, or xml.
    if (!named.starts_with("xmlns")) {
      if (named.find(':') != std::string_view::npos) return std::string_view::npos;
      cut(record, at + 1, end, node, true);
    }
    at = end;
  }
  return std::string_view::npos;
}

bool Shapes::Outline::read(std::string_view record) {
  markup.clear();
  values.clear();
  copied_ = 0;
  std::int32_t node = -1;
  for (std::size_t at = 0; at < record.size();) {
    if (at + 1 == record.size() || record[at] != '<') return false;
    const char next = record[at + 1];
    if (next == '!' || next == '?') return false;
    const bool starts = next != '/';
    if (starts) ++node;
    const auto end = starts ? read_tag(record, at + 1, node) : record.find('>', at);
    if (end == std::string_view::npos) return false;
    at = std::min(record.find('<', end), record.size());
    const bool holds = starts && record[end - 1] != '/';
    if (holds && record.substr(at).starts_with("</")) cut(record, end + 1, at, node, false);
  }
  markup.append(record, copied_);
  return true;
}

bool Shapes::right(const Outline::Value& value, Type* type) {
  if (type == nullptr) return value.text.empty();
  if (!as_it_stands(value.text, type->getWSFacet() == Type::PRESERVE, value.of_attribute)) return false;
  Seen* seen = nullptr;
  if (value.text.size() <= most_remembered) {
    const auto hash = std::hash<std::string_view>{}(value.text) + (reinterpret_cast<std::uintptr_t>(type) >> 4);
    seen = &seen_[hash % seen_.size()];
    if (seen->type == type && seen->text == value.text) return true;
  }
  wide_ = utf16(value.text);
  try {
    type->validate(wide_.c_str());
  } catch (const x::XMLException&) {
    return false;
  }
  if (seen != nullptr) {
    seen->type = type;
    seen->text = value.text;
  }
  return true;
}

void Shapes::clear() {
  shapes_.clear();
  bytes_ = 0;
}

bool Shapes::fits(std::string_view lead, std::string_view record, Tree& tree, std::string& ns) {
  if (lead.find_first_not_of(" \t\r\n") != std::string_view::npos || shapes_.empty() || !outline_.read(record))
    return false;
  const auto found = shapes_.find(std::string_view(outline_.markup));
  if (found == shapes_.end()) return false;
  const auto& shape = found->second;
  for (std::size_t i = 0; i < outline_.values.size(); ++i)
    if (!right(outline_.values[i], shape.types[i])) return false;
  tree.take_shape(shape.tree);
  std::size_t attribute = 0;
  for (const auto& value : outline_.values) {
    if (value.of_attribute) {
      tree.set_attribute(attribute++, value.text);
    } else {
      tree.set_text(value.node, value.text);
    }
  }
  ns = shape.ns;
  return true;
}

void Shapes::learn(std::string_view record, const Tree& tree, std::string_view ns, const ValueTypes& types) {
  if (!types.each_alone || !outline_.read(record) || outline_.markup.size() > most_markup) return;
  if (shapes_.contains(std::string_view(outline_.markup))) return;
  // The record that is learned from must itself come out as the parser had it.
  Shape shape{.tree = {}, .ns = std::string(ns), .types = {}};
  std::size_t attribute = 0;
  for (const auto& value : outline_.values) {
    auto* type =
        value.of_attribute ? types.of_attributes[attribute] : types.of_texts[static_cast<std::size_t>(value.node)];
    const auto parsed = value.of_attribute ? tree.value(tree.attributes()[attribute++]) : tree.whole_text(value.node);
    if (parsed != value.text || !right(value, type)) return;
    shape.types.push_back(type);
  }
  if (attribute != tree.attributes().size()) return;
  for (std::int32_t node = 0; node < tree.size(); ++node)
    if (tree[node].first >= 0 && !tree.whole_text(node).empty()) return;
  shape.tree.take_shape(tree);
  if (bytes_ > most_markup_of_all) clear();
  bytes_ += outline_.markup.size();
  shapes_.emplace(outline_.markup, std::move(shape));
}

}  // namespace answerable::xml
