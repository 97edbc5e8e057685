#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reading our own files (rules, timelines, schemas) whole. What strangers send goes through file_reader.hpp instead.
namespace answerable::xml {

/// An element of a document, held whole.
struct Element {
  std::string ns, name;
  int line{}, column{};  ///< just behind its start tag
  std::vector<std::pair<std::string, std::string>>
      attributes;    ///< without namespace declarations; "{uri}name" when in a namespace
  std::string text;  ///< its own character data, joined; white space as the grammar's types leave it
  std::vector<Element> children;

  /// Null when there is none.
  const std::string* attribute(std::string_view attribute_name) const;
  /// "" when there is none.
  std::string_view value(std::string_view attribute_name) const;
  /// The first child of that local name, in any namespace. Null when there is none.
  const Element* child(std::string_view child_name) const;
  /// All children of that local name, in document order.
  std::vector<const Element*> all(std::string_view child_name) const;
  /// Text of the first child of that name, "" when there is none.
  std::string_view child_text(std::string_view child_name) const;
};

/// A file of ours that cannot be used. what() says "file:line:column: why".
class Invalid : public std::runtime_error {
 public:
  Invalid(const std::filesystem::path& file, int line, int column, const std::string& why);
  /// For things that no single place is to blame for.
  Invalid(const std::filesystem::path& file, const std::string& why);
};

/// Parses and validates files against schemas (XSD 1.0), which it loads once. No DOCTYPE, no entities, no network,
/// schemaLocation is ignored. With no schemas files are only checked to be well-formed. Elements under
/// processContents="skip" are kept too.
class DocumentReader {
 public:
  /// \throws Invalid for a schema that cannot be read or used
  explicit DocumentReader(std::span<const std::filesystem::path> schemas);
  DocumentReader(const DocumentReader&) = delete;
  DocumentReader& operator=(const DocumentReader&) = delete;
  ~DocumentReader();

  /// \throws Invalid for a file that cannot be read, is ill-formed or not valid
  Element read(const std::filesystem::path& file) const;
  /// The same for bytes held already. \param name for errors
  Element parse(std::string_view bytes, const std::filesystem::path& name) const;

 private:
  struct Grammars;
  std::unique_ptr<Grammars> grammars_;
};

/// One file alone: DocumentReader(schemas).read(file).
Element load_document(const std::filesystem::path& file, std::span<const std::filesystem::path> schemas);

/// Writes an element as an XML document that stands alone: namespaces declared where they change, UTF-8, no declaration
/// line.
std::string serialise(const Element& element);

}  // namespace answerable::xml
