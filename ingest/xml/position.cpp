#include "ingest/xml/position.hpp"

#include <cstring>

namespace answerable::xml {
namespace {

/// How many of the eight bytes, each 0 or 1, are 1. The processor's own instruction is not there on every build.
std::size_t in_bytes(std::uint64_t ones) {
  return static_cast<std::size_t>((ones * 0x0101010101010101U) >> 56);
}

/// Characters in good UTF-8: every byte that is not a continuation byte. Eight at a time; compilers do not find this
/// alone.
std::size_t characters(std::string_view bytes) {
  std::size_t count = bytes.size(), i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    const std::uint64_t continuation = (word >> 7) & ~(word >> 6) & 0x0101010101010101U;
    count -= in_bytes(continuation);
  }
  for (; i < bytes.size(); ++i) count -= (static_cast<unsigned char>(bytes[i]) & 0xC0U) == 0x80U;
  return count;
}

std::size_t line_feeds(std::string_view bytes) {
  constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7FU;
  std::size_t count = 0, i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    word ^= 0x0A0A0A0A0A0A0A0AU;
    // The top bit of each byte that is nought now, and of no other.
    count += in_bytes(~(((word & low) + low) | word | low) >> 7);
  }
  for (; i < bytes.size(); ++i) count += bytes[i] == '\n';
  return count;
}

}  // namespace

void Position::advance(std::string_view bytes) {
  byte += bytes.size();
  const auto last = bytes.rfind('\n');
  if (last == std::string_view::npos) {
    column += static_cast<int>(characters(bytes));
    return;
  }
  line += static_cast<int>(line_feeds(bytes));
  column = 1 + static_cast<int>(characters(bytes.substr(last + 1)));
}

}  // namespace answerable::xml
