#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "audit/bag/file.hpp"

namespace answerable::bag {

/// Writes to the end of a file in large pieces. What was not flushed is not there.
class Appender {
 public:
  explicit Appender(File file);

  void write(std::span<const std::byte> bytes);
  void write(std::string_view bytes);
  void flush();
  /// How many bytes were written, flushed or not.
  std::uint64_t position() const { return position_; }
  File& file() { return file_; }
  const File& file() const { return file_; }

 private:
  File file_;
  std::vector<std::byte> buffer_;
  std::uint64_t position_{};
};

}  // namespace answerable::bag
