#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace answerable::intake {

/// Stands for an id or identifier in memory: 16 bytes whatever its length.
struct Key {
  std::uint64_t low{}, high{};
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.low); }
};

/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein 2012; 128-bit variant of the reference code).
Key siphash128(const std::array<std::uint64_t, 2>& secret, std::string_view text);

/// Makes keys under a secret drawn anew for each file, so that no sender can make two ids meet.
class Keyer {
 public:
  Keyer();
  /// \param sender "ods:RH5"
  Key record(std::string_view sender, std::string_view id);
  Key identifier(std::string_view scheme, std::string_view value);

 private:
  Key of(char what, std::string_view space, std::string_view name);
  std::array<std::uint64_t, 2> secret_;
  std::string text_;
};

}  // namespace answerable::intake
