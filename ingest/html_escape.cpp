#include "ingest/html_escape.hpp"

namespace answerable {

void append_escaped(std::string& out, std::string_view presentable_text) {
  for (const char c : presentable_text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
}

}  // namespace answerable
