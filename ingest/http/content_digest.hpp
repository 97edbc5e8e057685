#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct evp_md_ctx_st;

namespace answerable::http {

/// What a Content-Digest field (RFC 9530 §2) promises of a body, and whether it kept it.
class ContentDigest {
 public:
  /// Algorithms other than sha-256 and sha-512 are passed over, as the RFC asks.
  /// \param field "" promises nothing \throws Problem 400 when it is not such a field
  explicit ContentDigest(std::string_view field);

  /// Whether there is anything to check.
  bool promises() const { return !checks_.empty(); }
  void update(std::span<const char> bytes);
  /// Once, after the last byte. \throws WrongDigest
  void check();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  struct Check {
    std::string_view algorithm;
    std::vector<std::byte> promised;
    std::unique_ptr<evp_md_ctx_st, Free> context;
  };
  std::vector<Check> checks_;
};

}  // namespace answerable::http
