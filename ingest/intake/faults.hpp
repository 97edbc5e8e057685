#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed.hpp"

namespace answerable::intake {

/// The same mistake, made any number of times.
struct FaultGroup {
  Severity severity{Severity::error};
  std::string code, field;
  std::size_t count{};
  std::vector<Fault> examples;  ///< the first three in file order
};

/// Groups by severity, code and field: errors first, then queries, then notes; within each the most frequent first.
std::vector<FaultGroup> group_faults(std::span<const Fault> faults);

/// "error", "query" or "note".
const char* word(Severity severity);
/// Nothing else than those three words. \throws std::invalid_argument
Severity parse_severity(std::string_view text);

/// Collects what is wrong with a file. Keeps at most `listed_at_most`, of which at most half are queries and notes, so
/// that errors are not crowded out.
class FaultList {
 public:
  explicit FaultList(std::function<void(const Fault&)> listener);

  void add(Fault&& fault);
  /// In file order, then a note of how many were left out, when some were.
  std::vector<Fault> take();

 private:
  std::function<void(const Fault&)> listener_;
  std::vector<Fault> faults_;
  std::size_t mild_{}, left_out_{};
};

}  // namespace answerable::intake
