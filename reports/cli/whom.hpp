#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "audit/engine/timeline.hpp"
#include "ingest/civil_date.hpp"
#include "reports/pages/lookups.hpp"

namespace answerable::cli {

/// Reads a person's number as somebody types it: "999 000 0018", "council:12345", "sender:ods:RH5/88".
/// \throws Failure(usage) saying what may be written
engine::Identifier parse_person(const std::string& text);

/// Reads --as-of. \throws Failure(usage)
Day parse_as_of(const std::string& text);

/// Reads --known-at: a number of records, a moment, or a day in London, which means its end.
/// \throws Failure(usage)
std::variant<std::int64_t, Instant> parse_known_at(const std::string& text);

/// The one person whom a number stands for. \param scheme nhs-number | council | sender | case
/// \throws Failure(usage) when nobody is held by it, or more than one council holds somebody
pages::Found find_one(pg::Connection& connection, const engine::Identifier& identifier, const std::string& authority);

/// The number of records known at a moment or by number, as parse_known_at() read it.
std::int64_t known_number(pg::Connection& connection, const std::string& authority,
                          const std::variant<std::int64_t, Instant>& known);

}  // namespace answerable::cli
