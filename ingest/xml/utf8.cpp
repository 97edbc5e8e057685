#include "ingest/xml/utf8.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace answerable::xml {
namespace {

/// 0: an ASCII character of XML 1.0; 1: begins or continues something longer; 2: never allowed.
constexpr std::array<std::uint8_t, 256> classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 32; ++i) table[i] = 2;
  table['\t'] = table['\n'] = table['\r'] = 0;
  for (unsigned i = 0x80; i < 256; ++i) table[i] = 1;
  return table;
}();

constexpr std::uint64_t ones = 0x0101010101010101U;
constexpr std::uint64_t tops = 0x8080808080808080U;

bool plain(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, 8);
  // A byte below 0x20 borrows into its top bit here; words with one (a line feed, mostly) are looked at byte by byte.
  return ((word | (word - ones * 0x20)) & tops) == 0;
}

std::uint8_t at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

/// Length of the longer character at i; 0 when it is not UTF-8; more than what is left when it may be cut off.
std::size_t longer(std::string_view bytes, std::size_t i) {
  const auto lead = at(bytes, i);
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  for (std::size_t k = 1; k < length && i + k < bytes.size(); ++k) {
    const auto next = at(bytes, i + k);
    if ((next & 0xC0U) != 0x80U) return 0;
    if (k > 1) continue;
    if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) || (lead == 0xF0 && next < 0x90) ||
        (lead == 0xF4 && next > 0x8F)) {
      return 0;
    }
  }
  return length;
}

}  // namespace

std::size_t Utf8Checker::check(std::string_view bytes) {
  found_ = Found::good;
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (i + 8 <= bytes.size() && plain(bytes.data() + i)) {
      i += 8;
      continue;
    }
    const auto kind = classes[at(bytes, i)];
    if (kind == 0) {
      ++i;
      continue;
    }
    if (kind == 2) {
      found_ = Found::not_xml;
      return i;
    }
    const auto length = longer(bytes, i);
    if (length == 0) {
      found_ = Found::not_utf8;
      return i;
    }
    if (i + length > bytes.size()) return i;
    if (length == 3 && at(bytes, i) == 0xEF && at(bytes, i + 1) == 0xBF && at(bytes, i + 2) >= 0xBE) {
      found_ = Found::not_xml;
      return i;
    }
    i += length;
  }
  return i;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (at(text, most) & 0xC0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "…";
}

}  // namespace answerable::xml
