#include "ingest/access/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <cctype>
#include <stdexcept>

#include "ingest/access/secret.hpp"

namespace answerable::access {
namespace {

constexpr std::chrono::seconds step_length{30};

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
      out += static_cast<char>(c);
    else
      out += fmt::format("%{:02X}", c);
  }
  return out;
}

}  // namespace

std::string totp_code(std::span<const std::byte> secret, std::int64_t step, int digits) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned length = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), code.data(),
            &length) ||
      length != 32)
    throw std::runtime_error("HMAC-SHA-256 is not to be had from OpenSSL: is its library whole?");
  // RFC 4226 §5.3: the last four bits say where to read 31 bits.
  const std::size_t at = code[31] & 15;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | code[at + i];
  number &= 0x7fffffff;
  std::uint32_t modulus = 1;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  return fmt::format("{:0{}}", number % modulus, digits);
}

std::int64_t totp_step(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()) / step_length;
}

std::optional<std::int64_t> matching_step(std::span<const std::byte> secret, std::string_view sent, Instant at,
                                          std::int64_t last_step) {
  const auto step = totp_step(at);
  const std::string code = totp_code(secret, step);
  const bool same = sent.size() == code.size() && sodium_memcmp(code.data(), sent.data(), code.size()) == 0;
  return same && step > last_step ? std::optional(step) : std::nullopt;
}

std::string otpauth_uri(std::span<const std::byte> secret, std::string_view issuer, std::string_view account) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA256&digits=6&period=30",
                     percent_encoded(issuer), percent_encoded(account), base32(secret));
}

}  // namespace answerable::access
