#include "reports/pages/line_index.hpp"

#include <algorithm>

namespace answerable::pages {
namespace {

std::int64_t record_of(const Line* line) {
  return line->source.record;
}

}  // namespace

LineIndex::LineIndex(const std::vector<Line>& lines) {
  for (const auto& line : lines) lines_.push_back(&line);
  sort();
}

LineIndex::LineIndex(const std::vector<ChronologyRow>& chronology) {
  for (const auto& row : chronology) {
    if (const auto* line = std::get_if<Line>(&row)) lines_.push_back(line);
  }
  sort();
}

void LineIndex::sort() {
  std::ranges::stable_sort(lines_, {}, record_of);
}

const Line* LineIndex::find(std::int64_t record) const {
  const auto found = std::ranges::lower_bound(lines_, record, {}, record_of);
  return found == lines_.end() || record_of(*found) != record ? nullptr : *found;
}

const Line* LineIndex::find(std::int64_t record, std::string_view act) const {
  for (const Line* line : std::ranges::equal_range(lines_, record, {}, record_of)) {
    if (line->act == act) return line;
  }
  return nullptr;
}

}  // namespace answerable::pages
