#include "reports/render/csv_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace answerable::render {
namespace {

using Json = nlohmann::ordered_json;

Json datatype(CsvType type) {
  switch (type) {
    case CsvType::text:
    case CsvType::words:
      return "string";
    case CsvType::number:
    case CsvType::numbers:
      return "integer";
    case CsvType::day:
      return {{"base", "date"}, {"format", "yyyy-MM-dd"}};
    case CsvType::happened:
      return {{"base", "string"}, {"format", "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}};
    case CsvType::yes_no:
      return {{"base", "boolean"}, {"format", "yes|no"}};
  }
  return "string";
}

/// "days_later" is shown as "days later".
std::string title(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '_', ' ');
  return out;
}

Json described(const CsvTable& table, const std::vector<std::string_view>& files) {
  Json columns = Json::array();
  for (const auto& column : table.columns) {
    Json it{{"name", column.name},
            {"titles", {column.name, title(column.name)}},
            {"dc:description", column.description},
            {"datatype", datatype(column.type)}};
    if (it["titles"][0] == it["titles"][1]) it["titles"] = column.name;
    if (column.type == CsvType::words || column.type == CsvType::numbers) it["separator"] = " ";
    if (column.name == table.primary_key) it["required"] = true;
    columns.push_back(std::move(it));
  }
  Json schema{{"columns", std::move(columns)}};
  if (!table.primary_key.empty()) schema["primaryKey"] = table.primary_key;
  for (const auto& key : table.foreign_keys) {
    if (std::ranges::find(files, key.file) == files.end()) continue;
    schema["foreignKeys"].push_back({{"columnReference", key.column},
                                     {"reference", {{"resource", key.file}, {"columnReference", key.referenced}}}});
  }
  return {{"url", table.file},
          {"dc:title", table.title},
          {"dc:description", table.description},
          {"tableSchema", std::move(schema)}};
}

}  // namespace

Csv open_csv(const CsvTable& table, std::ostream& out) {
  std::vector<std::string> header;
  for (const auto& column : table.columns) header.emplace_back(column.name);
  return {out, header};
}

void write_csvw(std::span<const CsvTable* const> tables, std::ostream& out) {
  std::vector<std::string_view> files;
  for (const auto* table : tables) files.push_back(table->file);
  Json group{
      {"@context", {"http://www.w3.org/ns/csvw", {{"@language", "en-GB"}}}},
      {"dc:description",
       "A cell that begins with =, +, -, @ or white space and is no number has a single quote in front, so that no "
       "spreadsheet runs it. Take it off when you read the file by program."},
      {"dialect",
       {{"encoding", "utf-8"}, {"lineTerminators", "\r\n"}, {"delimiter", ","}, {"quoteChar", "\""}, {"header", true}}},
      {"tables", Json::array()}};
  for (const auto* table : tables) group["tables"].push_back(described(*table, files));
  out << group.dump(2) << '\n';
}

}  // namespace answerable::render
