#include "tests/reports/html_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace answerable::testing {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::string resolved(std::string_view text) {
  static const std::map<std::string_view, std::string_view> references{{"amp", "&"},   {"lt", "<"},  {"gt", ">"},
                                                                       {"quot", "\""}, {"#39", "'"}, {"ctdot", "⋯"}};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto end = text[i] == '&' ? text.find(';', i) : text.npos;
    const auto found = end == text.npos ? references.end() : references.find(text.substr(i + 1, end - i - 1));
    if (found == references.end()) {
      out += text[i];
    } else {
      out += found->second;
      i = end;
    }
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view html) : rest_(html) {}

  HtmlNode read() {
    HtmlNode root;
    read_children(root);
    if (!rest_.empty()) throw std::runtime_error(fmt::format("closes what was not opened: {}", rest_.substr(0, 40)));
    return root;
  }

 private:
  void read_children(HtmlNode& parent) {
    while (!rest_.empty() && !rest_.starts_with("</")) {
      if (rest_.starts_with('<'))
        parent.children.push_back(read_element());
      else
        parent.children.push_back({.text = resolved(take(rest_.find('<')))});
    }
  }

  HtmlNode read_element() {
    static const std::set<std::string_view> single{"br", "hr", "input", "img", "link", "meta"};
    rest_.remove_prefix(1);
    HtmlNode node{.element = std::string(take(rest_.find_first_of(" \n\t/>")))};
    read_attributes(node);
    const bool ends = rest_.starts_with("/>");
    rest_.remove_prefix(ends ? 2 : 1);
    if (ends || single.contains(node.element)) return node;
    read_children(node);
    const std::string close = "</" + node.element + ">";
    if (!rest_.starts_with(close))
      throw std::runtime_error(fmt::format("<{}> is closed by {}", node.element, rest_.substr(0, 40)));
    rest_.remove_prefix(close.size());
    return node;
  }

  void read_attributes(HtmlNode& node) {
    for (skip_space(); !rest_.empty() && !rest_.starts_with('>') && !rest_.starts_with("/>"); skip_space()) {
      const std::string name(take(rest_.find_first_of("= \n\t/>")));
      std::string value;
      if (rest_.starts_with("=\"")) {
        rest_.remove_prefix(2);
        value = resolved(take(rest_.find('"')));
        rest_.remove_prefix(1);
      }
      node.attributes[name] = name == "class" ? sorted(value) : value;
    }
  }

  static std::string sorted(const std::string& classes) {
    std::istringstream words(classes);
    const std::set<std::string> each{std::istream_iterator<std::string>(words), {}};
    return fmt::format("{}", fmt::join(each, " "));
  }

  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view take(std::size_t length) {
    const auto taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

std::string one_space(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c))
      out += c;
    else if (out.empty() || out.back() != ' ')
      out += ' ';
  }
  return out;
}

std::string trimmed(std::string text) {
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

void append_outline(std::string& out, const HtmlNode& node, std::size_t depth, bool verbatim) {
  if (node.element.empty() && depth > 0) {
    const std::string text = verbatim ? node.text : trimmed(one_space(node.text));
    if (!text.empty()) out += fmt::format("{}{}\n", std::string(2 * depth, ' '), text);
    return;
  }
  if (!node.element.empty()) {
    out += fmt::format("{}<{}", std::string(2 * depth, ' '), node.element);
    for (const auto& [name, value] : node.attributes) out += fmt::format(" {}=\"{}\"", name, value);
    out += ">\n";
  }
  for (const HtmlNode& child : node.children) append_outline(out, child, depth + 1, node.element == "textarea");
}

}  // namespace

bool HtmlNode::has_class(std::string_view name) const {
  const auto found = attributes.find("class");
  return found != attributes.end() &&
         fmt::format(" {} ", found->second).find(fmt::format(" {} ", name)) != std::string::npos;
}

HtmlNode parse_html(std::string_view html) {
  return Reader(html).read();
}

std::string outline_of(const HtmlNode& node) {
  std::string out;
  append_outline(out, node, 0, false);
  return out;
}

}  // namespace answerable::testing
