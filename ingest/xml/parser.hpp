#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/xml/diagnose.hpp"
#include "ingest/xml/extract.hpp"
#include "ingest/xml/kinds.hpp"
#include "ingest/xml/schema_model.hpp"
#include "ingest/xml/shapes.hpp"
#include "ingest/xml/tree.hpp"
#include "ingest/xml/wire.hpp"
#include "ingest/xml/xerces.hpp"

namespace answerable::xml {

/// Parses and validates pieces of submissions and makes values of them. Lives in the worker: after it is made it opens
/// nothing.
class Parser {
 public:
  /// Loads every grammar. \param contents as xml::Limits has it \throws Invalid
  Parser(const std::filesystem::path& schemas_folder, bool contents);
  ~Parser();

  void begin(wire::Head head);
  /// Each gives the frame to answer with.
  std::string chunk(const wire::ChunkJob& job);
  std::string tail(const wire::ChunkJob& job);
  std::string whole(const wire::ChunkJob& job);

 private:
  class Reader;
  /// Adds what is found to `result` and records_.
  void parse(const wire::ChunkJob& job, bool closed_by_us, wire::Result& result);
  void envelope(const wire::ChunkJob& job, wire::Result& result);
  /// A record as it was read.
  struct Read {
    const Tree& tree;
    std::string_view ns;
    std::span<const Complained> complaints;
  };
  /// Makes values of it, and puts them into records_.
  void record(const wire::ChunkJob& job, const RecordCut& cut, const Read& read);
  void make(const Read& read, Places& places, ParsedRecord& made);
  void unknown_kind(const Read& read, Places& places, ParsedRecord& made);
  Position in_file(const wire::ChunkJob& job, int line, int column) const;

  const bool contents_;
  Kinds kinds_;
  Names names_;
  std::unique_ptr<xercesc::XMLGrammarPool> pool_;
  std::unique_ptr<SchemaModel> model_;
  std::deque<Extractor> extractors_;
  std::map<std::string, const Extractor*, std::less<>> by_ns_;
  wire::Head head_;
  std::string document_;
  wire::Records records_;  ///< of the piece being parsed
  bool whole_kinds_{};     ///< of all of them the kind is known
  std::unique_ptr<Reader> reader_;
  Shapes shapes_;  ///< of the file's records so far
  Tree tree_;      ///< of a record of known shape, and its namespace
  std::string ns_;
  std::uint32_t scheme_{}, code_{}, id_{};
};

}  // namespace answerable::xml
