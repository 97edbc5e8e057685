// Machines at the intake's door: keys, certificates, and what the log is told of those who are not let in.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "ingest/access/keys.hpp"
#include "ingest/http/problem.hpp"
#include "ingest/service/guard.hpp"
#include "ingest/service/pace.hpp"
#include "tests/ingest/access_world.hpp"

namespace answerable::service {
namespace {

using access::Role;
using ::testing::HasSubstr;
using ::testing::Not;

class MachineDoor : public answerable::testing::AccessTest {
 protected:
  ~MachineDoor() override { std::fclose(told_); }
  int status_of(http::Request request) {
    try {
      entered_ = guard_.enter(request, "submit").actor.account;
      return 200;
    } catch (const http::Problem& problem) {
      return problem.status;
    }
  }
  int with_certificate(const Digest& fingerprint) {
    return status_of({.route = "/submissions", .peer = {.certificate_sha256 = hex(fingerprint)}});
  }
  int with_key(const std::string& key) {
    return status_of({.route = "/submissions", .headers = {{"Authorization", "Bearer " + key}}});
  }
  std::string sessions() {
    static constexpr pg::Statement count{"test.sessions",
                                         "SELECT count(*)::text FROM answerable.session WHERE $1 = ''"};
    return sql(world.owner, count);
  }
  std::string told() {
    std::fflush(told_);
    std::string text(static_cast<std::size_t>(std::ftell(told_)), '\0');
    std::rewind(told_);
    text.resize(std::fread(text.data(), 1, text.size(), told_));
    return text;
  }

  std::int32_t machine_ =
      world.account("rio at the trust", {{.role = Role::provider_submitter}}, "RiO", "905", "ods:RH5");
  std::int32_t entered_{};
  std::FILE* told_ = std::tmpfile();
  Log log_{"ingest", told_};
  pg::Pool door_{world.as("answerable_door"), "test", "", 2};
  MachineGuard guard_{door_, "905", {Role::complaints_officer}, log_};
};

TEST_F(MachineDoor, ACertificateIsOneSessionHoweverOftenItIsShown) {
  const Digest old = sha256(as_bytes("old")), next = sha256(as_bytes("next"));
  access::add_certificate(world.door, "905", machine_, old, now() + std::chrono::hours{1});
  for (int n = 0; n < 5; ++n) EXPECT_EQ(with_certificate(old), 200);
  EXPECT_EQ(entered_, machine_);
  EXPECT_EQ(sessions(), "1");
  access::add_certificate(world.door, "905", machine_, next, now() + std::chrono::hours{1});
  EXPECT_EQ(with_certificate(next), 200);
  EXPECT_EQ(sessions(), "2");
  ASSERT_TRUE(access::revoke_certificate(world.door, "905", old));
  EXPECT_EQ(with_certificate(old), 401) << "at once, although its session was good for hours";
  EXPECT_EQ(with_certificate(next), 200);
  world.script("UPDATE answerable.session SET seen_at = now() - interval '31 minutes'");
  EXPECT_EQ(with_certificate(next), 200) << "a new session when the last has ended";
  EXPECT_EQ(sessions(), "1");
}

TEST_F(MachineDoor, ASessionLastsNoLongerThanItsCertificate) {
  const Digest print = sha256(as_bytes("short"));
  access::add_certificate(world.door, "905", machine_, print, now() + std::chrono::minutes{5});
  EXPECT_EQ(with_certificate(print), 200);
  static constexpr pg::Statement late{
      "test.late",
      "SELECT count(*)::text FROM answerable.session WHERE ends_at > now() + interval '5 minutes' AND $1 = ''"};
  EXPECT_EQ(sql(world.owner, late), "0");
}

TEST_F(MachineDoor, WhoIsNotLetInIsLoggedWithoutWhatTheyShowed) {
  const auto key = access::add_key(world.door, "905", machine_, {"wanted"}, now() + std::chrono::hours{1});
  EXPECT_EQ(with_key(key), 403);
  EXPECT_EQ(with_key("ans_guess"), 401);
  EXPECT_EQ(with_certificate(sha256(as_bytes("strange"))), 401);
  const auto log = told();
  EXPECT_THAT(log, HasSubstr(fmt::format(R"("what":"refused","route":"/submissions","authority":"905","account":{})",
                                         machine_)));
  EXPECT_THAT(log, HasSubstr(R"("what":"machine-not-known","route":"/submissions")"));
  for (const auto& secret : {key, std::string("ans_guess"), std::string("RiO")})
    EXPECT_THAT(log, Not(HasSubstr(secret)));
}

TEST(MachinePace, NoAccountSendsMoreThanItsShareAndNobodyElseWaitsForIt) {
  Pace pace(120);
  const auto account = [](const char* council, std::int32_t number) {
    return access::Actor{.authority = council, .account = number, .email = "", .name = ""};
  };
  const auto fast = account("905", 1), other = account("905", 2), abroad = account("912", 1);
  const auto start = std::chrono::steady_clock::now();
  const auto refused = [&](const access::Actor& whose, std::chrono::milliseconds later) -> std::string {
    try {
      pace.take_one(whose, start + later);
      return "";
    } catch (const http::Problem& problem) {
      EXPECT_EQ(problem.status, 429);
      return problem.headers.find("Retry-After")->second;
    }
  };
  using namespace std::chrono_literals;
  for (int n = 0; n < 120; ++n) EXPECT_EQ(refused(fast, 0ms), "") << n;
  EXPECT_EQ(refused(fast, 0ms), "1");
  for (const auto& one : {other, abroad}) EXPECT_EQ(refused(one, 0ms), "");
  EXPECT_EQ(refused(fast, 499ms), "1");
  EXPECT_EQ(refused(fast, 501ms), "") << "one each half second";
  EXPECT_EQ(refused(fast, 502ms), "1");
  for (int n = 0; n < 120; ++n) EXPECT_EQ(refused(fast, 10min), "") << n;
  EXPECT_EQ(refused(fast, 10min), "1") << "what was not used is not saved up";
}

}  // namespace
}  // namespace answerable::service
