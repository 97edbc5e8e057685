#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/digest.hpp"

namespace answerable::access {

/// From the operating system's generator, by libsodium.
std::vector<std::byte> random_bytes(std::size_t count);

/// What somebody shows to be let in: 32 random bytes, as 64 hexadecimal digits. Given away once; only digest_of() of it
/// is kept.
std::string new_token();
/// SHA-256 of the text. A slow hash would add nothing: nobody guesses 32 random bytes.
Digest digest_of(std::string_view token);

/// The token that a form of this session carries against cross-site requests: HMAC-SHA-256 of a fixed text under the
/// session's own token, so that it is stored nowhere and ends with the session.
std::string csrf_token(std::string_view session_token);
/// HMAC-SHA-256 of a text under the session's own token, in hexadecimal: that this session's own service wrote it.
std::string seal(std::string_view session_token, std::string_view text);
/// In constant time.
bool seal_matches(std::string_view session_token, std::string_view text, std::string_view sent);
/// In constant time.
bool csrf_matches(std::string_view session_token, std::string_view sent);

/// RFC 4648 §6 without padding, as authenticator apps want secrets.
std::string base32(std::span<const std::byte> bytes);

}  // namespace answerable::access
