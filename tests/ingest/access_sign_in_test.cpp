// Showing who one is: passwords, second factors, links, sessions, keys, certificates, the proxy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "ingest/access/keys.hpp"
#include "ingest/access/password.hpp"
#include "ingest/access/secret.hpp"
#include "ingest/access/totp.hpp"
#include "tests/ingest/access_world.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::access {
namespace {

using testing::AccessWorld;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* good = "kettle harbour violin";
constexpr const char* bad = "kettle harbour violet";

class AccessSignIn : public ::testing::Test {
 protected:
  SignInAnswer in(const std::string& password, const std::string& second = "", Instant at = now(),
                  const std::string& email = " Wanda@Example.ORG", const std::string& address = "192.0.2.1") {
    return sign_in(
        world.door,
        {.authority = "905", .email = email, .password = password, .second_factor = second, .address = address}, at);
  }
  static bool is_in(const SignInAnswer& answer) { return std::holds_alternative<SignedIn>(answer); }
  static bool is_out(const SignInAnswer& answer) { return std::holds_alternative<NotSignedIn>(answer); }
  std::optional<Actor> who(const std::string& token) { return resume(world.door, token); }

  AccessWorld world;
  std::int32_t wanda = [this] {
    const auto number = world.account("wanda@example.org", {{.role = Role::complaints_officer}}, "Wanda Worker");
    set_password(world.door, "905", number, good);
    return number;
  }();
};

TEST_F(AccessSignIn, WithThePasswordGivesASessionOfTheirOwn) {
  const auto first = in(good), second = in(good);
  ASSERT_TRUE(is_in(first) && is_in(second));
  const std::string token = std::get<SignedIn>(first).token;
  EXPECT_NE(token, std::get<SignedIn>(second).token);
  const auto actor = who(token);
  ASSERT_TRUE(actor);
  EXPECT_EQ(actor->email, "wanda@example.org");
  EXPECT_TRUE(actor->has(Role::complaints_officer));
  EXPECT_FALSE(actor->has(Role::guardian));
  EXPECT_THAT(actor->scopes, IsEmpty());
  // Only a hash is kept.
  static constexpr pg::Statement stored{
      "test.stored",
      "SELECT string_agg(s::text, '') || string_agg(p::text, '') FROM answerable.session s, answerable.password p"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  const auto row = transaction.run_one(stored);
  EXPECT_THAT(std::string(row.text(0, 0)), ::testing::AllOf(Not(HasSubstr(token)), Not(HasSubstr(good))));
}

TEST_F(AccessSignIn, SaysNoAlikeWhateverIsWrong) {
  EXPECT_TRUE(is_out(in(bad)));
  EXPECT_TRUE(is_out(in(good, "", now(), "nobody@example.org")));
  EXPECT_TRUE(is_out(sign_in(world.door, {.authority = "906", .email = "wanda@example.org", .password = good})));
  EXPECT_TRUE(is_out(sign_in(world.door, {.authority = "999", .email = "wanda@example.org", .password = good})));
  disable(world.door, "905", wanda);
  EXPECT_TRUE(is_out(in(good)));
  enable(world.door, "905", wanda);
  EXPECT_TRUE(is_in(in(good, "", now() + std::chrono::minutes{20})));
}

TEST_F(AccessSignIn, FailuresMakeTheNextWaitLongerAndNeverForEver) {
  Instant at = now();
  const auto waits = [&](const std::string& email) {
    std::vector<std::int64_t> seconds;
    for (int i = 0; i < 14; ++i) {
      const auto answer = in(bad, "", at, email, "");
      if (const auto* throttled = std::get_if<Throttled>(&answer)) {
        seconds.push_back(std::chrono::duration_cast<std::chrono::seconds>(throttled->until - at).count());
        EXPECT_TRUE(std::holds_alternative<Throttled>(in(good, "", at, email, ""))) << "the right password waits too";
        at = throttled->until;
        EXPECT_TRUE(is_out(in(bad, "", at, email, "")));
      }
    }
    return seconds;
  };
  const auto known = waits("wanda@example.org");
  EXPECT_THAT(known, ::testing::ElementsAre(2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900));
  EXPECT_EQ(waits("nobody@example.org"), known);
  EXPECT_TRUE(is_in(in(good, "", at + std::chrono::seconds{900}, "wanda@example.org", "")));
  EXPECT_TRUE(is_out(in(bad, "", at + std::chrono::seconds{901}, "wanda@example.org", "")))
      << "forgotten with a success";
}

TEST_F(AccessSignIn, AnAddressThatTriesManyAccountsWaitsToo) {
  const Instant at = now();
  for (const char* email : {"a@example.org", "b@example.org", "c@example.org"})
    EXPECT_TRUE(is_out(in(bad, "", at, email)));
  EXPECT_TRUE(std::holds_alternative<Throttled>(in(good, "", at)));
  EXPECT_TRUE(is_in(in(good, "", at, "wanda@example.org", "192.0.2.2"))) << "from elsewhere they get in";
  static constexpr pg::Statement addresses{
      "test.addresses", "SELECT count(*) FROM answerable.sign_in_failure WHERE position('192'::bytea IN whose) > 0"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  EXPECT_EQ(transaction.run_one(addresses).int64(0, 0), 0);
}

TEST_F(AccessSignIn, ASecondFactorIsAskedForOnceItIsProvedToWork) {
  Instant at = now();
  auto secret = offer_second_factor(world.door, "905", wanda);
  EXPECT_TRUE(is_in(in(good, "", at))) << "offered, not yet in force";
  EXPECT_THAT(confirm_second_factor(world.door, "905", wanda, "000000000", at), IsEmpty());
  const auto codes = confirm_second_factor(world.door, "905", wanda, totp_code(secret, totp_step(at)), at);
  ASSERT_THAT(codes, SizeIs(10));
  EXPECT_TRUE(is_out(in(good, totp_code(secret, totp_step(at)), at, "wanda@example.org", ""))) << "spent by confirming";
  for (const auto& one : codes) EXPECT_THAT(one, ::testing::MatchesRegex("([A-Z2-7]{4}-){6}[A-Z2-7]{4}")) << "136 bits";
  EXPECT_EQ((std::set<std::string>(codes.begin(), codes.end()).size()), 10U);

  at += std::chrono::seconds{30};
  EXPECT_TRUE(std::holds_alternative<SecondFactorWanted>(in(good, "", at)));
  EXPECT_TRUE(is_out(in(bad, totp_code(secret, totp_step(at)), at, "wanda@example.org", ""))) << "the password first";
  const std::string code = totp_code(secret, totp_step(at));
  EXPECT_TRUE(is_in(in(good, code, at)));
  EXPECT_TRUE(is_out(in(good, code, at))) << "a code is taken once";
  EXPECT_TRUE(is_out(in(good, totp_code(secret, totp_step(at) - 1), at, "wanda@example.org", "")))
      << "nor one whose thirty seconds are over";

  std::string typed = codes[3];
  std::erase(typed, '-');
  std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const Instant later = at + std::chrono::hours{1};
  EXPECT_TRUE(is_in(in(good, typed, later)));
  EXPECT_TRUE(is_out(in(good, codes[3], later))) << "a recovery code is taken once";
  EXPECT_TRUE(is_in(in(good, codes[4], later)));

  // A new secret that nobody confirms leaves the old one in force.
  offer_second_factor(world.door, "905", wanda);
  EXPECT_TRUE(std::holds_alternative<SecondFactorWanted>(in(good, "", later)));
}

/// ASVS 5.0, 13.3.1
TEST_F(AccessSignIn, SeedsOfSecondFactorsLieSealedWhereThereIsAVault) {
  const answerable::testing::Folder folder;
  answerable::testing::spill(folder / "sealing-key", std::string(32, 'k'));
  const Instant at = now();
  const auto code = [&](const std::vector<std::byte>& secret, int later) {
    return totp_code(secret, totp_step(at) + later);
  };
  static constexpr pg::Statement kept{"test.kept_seed", "SELECT secret FROM answerable.second_factor"};
  const auto before = offer_second_factor(world.door, "905", wanda);
  ASSERT_THAT(confirm_second_factor(world.door, "905", wanda, code(before, 0), at), SizeIs(10));
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  EXPECT_TRUE(is_in(in(good, code(before, 1), at + std::chrono::seconds{30}))) << "one kept as it is goes on";
  const auto secret = offer_second_factor(world.door, "905", wanda);
  ASSERT_THAT(confirm_second_factor(world.door, "905", wanda, code(secret, 0), at), SizeIs(10));
  {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(kept);
    const auto lies = row.bytes(0, 0);
    EXPECT_EQ(lies.size(), 72U);
    EXPECT_TRUE(std::ranges::search(lies, secret).empty());
  }
  EXPECT_TRUE(is_in(in(good, code(secret, 1), at + std::chrono::seconds{30})));
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_THROW(in(good, code(secret, 2), at + std::chrono::seconds{60}), std::runtime_error) << "a dump tells nothing";
}

TEST_F(AccessSignIn, AskingForTheSecondFactorBuysNoMoreGuesses) {
  const Instant at = now();
  const auto secret = offer_second_factor(world.door, "905", wanda);
  ASSERT_THAT(confirm_second_factor(world.door, "905", wanda, totp_code(secret, totp_step(at)), at), SizeIs(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(is_out(in(good, "000000000", at)));
    if (i == 2) break;
    EXPECT_TRUE(std::holds_alternative<SecondFactorWanted>(in(good, "", at)));
  }
  EXPECT_TRUE(std::holds_alternative<Throttled>(in(good, "", at)));
}

TEST_F(AccessSignIn, AnOldHashIsMadeAnewAtTheNextSignIn) {
  // Of `good`, by libsodium with 8 MiB and one pass.
  world.script(
      "UPDATE answerable.password SET hash = "
      "'$argon2id$v=19$m=8192,t=1,p=1$XvdLidAlmug3AKOP2yZYvQ$SbEWxLAO8ez6XybUlnH/I0jcD16AjbnXB7TLIVSkbQA'");
  const auto limits = [&] {
    static constexpr pg::Statement hash{"test.hash", "SELECT split_part(hash, '$', 4) FROM answerable.password"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return std::string(transaction.run_one(hash).text(0, 0));
  };
  world.script("UPDATE answerable.password SET set_at = now() - interval '10 years'");  // it ends by no calendar
  EXPECT_TRUE(is_out(in(bad)));
  EXPECT_EQ(limits(), "m=8192,t=1,p=1") << "a failure changes nothing";
  EXPECT_TRUE(is_in(in(good)));
  EXPECT_EQ(limits(), "m=65536,t=2,p=1");
  EXPECT_TRUE(is_in(in(good)));
}

TEST_F(AccessSignIn, SessionsAreListedAndEnded) {
  const std::string one = std::get<SignedIn>(in(good)).token, other = std::get<SignedIn>(in(good)).token;
  const std::string stranger = world.token("x@example.org", {});
  auto all = sessions(world.door, one);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(std::ranges::count(all, true, &SessionLine::current), 1);
  const auto others = std::ranges::find(all, false, &SessionLine::current)->session;
  EXPECT_FALSE(end_session(world.door, stranger, others));
  EXPECT_TRUE(who(other));
  EXPECT_TRUE(end_session(world.door, one, others));
  EXPECT_FALSE(who(other));
  sign_out(world.door, one);
  EXPECT_FALSE(who(one));
  EXPECT_THAT(sessions(world.door, one), IsEmpty());
}

TEST_F(AccessSignIn, ASessionEndsIdleAndAfterHalfADay) {
  const std::string token = std::get<SignedIn>(in(good)).token;
  world.script("UPDATE answerable.session SET seen_at = now() - interval '29 minutes'");
  EXPECT_TRUE(who(token)) << "and seen now";
  world.script("UPDATE answerable.session SET seen_at = seen_at - interval '29 minutes'");
  EXPECT_TRUE(who(token));
  world.script("UPDATE answerable.session SET seen_at = now() - interval '31 minutes'");
  EXPECT_FALSE(who(token));
  EXPECT_THAT(sessions(world.door, token), IsEmpty());
  world.script("UPDATE answerable.session SET seen_at = now(), ends_at = ends_at - interval '12 hours'");
  EXPECT_FALSE(who(token));
}

TEST_F(AccessSignIn, ALinkSetsAPasswordOnce) {
  const std::string session = std::get<SignedIn>(in(good)).token;
  const std::string first = new_link(world.door, "905", wanda, LinkPurpose::invitation, std::chrono::hours{1});
  const std::string link = new_link(world.door, "905", wanda, LinkPurpose::password_reset, std::chrono::hours{1});
  EXPECT_FALSE(link_account(world.door, first)) << "the newer one replaces it";
  ASSERT_TRUE(link_account(world.door, link));
  EXPECT_EQ(link_account(world.door, link)->name, "Wanda Worker");
  EXPECT_THROW(use_link(world.door, link, "wanda worker"), Refused);
  const auto whose = use_link(world.door, link, "orchard pencil trumpet");
  ASSERT_TRUE(whose);
  EXPECT_FALSE(use_link(world.door, link, "orchard pencil trumpet"));
  EXPECT_FALSE(who(session)) << "a new password ends what went before";
  EXPECT_TRUE(is_in(in("orchard pencil trumpet")));
  EXPECT_TRUE(who(sign_in_by_link(world.door, "905", whose->account).token));

  const std::string over = new_link(world.door, "905", wanda, LinkPurpose::invitation, std::chrono::seconds{0});
  EXPECT_FALSE(link_account(world.door, over));
  EXPECT_FALSE(use_link(world.door, over, "orchard pencil trumpet"));
}

TEST_F(AccessSignIn, MachinesHaveKeys) {
  const auto machine = world.account("rio at the trust", {{.role = Role::provider_submitter}}, "RiO", "905", "ods:RH5");
  const std::string key = add_key(world.door, "905", machine, {"submit", "receipts"}, now() + std::chrono::hours{1});
  EXPECT_THAT(key, ::testing::MatchesRegex("ans_[0-9a-f]{12}_[0-9a-f]{64}"));
  const auto actor = who(key);
  ASSERT_TRUE(actor);
  EXPECT_EQ(actor->organisation, "ods:RH5");
  EXPECT_THAT(actor->scopes, ::testing::ElementsAre("submit", "receipts"));
  EXPECT_TRUE(keys(world.door, "905").front().used_at);
  EXPECT_FALSE(who(key.substr(0, key.size() - 1) + (key.back() == '0' ? '1' : '0')));
  EXPECT_FALSE(revoke_key(world.door, "906", key.substr(4, 12)));
  EXPECT_TRUE(revoke_key(world.door, "905", key.substr(4, 12)));
  EXPECT_FALSE(who(key));
  EXPECT_THROW(add_key(world.door, "905", machine, {"everything"}, now()), Refused);
  EXPECT_THROW(add_key(world.door, "905", machine, {}, now()), Refused);
  EXPECT_THROW(add_key(world.door, "906", machine, {"submit"}, now()), Refused);
}

TEST_F(AccessSignIn, MachinesHaveCertificatesTwoAtATime) {
  const auto machine = world.account("rio at the trust", {{.role = Role::provider_submitter}}, "RiO", "905", "ods:RH5");
  const auto print = [](const char* text) { return sha256(as_bytes(text)); };
  const Instant later = now() + std::chrono::hours{1};
  add_certificate(world.door, "905", machine, print("old"), later);
  add_certificate(world.door, "905", machine, print("new"), later);
  EXPECT_THROW(add_certificate(world.door, "905", machine, print("third"), later), Refused);
  for (const char* one : {"old", "new"}) {
    const auto session = sign_in_by_certificate(world.door, "905", print(one));
    ASSERT_TRUE(session);
    EXPECT_TRUE(who(session->token));
  }
  EXPECT_FALSE(sign_in_by_certificate(world.door, "906", print("new")));
  EXPECT_FALSE(sign_in_by_certificate(world.door, "905", print("third")));
  EXPECT_TRUE(revoke_certificate(world.door, "905", print("old")));
  EXPECT_FALSE(sign_in_by_certificate(world.door, "905", print("old")));
  EXPECT_THROW(add_certificate(world.door, "905", machine, print("old"), later), Refused);
  EXPECT_NO_THROW(add_certificate(world.door, "905", machine, print("third"), later));
  EXPECT_THAT(certificates(world.door, "905"), SizeIs(3));
}

TEST_F(AccessSignIn, SingleSignOnKnowsPeopleByWhatTheirProviderCallsThemForEver) {
  const VouchedFor first{"905", "7f3a@https://login.example.org", "Wanda@example.org"};
  EXPECT_FALSE(sign_in_by_proxy(world.door, {"905", "x@https://login.example.org", "nobody@example.org"}));
  EXPECT_FALSE(sign_in_by_proxy(world.door, {"905", "", "wanda@example.org"}));
  const auto session = sign_in_by_proxy(world.door, first);
  ASSERT_TRUE(session);
  EXPECT_EQ(who(session->token)->account, wanda);
  EXPECT_EQ(who(session->token)->provider_subject, first.subject);
  EXPECT_TRUE(find_account(world.door, "905", "wanda@example.org")->single_sign_on);
  EXPECT_FALSE(sign_in_by_proxy(world.door, {"905", "somebody-else", "wanda@example.org"}))
      << "to whom her address was given later";
  const auto married = sign_in_by_proxy(world.door, {"905", first.subject, "wanda.new@example.org"});
  ASSERT_TRUE(married) << "whose address changed";
  EXPECT_EQ(married->account, wanda);
  const auto olu = world.account("olu@example.org", {{.role = Role::auditor}});
  EXPECT_EQ(sign_in_by_proxy(world.door, {"905", first.subject, "olu@example.org"})->account, wanda)
      << "nobody is two people";
  EXPECT_FALSE(sign_in_by_proxy(world.door, {"906", first.subject, "wanda@example.org"}));
  disable(world.door, "905", wanda);
  EXPECT_FALSE(sign_in_by_proxy(world.door, first));
  EXPECT_FALSE(find_account(world.door, "905", "olu@example.org")->single_sign_on) << olu;
  enable(world.door, "905", wanda);
  const auto again = sign_in_by_proxy(world.door, first);
  untie_sign_on(world.door, "905", wanda);
  EXPECT_FALSE(who(again->token));
  EXPECT_TRUE(sign_in_by_proxy(world.door, {"905", "a-new-directory", "wanda@example.org"}));
  static constexpr pg::Statement leaves{"test.leaves",
                                        "SELECT string_agg(content::json->>'what', ' ' ORDER BY event) FROM "
                                        "answerable.event WHERE content::json->>'what' LIKE 'sign-on-%'"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  EXPECT_EQ(transaction.run_one(leaves).text(0, 0), "sign-on-tied sign-on-untied sign-on-tied");
}

TEST_F(AccessSignIn, RolesFitTheAccount) {
  const Grant submitter{.role = Role::provider_submitter}, guardian{.role = Role::guardian},
      administrator{.role = Role::administrator};
  EXPECT_THROW(world.account("1@example.org", {submitter}), Refused);
  EXPECT_THROW(world.account("2@example.org", {guardian}, "", "905", "ods:RH5"), Refused);
  EXPECT_THROW(world.account("3@example.org", {guardian, administrator}), Refused);
  EXPECT_THROW(world.account("4@example.org", {{.role = Role::outside_reader, .case_reference = "COMP-1"}}), Refused);
  EXPECT_THROW(world.account("5@example.org", {{.role = Role::auditor, .case_reference = "COMP-1"}}), Refused);
  EXPECT_THROW(world.account("wanda@example.org", {}), Refused);
  EXPECT_THROW(world.account("6@example.org", {}, "", "999"), Refused);
  EXPECT_FALSE(find_account(world.door, "905", "3@example.org")) << "nothing is left of what was refused";
  EXPECT_NO_THROW(world.account("7@example.org", {guardian, {.role = Role::complaints_officer}}));
  EXPECT_THROW(grant(world.door, "905", wanda, administrator), Refused);
  take_away(world.door, "905", wanda, Role::complaints_officer);
  grant(world.door, "905", wanda, administrator);
  EXPECT_EQ(find_account(world.door, "905", "wanda@example.org")->roles.front().role, Role::administrator);
}

}  // namespace
}  // namespace answerable::access
