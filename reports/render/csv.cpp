#include "reports/render/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

/// "-12" or "-12.50"
bool is_negative_number(std::string_view cell) {
  if (!cell.starts_with('-')) return false;
  cell.remove_prefix(1);
  const auto point = cell.find('.');
  const std::string_view whole = cell.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "0" : cell.substr(point + 1);
  return !whole.empty() && !fraction.empty() && std::ranges::all_of(whole, is_digit) &&
         std::ranges::all_of(fraction, is_digit);
}

bool spreadsheet_might_run(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos &&
         !is_negative_number(cell);
}

std::string encoded(std::string_view cell) {
  std::string text;
  text.reserve(cell.size() + 2);
  if (spreadsheet_might_run(cell)) text.push_back('\'');
  for (std::string_view rest = cell; !rest.empty();) {
    const char32_t c = next_code_point(rest);
    append_utf8(text, c == 0 ? U'\uFFFD' : c);
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace

Csv::Csv(std::ostream& out, std::span<const std::string> header) : out_(out), columns_(header.size()) {
  if (header.empty()) throw std::invalid_argument("a CSV file needs at least one column");
  row(header);
}

Csv::Csv(std::ostream& out, std::initializer_list<std::string_view> header) : out_(out), columns_(header.size()) {
  if (header.size() == 0) throw std::invalid_argument("a CSV file needs at least one column");
  row(header);
}

void Csv::row(std::span<const std::string> cells) {
  write(std::vector<std::string_view>(cells.begin(), cells.end()));
}

void Csv::row(std::initializer_list<std::string_view> cells) {
  write({cells.begin(), cells.size()});
}

void Csv::write(std::span<const std::string_view> cells) {
  if (cells.size() != columns_)
    throw std::invalid_argument(
        fmt::format("a CSV file of {} columns was given a row of {} cells", columns_, cells.size()));
  // One empty cell alone would read as an empty line, which some readers skip.
  if (cells.size() == 1 && cells.front().empty()) {
    out_ << "\"\"\r\n";
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out_ << ',';
    out_ << encoded(cells[i]);
  }
  out_ << "\r\n";
}

}  // namespace answerable::render
