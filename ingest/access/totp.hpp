#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ingest/civil_date.hpp"

namespace answerable::access {

/// As long as what HMAC-SHA-256 gives (RFC 6238 §5.1).
inline constexpr std::size_t totp_secret_size = 32;

/// RFC 6238: HMAC-SHA-256, steps of 30 seconds from 1970. \param digits 6, or 8 as the RFC's own examples
std::string totp_code(std::span<const std::byte> secret, std::int64_t step, int digits = 6);
std::int64_t totp_step(Instant at);

/// The step of `at` when its code was sent, and it is later than `last_step`: a code holds for its thirty seconds
/// (ASVS 5.0 6.5.5) and is taken once. Nothing otherwise.
std::optional<std::int64_t> matching_step(std::span<const std::byte> secret, std::string_view sent, Instant at,
                                          std::int64_t last_step);

/// What an authenticator app reads from a QR code or a link.
std::string otpauth_uri(std::span<const std::byte> secret, std::string_view issuer, std::string_view account);

}  // namespace answerable::access
