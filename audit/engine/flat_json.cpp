#include "audit/engine/flat_json.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace answerable::engine {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 20;

std::uint32_t hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) detail::not_flat();
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) detail::not_flat();
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

char* put_utf8(char* out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t value) { *out++ = static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3F));
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
  return out;
}

}  // namespace

char* Arena::room(std::size_t bytes) {
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, block_size);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = blocks_.back().get();
    left_ = size;
  }
  char* const at = next_;
  next_ += bytes;
  left_ -= bytes;
  return at;
}

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  char* const at = room(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void detail::not_flat() {
  throw std::runtime_error("the attributes of an entry are not one flat object of strings");
}

std::string_view detail::json_string(std::string_view text, std::size_t& at, Arena& arena) {
  const std::size_t from = at;
  const std::size_t quote = text.find('"', from);
  if (quote == std::string_view::npos) not_flat();
  const std::string_view plain = text.substr(from, quote - from);
  if (const auto escape = plain.find('\\'); escape == std::string_view::npos) {
    at = quote + 1;
    return plain;
  } else {
    at = from + escape;
  }
  std::size_t end = at;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) not_flat();
  // An escape is never shorter than what it stands for.
  char* const begin = arena.room(end - from);
  std::memcpy(begin, text.data() + from, at - from);
  char* out = begin + (at - from);
  while (at < end) {
    if (text[at] != '\\') {
      *out++ = text[at++];
      continue;
    }
    const char c = text[at + 1];
    at += 2;
    switch (c) {
      case 'b':
        *out++ = '\b';
        break;
      case 'f':
        *out++ = '\f';
        break;
      case 'n':
        *out++ = '\n';
        break;
      case 'r':
        *out++ = '\r';
        break;
      case 't':
        *out++ = '\t';
        break;
      case 'u': {
        std::uint32_t value = hex4(text, at);
        at += 4;
        if (value >= 0xD800 && value < 0xDC00 && at + 1 < end && text[at] == '\\' && text[at + 1] == 'u') {
          value = 0x10000 + ((value - 0xD800) << 10) + (hex4(text, at + 2) - 0xDC00);
          at += 6;
        }
        out = put_utf8(out, value);
        break;
      }
      default:
        *out++ = c;
    }
  }
  at = end + 1;
  return {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace answerable::engine
