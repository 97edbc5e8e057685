#pragma once

#include <algorithm>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QUtil.hh>
#include <string_view>

#include "reports/render/text.hpp"

namespace answerable::render {

/// A text string (ISO 32000-1, 7.9.2.2) as people may be shown it. In UTF-16 unless it is ASCII: qpdf's own choice
/// gives U+FFFD as a byte that means nothing.
inline QPDFObjectHandle text_string(std::string_view raw) {
  const std::string text = presentable(raw);
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return QPDFObjectHandle::newString(is_ascii ? text : QUtil::utf8_to_utf16(text));
}

}  // namespace answerable::render
