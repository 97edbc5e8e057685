#include "reports/bundle/kept_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "reports/render/text.hpp"

namespace answerable::bundle {
namespace {

bool begins_inside_a_word(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t start = at - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
  auto before = text.substr(start, at - start);
  return render::letter_or_digit(render::next_code_point(before));
}

bool ends_inside_a_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  auto behind = text.substr(at);
  return render::letter_or_digit(render::next_code_point(behind));
}

/// Where the word stands as a whole word, from `from` on; npos when nowhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (auto at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (!begins_inside_a_word(text, at) && !ends_inside_a_word(text, at + word.size())) return at;
  }
  return std::string_view::npos;
}

/// "&amp;", "&#39;", "&#x27;": the character and how long its reference is; nothing for what is none.
std::optional<std::pair<char32_t, std::size_t>> reference(std::string_view text) {
  const auto end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return {};
  const auto name = text.substr(1, end - 1);
  constexpr std::pair<std::string_view, char32_t> named[]{{"amp", U'&'},  {"lt", U'<'},    {"gt", U'>'},
                                                          {"quot", U'"'}, {"apos", U'\''}, {"nbsp", U' '}};
  for (const auto& [known, code_point] : named) {
    if (name == known) return std::pair(code_point, end + 1);
  }
  if (name[0] != '#') return {};
  const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  const auto digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(digits.begin(), digits.end(), value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != digits.end()) return {};
  return std::pair(static_cast<char32_t>(value), end + 1);
}

/// Undoes what HTML and XML, JSON and CSV do to characters.
std::string unescaped(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const char c = bytes[at];
    const char next = at + 1 < bytes.size() ? bytes[at + 1] : '\0';
    if (c == '&') {
      if (const auto found = reference(bytes.substr(at))) {
        render::append_utf8(out, found->first);
        at += found->second;
        continue;
      }
    }
    if (c == '\\' && next == 'u' && at + 6 <= bytes.size()) {
      std::uint32_t value = 0;
      const auto digits = bytes.substr(at + 2, 4);
      if (std::from_chars(digits.begin(), digits.end(), value, 16).ptr == digits.end()) {
        render::append_utf8(out, static_cast<char32_t>(value));
        at += 6;
        continue;
      }
    }
    if (c == '\\' && (next == '"' || next == '\\' || next == '/')) {
      out += next;
      at += 2;
    } else if (c == '\\' && (next == 'n' || next == 't' || next == 'r')) {
      out += ' ';
      at += 2;
    } else if (c == '"' && next == '"') {
      out += '"';
      at += 2;
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

}  // namespace

void KeptWords::add(std::string_view word, Reason reason, std::size_t item) {
  const auto add_one = [&](std::string_view form) {
    constexpr std::string_view no_part_of_it = " .,;:";  // pages end sentences in their own way
    auto text = render::folded(form);
    const auto from = text.find_first_not_of(no_part_of_it);
    if (from == std::string::npos) return;
    text = text.substr(from, text.find_last_not_of(no_part_of_it) - from + 1);
    if (std::ranges::find(words_, text, &Word::folded) == words_.end())
      words_.push_back({std::move(text), {reason, item}});
  };
  add_one(word);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (word.size() == 10 && std::ranges::all_of(word, digit)) {
    for (const char* between : {" ", "-"}) {
      add_one(fmt::format("{}{}{}{}{}", word.substr(0, 3), between, word.substr(3, 3), between, word.substr(6)));
    }
  }
  std::ranges::stable_sort(words_, std::ranges::greater{}, [](const Word& it) { return it.folded.size(); });
}

std::optional<KeptWords::Match> KeptWords::find(std::string_view text) const {
  if (words_.empty()) return {};
  const auto in = render::folded(text);
  for (const auto& word : words_) {
    if (find_word(in, word.folded, 0) != std::string::npos) return word.match;
  }
  return {};
}

std::optional<KeptWords::Match> KeptWords::find_in_file(std::string_view bytes) const {
  if (words_.empty()) return {};
  return find(unescaped(bytes));
}

void KeptWords::Search::look_at(std::string_view piece) {
  constexpr std::size_t looked_through_together = 1024 * 1024;
  constexpr std::string_view between_words = " \n";
  if (words_.empty() || found_) return;
  held_ += piece;
  if (held_.size() < looked_through_together) return;
  // Cut between words, so that none seems whole that is not.
  const auto end = held_.find_last_of(between_words);
  if (end == std::string::npos) return;
  found_ = words_.find_in_file(std::string_view(held_).substr(0, end + 1));
  const auto begins_in = 64 * 1024 + 16 * words_.words_.front().folded.size();
  held_.erase(0, held_.find_first_of(between_words, end > begins_in ? end - begins_in : 0));
}

std::optional<KeptWords::Match> KeptWords::Search::finish() {
  return found_ ? found_ : words_.find_in_file(held_);
}

std::vector<std::size_t> KeptWords::replace(std::string& text) const {
  std::vector<std::size_t> items;
  for (const auto& word : words_) {
    std::vector<std::size_t> places;
    auto in = render::folded(text, &places);
    std::string out;
    std::size_t from = 0, copied = 0;
    for (auto at = find_word(in, word.folded, 0); at != std::string::npos; at = find_word(in, word.folded, from)) {
      out += text.substr(copied, places[at] - copied);
      out += fmt::format("[kept back: {}]", bundle::word(word.match.reason));
      from = at + word.folded.size();
      copied = places[from];
      items.push_back(word.match.item);
    }
    if (from > 0) text = out + text.substr(copied);
  }
  return items;
}

}  // namespace answerable::bundle
