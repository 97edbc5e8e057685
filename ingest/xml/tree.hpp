#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/xml/kinds.hpp"
#include "ingest/xml/position.hpp"

namespace answerable::xml {

/// Names as small numbers, the same for the life of a worker. 0 is no name.
class Names {
 public:
  Names();
  std::uint32_t id(std::u16string_view name);
  std::uint32_t id(std::string_view name);
  /// The quick way for names that come again and again at the same place in memory, as those of grammars do.
  std::uint32_t id_of(const char16_t* name);
  const std::string& text(std::uint32_t name) const { return texts_[name]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::u16string_view name) const { return std::hash<std::u16string_view>{}(name); }
  };
  std::unordered_map<std::u16string, std::uint32_t, Hash, std::equal_to<>> ids_;
  std::deque<std::string> texts_;
  struct Seen {
    const std::u16string* name{};  ///< in ids_, whose elements stay where they are
    std::uint32_t id{};
  };
  std::array<Seen, 1024> seen_{};  ///< by address
};

/// One element of a record and all below it, in flat memory that is used again for the next record.
class Tree {
 public:
  struct Node {
    std::uint32_t name{};
    bool foreign{};  ///< in another namespace than the root
    std::int32_t parent{-1}, first{-1}, last{-1}, next{-1};
    std::uint32_t text_begin{}, text_end{};
    std::uint32_t attribute_begin{}, attribute_end{};
  };
  struct Attribute {
    std::uint32_t name{};
    std::uint32_t begin{}, end{};
  };

  void clear();
  /// Nodes are numbered in the order of their start tags. The root is 0.
  std::int32_t open(std::uint32_t name, bool foreign);
  void close() { current_ = nodes_[static_cast<std::size_t>(current_)].parent; }
  std::int32_t current() const { return current_; }
  std::string& text_store() { return text_; }
  void add_attribute(std::uint32_t name, std::uint32_t begin);
  /// The bytes appended to text_store() since `begin` are character data of the current element.
  void add_text(std::uint32_t begin);

  /// Becomes another tree's elements and attributes, all of them without values.
  void take_shape(const Tree& other);
  void set_attribute(std::size_t attribute, std::string_view value);
  void set_text(std::int32_t node, std::string_view text);

  bool empty() const { return nodes_.empty(); }
  std::int32_t size() const { return static_cast<std::int32_t>(nodes_.size()); }
  const Node& operator[](std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::string_view whole_text(std::int32_t node) const {
    return std::string_view(text_).substr((*this)[node].text_begin, (*this)[node].text_end - (*this)[node].text_begin);
  }
  /// Without white space around it.
  std::string_view text(std::int32_t node) const;
  const std::vector<Attribute>& attributes() const { return attributes_; }
  std::string_view value(const Attribute& attribute) const {
    return std::string_view(text_).substr(attribute.begin, attribute.end - attribute.begin);
  }
  /// "" when there is none.
  std::string_view attribute(std::int32_t node, std::uint32_t name) const;
  bool has_attribute(std::int32_t node, std::uint32_t name) const;
  /// The first child of that name in the root's namespace; -1 when there is none.
  std::int32_t child(std::int32_t node, std::uint32_t name) const;
  /// The next sibling of the same name; -1 when there is none.
  std::int32_t again(std::int32_t node) const;

 private:
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
  std::string text_;
  std::int32_t current_{-1};
};

/// Where the elements of a record stand in the file, found by walking its bytes again: only asked for what is
/// complained of or referred to.
class Places {
 public:
  Places(std::string_view bytes, Position start) : bytes_(bytes), start_(start) {}
  /// Of the `node`th start tag's "<". The record's start when there are fewer.
  Position of(std::int32_t node);
  /// The character data right behind that start tag, as sent.
  std::string_view sent(std::int32_t node);

 private:
  struct Tag {
    std::uint32_t begin, end;
  };
  void walk_to(std::int32_t node);
  std::string_view bytes_;
  Position start_;
  std::size_t at_{};  ///< walked so far
  std::vector<Tag> tags_;
};

}  // namespace answerable::xml
