#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The small words of RFC 9110 §5.6 and RFC 3986.
namespace answerable::http {

char lower_letter(char c);
std::string lower(std::string_view text);
bool same_word(std::string_view one, std::string_view other);
bool is_digit(char c);
/// 0 to 15, or nothing.
std::optional<unsigned> hex_digit(char c);
/// RFC 9110 §5.6.2: a method, a field name.
bool is_token(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
/// What comes before the first `mark`, which is taken off `rest` with it; all of `rest` when there is none.
std::string_view cut_off(std::string_view& rest, char mark);

/// Good UTF-8 without control characters that no text holds (NUL among them).
bool is_plain_text(std::string_view bytes);
/// Nothing when a percent sign is not followed by two hexadecimal digits, or when what comes out is not plain text.
std::optional<std::string> percent_decoded(std::string_view text);
/// RFC 3986 path of a request: nothing but what a path may hold, no dot segments however written, no encoded slashes,
/// backslashes or control characters, every part good UTF-8.
bool is_plain_path(std::string_view path);
/// name=value&… as forms and queries have it (a plus is a space); nothing when some of it cannot be decoded.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_pairs(std::string_view text);

}  // namespace answerable::http
