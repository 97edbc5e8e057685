#include "reports/bundle/pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "reports/render/text.hpp"

namespace answerable::bundle {
namespace {

constexpr std::string_view white = " \t\r\n";

std::string_view local(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Character data with its references resolved: the five of XML, and numbers.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[at++];
      continue;
    }
    const auto name = text.substr(at + 1, end - at - 1);
    constexpr std::pair<std::string_view, char> named[]{
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    const auto known = std::ranges::find(named, name, &std::pair<std::string_view, char>::first);
    if (known != std::end(named)) {
      out += known->second;
    } else if (name.starts_with('#')) {
      const bool hexadecimal = name.starts_with("#x");
      std::uint32_t value = 0;
      std::from_chars(name.begin() + (hexadecimal ? 2 : 1), name.end(), value, hexadecimal ? 16 : 10);
      render::append_utf8(out, static_cast<char32_t>(value));
    }
    at = end + 1;
  }
  return out;
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(white);
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(white) - from + 1);
}

/// Walks the bytes of a well-formed element.
class Walk {
 public:
  explicit Walk(std::string_view record) : record_(record) {}

  std::vector<Field> run() && {
    while (at_ < record_.size()) {
      if (record_[at_] != '<') {
        take_text(record_.find('<', at_));
      } else if (starts("<!--")) {
        at_ = behind("-->", at_ + 4);
      } else if (starts("<![CDATA[")) {
        const auto end = behind("]]>", at_ + 9);
        if (!open_.empty()) found_[open_.back()].text += record_.substr(at_ + 9, end - at_ - 12);
        at_ = end;
      } else if (starts("<?")) {
        at_ = behind("?>", at_);
      } else if (starts("</")) {
        at_ = behind(">", at_);
        close();
      } else {
        take_start_tag();
      }
    }
    for (auto& field : found_) field.text = trimmed(field.text);
    return std::move(found_);
  }

 private:
  bool starts(std::string_view with) const { return record_.substr(at_).starts_with(with); }
  std::size_t behind(std::string_view mark, std::size_t from) const {
    const auto found = record_.find(mark, from);
    return found == std::string_view::npos ? record_.size() : found + mark.size();
  }
  void close() {
    if (open_.empty()) return;
    found_[open_.back()].end = at_;
    open_.pop_back();
  }
  void take_text(std::size_t end) {
    end = std::min(end, record_.size());
    if (!open_.empty()) found_[open_.back()].text += decoded(record_.substr(at_, end - at_));
    at_ = end;
  }
  void take_start_tag() {
    Field field;
    field.begin = at_;
    const auto name_end = record_.find_first_of(" \t\r\n/>", at_);
    const auto name = local(record_.substr(at_ + 1, name_end - at_ - 1));
    if (open_.size() == 1) field.path = name;
    if (open_.size() > 1) field.path = fmt::format("{}/{}", found_[open_.back()].path, name);
    at_ = name_end;
    bool scheme = false, code = false, empty = false;
    while (at_ < record_.size() && record_[at_] != '>') {
      const auto from = record_.find_first_not_of(" \t\r\n/", at_);
      if (from == std::string_view::npos || record_[from] == '>') {
        empty = from != std::string_view::npos && record_[from - 1] == '/';
        at_ = std::min(from, record_.size());
        break;
      }
      const auto quote = record_.find_first_of("\"'", from);
      if (quote == std::string_view::npos) break;
      const auto end = std::min(record_.find(record_[quote], quote + 1), record_.size());
      const auto attribute = record_.substr(from, record_.find_first_of("= \t\r\n", from) - from);
      if (attribute != "xmlns" && !attribute.starts_with("xmlns:")) {
        field.attributes.push_back(decoded(record_.substr(quote + 1, end - quote - 1)));
        scheme = scheme || attribute == "scheme";
        code = code || attribute == "code";
      }
      at_ = end + 1;
    }
    field.named_by_code = scheme && code;
    ++at_;
    field.end = at_;
    found_.push_back(std::move(field));
    if (!empty) open_.push_back(found_.size() - 1);
  }

  std::string_view record_;
  std::size_t at_{};
  std::vector<Field> found_;
  std::vector<std::size_t> open_;  ///< into found_
};

}  // namespace

std::vector<Field> fields(std::string_view record) {
  return Walk(record).run();
}

Cover::Cover(std::string_view content) : content_(content) {
  intake::piece_ends(content, ends_);
  hidden_.resize(ends_.size());
}

std::string_view Cover::piece(std::size_t index) const {
  const auto begin = index == 0 ? 0 : ends_[index - 1];
  return content_.substr(begin, ends_[index] - begin);
}

std::size_t Cover::hide(std::size_t begin, std::size_t end, Reason reason) {
  std::size_t more = 0;
  // The first piece that ends behind `begin` has its byte.
  auto index = static_cast<std::size_t>(std::ranges::upper_bound(ends_, begin) - ends_.begin());
  for (; index < ends_.size() && (index == 0 ? 0 : ends_[index - 1]) < end; ++index) more += hide_piece(index, reason);
  return more;
}

std::size_t Cover::hide_piece(std::size_t index, Reason reason) {
  if (hidden_[index]) return 0;
  hidden_[index] = reason;
  return 1;
}

bool Cover::hides_anything() const {
  return std::ranges::any_of(hidden_, [](const auto& it) { return it.has_value(); });
}

std::string Cover::shown() const {
  std::string out;
  for (std::size_t i = 0; i < pieces(); ++i) {
    if (hidden_[i]) {
      out += fmt::format("<!-- kept back: {} -->", word(*hidden_[i]));
    } else {
      out += piece(i);
    }
  }
  return out;
}

std::string Cover::proof(const intake::Salt& salt, intake::LeafHasher& hasher) const {
  const auto salts = intake::piece_salts(salt, pieces());
  std::string out;
  for (std::size_t i = 0; i < pieces(); ++i) {
    if (hidden_[i]) {
      out += fmt::format("hidden {} {}\n", hex(hasher.piece_hash(salts[i], piece(i))), word(*hidden_[i]));
    } else {
      out += fmt::format("shown {} {}\n", hex(salts[i]), piece(i).size());
    }
  }
  return out;
}

}  // namespace answerable::bundle
