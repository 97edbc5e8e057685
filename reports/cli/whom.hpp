#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "audit/engine/timeline.hpp"
#include "ingest/civil_date.hpp"

namespace answerable::cli {

/// Reads a person's number as somebody types it: "999 000 0018", "council:12345", "sender:ods:RH5/88".
/// \throws Failure(usage) saying what may be written
engine::Identifier parse_person(const std::string& text);

/// Reads --as-of. \throws Failure(usage)
Day parse_as_of(const std::string& text);

/// Reads --known-at: a number of records, a moment, or a day in London, which means its end.
/// \throws Failure(usage)
std::variant<std::int64_t, Instant> parse_known_at(const std::string& text);

}  // namespace answerable::cli
