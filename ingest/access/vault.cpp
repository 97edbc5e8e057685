#include "ingest/access/vault.hpp"

#include <sodium.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace answerable::access {
namespace {

/// Wiped when it goes.
class SealingKey {
 public:
  static std::optional<SealingKey> of_this_service() {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) return std::nullopt;
    const auto file = std::filesystem::path(folder) / "sealing-key";
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::optional<SealingKey> key{SealingKey()};
    in.read(reinterpret_cast<char*>(key->bytes_.data()), static_cast<std::streamsize>(key->bytes_.size()));
    if (!in || in.peek() != std::ifstream::traits_type::eof())
      throw std::runtime_error(file.string() +
                               " is no sealing key: expected 32 bytes, as `openssl rand 32` makes them");
    return key;
  }
  ~SealingKey() { sodium_memzero(bytes_.data(), bytes_.size()); }
  SealingKey(const SealingKey&) = default;
  SealingKey& operator=(const SealingKey&) = delete;

  const unsigned char* data() const { return bytes_.data(); }

 private:
  SealingKey() = default;
  std::array<unsigned char, crypto_secretbox_KEYBYTES> bytes_{};
};

constexpr std::size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;

unsigned char* raw(std::vector<std::byte>& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::vector<std::byte> to_vault(std::span<const std::byte> secret) {
  const auto key = SealingKey::of_this_service();
  if (!key) return {secret.begin(), secret.end()};
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  std::vector<std::byte> sealed(around + secret.size());
  randombytes_buf(sealed.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(raw(sealed) + crypto_secretbox_NONCEBYTES, raw(secret), secret.size(), raw(sealed),
                        key->data());
  return sealed;
}

std::vector<std::byte> from_vault(std::span<const std::byte> kept, std::size_t plain_size) {
  if (kept.size() == plain_size) return {kept.begin(), kept.end()};
  const auto key = SealingKey::of_this_service();
  std::vector<std::byte> secret(plain_size);
  if (!key || kept.size() != around + plain_size ||
      crypto_secretbox_open_easy(raw(secret), raw(kept) + crypto_secretbox_NONCEBYTES,
                                 kept.size() - crypto_secretbox_NONCEBYTES, raw(kept), key->data()) != 0)
    throw std::runtime_error(
        "a secret is sealed, and not with the sealing key of this service: start it with the credential sealing-key "
        "that it had (systemd.exec(5), LoadCredentialEncrypted=)");
  return secret;
}

std::optional<std::string> vault_pass_phrase() {
  const auto key = SealingKey::of_this_service();
  if (!key) return std::nullopt;
  // Not the key itself: what OpenSSL makes of a pass phrase must tell nothing of it.
  std::array<unsigned char, crypto_generichash_BYTES> derived{};
  constexpr std::string_view purpose = "answerable signing keys in files";
  crypto_generichash(derived.data(), derived.size(), reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size(), key->data(), crypto_secretbox_KEYBYTES);
  std::string text(derived.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), derived.data(), derived.size());
  text.pop_back();
  return text;
}

}  // namespace answerable::access
