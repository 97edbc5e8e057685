#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/digest.hpp"

namespace answerable {

/// RFC 4648 §4: the standard alphabet, with padding, without line breaks.
std::string base64(std::span<const std::byte> bytes);

/// Reads what base64() writes and nothing else (RFC 4648 §3.5: spare bits must be zero), so that no two texts mean the
/// same bytes. Nothing on anything else.
std::optional<std::vector<std::byte>> parse_base64(std::string_view text);

/// The same for xs:base64Binary (XML Schema 1.0 part 2, §3.2.16), which may have white space between the characters.
std::optional<std::vector<std::byte>> parse_xml_base64(std::string text);

/// The same for 32 bytes.
std::optional<Digest> parse_base64_digest(std::string_view text);

}  // namespace answerable
