#include "audit/engine/csv_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace answerable::engine {
namespace {

class Reader {
 public:
  Reader(const std::filesystem::path& file, std::string_view text) : file_(file), rest_(text) {}

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
    while (!rest_.empty()) {
      CsvRow row{line_, {}};
      do row.fields.push_back(field());
      while (take(','));
      if (!take('\n') && !rest_.empty())
        refuse_csv(file_, line_, "text goes on after a closing quote; expected a comma or the end of the line");
      if (row.fields != std::vector<std::string>{""}) all.push_back(std::move(row));
    }
    return all;
  }

 private:
  bool take(char wanted) {
    if (wanted == '\n' && rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (rest_.empty() || rest_.front() != wanted) return false;
    if (wanted == '\n') ++line_;
    rest_.remove_prefix(1);
    return true;
  }

  std::string field() {
    if (!take('"')) {
      const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
      std::string out(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return out;
    }
    const auto began = line_;
    std::string out;
    while (true) {
      if (rest_.empty()) refuse_csv(file_, began, "a quote is opened and never closed; expected another quote");
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c == '"' && !take('"')) return out;
      out.push_back(c);
    }
  }

  const std::filesystem::path& file_;
  std::string_view rest_;
  std::size_t line_{1};
};

}  // namespace

std::vector<CsvRow> read_csv_file(const std::filesystem::path& file, std::string_view heading) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error(
        fmt::format("{}: cannot be read; expected a CSV file headed {}. It comes with the program: restore it.",
                    file.string(), heading));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto rows = Reader(file, text).rows();
  if (rows.empty() || fmt::format("{}", fmt::join(rows.front().fields, ",")) != heading)
    refuse_csv(file, 1, fmt::format("the first line must be {}", heading));
  const auto wanted = rows.front().fields.size();
  rows.erase(rows.begin());
  for (const auto& row : rows)
    if (row.fields.size() != wanted)
      refuse_csv(file, row.line,
                 fmt::format("{} fields instead of {} ({}); put a text with a comma in it between double quotes",
                             row.fields.size(), wanted, heading));
  return rows;
}

void refuse_csv(const std::filesystem::path& file, std::size_t line, std::string_view why) {
  throw std::runtime_error(fmt::format("{}, line {}: {}", file.string(), line, why));
}

}  // namespace answerable::engine
