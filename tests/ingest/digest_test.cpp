#include "ingest/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace answerable {
namespace {

// NIST, "Examples with Intermediate Values", SHA-256; the million is from FIPS 180-2, appendix B.3.
constexpr const char* of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* of_a_million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Digest, agrees_with_the_published_vectors) {
  EXPECT_EQ(hex(sha256({})), of_nothing);
  EXPECT_EQ(hex(sha256(as_bytes("abc"))), of_abc);
  EXPECT_EQ(hex(sha256(as_bytes(std::string(1'000'000, 'a')))), of_a_million);
}

TEST(Digest, in_pieces_is_the_same_and_starts_anew_after_finish) {
  Sha256 hasher;
  hasher.update(as_bytes("a"));
  hasher.update({});
  hasher.update(as_bytes("bc"));
  EXPECT_EQ(hex(hasher.finish()), of_abc);
  EXPECT_EQ(hex(hasher.finish()), of_nothing);
}

TEST(Digest, is_read_back_from_either_case_and_from_nothing_else) {
  const Digest digest = sha256(as_bytes("abc"));
  const std::string text = of_abc;
  std::string upper = text;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(parse_digest(text), digest);
  EXPECT_EQ(parse_digest(upper), digest);
  EXPECT_FALSE(parse_digest(""));
  EXPECT_FALSE(parse_digest(text + "0"));
  EXPECT_FALSE(parse_digest(text.substr(1)));
  EXPECT_FALSE(parse_digest("g" + text.substr(1)));
  EXPECT_FALSE(parse_digest(" " + text.substr(1)));
}

}  // namespace
}  // namespace answerable
