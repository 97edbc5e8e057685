#include "audit/ledger/lines.hpp"

#include <fmt/format.h>

#include "ingest/base64.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::ledger {

std::string_view Lines::next() {
  ++number_;
  const std::size_t end = rest_.find('\n');
  if (end == rest_.npos) refuse("the line feed at its end is missing");
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return line_;
}

void Lines::refuse(std::string_view why) const {
  throw Malformed(fmt::format("line {} of {}: {}", number_, what_, why));
}

void Lines::expected(std::string_view wanted) const {
  refuse(fmt::format("'{}', expected {}", xml::shortened(line_, 60), wanted));
}

std::vector<Digest> read_hashes(Lines& lines) {
  constexpr std::size_t most = 63;
  std::vector<Digest> hashes;
  for (std::string_view line = lines.next(); !line.empty(); line = lines.next()) {
    const auto hash = parse_base64_digest(line);
    if (!hash) lines.expected("32 bytes in base64, or an empty line");
    if (hashes.size() == most) lines.refuse("one more hash, at most 63 are read");
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace answerable::ledger
