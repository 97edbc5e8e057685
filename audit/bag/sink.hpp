#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace answerable::bag {

/// Where files go, one after another, each in pieces. Nothing stands under the final name before finish(); a sink that
/// is dropped before leaves nothing behind. Every call \throws std::runtime_error saying what cannot be written and
/// why.
class Sink {
 public:
  virtual ~Sink() = default;

  /// \throws std::runtime_error too when no file may have this path (paths.hpp)
  virtual void begin(std::string_view path) = 0;
  virtual void write(std::span<const std::byte> piece) = 0;
  virtual void end() = 0;
  /// Makes everything durable, then puts it under its final name.
  virtual void finish() = 0;
};

}  // namespace answerable::bag
