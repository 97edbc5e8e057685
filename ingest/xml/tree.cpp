#include "ingest/xml/tree.hpp"

#include "ingest/xml/xerces.hpp"

namespace answerable::xml {
namespace {

/// A hostile file may hold any number of names; beyond this many they are all alike to us, and unknown to the schema.
constexpr std::size_t most_names = 50'000;

/// Whether a text that ends with a nought is this one.
bool same(const char16_t* text, const std::u16string& wanted) {
  const char16_t* const other = wanted.c_str();
  std::size_t i = 0;
  while (text[i] == other[i] && other[i] != 0) ++i;
  return i == wanted.size() && text[i] == 0;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

}  // namespace

Names::Names() : texts_{"", "another-name"} {}

std::uint32_t Names::id(std::u16string_view name) {
  const auto found = ids_.find(name);
  if (found != ids_.end()) return found->second;
  if (texts_.size() >= most_names) return 1;
  std::string text;
  append_utf8(text, name.data(), name.size());
  const auto next = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(std::move(text));
  ids_.emplace(name, next);
  return next;
}

std::uint32_t Names::id_of(const char16_t* name) {
  Seen& seen = seen_[(reinterpret_cast<std::uintptr_t>(name) >> 4) % seen_.size()];
  // What lies at an address may have changed, so the name itself is compared.
  if (seen.name != nullptr && same(name, *seen.name)) return seen.id;
  const std::u16string_view text(name);
  const auto its_id = id(text);
  const auto found = ids_.find(text);
  if (found != ids_.end()) seen = {&found->first, its_id};
  return its_id;
}

std::uint32_t Names::id(std::string_view name) {
  return name.empty() ? 0 : id(utf16(name));
}

void Tree::clear() {
  nodes_.clear();
  attributes_.clear();
  text_.clear();
  current_ = -1;
}

std::int32_t Tree::open(std::uint32_t name, bool foreign) {
  const auto node = static_cast<std::int32_t>(nodes_.size());
  Node it;
  it.name = name;
  it.foreign = foreign;
  it.parent = current_;
  it.attribute_begin = it.attribute_end = static_cast<std::uint32_t>(attributes_.size());
  nodes_.push_back(it);
  if (current_ >= 0) {
    auto& parent = nodes_[static_cast<std::size_t>(current_)];
    if (parent.first < 0) {
      parent.first = node;
    } else {
      nodes_[static_cast<std::size_t>(parent.last)].next = node;
    }
    parent.last = node;
  }
  current_ = node;
  return node;
}

void Tree::add_attribute(std::uint32_t name, std::uint32_t begin) {
  attributes_.push_back({name, begin, static_cast<std::uint32_t>(text_.size())});
  nodes_[static_cast<std::size_t>(current_)].attribute_end = static_cast<std::uint32_t>(attributes_.size());
}

void Tree::add_text(std::uint32_t begin) {
  auto& node = nodes_[static_cast<std::size_t>(current_)];
  if (node.text_begin == node.text_end) node.text_begin = node.text_end = begin;
  // Text on both sides of a child is not valid in any of our types; the first part stands for it.
  if (node.text_end == begin) node.text_end = static_cast<std::uint32_t>(text_.size());
}

void Tree::take_shape(const Tree& other) {
  nodes_ = other.nodes_;
  attributes_ = other.attributes_;
  text_.clear();
  current_ = -1;
  for (auto& node : nodes_) node.text_begin = node.text_end = 0;
  for (auto& attribute : attributes_) attribute.begin = attribute.end = 0;
}

void Tree::set_attribute(std::size_t attribute, std::string_view value) {
  attributes_[attribute].begin = static_cast<std::uint32_t>(text_.size());
  text_ += value;
  attributes_[attribute].end = static_cast<std::uint32_t>(text_.size());
}

void Tree::set_text(std::int32_t node, std::string_view text) {
  auto& it = nodes_[static_cast<std::size_t>(node)];
  it.text_begin = static_cast<std::uint32_t>(text_.size());
  text_ += text;
  it.text_end = static_cast<std::uint32_t>(text_.size());
}

std::string_view Tree::text(std::int32_t node) const {
  return trimmed(whole_text(node));
}

std::string_view Tree::attribute(std::int32_t node, std::uint32_t name) const {
  const auto& it = (*this)[node];
  for (auto i = it.attribute_begin; i < it.attribute_end; ++i) {
    if (attributes_[i].name == name) return value(attributes_[i]);
  }
  return {};
}

bool Tree::has_attribute(std::int32_t node, std::uint32_t name) const {
  const auto& it = (*this)[node];
  for (auto i = it.attribute_begin; i < it.attribute_end; ++i) {
    if (attributes_[i].name == name) return true;
  }
  return false;
}

std::int32_t Tree::child(std::int32_t node, std::uint32_t name) const {
  for (auto it = (*this)[node].first; it >= 0; it = (*this)[it].next) {
    if ((*this)[it].name == name && !(*this)[it].foreign) return it;
  }
  return -1;
}

std::int32_t Tree::again(std::int32_t node) const {
  const auto name = (*this)[node].name;
  for (auto it = (*this)[node].next; it >= 0; it = (*this)[it].next) {
    if ((*this)[it].name == name && !(*this)[it].foreign) return it;
  }
  return -1;
}

void Places::walk_to(std::int32_t node) {
  while (node >= static_cast<std::int32_t>(tags_.size())) {
    const auto at = bytes_.find('<', at_);
    at_ = bytes_.size();
    if (at == std::string_view::npos) return;
    const auto rest = bytes_.substr(at);
    std::string_view closer;
    if (rest.starts_with("<!--")) {
      closer = "-->";
    } else if (rest.starts_with("<![CDATA[")) {
      closer = "]]>";
    } else if (rest.starts_with("<?")) {
      closer = "?>";
    }
    if (!closer.empty()) {
      const auto end = bytes_.find(closer, at + 2);
      if (end == std::string_view::npos) return;
      at_ = end + closer.size();
      continue;
    }
    auto end = at + 1;
    while (end < bytes_.size() && bytes_[end] != '>') {
      if (bytes_[end] == '"' || bytes_[end] == '\'') {
        end = bytes_.find(bytes_[end], end + 1);
        if (end == std::string_view::npos) return;
      }
      ++end;
    }
    if (!rest.starts_with("</")) tags_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end + 1)});
    at_ = end;
  }
}

Position Places::of(std::int32_t node) {
  walk_to(node);
  auto place = start_;
  if (node > 0 && static_cast<std::size_t>(node) < tags_.size())
    place.advance(bytes_.substr(0, tags_[static_cast<std::size_t>(node)].begin));
  return place;
}

std::string_view Places::sent(std::int32_t node) {
  walk_to(node);
  if (node < 0 || static_cast<std::size_t>(node) >= tags_.size()) return {};
  const auto from = tags_[static_cast<std::size_t>(node)].end;
  if (from >= 2 && bytes_[from - 2] == '/') return {};
  const auto to = bytes_.find('<', from);
  return bytes_.substr(from, to == std::string_view::npos ? to : to - from);
}

}  // namespace answerable::xml
