#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::intake {

/// An English council with adult social services responsibilities.
struct Council {
  std::string code;  ///< CASSR: what the schemas know it by
  std::string gss;   ///< ONS: to recognise a council named by the wrong code
  std::string name;
};

/// schemas/codes/cassr.csv. A council without a code there cannot be sent for until the file says one.
class Councils {
 public:
  /// \throws std::runtime_error naming the file and line
  static Councils load(const std::filesystem::path& schemas_folder);

  /// In the file's order; some have no code.
  std::span<const Council> all() const { return councils_; }
  /// Null when there is none.
  const Council* by_code(std::string_view code) const;
  const Council* by_gss(std::string_view gss) const;

 private:
  std::vector<Council> councils_;
};

}  // namespace answerable::intake
