#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace answerable::replay {

struct NamedCouncil {
  std::string code, name;
};

/// Finds an English council by the name a decision gives it: with or without "London Borough of", "County Council" …
class CouncilNames {
 public:
  /// Reads codes/cassr.csv. \throws std::runtime_error when it cannot be read
  explicit CouncilNames(const std::filesystem::path& schemas_folder);

  /// Nothing for a name that is no council's, or a council's that has no code.
  std::optional<NamedCouncil> find(std::string_view name) const;
  /// Whether two names are one council's, whatever it is called by rank.
  static bool same(std::string_view one, std::string_view other);

 private:
  std::map<std::string, NamedCouncil> by_bare_name_;
};

}  // namespace answerable::replay
