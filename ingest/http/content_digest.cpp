#include "ingest/http/content_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ingest/base64.hpp"
#include "ingest/http/message.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

struct DigestAlgorithm {
  std::string_view name;
  const EVP_MD* (*method)();
  std::size_t bytes;
};
constexpr std::array<DigestAlgorithm, 2> digest_algorithms{{{"sha-256", EVP_sha256, 32}, {"sha-512", EVP_sha512, 64}}};

[[noreturn]] void not_a_digest() {
  throw Problem{.status = 400,
                .detail =
                    "Content-Digest cannot be read: expected sha-256=:…: with the base64 of 32 bytes between the "
                    "colons, or sha-512=:…: with that of 64 (RFC 9530)."};
}

/// RFC 8941 §3.1.2
bool is_key(std::string_view text) {
  const auto in_key = [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || std::string_view{"_-.*"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && !is_digit(text[0]) && text[0] != '-' && text[0] != '.' && text[0] != '_' &&
         std::ranges::all_of(text, in_key);
}

std::vector<std::byte> read_byte_sequence(std::string_view text) {
  if (text.size() < 2 || !text.starts_with(':') || !text.ends_with(':')) not_a_digest();
  auto bytes = parse_base64(text.substr(1, text.size() - 2));
  if (!bytes) not_a_digest();
  return *std::move(bytes);
}

}  // namespace

void ContentDigest::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

ContentDigest::ContentDigest(std::string_view field) {
  const bool open = field.ends_with(',');
  while (!field.empty()) {
    std::string_view value = trimmed(cut_off(field, ','));
    const std::string_view key = cut_off(value, '=');
    if (!is_key(key)) not_a_digest();
    std::vector<std::byte> promised = read_byte_sequence(value);
    const auto algorithm = std::ranges::find(digest_algorithms, key, &DigestAlgorithm::name);
    if (algorithm == digest_algorithms.end()) continue;
    if (promised.size() != algorithm->bytes) not_a_digest();
    Check check{algorithm->name, std::move(promised), std::unique_ptr<evp_md_ctx_st, Free>(EVP_MD_CTX_new())};
    if (!check.context || EVP_DigestInit_ex(check.context.get(), algorithm->method(), nullptr) != 1)
      throw std::runtime_error("OpenSSL has no SHA-2: check that its default provider is installed");
    checks_.push_back(std::move(check));
  }
  if (open) not_a_digest();
}

void ContentDigest::update(std::span<const char> bytes) {
  for (const Check& check : checks_) {
    if (EVP_DigestUpdate(check.context.get(), bytes.data(), bytes.size()) != 1)
      throw std::runtime_error("SHA-2 cannot go on");
  }
}

void ContentDigest::check() {
  for (const Check& check : checks_) {
    std::vector<std::byte> found(check.promised.size());
    if (EVP_DigestFinal_ex(check.context.get(), reinterpret_cast<unsigned char*>(found.data()), nullptr) != 1)
      throw std::runtime_error("SHA-2 cannot be finished");
    if (found != check.promised)
      throw WrongDigest(400, fmt::format("The body is not the one that Content-Digest is of: its {} is :{}:, not :{}:. "
                                         "It was changed on its way, or the digest is of other bytes. Send it again.",
                                         check.algorithm, base64(found), base64(check.promised)));
  }
}

}  // namespace answerable::http
