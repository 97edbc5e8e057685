#include "audit/engine/not_checked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "audit/engine/csv_file.hpp"
#include "ingest/locations.hpp"

namespace answerable::engine {

std::vector<NotChecked> read_not_checked(const std::filesystem::path& file) {
  std::vector<NotChecked> all;
  std::set<std::string> ids;
  for (auto& [line, fields] : read_csv_file(file, "id,reason")) {
    if (fields[0].empty() || fields[1].empty()) refuse_csv(file, line, "both an id and a reason are needed");
    if (!ids.insert(fields[0]).second) refuse_csv(file, line, fmt::format("{} is listed twice", fields[0]));
    all.push_back({std::move(fields[0]), std::move(fields[1])});
  }
  std::sort(all.begin(), all.end(), [](const NotChecked& a, const NotChecked& b) { return a.id < b.id; });
  return all;
}

std::vector<NotChecked> read_not_checked() {
  return read_not_checked(share_folder() / "rules" / "not-checked.csv");
}

}  // namespace answerable::engine
