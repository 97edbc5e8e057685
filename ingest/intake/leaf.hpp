#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  int format{2};  ///< 1 for records taken in before there was 2
};

/// Where the pieces of a content end, the last being its size: each can be shown, and proved, without the rest.
void piece_ends(std::string_view content, std::vector<std::size_t>& ends);
/// The salts of a content's pieces, from its own: SHAKE256, 16 bytes each.
std::vector<Salt> piece_salts(const Salt& salt, std::size_t pieces);

/// Stands for a content's bytes without giving them away, and still when the bytes and the salt have been disposed of.
/// Reuses its hashing states: the fast way for many. Not for two threads at once.
class LeafHasher {
 public:
  LeafHasher();
  LeafHasher(LeafHasher&&) noexcept;
  LeafHasher& operator=(LeafHasher&&) noexcept;
  ~LeafHasher();

  /// Of all piece hashes.
  Digest commitment(const Salt& salt, std::string_view content);
  /// SHA-256(salt || piece)
  Digest piece_hash(const Salt& salt, std::string_view piece);
  /// Of format 1: SHA-256(salt || content)
  Digest commitment_1(const Salt& salt, std::string_view content) { return piece_hash(salt, content); }
  /// RFC 6962 §2.1: SHA-256(0x00 || leaf text)
  Digest hash(const Leaf& leaf);
  Digest hash(std::string_view leaf_text);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The leaf's text, byte for byte.
std::string leaf_text(const Leaf& leaf);
/// Of a leaf that is no record's. \param what "submission S905-12", "event read/17" …
std::string leaf_text(std::string_view authority, std::string_view what, Instant at, const Digest& commitment);

}  // namespace answerable::intake
