#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace answerable {

/// A SHA-256 (FIPS 180-4).
using Digest = std::array<std::byte, 32>;

/// SHA-256 in pieces. After finish() it starts anew, so one object serves any number of digests: that is the fast way.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void start();
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Digest sha256(std::span<const std::byte> bytes);

/// Lower case.
std::string hex(std::span<const std::byte> bytes);
/// Reads 64 hexadecimal digits, either case. Nothing on anything else.
std::optional<Digest> parse_digest(std::string_view text);

std::span<const std::byte> as_bytes(std::string_view text);
std::string_view as_text(std::span<const std::byte> bytes);

}  // namespace answerable
