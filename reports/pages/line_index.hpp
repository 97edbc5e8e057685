#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "reports/pages/trail.hpp"

namespace answerable::pages {

/// Finds lines by the record they come from. The lines have to stay where they are.
class LineIndex {
 public:
  explicit LineIndex(const std::vector<Line>& lines);
  explicit LineIndex(const std::vector<ChronologyRow>& chronology);

  /// The first of a record; null when it has none.
  const Line* find(std::int64_t record) const;
  /// The first of a record that tells of the act; null when there is none.
  const Line* find(std::int64_t record, std::string_view act) const;

 private:
  void sort();
  std::vector<const Line*> lines_;  ///< by record, those of one in their order
};

}  // namespace answerable::pages
