#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace answerable::service {

/// A text as one part of a path, or as a value in a query: everything but what may stand there as it is, in hexadecimal
/// (RFC 3986 §2.1).
inline std::string url_part(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace answerable::service
