#pragma once

// Private to ingest/pg: PostgreSQL's binary forms (src/backend/utils/adt/*.c, the _send and _recv functions).

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::pg::wire {

static_assert(std::endian::native == std::endian::little);

/// PostgreSQL counts dates and timestamps from here.
inline constexpr std::chrono::sys_days epoch{std::chrono::year{2000} / 1 / 1};

template <class Int>
Int swapped(Int value) {
  using Bits = std::make_unsigned_t<Int>;
  const auto bits = static_cast<Bits>(value);
  if constexpr (sizeof(Int) == 2) return static_cast<Int>(__builtin_bswap16(bits));
  if constexpr (sizeof(Int) == 4) return static_cast<Int>(__builtin_bswap32(bits));
  if constexpr (sizeof(Int) == 8) return static_cast<Int>(__builtin_bswap64(bits));
}

template <class Int>
void put(std::string& out, Int value) {
  const Int big = swapped(value);
  std::array<char, sizeof(Int)> raw;
  __builtin_memcpy(raw.data(), &big, sizeof big);
  out.append(raw.data(), raw.size());
}

/// \pre at least sizeof(Int) bytes
template <class Int>
Int get(std::string_view raw) {
  Int big;
  __builtin_memcpy(&big, raw.data(), sizeof big);
  return swapped(big);
}

inline std::int32_t from_day(Day day) {
  return static_cast<std::int32_t>((day - epoch).count());
}

inline Day to_day(std::int32_t days) {
  if (days == std::numeric_limits<std::int32_t>::max() || days == std::numeric_limits<std::int32_t>::min())
    throw std::range_error("a date of infinity is not a day: store NULL for no end");
  return epoch + std::chrono::days{days};
}

inline std::int64_t from_instant(Instant at) {
  return (at - Instant{epoch}).count();
}

inline Instant to_instant(std::int64_t micros) {
  if (micros == std::numeric_limits<std::int64_t>::max() || micros == std::numeric_limits<std::int64_t>::min())
    throw std::range_error("a timestamp of infinity is not an instant: store NULL for no end");
  return Instant{epoch} + std::chrono::microseconds{micros};
}

inline constexpr std::int32_t text_type = 25;
inline constexpr char jsonb_version = 1;

inline std::string_view strip_jsonb_version(std::string_view raw) {
  if (raw.empty() || raw.front() != jsonb_version)
    throw std::logic_error("jsonb of a version this program does not know: cast it to text in the SQL");
  return raw.substr(1);
}

/// \throws std::logic_error for anything but a one-dimensional text[] without NULLs
std::vector<std::string> to_text_array(std::string_view raw);

inline std::span<const std::byte> to_bytes(std::string_view raw) {
  return std::as_bytes(std::span{raw.data(), raw.size()});
}

}  // namespace answerable::pg::wire
