#include "audit/bag/checksum.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ingest/digest.hpp"

namespace answerable::bag {
namespace {

struct Known {
  Algorithm algorithm;
  std::string_view name;
  const char* openssl_name;
  std::size_t bytes;
};

constexpr std::array known{Known{Algorithm::md5, "md5", "MD5", 16},
                           Known{Algorithm::sha1, "sha1", "SHA1", 20},
                           Known{Algorithm::sha224, "sha224", "SHA2-224", 28},
                           Known{Algorithm::sha256, "sha256", "SHA2-256", 32},
                           Known{Algorithm::sha384, "sha384", "SHA2-384", 48},
                           Known{Algorithm::sha512, "sha512", "SHA2-512", 64}};

const Known& about(Algorithm algorithm) {
  return known.at(static_cast<std::size_t>(algorithm));
}

}  // namespace

std::optional<Algorithm> algorithm_named(std::string_view name) {
  const auto found = std::ranges::find(known, name, &Known::name);
  if (found == known.end()) return std::nullopt;
  return found->algorithm;
}

std::size_t checksum_length(Algorithm algorithm) {
  return 2 * about(algorithm).bytes;
}

bool is_weak(Algorithm algorithm) {
  return algorithm == Algorithm::md5 || algorithm == Algorithm::sha1;
}

void Checksum::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Checksum::Checksum(Algorithm algorithm) : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> method{EVP_MD_fetch(nullptr, about(algorithm).openssl_name, nullptr),
                                                          EVP_MD_free};
  if (!method || EVP_DigestInit_ex2(context_.get(), method.get(), nullptr) != 1) {
    throw std::runtime_error(fmt::format(
        "OpenSSL has no {}: check that its default provider is installed and allows it", about(algorithm).name));
  }
}

void Checksum::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot go on with a checksum");
  }
}

std::string Checksum::finish() {
  std::array<std::byte, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  if (EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &length) != 1 ||
      EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot finish a checksum");
  }
  return hex(std::span{digest}.first(length));
}

}  // namespace answerable::bag
