#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::engine {

/// A record of a CSV file and the line, from 1, at which it begins.
struct CsvRow {
  std::size_t line{};
  std::vector<std::string> fields;
};

/// Reads a CSV file (RFC 4180; a line feed alone ends a line too; empty lines are passed over) whose first line is
/// `heading`, such as "id,reason". What is returned leaves the heading out; every row has as many fields as it names.
/// \throws std::runtime_error naming file and line and what was expected: another heading, another number of fields, a
///   quote that is never closed or that text goes on after
std::vector<CsvRow> read_csv_file(const std::filesystem::path& file, std::string_view heading);

/// For what a row says and may not. \throws std::runtime_error naming file and line
[[noreturn]] void refuse_csv(const std::filesystem::path& file, std::size_t line, std::string_view why);

}  // namespace answerable::engine
