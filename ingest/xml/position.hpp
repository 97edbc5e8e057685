#pragma once

#include <cstdint>
#include <string_view>

namespace answerable::xml {

/// A place in a file. Lines end at LF; columns count characters (not bytes), both from 1.
struct Position {
  std::uint64_t byte{};
  int line{1}, column{1};
  bool operator==(const Position&) const = default;

  /// Moves behind `bytes`, which must be what stands here, in UTF-8.
  void advance(std::string_view bytes);
};

}  // namespace answerable::xml
