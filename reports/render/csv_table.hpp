#pragma once

#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string_view>
#include <vector>

#include "reports/render/csv.hpp"

namespace answerable::render {

/// What the cells of a column hold. An empty cell is always "nothing to say".
enum class CsvType {
  text,
  words,     ///< texts parted by single spaces: no text holds one
  number,    ///< a whole number
  numbers,   ///< whole numbers parted by single spaces
  day,       ///< 2013-12-05
  happened,  ///< as exactly as it is known: 2013-12-05, 2013-12 or 2013
  yes_no,
};

struct CsvColumn {
  std::string_view name;
  CsvType type;
  std::string_view description;
};

/// "The column here has a value that stands in that column of the other file."
struct CsvForeignKey {
  std::string_view column, file, referenced;
};

/// A CSV file, described once: its header row and its CSVW description are made from this alike.
struct CsvTable {
  std::string_view file, title, description;
  std::vector<CsvColumn> columns;
  std::string_view primary_key{};  ///< "" when no column names a row
  std::vector<CsvForeignKey> foreign_keys{};
};

/// The header row has been written.
Csv open_csv(const CsvTable& table, std::ostream& out);

/// The tables' description as CSV on the Web has it (W3C, Model for Tabular Data; Metadata Vocabulary for Tabular
/// Data), in JSON. Foreign keys to files that are not among the tables are left out.
void write_csvw(std::span<const CsvTable* const> tables, std::ostream& out);

}  // namespace answerable::render
