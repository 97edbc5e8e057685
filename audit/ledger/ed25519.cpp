#include "audit/ledger/ed25519.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <climits>
#include <new>
#include <stdexcept>

namespace answerable::ledger {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* raw(std::byte* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}

std::unique_ptr<EVP_MD_CTX, FreeContext> context() {
  std::unique_ptr<EVP_MD_CTX, FreeContext> made{EVP_MD_CTX_new()};
  if (!made) throw std::bad_alloc();
  return made;
}

[[noreturn]] void fail(const char* what) {
  ERR_clear_error();
  throw std::runtime_error(what);
}

}  // namespace

void PrivateKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

PrivateKey PrivateKey::generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) fail("OpenSSL cannot make an Ed25519 key: check that its default provider is installed");
  return PrivateKey(key);
}

PrivateKey PrivateKey::from_seed(std::span<const std::byte, 32> seed) {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed.data()), seed.size());
  if (key == nullptr) fail("OpenSSL has no Ed25519: check that its default provider is installed");
  return PrivateKey(key);
}

PrivateKey PrivateKey::from_pem(std::string_view pem, const std::optional<std::string>& pass_phrase) {
  if (pem.size() > INT_MAX) fail("it is too long");
  const std::unique_ptr<BIO, FreeBio> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (!bio) throw std::bad_alloc();
  // Without a callback OpenSSL would ask for a pass phrase at the terminal.
  const auto told = [](char* to, int room, int, void* known) {
    const auto& phrase = *static_cast<const std::optional<std::string>*>(known);
    if (!phrase || phrase->size() > static_cast<std::size_t>(room)) return -1;
    return static_cast<int>(phrase->copy(to, phrase->size()));
  };
  PrivateKey key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, told, const_cast<std::optional<std::string>*>(&pass_phrase)));
  if (!key.key_ && pem.find("BEGIN ENCRYPTED PRIVATE KEY") != pem.npos)
    fail(
        "it is sealed, and not with the sealing key of this service: run this with the credential sealing-key that it "
        "was made with (`systemd-run --pipe -p LoadCredentialEncrypted=sealing-key:/etc/answerable/sealing-key.cred "
        "…`)");
  if (!key.key_) fail("it is not a private key in PEM: `openssl pkey -in FILE -noout` must read it");
  if (EVP_PKEY_get_base_id(key.key_.get()) != EVP_PKEY_ED25519)
    fail("it is a private key of another kind than Ed25519: `openssl genpkey -algorithm ed25519` makes one");
  return key;
}

PublicKey PrivateKey::public_key() const {
  PublicKey bytes;
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key_.get(), raw(bytes.data()), &size) != 1 || size != bytes.size())
    fail("OpenSSL does not give the public key of an Ed25519 key");
  return bytes;
}

Ed25519Signature PrivateKey::sign(std::span<const std::byte> message) const {
  const auto signing = context();
  Ed25519Signature signature;
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(signing.get(), raw(signature.data()), &size, raw(message.data()), message.size()) != 1 ||
      size != signature.size())
    fail("OpenSSL cannot sign with an Ed25519 key");
  return signature;
}

void PrivateKey::write_pem(const std::function<void(std::string_view)>& write,
                           const std::optional<std::string>& pass_phrase) const {
  const std::unique_ptr<BIO, FreeBio> bio{BIO_new(BIO_s_secmem())};  // wiped when it is freed
  if (!bio) throw std::bad_alloc();
  const int written = pass_phrase
                          ? PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), EVP_aes_256_cbc(), pass_phrase->data(),
                                                          static_cast<int>(pass_phrase->size()), nullptr, nullptr)
                          : PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  if (written != 1) fail("OpenSSL cannot write a key as PKCS#8");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  write({text, static_cast<std::size_t>(size)});
}

bool verify_ed25519(const PublicKey& key, std::span<const std::byte> message, std::span<const std::byte> signature) {
  const std::unique_ptr<EVP_PKEY, FreeKey> known{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(key.data()), key.size())};
  if (!known) fail("OpenSSL has no Ed25519: check that its default provider is installed");
  const auto verifying = context();
  const bool good = EVP_DigestVerifyInit(verifying.get(), nullptr, nullptr, nullptr, known.get()) == 1 &&
                    EVP_DigestVerify(verifying.get(), raw(signature.data()), signature.size(), raw(message.data()),
                                     message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace answerable::ledger
