#pragma once

#include <string>
#include <string_view>

namespace answerable {

/// Adds a text to HTML, quotes escaped as well, so that one function serves text and attributes. Line feeds stay.
void append_escaped(std::string& out, std::string_view presentable_text);

}  // namespace answerable
