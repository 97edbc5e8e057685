#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

/// Writes CSV as RFC 4180 has it: a header row, CRLF after every row, UTF-8 without a byte order mark, cells quoted
/// when they need it. A cell that a spreadsheet might run (it begins with = + - @, a tab, a carriage return or a line
/// feed) gets a single quote in front: what reads the file by program takes it off again. Plain negative numbers
/// ("-12.50") run nothing and stay as they are. Bytes that are not UTF-8, and NUL, become U+FFFD.
class Csv {
 public:
  /// Writes the header row. `out` must outlive this. Throws std::invalid_argument when there are no columns.
  Csv(std::ostream& out, std::span<const std::string> header);
  Csv(std::ostream& out, std::initializer_list<std::string_view> header);

  /// Throws std::invalid_argument when the row has not one cell a column.
  void row(std::span<const std::string> cells);
  void row(std::initializer_list<std::string_view> cells);

 private:
  void write(std::span<const std::string_view> cells);
  std::ostream& out_;
  std::size_t columns_;
};

}  // namespace answerable::render
