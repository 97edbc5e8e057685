#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace answerable::ledger {

/// Ed25519 (RFC 8032 §5.1).
using PublicKey = std::array<std::byte, 32>;
using Ed25519Signature = std::array<std::byte, 64>;

/// A private key. OpenSSL holds the only copy and wipes it when it is freed.
class PrivateKey {
 public:
  /// A new one, from the system's random numbers.
  static PrivateKey generate();
  /// RFC 8032's private key: 32 bytes.
  static PrivateKey from_seed(std::span<const std::byte, 32> seed);
  /// PKCS#8 in PEM. \param pass_phrase of one that is encrypted
  /// \throws std::runtime_error when it is not, or not an Ed25519 key, or encrypted under another pass phrase
  static PrivateKey from_pem(std::string_view pem, const std::optional<std::string>& pass_phrase = {});

  PublicKey public_key() const;
  Ed25519Signature sign(std::span<const std::byte> message) const;

  /// Gives PKCS#8 in PEM to `write`, and wipes it afterwards. \param pass_phrase to encrypt it (PBES2, AES-256)
  void write_pem(const std::function<void(std::string_view)>& write,
                 const std::optional<std::string>& pass_phrase = {}) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit PrivateKey(evp_pkey_st* key) : key_(key) {}
  std::unique_ptr<evp_pkey_st, Free> key_;
};

/// Strict: a signature in another encoding than RFC 8032's is false, like any other that is not one.
bool verify_ed25519(const PublicKey& key, std::span<const std::byte> message, std::span<const std::byte> signature);

}  // namespace answerable::ledger
