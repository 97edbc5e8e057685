#include "audit/engine/not_checked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string_view>

#include "ingest/locations.hpp"

namespace answerable::engine {
namespace {

struct Row {
  std::size_t line{};
  std::vector<std::string> fields;
};

class Reader {
 public:
  Reader(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)), rest_(text_) {}

  std::vector<Row> rows() {
    std::vector<Row> all;
    while (!rest_.empty()) {
      Row row{line_, {}};
      do row.fields.push_back(field());
      while (take(','));
      if (!take('\n') && !rest_.empty()) refuse(line_, "text goes on after a closing quote");
      if (row.fields != std::vector<std::string>{""}) all.push_back(std::move(row));
    }
    return all;
  }

  [[noreturn]] void refuse(std::size_t line, std::string_view why) const {
    throw std::runtime_error(fmt::format("{}, line {}: {}", name_, line, why));
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
      if (rest_.empty()) refuse(began, "a quote is opened and never closed");
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c == '"' && !take('"')) return out;
      out.push_back(c);
    }
  }

  std::string name_, text_;
  std::string_view rest_;
  std::size_t line_{1};
};

}  // namespace

std::vector<NotChecked> read_not_checked(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  Reader reader(file.string(), {std::istreambuf_iterator<char>(in), {}});
  auto rows = reader.rows();
  if (rows.empty() || rows.front().fields != std::vector<std::string>{"id", "reason"})
    reader.refuse(1, "the first line must be id,reason");
  rows.erase(rows.begin());
  std::vector<NotChecked> all;
  std::set<std::string> ids;
  for (auto& [line, fields] : rows) {
    if (fields.size() != 2)
      reader.refuse(line, fmt::format("{} fields instead of two; put a reason with a comma in it between double quotes",
                                      fields.size()));
    if (fields[0].empty() || fields[1].empty()) reader.refuse(line, "both an id and a reason are needed");
    if (!ids.insert(fields[0]).second) reader.refuse(line, fmt::format("{} is listed twice", fields[0]));
    all.push_back({std::move(fields[0]), std::move(fields[1])});
  }
  std::sort(all.begin(), all.end(), [](const NotChecked& a, const NotChecked& b) { return a.id < b.id; });
  return all;
}

std::vector<NotChecked> read_not_checked() {
  return read_not_checked(share_folder() / "rules" / "not-checked.csv");
}

}  // namespace answerable::engine
