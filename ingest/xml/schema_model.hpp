#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What our schemas say, held so that faults can be explained from them. Xerces is the judge of validity; this only
/// finds words. Knows the part of XSD 1.0 that our schemas use.
namespace answerable::xml {

struct SimpleType {
  std::string name, documentation;
  std::string builtin;                     ///< of XSD, at the root of its derivation: token, decimal, date …
  const SimpleType* base{};                ///< null for a builtin
  const SimpleType* item{};                ///< of a list
  std::vector<const SimpleType*> members;  ///< of a union
  std::vector<std::string> choices, patterns;
  std::optional<std::size_t> min_length, max_length;
  std::optional<std::string> min_inclusive, max_inclusive;
  std::optional<std::size_t> fraction_digits, total_digits;
};

struct ComplexType;

struct ElementRule {
  std::string name, documentation;
  const SimpleType* simple{};
  const ComplexType* complex{};
};

struct Particle {
  enum class Form { element, sequence, choice, any };
  Form form{Form::element};
  int min{1}, max{1};  ///< max -1: unbounded
  ElementRule element;
  std::vector<Particle> parts;
};

struct AttributeUse {
  std::string name, documentation;
  const SimpleType* type{};
  bool required{};
};

struct ComplexType {
  std::string name, documentation;
  std::vector<AttributeUse> attributes;
  std::vector<Particle> content;  ///< a sequence
  const SimpleType* simple{};     ///< of simple content
};

class SchemaModel {
 public:
  /// \throws Invalid for a schema that is ill-formed or uses what this does not know
  explicit SchemaModel(std::span<const std::filesystem::path> schemas);
  SchemaModel(const SchemaModel&) = delete;
  SchemaModel& operator=(const SchemaModel&) = delete;
  ~SchemaModel();

  /// The global element of a namespace; null when there is none.
  const ElementRule* find(std::string_view ns, std::string_view name) const;
  /// Names of the global elements of a namespace.
  std::vector<std::string> names(std::string_view ns) const;

 private:
  class Loader;
  std::deque<SimpleType> simple_;
  std::deque<ComplexType> complex_;
  std::map<std::string, std::map<std::string, ElementRule, std::less<>>, std::less<>> globals_;
};

/// Why a value does not fit a type.
struct Misfit {
  std::string code, problem, expected, mend;
};

/// Nothing when the value fits.
std::optional<Misfit> explain_value(const SimpleType& type, std::string_view value);

/// A value that fits, for examples.
std::string example_of(const SimpleType& type);

/// The nearest of the names, when it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> names);

}  // namespace answerable::xml
