#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/xml/diagnose.hpp"
#include "ingest/xml/extract.hpp"
#include "ingest/xml/kinds.hpp"
#include "ingest/xml/schema_model.hpp"
#include "ingest/xml/tree.hpp"
#include "ingest/xml/wire.hpp"
#include "ingest/xml/xerces.hpp"

namespace answerable::xml {

/// Parses and validates pieces of submissions and makes values of them. Lives in the worker: after it is made it opens
/// nothing.
class Parser {
 public:
  /// Loads every grammar. \throws Invalid
  explicit Parser(const std::filesystem::path& schemas_folder);
  ~Parser();

  void begin(wire::Head head) { head_ = std::move(head); }
  /// Each gives the frame to answer with.
  std::string chunk(const wire::ChunkJob& job);
  std::string tail(const wire::ChunkJob& job);
  std::string whole(const wire::ChunkJob& job);

 private:
  class Reader;
  std::string parse(const wire::ChunkJob& job, bool closed_by_us);
  void envelope(const wire::ChunkJob& job, wire::Result& result);
  void record(std::size_t index, const wire::ChunkJob& job, ParsedRecord& made);
  void unknown_kind(std::string_view ns, Places& places, ParsedRecord& record);
  Position in_file(const wire::ChunkJob& job, int line, int column) const;

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
  std::uint32_t scheme_{}, code_{}, id_{};
};

}  // namespace answerable::xml
