#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ingest/parsed.hpp"
#include "ingest/xml/kinds.hpp"
#include "ingest/xml/tree.hpp"

namespace answerable::xml {

/// What turns a record's tree into values: its kind's timeline.xml with all names as numbers.
class Extractor {
 public:
  /// \param kind, names must outlive this
  Extractor(const Kind& kind, Names& names);

  /// Fills what the kind's timeline says, as far as the tree has it, and adds faults of identifiers, order, future
  /// dates and content. \param today in London \param contents whether the record is given the bytes it carries
  void extract(const Tree& tree, Places& places, Day today, bool contents, ParsedRecord& record) const;

  const Kind& kind() const { return kind_; }

 private:
  struct CompiledPath {
    std::vector<std::uint32_t> steps;
    std::uint32_t attribute{};
  };
  struct CompiledAttribute {
    std::string name;
    CompiledPath path;
  };
  struct CompiledEntry {
    const EntryRule* rule{};
    CompiledPath date;
    bool planned{};  ///< the date may well lie in the future
    std::optional<CompiledPath> until, each, by, when;
    std::vector<CompiledAttribute> attributes;
  };
  struct CompiledOrder {
    const OrderRule* rule{};
    CompiledPath common, earlier, later;  ///< earlier and later from a node at common
  };
  struct CompiledEvidences {
    CompiledPath each, target, item, is;
    std::optional<CompiledPath> created, covers;
  };
  struct CompiledContent {
    CompiledPath path, sha256, bytes;
  };
  /// Names every kind shares.
  struct Common {
    std::uint32_t id, corrects, scheme, code, sender, performed_by, organisation, worker, role, agreement, recorded,
        source, system, document, involvement, who, state, copy, to, on, how, delivery, asked_for, evidence, item, is,
        created, covers, reason, search, by, where, terms;
  };
  struct Run;

  CompiledPath compile(const Path& path) const;
  std::optional<CompiledPath> compile(const std::optional<Path>& path) const;
  std::vector<CompiledAttribute> compile(const std::vector<AttributeRule>& rules) const;

  const Kind& kind_;
  Names& names_;
  Common common_{};
  std::optional<CompiledPath> subject_, evidence_for_;
  std::vector<CompiledPath> definitions_, references_;
  std::vector<CompiledOrder> orders_;
  std::vector<CompiledAttribute> attributes_;
  std::vector<CompiledEntry> entries_;
  std::optional<CompiledEvidences> evidences_;
  std::optional<CompiledContent> content_;
};

/// "review/requested/on", and with an attribute "review/person/@scheme".
std::string field_of(const Tree& tree, const Names& names, std::int32_t node, std::string_view attribute = {});

/// Reads a `happened` value, and the London day of a `moment`.
std::optional<Happened> when_of(std::string_view text);

/// Adds faults for every identifier and organisation code in the tree that breaks its scheme's rules.
void check_identifiers(const Tree& tree, const Names& names, std::uint32_t scheme, std::uint32_t code, Places& places,
                       std::string_view record_id, std::vector<Fault>& faults);

}  // namespace answerable::xml
