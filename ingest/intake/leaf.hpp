#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"

namespace answerable::intake {

using Salt = std::array<std::byte, 16>;

/// From the system's random numbers (getrandom(2)). \throws std::system_error
Salt make_salt();

/// What a ledger's leaf says of a record: schemas/formats/leaf.md.
struct Leaf {
  std::string_view authority;
  std::int64_t number{};
  std::string_view kind;
  int version{};
  std::string_view sender;  ///< "ods:RH5"
  std::string_view id;
  std::string_view submission;  ///< "S905-12"
  Instant received_at{};
  Digest commitment{};
};

/// Stands for a record's bytes without giving them away, and still when the bytes and the salt have been disposed of.
/// Reuses its SHA-256 state: the fast way for many records. Not for two threads at once.
class LeafHasher {
 public:
  /// SHA-256(salt || body)
  Digest commitment(const Salt& salt, std::span<const std::byte> body);
  /// RFC 6962 §2.1: SHA-256(0x00 || leaf text)
  Digest hash(const Leaf& leaf);

 private:
  Sha256 sha256_;
  std::string text_;
};

/// The leaf's text, byte for byte.
std::string leaf_text(const Leaf& leaf);

}  // namespace answerable::intake
