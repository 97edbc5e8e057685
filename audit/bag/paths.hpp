#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

 private:
  /// Where one that is the same but for capitals has its slot, or would have it.
  std::size_t slot(std::string_view path) const;
  /// Of a slot that is taken. \pre nothing is added while it is used
  std::string_view known(std::size_t slot) const;
  bool is_folder(std::size_t slot) const;
  void take(std::size_t slot, std::string_view path, bool is_folder);
  void make_room();

  // There can be hundreds of thousands, so each takes little more than its own length.
  std::string all_;                     ///< one behind the other: F or / for file or folder, the path, a zero
  std::vector<std::uint32_t> slots_{};  ///< by hash: where in all_ one begins, and one more; 0 for none
  std::size_t taken_{};
};

}  // namespace answerable::bag
