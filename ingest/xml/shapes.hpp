#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/xml/tree.hpp"
#include "ingest/xml/xerces.hpp"

namespace answerable::xml {

/// What the grammar says of the values of a record, gathered while it is parsed.
struct ValueTypes {
  std::vector<xercesc::DatatypeValidator*> of_texts;       ///< by node of the tree; null: no text at all
  std::vector<xercesc::DatatypeValidator*> of_attributes;  ///< parallel to the tree's attributes
  bool each_alone{true};  ///< no value is judged by anything but its own type (no defaults, nil, IDs, keys, wildcards)
  void clear();
  void open(const xercesc::XMLElementDecl& declaration);
  void attribute(const xercesc::XMLElementDecl& declaration, const xercesc::XMLAttr& attribute);
};

/// Records of one shape: what stands between their values is the same, byte for byte. Whether names, order and number
/// are right depends on nothing else, so of a shape that the parser has found right once only the values are judged
/// from then on, by the grammar's own types. Exports of one system come in a few dozen shapes.
///
/// Whatever is out of the ordinary (references, comments, CDATA, white space that a type would change, a value that its
/// type refuses) does not fit, and the parser judges it: nothing is ever said to be wrong here.
class Shapes {
 public:
  /// Of another file, where prefixes may mean something else.
  void clear();
  /// True when the record is right: then `tree` and `ns` are what the parser would have made of it.
  /// \param lead what stands before it and belongs to no record
  bool fits(std::string_view lead, std::string_view record, Tree& tree, std::string& ns);
  /// Remembers a record in which the parser found nothing wrong.
  void learn(std::string_view record, const Tree& tree, std::string_view ns, const ValueTypes& types);

 private:
  /// A record taken apart. Values point into it.
  struct Outline {
    struct Value {
      std::int32_t node{};  ///< by order of start tags
      bool of_attribute{};  ///< else its text
      std::string_view text;
    };
    std::string markup;  ///< with a mark, that XML cannot hold, in place of each value
    std::vector<Value> values;
    /// False for what only the parser may judge.
    bool read(std::string_view record);

   private:
    std::size_t read_tag(std::string_view record, std::size_t from, std::int32_t node);
    void cut(std::string_view record, std::size_t from, std::size_t to, std::int32_t node, bool of_attribute);
    std::size_t copied_{};
  };
  struct Shape {
    Tree tree;  ///< without values
    std::string ns;
    std::vector<xercesc::DatatypeValidator*> types;  ///< by value
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view markup) const { return std::hash<std::string_view>{}(markup); }
  };

  bool right(const Outline::Value& value, xercesc::DatatypeValidator* type);

  Outline outline_;
  std::unordered_map<std::string, Shape, Hash, std::equal_to<>> shapes_;
  std::size_t bytes_{};  ///< of their markup
  struct Seen {
    const xercesc::DatatypeValidator* type{};
    std::string text;
  };
  std::array<Seen, 8192> seen_{};  ///< values that their types have found right
  std::u16string wide_;
};

}  // namespace answerable::xml
