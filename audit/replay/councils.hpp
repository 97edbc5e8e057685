#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ingest/intake/councils.hpp"

namespace answerable::replay {

/// Finds an English council by the name a decision gives it: with or without "London Borough of", "County Council" …
class CouncilNames {
 public:
  explicit CouncilNames(const intake::Councils& councils);

  /// Null for a name that is no council's, or a council's that has no code. Lives as long as the councils.
  const intake::Council* find(std::string_view name) const;
  /// Whether two names are one council's, whatever it is called by rank.
  static bool same(std::string_view one, std::string_view other);

 private:
  std::map<std::string, const intake::Council*> by_bare_name_;
};

}  // namespace answerable::replay
