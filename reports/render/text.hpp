#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::render {

/// Takes the first code point off `text`. Gives U+FFFD for a byte that begins no valid UTF-8 sequence (RFC 3629), and
/// takes that byte only. \pre text is not empty
char32_t next_code_point(std::string_view& text);

void append_utf8(std::string& out, char32_t code_point);

/// A text as it may be shown to people: valid UTF-8; control characters (but line feed; a tab becomes a space),
/// non-characters and bidirectional overrides and isolates become U+FFFD, so that nothing in a record can rearrange
/// what is read around it.
std::string presentable(std::string_view text);

/// A text as one compares it with another when it does not matter how it was typed: small letters without accents,
/// white space of any length as one space, curved quotation marks straight, nothing that is not seen.
/// \param places when given: for each byte of the answer where in `text` it comes from, and the end of `text` behind
/// the last
std::string folded(std::string_view text, std::vector<std::size_t>* places = nullptr);
/// Whether it goes on with what is before or behind it, so that both are one word.
bool letter_or_digit(char32_t code_point);

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Columns a text takes on a terminal: 0 for combining marks, 2 for East Asian wide characters, otherwise 1.
int terminal_width(std::string_view text);

}  // namespace answerable::render
