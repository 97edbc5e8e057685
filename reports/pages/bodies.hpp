#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/xml/document.hpp"

namespace answerable::pages {

/// The bytes of one stored record.
struct Body {
  std::string kind;
  int version{};
  std::string bytes;
};

/// Reads stored records, which were valid when they were taken in. Prefixes declared further out in the file they came
/// in are understood. \return one element a body, in order \throws xml::Invalid when one is not what was stored
std::vector<xml::Element> read_bodies(const std::vector<Body>& bodies);

}  // namespace answerable::pages
