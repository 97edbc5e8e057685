// What secrets are made of: passwords, codes of a second factor, tokens.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "ingest/access/password.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/locations.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::access {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* good = "kettle harbour violin";
constexpr const char* bad = "kettle harbour violet";

TEST(AccessPassword, IsHashedWithArgon2idAndAgreesWithItselfOnly) {
  const std::string hash = hash_password(good);
  EXPECT_THAT(hash, ::testing::StartsWith("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_NE(hash, hash_password(good));
  EXPECT_TRUE(password_matches(hash, good));
  for (const auto& other :
       {std::string(bad), std::string(good) + " ", " " + std::string(good), std::string("Kettle harbour violin")})
    EXPECT_FALSE(password_matches(hash, other)) << other;
  EXPECT_FALSE(password_matches("", good));
  EXPECT_FALSE(password_matches("", "of an account that is not there"));
  EXPECT_FALSE(needs_rehash(hash));
  // Of an earlier program with lower limits: 8 MiB, one pass.
  EXPECT_TRUE(needs_rehash(
      "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"));
}

TEST(AccessPassword, FollowsTheNcscsRules) {
  const std::vector<std::string> own{"answerable", "Wanda Worker", "wanda.worker@somerset.example"};
  for (const char* taken : {good, "a pass phrase with spaces", "kJ8!fqpz0Lm#", "drei blaue Bären", "839204718264",
                            "a sentence of eighty characters and more, as somebody may well choose it who types fast"})
    EXPECT_EQ(refuse_password(taken, own), std::nullopt) << taken;
  for (const char* refused : {"", "short words", "Password2026!", "P@ssw0rd123456", "qwertyuiop12", "!!!letmein!!!",
                              "Liverpool2024!", "aaaaaaaaaaaa", "abcabcabcabc", "123456789012", "abcdefghijkl",
                              "210987654321", "Answerable123", "wandaworker1", "Somerset20261", "wörter"})
    EXPECT_NE(refuse_password(refused, own), std::nullopt) << refused;
  for (const char* elsewhere : {"Mercedes#2026", "!!thunder12345", "Sn0wb4ll!!!!!"})  // the core of a common one
    EXPECT_NE(refuse_password(elsewhere, own), std::nullopt) << elsewhere;
  EXPECT_THAT(*refuse_password("short words", own), HasSubstr("has 11 characters and needs 12 or more"));
  EXPECT_NE(refuse_password(std::string(300, 'x') + "y", own), std::nullopt);
}

// ASVS 5.0, 6.2.4: of those that could be chosen here, the 3,000 that are chosen most.
TEST(AccessPassword, TheThreeThousandCommonestThatAreLongEnoughAreRefused) {
  std::ifstream list(share_folder() / "common-passwords.txt");
  int long_enough = 0;
  for (std::string line; long_enough < 3000 && std::getline(list, line);) {
    if (line.size() < 12) continue;
    ++long_enough;
    EXPECT_NE(refuse_password(line, {}), std::nullopt) << line;
    line.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(line.front())));
    EXPECT_NE(refuse_password(line, {}), std::nullopt) << line;
  }
  EXPECT_EQ(long_enough, 3000);
}

TEST(AccessTotp, GivesTheCodesOfTheRfc) {
  // RFC 6238, appendix B, SHA-256.
  const auto secret = as_bytes("12345678901234567890123456789012");
  const std::vector<std::pair<std::int64_t, std::string>> vectors{{59, "46119246"},         {1111111109, "68084774"},
                                                                  {1111111111, "67062674"}, {1234567890, "91819424"},
                                                                  {2000000000, "90698825"}, {20000000000, "77737706"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(totp_code(secret, seconds / 30, 8), code);
    EXPECT_EQ(totp_code(secret, seconds / 30), code.substr(2));
  }
}

TEST(AccessTotp, ACodeHoldsForItsThirtySecondsAndOnce) {
  const auto secret = as_bytes("12345678901234567890123456789012");
  const Instant at{std::chrono::seconds{1111111111}};
  const auto step = totp_step(at);
  EXPECT_EQ(step, 37037037);
  const Instant first{std::chrono::seconds{step * 30}}, last = first + std::chrono::seconds{30} - Instant::duration{1};
  for (const auto when : {first, at, last}) EXPECT_EQ(matching_step(secret, totp_code(secret, step), when, 0), step);
  for (const auto when : {first - Instant::duration{1}, last + Instant::duration{1}})
    EXPECT_EQ(matching_step(secret, totp_code(secret, step), when, 0), std::nullopt);
  EXPECT_EQ(matching_step(secret, totp_code(secret, step), at, step), std::nullopt);
  EXPECT_EQ(matching_step(secret, totp_code(secret, step, 8), at, 0), std::nullopt);
  EXPECT_EQ(matching_step(secret, "", at, 0), std::nullopt);
}

TEST(AccessPassword, OneThatWasStolenElsewhereIsFoundOnTheListWhereverItStands) {
  const answerable::testing::Folder share;
  const std::vector<std::string> own;
  const auto name = [](int n) { return fmt::format("stolen lantern orbit {}", n); };
  std::set<std::string> lines;
  for (int n = 0; n < 300; ++n) {
    std::string line;
    std::array<unsigned char, 20> digest{};
    const auto password = name(n);
    ::SHA1(reinterpret_cast<const unsigned char*>(password.data()), password.size(), digest.data());
    for (const auto byte : digest) line += fmt::format("{:02X}", byte);
    lines.insert(fmt::format("{}:{}\r\n", line, n * n));
  }
  std::string list;
  for (const auto& line : lines) list += line;
  std::filesystem::create_symlink(share_folder() / "common-passwords.txt", share / "common-passwords.txt");
  const char* const before = std::getenv("ANSWERABLE_SHARE");
  const std::string kept = before ? before : "";
  ::setenv("ANSWERABLE_SHARE", share.path().c_str(), 1);
  EXPECT_EQ(refuse_password(name(7), own), std::nullopt) << "there is no list";
  answerable::testing::spill(share / "breached-passwords.txt", list);
  for (int n = 0; n < 300; ++n) EXPECT_THAT(refuse_password(name(n), own).value_or(""), HasSubstr("stolen")) << n;
  for (int n = 300; n < 600; ++n) EXPECT_EQ(refuse_password(name(n), own), std::nullopt) << n;
  before ? ::setenv("ANSWERABLE_SHARE", kept.c_str(), 1) : ::unsetenv("ANSWERABLE_SHARE");
}

TEST(AccessTotp, IsToldToAuthenticators) {
  EXPECT_EQ(otpauth_uri(as_bytes("12345678901234567890"), "Answerable Somerset", "a@b.example"),
            "otpauth://totp/Answerable%20Somerset:a%40b.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=Answerable%20Somerset&algorithm=SHA256&digits=6&period=30");
}

TEST(AccessSecret, Base32IsThatOfTheRfc) {
  // RFC 4648 §10, without the padding.
  const std::vector<std::pair<std::string_view, std::string>> vectors{{"", ""},
                                                                      {"f", "MY"},
                                                                      {"fo", "MZXQ"},
                                                                      {"foo", "MZXW6"},
                                                                      {"foob", "MZXW6YQ"},
                                                                      {"fooba", "MZXW6YTB"},
                                                                      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [text, encoded] : vectors) EXPECT_EQ(base32(as_bytes(text)), encoded);
}

TEST(AccessSecret, ACsrfTokenIsItsSessionsOwn) {
  const std::string one = new_token(), other = new_token();
  EXPECT_THAT(one, SizeIs(64));
  EXPECT_NE(one, other);
  EXPECT_TRUE(csrf_matches(one, csrf_token(one)));
  EXPECT_FALSE(csrf_matches(other, csrf_token(one)));
  EXPECT_FALSE(csrf_matches(one, ""));
  EXPECT_FALSE(csrf_matches(one, one));
}

}  // namespace
}  // namespace answerable::access
