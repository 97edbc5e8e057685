#include "ingest/http/syntax.hpp"

#include <algorithm>

#include "ingest/xml/utf8.hpp"

namespace answerable::http {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ';
}

bool is_path_character(char c) {
  return is_letter(c) || is_digit(c) || std::string_view{"-._~!$&'()*+,;=:@%"}.find(c) != std::string_view::npos;
}

}  // namespace

char lower_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower_letter);
  return out;
}

bool same_word(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower_letter, lower_letter);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  c = lower_letter(c);
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || is_digit(c) || marks.find(c) != marks.npos; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view cut_off(std::string_view& rest, char mark) {
  const auto at = rest.find(mark);
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at == rest.npos ? rest.size() : at + 1);
  return before;
}

bool is_plain_text(std::string_view bytes) {
  xml::Utf8Checker checker;
  return checker.check(bytes) == bytes.size();
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  if (!is_plain_text(out)) return std::nullopt;
  return out;
}

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  while (!path.empty()) {
    const std::string_view part = cut_off(path, '/');
    if (!std::ranges::all_of(part, is_path_character)) return false;
    const auto decoded = percent_decoded(part);
    if (!decoded || *decoded == "." || *decoded == ".." || decoded->find_first_of("/\\\x7F") != std::string::npos ||
        std::ranges::any_of(*decoded, is_control))
      return false;
  }
  return true;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_pairs(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    std::string pair{cut_off(text, '&')};
    if (pair.empty()) continue;
    std::ranges::replace(pair, '+', ' ');
    std::string_view value = pair;
    auto name = percent_decoded(cut_off(value, '='));
    auto decoded = percent_decoded(value);
    if (!name || !decoded) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*decoded));
  }
  return pairs;
}

}  // namespace answerable::http
