#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace answerable::bag {

/// The checksums a manifest may be made of, named as in its file name (RFC 8493 §2.4).
enum class Algorithm { md5, sha1, sha224, sha256, sha384, sha512 };

std::optional<Algorithm> algorithm_named(std::string_view name);
/// In hexadecimal digits.
std::size_t checksum_length(Algorithm algorithm);
/// Somebody can make two files with the same one: MD5 and SHA-1.
bool is_weak(Algorithm algorithm);

/// A checksum in pieces. After finish() it starts anew.
class Checksum {
 public:
  explicit Checksum(Algorithm algorithm);
  void update(std::span<const std::byte> bytes);
  /// In lower-case hexadecimal.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace answerable::bag
