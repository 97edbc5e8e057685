#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed.hpp"

namespace answerable::xml {

/// A path of a timeline.xml, split: element names, then perhaps an attribute. "." is no steps and no attribute.
struct Path {
  std::vector<std::string> steps;
  std::string attribute;
  std::string text() const;
};

struct AttributeRule {
  std::string name;
  Path path;
};

/// An element of timeline.xml that makes timeline entries; see schemas/timeline/1/timeline.xsd.
struct EntryRule {
  std::string act;
  Path date;
  std::optional<Path> until, each, by;
  std::optional<Path> when;          ///< the entry is made only when the value here …
  std::vector<std::string> when_is;  ///< … is one of these
  std::vector<AttributeRule> attributes;
  std::string says;
};

struct ReferenceRule {
  Path path;
  std::vector<std::string> kinds;
  std::string scheme;
  Severity severity{Severity::error};
};

struct OrderRule {
  Path earlier, later;
  std::string because;
  Severity severity{Severity::error};
};

struct DefinitionRule {
  std::string scheme;  ///< person | agreement | case
  Path path;
};

struct EvidencesRule {
  Path each, target, item, is;
  std::optional<Path> created, covers;
};

/// Bytes that a record carries, and what it says of them.
struct ContentRule {
  Path path, sha256, bytes;
};

/// A record kind, as its folder schemas/records/<kind>/<version> says.
struct Kind {
  std::string name;
  int version{};
  std::string ns;       ///< urn:answerable:<kind>:<version>
  std::string element;  ///< the kind's name in camelCase
  std::string title, function, copies;
  std::string subject_type;  ///< person | agreement | council
  std::optional<Path> subject;
  std::optional<Path> evidence_for;  ///< the record that its evidence is about; nothing: itself
  std::vector<DefinitionRule> definitions;
  std::vector<ReferenceRule> references;
  std::vector<OrderRule> orders;
  std::vector<AttributeRule> attributes;
  std::vector<EntryRule> entries;
  std::optional<EvidencesRule> evidences;
  std::optional<ContentRule> content;
  std::filesystem::path folder;

  std::filesystem::path schema() const { return folder / "record.xsd"; }
};

/// The record kinds there are, learnt by walking schemas/records: no list to keep.
class Kinds {
 public:
  /// Reads each timeline.xml under folder/records/<kind>/<version>, sorted by kind and version.
  /// \throws Invalid for a folder without timeline.xml or record.xsd, for a name or version that is not its folder's,
  /// for a
  ///   namespace met twice, and for a timeline.xml that is not valid
  static Kinds load(const std::filesystem::path& schemas_folder);

  std::span<const Kind> all() const { return kinds_; }
  /// Null when there is none.
  const Kind* find(std::string_view ns) const;
  const Kind* find(std::string_view name, int version) const;
  const std::filesystem::path& schemas_folder() const { return folder_; }

  /// The chronology's line for an entry. A sentence, or a part in parentheses, whose values are all missing is left
  /// out. An act the kind does not have gives the act itself.
  std::string says(std::string_view kind, int version, std::string_view act, const Attributes& attributes) const;

 private:
  std::filesystem::path folder_;
  std::vector<Kind> kinds_;
};

/// Fills a says= template, as Kinds::says does.
std::string fill(std::string_view says, const Attributes& attributes);

}  // namespace answerable::xml
