#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace answerable::bag {

/// Why a file may not be written under this path, as a sentence; nothing when it may. A path that passes unpacks to the
/// same place on Linux, macOS and Windows, stays below the folder it is unpacked in, and reads the same in a manifest
/// (RFC 8493 §2.1.3, §5.1) and in the output of `sha256sum`: relative, parted by `/`, printable ASCII, at most 200
/// characters, none of `\ : * ? " < > | %`, no `~` in front, no part that is empty, `.`, `..`, a device of Windows or
/// that begins with a space or ends with a space or a full stop.
std::optional<std::string> path_fault(std::string_view path);

/// A to Z as a to z; everything else as it is.
std::string small_letters(std::string_view text);

/// The paths of one bag or archive: each a good one, once, without regard to capitals, and none a folder of another.
class Paths {
 public:
  /// Why this path may not join the others; nothing when it has.
  std::optional<std::string> add(std::string_view path);
  /// A path that has joined; it stays where it is.
  const std::string& kept(std::string_view path) const { return seen_.find(path)->first; }

 private:
  struct InSmallLetters {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
  };
  std::map<std::string, bool, InSmallLetters> seen_;  ///< and whether each is a folder
};

}  // namespace answerable::bag
