#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/pages/trail.hpp"

namespace answerable::pages {

/// Finds lines of a chronology by the record they come from. The chronology has to stay as it is.
class LineIndex {
 public:
  explicit LineIndex(const Rows<ChronologyRow>& chronology);

  /// The first of a record; nothing when it has none.
  std::optional<Line> find(std::int64_t record) const;
  /// The first of a record that tells of the act; nothing when there is none.
  std::optional<Line> find(std::int64_t record, std::string_view act) const;
  /// The same: its place in the chronology.
  std::optional<std::size_t> place(std::int64_t record, std::string_view act) const;
  /// \pre a line stands there
  Line line(std::size_t place) const { return std::get<Line>((*chronology_)[place]); }

 private:
  const Rows<ChronologyRow>* chronology_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> lines_;  ///< record and place, in order
};

}  // namespace answerable::pages
