#pragma once

#include <filesystem>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/engine/csv_file.hpp"
#include "audit/engine/lexicon.hpp"

namespace answerable::engine::lexicon {

/// The second text is empty but in the tables that have one; see lexicon.hpp.
struct Words {
  std::string_view words, other;
};

/// The tables of a file of words. Neither copied nor moved: every text in it is a view of its rows.
class WordFile {
 public:
  using Table = std::unordered_map<std::string_view, Words>;

  /// \throws std::runtime_error naming file and line: what read_csv_file refuses, a table of another name, a key met
  ///   twice in a table, a text that is missing or that the table has no use for
  explicit WordFile(const std::filesystem::path& file);
  WordFile(const WordFile&) = delete;
  WordFile& operator=(const WordFile&) = delete;

  /// The file that ships with the program, share_folder()'s schemas/words/1/english.csv, read when first asked for.
  static const WordFile& english();

  Table acts, attributes, clauses, coverage, documents, evidence, families, functions, general_values, instruments,
      stems, values;
  std::vector<std::string_view> plurals;
  std::vector<Area> areas;  ///< in the order of the file

 private:
  std::vector<CsvRow> rows_;
  std::vector<std::vector<std::string_view>> first_words_;
};

}  // namespace answerable::engine::lexicon
