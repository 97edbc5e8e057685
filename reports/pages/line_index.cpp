#include "reports/pages/line_index.hpp"

#include <algorithm>

namespace answerable::pages {
namespace {

constexpr auto record_of = &std::pair<std::int64_t, std::uint32_t>::first;

}  // namespace

LineIndex::LineIndex(const Rows<ChronologyRow>& chronology) : chronology_(&chronology) {
  std::uint32_t place = 0;
  for (const auto& row : chronology) {
    if (const auto* it = std::get_if<Line>(&row)) lines_.emplace_back(it->source.record, place);
    ++place;
  }
  std::ranges::sort(lines_);
}

std::optional<Line> LineIndex::find(std::int64_t record) const {
  const auto found = std::ranges::lower_bound(lines_, record, {}, record_of);
  if (found == lines_.end() || found->first != record) return std::nullopt;
  return line(found->second);
}

std::optional<Line> LineIndex::find(std::int64_t record, std::string_view act) const {
  const auto at = place(record, act);
  return at ? std::optional(line(*at)) : std::nullopt;
}

std::optional<std::size_t> LineIndex::place(std::int64_t record, std::string_view act) const {
  for (const auto& [of, at] : std::ranges::equal_range(lines_, record, {}, record_of)) {
    if (line(at).act == act) return at;
  }
  return std::nullopt;
}

}  // namespace answerable::pages
