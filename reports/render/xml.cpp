#include "reports/render/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void check_name(std::string_view name) {
  const auto is_plain = [](std::string_view part) {
    return !part.empty() && is_name_start(part.front()) && std::ranges::all_of(part, is_name_part);
  };
  const auto colon = name.find(':');
  const bool good = colon == std::string_view::npos
                        ? is_plain(name)
                        : is_plain(name.substr(0, colon)) && is_plain(name.substr(colon + 1));
  if (!good) throw std::invalid_argument(fmt::format("'{}' is no XML name that is written here", name));
}

bool allowed(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

std::string escaped(std::string_view text, bool in_attribute) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const char32_t c = next_code_point(text);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '\r')
      out += "&#13;";
    else if (c == '"' && in_attribute)
      out += "&quot;";
    else if (c == '\t' && in_attribute)
      out += "&#9;";
    else if (c == '\n' && in_attribute)
      out += "&#10;";
    else
      append_utf8(out, allowed(c) ? c : U'\uFFFD');
  }
  return out;
}

}  // namespace

XmlWriter::XmlWriter(std::ostream& out) : out_(out) {
  out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}

void XmlWriter::begin_line(std::size_t depth) {
  out_ << '\n';
  for (std::size_t i = 0; i < depth; ++i) out_ << "  ";
}

XmlWriter& XmlWriter::open(std::string_view name) {
  check_name(name);
  if (open_.empty()) {
    if (root_written_) throw std::logic_error("an XML document has one root element");
    root_written_ = true;
  } else {
    Open& parent = open_.back();
    if (parent.content == Content::text)
      throw std::logic_error(fmt::format("<{}> holds text: no element goes beside it", parent.name));
    if (parent.content == Content::start_tag) out_ << '>';
    parent.content = Content::children;
    begin_line(open_.size());
  }
  out_ << '<' << name;
  open_.push_back({std::string(name), Content::start_tag});
  return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view value) {
  check_name(name);
  if (open_.empty() || open_.back().content != Content::start_tag)
    throw std::logic_error(fmt::format("attribute '{}' comes after its element's content", name));
  out_ << ' ' << name << "=\"" << escaped(value, true) << '"';
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view text) {
  if (open_.empty()) throw std::logic_error("text outside the root element");
  Open& element = open_.back();
  if (element.content == Content::children)
    throw std::logic_error(fmt::format("<{}> holds elements: no text goes beside them", element.name));
  if (element.content == Content::start_tag) out_ << '>';
  element.content = Content::text;
  out_ << escaped(text, false);
  return *this;
}

XmlWriter& XmlWriter::close() {
  if (open_.empty()) throw std::logic_error("no element is open");
  const Open element = std::move(open_.back());
  open_.pop_back();
  if (element.content == Content::start_tag) {
    out_ << "/>";
  } else {
    if (element.content == Content::children) begin_line(open_.size());
    out_ << "</" << element.name << '>';
  }
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text_inside) {
  return open(name).text(text_inside).close();
}

void XmlWriter::finish() {
  if (!open_.empty()) throw std::logic_error(fmt::format("<{}> is still open", open_.back().name));
  if (!root_written_) throw std::logic_error("an XML document needs a root element");
  out_ << '\n';
  out_.flush();
}

}  // namespace answerable::render
