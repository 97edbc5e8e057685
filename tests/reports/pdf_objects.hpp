#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

/// The objects of a PDF file as `qpdf --json` tells them (qpdf's JSON version 2): a dictionary is an object, a name
/// begins with '/', a text string with "u:", a byte string with "b:", a reference is "12 0 R".
class PdfObjects {
 public:
  /// Throws std::runtime_error when qpdf finds fault with the file.
  explicit PdfObjects(const std::string& bytes);

  const nlohmann::json& trailer() const { return objects.at("trailer").at("value"); }
  /// What a value stands for: itself, or the object it refers to (of a stream, the dictionary). Null when there is
  /// none.
  const nlohmann::json& at(const nlohmann::json& value) const;
  /// at() of a dictionary's entry.
  const nlohmann::json& at(const nlohmann::json& dictionary, std::string_view key) const;
  /// The decoded bytes of the stream a value refers to, or of several, one after another, when it is an array of them.
  /// Throws std::runtime_error when it refers to none.
  std::string stream(const nlohmann::json& reference) const;
  /// References to the pages, in order.
  std::vector<std::string> pages() const;

  std::string bytes;
  /// By "obj:12 0 R", and "trailer".
  nlohmann::json objects;
};

/// A content stream's operator with what stands before it. Arrays are taken apart into their members.
struct PdfOperation {
  struct Operand {
    enum class Kind { number, name, string, dictionary };
    Kind kind;
    /// Strings decoded, dictionaries as written.
    std::string text;
  };
  std::string name;
  std::vector<Operand> operands;
};
std::vector<PdfOperation> operations(std::string_view content);

/// What an embedded TrueType program (ISO/IEC 14496-22) says of its glyphs.
class TrueType {
 public:
  explicit TrueType(std::string bytes);
  int glyphs() const { return glyphs_; }
  /// In thousandths of the font's size.
  double width(int glyph) const;

 private:
  std::uint16_t two(std::size_t at) const;
  std::size_t table(std::string_view tag) const;

  std::string bytes_;
  int glyphs_;
};

}  // namespace answerable::render
