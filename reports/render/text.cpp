#include "reports/render/text.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace answerable::render {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Range {
  char32_t first;
  char32_t last;
};

bool within(std::span<const Range> ranges, char32_t c) {
  const auto after = std::ranges::upper_bound(ranges, c, {}, &Range::first);
  return after != ranges.begin() && c <= std::prev(after)->last;
}

// Unicode 15: the blocks of combining marks and joiners that occur in names and letters; not every Mn of every script.
constexpr std::array combining{
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A}, Range{0x064B, 0x065F},
    Range{0x0900, 0x0902}, Range{0x093C, 0x093C}, Range{0x0941, 0x0948}, Range{0x094D, 0x094D}, Range{0x0E31, 0x0E31},
    Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}, Range{0xE0100, 0xE01EF},
};
// Unicode 15, East Asian Width W and F, by block.
constexpr std::array wide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

bool rearranges_text(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool is_noncharacter(char32_t c) {
  return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

}  // namespace

char32_t next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const auto take = [&](std::size_t length, char32_t code_point) {
    text.remove_prefix(length);
    return code_point;
  };
  if (lead < 0x80) return take(1, lead);
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return take(1, replacement);
  char32_t code_point = lead & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return take(1, replacement);
    code_point = (code_point << 6) | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (overlong || surrogate || code_point > 0x10FFFF) return take(1, replacement);
  return take(length, code_point);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string presentable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; }) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char32_t c = next_code_point(text);
    if (c == '\n') {
      out.push_back('\n');
    } else if (c == '\t') {
      out.push_back(' ');
    } else if (c == '\r' && text.starts_with('\n')) {
      continue;
    } else {
      append_utf8(out, is_control(c) || rearranges_text(c) || is_noncharacter(c) ? replacement : c);
    }
  }
  return out;
}

std::string folded(std::string_view text, std::vector<std::size_t>* places) {
  std::string out;
  out.reserve(text.size());
  if (places != nullptr) places->clear();
  const auto add = [&](char32_t code_point, std::size_t from) {
    append_utf8(out, code_point);
    if (places != nullptr) places->resize(out.size(), from);
  };
  for (auto rest = text; !rest.empty();) {
    const std::size_t from = text.size() - rest.size();
    const char32_t code_point = next_code_point(rest);
    if (code_point < 0x80 ? code_point == U' ' || (code_point >= 9 && code_point <= 13)
                          : g_unichar_isspace(code_point)) {
      if (out.empty() || out.back() != ' ') add(U' ', from);
    } else if (code_point < 0x80) {
      add(code_point >= U'A' && code_point <= U'Z' ? code_point + 32 : code_point, from);
    } else if (code_point == U'\u2018' || code_point == U'\u2019' || code_point == U'\u02BC') {
      add(U'\'', from);
    } else if (code_point == U'\u201C' || code_point == U'\u201D') {
      add(U'"', from);
    } else if (code_point >= U'\u2010' && code_point <= U'\u2015') {
      add(U'-', from);
    } else if (g_unichar_type(code_point) != G_UNICODE_FORMAT) {
      gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
      const auto count = g_unichar_fully_decompose(code_point, TRUE, parts, G_UNICHAR_MAX_DECOMPOSITION_LENGTH);
      for (gsize i = 0; i < count; ++i) {
        if (!g_unichar_ismark(parts[i])) add(g_unichar_tolower(parts[i]), from);
      }
    }
  }
  if (places != nullptr) places->push_back(text.size());
  return out;
}

bool letter_or_digit(char32_t code_point) {
  return g_unichar_isalnum(code_point) != FALSE;
}

int terminal_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const char32_t c = next_code_point(text);
    width += within(combining, c) ? 0 : within(wide, c) ? 2 : 1;
  }
  return width;
}

}  // namespace answerable::render
