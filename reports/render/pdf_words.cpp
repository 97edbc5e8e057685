#include "reports/render/pdf_words.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

/// Words of which it is known how they are set: twice as many, so that those in use outlast the change.
constexpr std::size_t words_kept_together = 4096;
/// As wide as no word is, in points.
constexpr double any_width = 100'000;

/// Latin letters, digits, and the punctuation of English: set alike whatever stands beside the space.
bool stands_alone(char32_t c) {
  constexpr char32_t soft_hyphen = 0xAD, euro = 0x20AC;
  return c < 0x250 ? c != soft_hyphen : (c >= 0x2010 && c <= 0x2027) || c == euro;
}

bool can_be_parted(std::string_view text) {
  while (!text.empty())
    if (!stands_alone(next_code_point(text))) return false;
  return true;
}

SetWords::Word set_word(Typesetter& typesetter, const OnPaper& word, const TextStyle& style) {
  auto lines = set_whole(typesetter, {&word, 1}, style, any_width);
  if (lines.size() != 1 || lines[0].pieces.size() != 1) return nullptr;
  const auto& piece = lines[0].pieces[0];
  const std::string_view all = piece.shown.operators;
  // One font, one array: neither raised letters nor a text that its glyphs do not tell.
  constexpr std::string_view chosen = "Tf [", end = "] TJ ";
  const auto array = all.find(chosen);
  if (!all.starts_with("/F") || array == std::string_view::npos || all.find(end) + end.size() != all.size())
    return nullptr;
  const auto glyphs = array + chosen.size();
  return std::make_shared<const SetWord>(SetWord{
      .font = std::string(all.substr(0, glyphs - 1)),
      .glyphs = std::string(all.substr(glyphs, all.size() - end.size() - glyphs)),
      .size = piece.shown.size,
      .advance = piece.shown.advance,
      .width = piece.width,
      .ascent = lines[0].ascent,
      .descent = lines[0].descent,
  });
}

class WordByWord {
 public:
  WordByWord(Typesetter& typesetter, const TextStyle& style, double width)
      : typesetter_(typesetter), style_(style), width_(width), lines_(1) {}

  std::optional<std::vector<SetLine>> set(std::span<const OnPaper> runs) && {
    for (std::size_t run = 0; run < runs.size(); ++run)
      if (!can_be_parted(runs[run].text) || !add(run, runs[run])) return std::nullopt;
    if (!place_waiting() || (style_.one_line && lines_.size() > 1)) return std::nullopt;
    end_line();
    return std::move(lines_);
  }

 private:
  struct Part {
    std::size_t run;
    SetWords::Word word;
  };

  bool add(std::size_t run, const OnPaper& it) {
    for (std::string_view rest = it.text; !rest.empty();) {
      const auto length =
          rest.front() == ' ' || rest.front() == '\n' ? 1 : std::min(rest.find_first_of(" \n"), rest.size());
      const auto part = rest.substr(0, length);
      rest.remove_prefix(length);
      if (part == "\n") {
        if (!place_waiting()) return false;
        end_line();
        lines_.emplace_back();
        continue;
      }
      if (part == " ") {
        if (!place_waiting()) return false;
        const auto space = word_of(it.kind, part);
        if (!space) return false;
        place(run, *space);
      } else if (!wait(run, it.kind, part)) {
        return false;
      }
    }
    return true;
  }

  /// What holds a digit is a number or a code that hardly comes twice: set character by character.
  bool wait(std::size_t run, Run::Kind kind, std::string_view text) {
    const bool is_code = std::ranges::any_of(text, is_digit);
    for (auto rest = text; !rest.empty();) {
      auto behind = rest;
      if (is_code) {
        next_code_point(behind);
      } else {
        behind = {};
      }
      const auto word = word_of(kind, rest.substr(0, rest.size() - behind.size()));
      if (!word) return false;
      waiting_width_ += word->width;
      waiting_.push_back({run, word});
      rest = behind;
    }
    return true;
  }

  SetWords::Word word_of(Run::Kind kind, std::string_view text) {
    key_.assign(reinterpret_cast<const char*>(&style_.size), sizeof style_.size);
    key_ += static_cast<char>(kind);
    key_ += style_.bold ? 'b' : ' ';
    key_ += text;
    return typesetter_.words.get(key_, [&] {
      return set_word(typesetter_, {kind, std::string(text)}, {.size = style_.size, .bold = style_.bold});
    });
  }

  /// Places what no space parts, on the next line if need be. \return whether a line can hold it
  bool place_waiting() {
    if (waiting_.empty()) return true;
    if (waiting_width_ > width_) return false;
    if (x_ + waiting_width_ > width_) {
      end_line();
      lines_.emplace_back();
    }
    for (const auto& [run, word] : waiting_) place(run, *word);
    filled_ = x_;
    waiting_.clear();
    waiting_width_ = 0;
    return true;
  }

  void place(std::size_t run, const SetWord& word) {
    SetLine& line = lines_.back();
    if (line.pieces.empty() || line.pieces.back().run != run || font_ != word.font) {
      end_piece();
      line.pieces.push_back({run, x_, 0, {word.font + '[', word.size, 0}});
      font_ = word.font;
    }
    auto& piece = line.pieces.back();
    auto& [operators, size, advance] = piece.shown;
    if (const double off = advance - piece.width; std::abs(off) >= near_enough) {
      // In thousandths of the font's size, to the left.
      const double by = std::round(off * 1e6 / size) / 1000;
      append_number(operators, by);
      advance -= by * size / 1000;
    }
    if (operators.ends_with('>') && word.glyphs.starts_with('<')) {
      operators.pop_back();
      operators.append(word.glyphs, 1);
    } else {
      operators += word.glyphs;
    }
    advance += word.advance;
    piece.width += word.width;
    x_ += word.width;
    line.ascent = std::max(line.ascent, word.ascent);
    line.descent = std::max(line.descent, word.descent);
  }

  void end_piece() {
    auto& pieces = lines_.back().pieces;
    if (!pieces.empty()) pieces.back().shown.operators += "] TJ ";
  }

  void end_line() {
    SetLine& line = lines_.back();
    end_piece();
    if (line.pieces.empty()) {
      const auto empty = word_of(Run::Kind::plain, " ");
      line.ascent = empty->ascent;
      line.descent = empty->descent;
    }
    if (style_.right_aligned)
      for (auto& piece : line.pieces) piece.x += width_ - filled_;
    x_ = filled_ = 0;
  }

  Typesetter& typesetter_;
  const TextStyle& style_;
  double width_;
  std::vector<SetLine> lines_;
  double x_ = 0;       ///< behind all that the line holds
  double filled_ = 0;  ///< behind its last word
  std::string font_;   ///< of its last piece
  std::vector<Part> waiting_;
  double waiting_width_ = 0;
  std::string key_;
};

}  // namespace

SetWords::Word SetWords::get(const std::string& key, const std::function<Word()>& set) {
  if (const auto known = recent_.find(key); known != recent_.end()) return known->second;
  if (recent_.size() == words_kept_together) older_ = std::exchange(recent_, {});
  const auto known = older_.find(key);
  return recent_.emplace(key, known != older_.end() ? known->second : set()).first->second;
}

std::optional<std::vector<SetLine>> set_by_words(Typesetter& typesetter, std::span<const OnPaper> runs,
                                                 const TextStyle& style, double width) {
  return WordByWord(typesetter, style, width).set(runs);
}

}  // namespace answerable::render
