#include "ingest/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace answerable {
namespace {

int whole(std::size_t size) {
  if (size > std::numeric_limits<int>::max() / 2)
    throw std::length_error("base64: more than a gigabyte is not coded in one piece");
  return static_cast<int>(size);
}

const unsigned char* raw(const void* bytes) {
  return static_cast<const unsigned char*>(bytes);
}

}  // namespace

std::string base64(std::span<const std::byte> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends what it writes with a zero byte
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes.data()), whole(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::vector<std::byte>> parse_base64(std::string_view text) {
  if (text.empty()) return std::vector<std::byte>{};
  if (text.size() % 4 != 0) return std::nullopt;
  std::vector<std::byte> bytes(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), raw(text.data()), whole(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(size) - std::min(padding, static_cast<std::size_t>(size)));
  // OpenSSL forgives spaces, misplaced padding and spare bits.
  if (base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<std::vector<std::byte>> parse_xml_base64(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return parse_base64(text);
}

std::optional<Digest> parse_base64_digest(std::string_view text) {
  Digest digest;
  const auto bytes = parse_base64(text);
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

}  // namespace answerable
