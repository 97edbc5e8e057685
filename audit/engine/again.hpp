#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/engine/store.hpp"

namespace answerable::xml {
class Kinds;
}

namespace answerable::engine {

/// A stored audit judged once more: with the rules, the day and the records it had.
struct Again {
  std::int64_t run{};
  Day as_of{};
  std::int64_t known_at{};
  int engine_then{};        ///< the edition of the program's own reading of the rules
  std::int64_t compared{};  ///< findings, as they stood after that audit
  struct Difference {
    FindingId finding{};
    std::string then, now;  ///< as JSON; "" when there was none
  };
  std::vector<Difference> differences;
  /// Findings of people whose records were disposed of since: nothing is left of them to compare.
  struct Disposed {
    std::int64_t certificate{};  ///< number of the event
    Instant at{};
    std::int64_t findings{};
  };
  std::vector<Disposed> disposed;
};

/// \throws std::invalid_argument when there is no such audit
Again judge_again(pg::Connection& connection, const xml::Kinds& kinds, const std::string& authority, std::int64_t run);

}  // namespace answerable::engine
