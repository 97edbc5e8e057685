#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/bag/file.hpp"

namespace answerable::bag {

/// Bytes put one behind the other and read back in pieces, whose size in memory does not grow: past the first few they
/// lie in a nameless file of the folder for temporary files (TMPDIR), which is gone with this.
class Spill {
 public:
  /// \return where these begin \throws std::runtime_error when the disk does not take them
  std::uint64_t append(std::string_view bytes);
  /// Valid until the next call of anything here. \pre at + size <= this->size()
  std::string_view read(std::uint64_t at, std::size_t size);
  /// All of them, piece by piece.
  void each(const std::function<void(std::string_view piece)>& use);
  std::uint64_t size() const { return written_ + tail_.size(); }

 private:
  void write_tail();

  std::optional<File> file_;
  std::uint64_t written_{};  ///< of them lie in the file
  std::string tail_;         ///< behind those
  std::string window_;       ///< what was last read of the file
  std::uint64_t window_at_{};
};

}  // namespace answerable::bag
