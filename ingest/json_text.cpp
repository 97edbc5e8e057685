#include "ingest/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace answerable {

void append_json_string(std::string& out, std::string_view text) {
  const auto plain = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
  out.push_back('"');
  for (auto from = text.begin(); from != text.end();) {
    const auto to = std::find_if_not(from, text.end(), plain);
    out.append(from, to);
    if (to == text.end()) break;
    if (*to == '"' || *to == '\\') {
      out.push_back('\\');
      out.push_back(*to);
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*to));
    }
    from = to + 1;
  }
  out.push_back('"');
}

void JsonText::name(std::string_view name) {
  out_.push_back(out_.empty() ? '{' : ',');
  append_json_string(out_, name);
  out_.push_back(':');
}

JsonText& JsonText::text(std::string_view member, std::string_view value) {
  name(member);
  append_json_string(out_, value);
  return *this;
}

JsonText& JsonText::number(std::string_view member, std::int64_t value) {
  name(member);
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}

JsonText& JsonText::truth(std::string_view member, bool value) {
  name(member);
  out_ += value ? "true" : "false";
  return *this;
}

JsonText& JsonText::null(std::string_view member) {
  name(member);
  out_ += "null";
  return *this;
}

std::string JsonText::take() {
  if (out_.empty()) out_ = "{";
  out_.push_back('}');
  return std::exchange(out_, {});
}

}  // namespace answerable
