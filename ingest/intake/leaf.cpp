#include "ingest/intake/leaf.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace answerable::intake {
namespace {

void append_text(std::string& out, const Leaf& leaf) {
  const auto number = [&](auto value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
  };
  out += "answerable-leaf/";
  number(leaf.format);
  out.append("\nauthority ").append(leaf.authority).append("\nnumber ");
  number(leaf.number);
  out.append("\nrecord ").append(leaf.kind).append(1, '/');
  number(leaf.version);
  out.append("\nsender ").append(leaf.sender).append("\nid ").append(leaf.id);
  out.append("\nsubmission ").append(leaf.submission).append("\nreceived ").append(iso(leaf.received_at));
  out.append("\ncommitment ").append(hex(leaf.commitment)).append(1, '\n');
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// SHA-256 by OpenSSL's older door to the same code. A record is hashed in some thirty pieces of forty bytes, and
/// around each of them EVP_* spends as long again as the hashing takes.
class ShortSha256 {
 public:
  ShortSha256() { SHA256_Init(&state_); }
  void update(std::span<const std::byte> bytes) { SHA256_Update(&state_, bytes.data(), bytes.size()); }
  /// Starts anew.
  Digest finish() {
    Digest digest;
    SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state_);
    SHA256_Init(&state_);
    return digest;
  }

 private:
  SHA256_CTX state_;
};
#pragma GCC diagnostic pop

/// SHAKE256 (FIPS 202), its context made once.
class Shake {
 public:
  Shake() : function_(EVP_MD_fetch(nullptr, "SHAKE256", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!function_ || !context_) throw std::runtime_error("OpenSSL has no SHAKE256");
  }
  void operator()(std::span<const std::byte> from, std::span<std::byte> to) {
    if (EVP_DigestInit_ex2(context_.get(), function_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), from.data(), from.size()) != 1 ||
        EVP_DigestFinalXOF(context_.get(), reinterpret_cast<unsigned char*>(to.data()), to.size()) != 1)
      throw std::runtime_error("OpenSSL cannot compute SHAKE256");
  }

 private:
  struct Free {
    void operator()(EVP_MD* function) const { EVP_MD_free(function); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> function_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

Salt make_salt() {
  // One call to the kernel serves 256 records.
  struct Pool {
    std::array<std::byte, 4096> bytes;
    std::size_t used{sizeof bytes};
  };
  static thread_local Pool pool;
  Salt salt;
  if (pool.used + salt.size() > pool.bytes.size()) {
    std::size_t got = 0;
    while (got < pool.bytes.size()) {
      const ssize_t n = ::getrandom(pool.bytes.data() + got, pool.bytes.size() - got, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw std::system_error(errno, std::generic_category(), "no random numbers from the system");
      got += static_cast<std::size_t>(n);
    }
    pool.used = 0;
  }
  std::copy_n(pool.bytes.begin() + static_cast<std::ptrdiff_t>(pool.used), salt.size(), salt.begin());
  pool.used += salt.size();
  return salt;
}

void piece_ends(std::string_view content, std::vector<std::size_t>& ends) {
  ends.clear();
  // Every end has a '>' as its last byte: behind "</…" the first, or one right behind a '/'.
  std::size_t start = 0;
  for (std::size_t at = 0, end; (end = content.find('>', at)) != std::string_view::npos; at = end + 1) {
    const std::string_view before = content.substr(at, end - at);
    if (!before.ends_with('/') && before.find("</") == std::string_view::npos) continue;
    start = end + 1;
    ends.push_back(start);
  }
  if (start < content.size() || ends.empty()) ends.push_back(content.size());
}

std::vector<Salt> piece_salts(const Salt& salt, std::size_t pieces) {
  std::vector<Salt> salts(pieces);
  Shake()(salt, std::as_writable_bytes(std::span(salts)));
  return salts;
}

struct LeafHasher::Parts {
  ShortSha256 sha256;
  Shake shake;
  std::string text;
  std::vector<std::size_t> ends;
  std::vector<Salt> salts;
  std::vector<Digest> hashes;
};

LeafHasher::LeafHasher() : parts_(std::make_unique<Parts>()) {}
LeafHasher::LeafHasher(LeafHasher&&) noexcept = default;
LeafHasher& LeafHasher::operator=(LeafHasher&&) noexcept = default;
LeafHasher::~LeafHasher() = default;

Digest LeafHasher::piece_hash(const Salt& salt, std::string_view piece) {
  parts_->sha256.update(salt);
  parts_->sha256.update(as_bytes(piece));
  return parts_->sha256.finish();
}

Digest LeafHasher::commitment(const Salt& salt, std::string_view content) {
  piece_ends(content, parts_->ends);
  parts_->salts.resize(parts_->ends.size());
  parts_->hashes.clear();
  parts_->shake(salt, std::as_writable_bytes(std::span(parts_->salts)));
  std::size_t start = 0;
  for (std::size_t i = 0; i < parts_->ends.size(); ++i) {
    parts_->hashes.push_back(piece_hash(parts_->salts[i], content.substr(start, parts_->ends[i] - start)));
    start = parts_->ends[i];
  }
  parts_->sha256.update(std::as_bytes(std::span(parts_->hashes)));
  return parts_->sha256.finish();
}

Digest LeafHasher::hash(const Leaf& leaf) {
  parts_->text.assign(1, '\0');
  append_text(parts_->text, leaf);
  parts_->sha256.update(as_bytes(parts_->text));
  return parts_->sha256.finish();
}

Digest LeafHasher::hash(std::string_view leaf_text) {
  parts_->sha256.update(as_bytes(std::string_view("\0", 1)));
  parts_->sha256.update(as_bytes(leaf_text));
  return parts_->sha256.finish();
}

std::string leaf_text(const Leaf& leaf) {
  std::string text;
  append_text(text, leaf);
  return text;
}

std::string leaf_text(std::string_view authority, std::string_view what, Instant at, const Digest& commitment) {
  return fmt::format("answerable-leaf/2\nauthority {}\n{}\nat {}\ncommitment {}\n", authority, what, iso(at),
                     hex(commitment));
}

}  // namespace answerable::intake
