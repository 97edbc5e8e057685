#include "ingest/access/secret.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace answerable::access {
namespace {

constexpr std::string_view form_purpose = "answerable form";

void start_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: is there no source of random numbers?");
}

const unsigned char* raw(std::string_view text) {
  const void* const bytes = text.data();
  return static_cast<const unsigned char*>(bytes);
}

}  // namespace

std::vector<std::byte> random_bytes(std::size_t count) {
  start_sodium();
  std::vector<std::byte> bytes(count);
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string new_token() {
  return hex(random_bytes(32));
}

Digest digest_of(std::string_view token) {
  return sha256(as_bytes(token));
}

std::string seal(std::string_view session_token, std::string_view text) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, raw(session_token), session_token.size());
  crypto_auth_hmacsha256_update(&state, raw(text), text.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  return hex(std::as_bytes(std::span(code)));
}

bool seal_matches(std::string_view session_token, std::string_view text, std::string_view sent) {
  const std::string wanted = seal(session_token, text);
  return sent.size() == wanted.size() && sodium_memcmp(sent.data(), wanted.data(), wanted.size()) == 0;
}

std::string csrf_token(std::string_view session_token) {
  return seal(session_token, form_purpose);
}

bool csrf_matches(std::string_view session_token, std::string_view sent) {
  return seal_matches(session_token, form_purpose, sent);
}

std::string base32(std::span<const std::byte> bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const std::byte byte : bytes) {
    held = held << 8 | std::to_integer<unsigned>(byte);
    for (bits += 8; bits >= 5; bits -= 5) out += letters[held >> (bits - 5) & 31];
    held &= 0xff;
  }
  if (bits > 0) out += letters[held << (5 - bits) & 31];
  return out;
}

}  // namespace answerable::access
