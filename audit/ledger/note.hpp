#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "audit/ledger/ed25519.hpp"

/// Signed notes (C2SP signed-note v1) and Ed25519 cosignatures (C2SP tlog-cosignature v1).
namespace answerable::ledger {

/// Text that is not as its format asks: says where, what was found and what was expected.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Well formed, but too few trusted keys signed it, or what stands as a trusted key's signature is none.
struct NotVerified : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The signature types that are used here.
enum class SignatureType : std::uint8_t {
  ed25519 = 0x01,      ///< over the note's text
  cosignature = 0x04,  ///< over the time and a checkpoint's text
};

/// Not empty, UTF-8, and without Unicode's spaces and the plus.
bool is_key_name(std::string_view name);

/// What a signature is checked with. Written as a vkey: "name+key id+base64".
struct VerifierKey {
  std::string name;
  SignatureType type{SignatureType::ed25519};
  PublicKey key{};
  /// The first four bytes of SHA-256(name || 0x0A || type || key), big-endian.
  std::uint32_t id() const;
  bool operator==(const VerifierKey&) const = default;
};

std::string format_vkey(const VerifierKey& key);
/// \throws Malformed also when the key id is not that of name, type and key
VerifierKey parse_vkey(std::string_view text);

/// What signs: a private key under a name.
struct Signer {
  std::string name;
  const PrivateKey& key;
  VerifierKey verifier(SignatureType type) const { return {name, type, key.public_key()}; }
};

/// One signature line.
struct Signature {
  std::string name;
  std::uint32_t key_id{};
  std::vector<std::byte> bytes;
  bool operator==(const Signature&) const = default;
};

/// Text with its signatures. Nothing of it is to be trusted before verify_note().
struct Note {
  std::string text;  ///< ends with a line feed
  std::vector<Signature> signatures;
  bool operator==(const Note&) const = default;
};

/// "— name base64\n"
std::string format_signature(const Signature& signature);
/// Reads signature lines only, as a witness answers. \throws Malformed
std::vector<Signature> parse_signatures(std::string_view lines);

std::string format_note(const Note& note);
/// At most a megabyte and 64 signatures. \throws Malformed
Note parse_note(std::string_view text);

/// \throws std::invalid_argument when the text has no line feed at its end or holds other control characters, or the
/// name
///   is not fit to be a key's
Signature sign(const Signer& signer, std::string_view text);
/// A witness's statement that at this time (POSIX seconds) the checkpoint was the largest consistent one it had seen.
Signature cosign(const Signer& signer, std::string_view checkpoint_text, std::int64_t time);

/// A trusted key whose signature is good.
struct Verified {
  VerifierKey key;
  std::optional<std::int64_t> cosigned;  ///< a cosignature's time, POSIX seconds
};

/// Checks every signature that has a known key's name and id, and passes over all others.
/// \return each known key that signed, once, in the order of `known`
/// \throws NotVerified when a known key's signature is not good, or fewer than `quorum` of them signed
std::vector<Verified> verify_note(const Note& note, std::span<const VerifierKey> known, std::size_t quorum = 1);

}  // namespace answerable::ledger
