#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bag/spill.hpp"

namespace answerable::bag {

/// Rows that come in any order and are given in that of their bytes. They take no more memory than a few at a time do:
/// so many as fit are sorted and written to a spill, and at the end these runs are merged.
class SortedSpill {
 public:
  void add(std::string_view row);
  /// Nothing may be added any more. \param use the row is valid until it returns; it must not call anything here
  void each(const std::function<void(std::string_view row)>& use);

 private:
  struct Run {
    std::uint64_t at, end;
    std::string row{};  ///< the first that was not given yet
  };
  void write_run();
  bool step(Run& run);

  std::vector<std::string> waiting_;
  std::size_t waiting_bytes_{};
  Spill spill_;
  std::vector<Run> runs_;
};

}  // namespace answerable::bag
