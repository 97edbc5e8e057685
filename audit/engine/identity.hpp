#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/digest.hpp"

namespace answerable::engine {

struct Judgement;
class Catalogue;

/// A finding's own number, the same through re-audits and corrections: the first 60 bits of SHA-256 over
/// "authority|rule|duty|subject|root of the trigger's record|ordinal|occurrence".
using FindingId = std::int64_t;

/// \param hash reused between calls
FindingId finding_id(Sha256& hash, std::string_view authority, std::int32_t subject, const Catalogue& catalogue,
                     const Judgement& judgement);

/// "F-7ZQ2-M0KX-4T1R": Crockford's base 32.
std::string format_finding(FindingId id);
/// Reads it back, forgiving small letters, O for 0, I and L for 1. Nothing on anything else.
std::optional<FindingId> parse_finding(std::string_view text);

}  // namespace answerable::engine
