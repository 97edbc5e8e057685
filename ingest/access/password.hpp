#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace answerable::access {

/// argon2id with 64 MiB and two passes (libsodium's interactive limits): above OWASP's least of 19 MiB and two. About a
/// tenth of a second of one core. \throws std::runtime_error when there is no memory for it
std::string hash_password(std::string_view password);
/// Nothing but the hash says whether there is an account: with an empty hash as much is worked out, and the answer is
/// no.
bool password_matches(std::string_view hash, std::string_view password);
/// Whether the limits have grown since it was made.
bool needs_rehash(std::string_view hash);

/// Why a password may not be chosen, in a sentence; nothing when it may. The rules are those of the NCSC (Password
/// administration for system owners): twelve characters, no rules of composition, no expiry, no well-known passwords.
/// Refused are a few words of our own, what leads leaked lists (share/answerable/common-passwords.txt), the same with
/// digits or signs around it, one character or a run repeated, and what is made of the words given.
/// \param own the service's name, the person's name and e-mail address
/// \throws std::runtime_error when that file is missing
std::optional<std::string> refuse_password(std::string_view password, std::span<const std::string> own);

}  // namespace answerable::access
