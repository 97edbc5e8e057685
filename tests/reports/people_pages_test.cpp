// Signing in and staying in, whom a proxy vouches for, and what a reader of one case sees: over a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "audit/engine/identity.hpp"
#include "ingest/base64.hpp"
#include "ingest/http/client.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/gather.hpp"
#include "reports/render/html_style.hpp"
#include "reports/service/assets.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* password = "plum-lantern-gravel-orbit";

/// What Apache says of somebody (reports/service/apache-openidc.md).
std::string vouched_fields(const std::string& email, const std::string& subject, const std::string& council = "905") {
  return fmt::format("X-Answerable-Email: {}\r\nX-Answerable-Subject: {}\r\nX-Answerable-Council: {}\r\n", email,
                     subject, council);
}
std::string session_in(const PageAnswer& answer) {
  const std::string name = "answerable=";  // with and without __Host-
  const auto from = answer.head.find(name) + name.size();
  return answer.head.substr(from, answer.head.find(';', from) - from);
}
std::string host_cookie(const std::string& token) {
  return "Cookie: __Host-answerable=" + token + "\r\n";
}

class PeoplePages : public ::testing::Test {
 protected:
  std::int32_t person_with_password(const std::string& email, Role role, const char* authority = "905") {
    const auto number = world.account(email, {only(role)}, authority);
    access::set_password(world.door, authority, number, password);
    return number;
  }
  static std::string credentials(const std::string& email, const std::string& with = password,
                                 const std::string& code = "") {
    return fmt::format("council=905&email={}&password={}&code={}", email, with, code);
  }
  PageAnswer sign_in(const std::string& form) { return world.ask("POST", "/sign-in", "", form); }
  static std::string token_in(const PageAnswer& answer) { return session_in(answer); }
  static std::string vouched(const std::string& email, const std::string& council = "905") {
    return vouched_fields(email, "sub-of-" + email, council);
  }

  PeopleWorld world;
};

TEST_F(PeoplePages, SigningInGivesACookieThatNoScriptAndNoOtherSiteGets) {
  person_with_password("anna@example.org", Role::auditor);
  const auto in = sign_in(credentials("anna@example.org"));
  ASSERT_EQ(in.status, 303) << in.body;
  EXPECT_EQ(in.field("Location"), "/");
  EXPECT_THAT(in.field("Set-Cookie"), AllOf(StartsWith("answerable="), HasSubstr("; HttpOnly"), HasSubstr("; Path=/"),
                                            HasSubstr("; SameSite=Lax"), Not(HasSubstr("Domain"))));
  EXPECT_THAT(in.field("Set-Cookie"), Not(HasSubstr("Secure"))) << "plain HTTP on the loopback";
  const auto home = world.get(token_in(in), "/");
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, HasSubstr("What needs you today"));
  EXPECT_THAT(home.field("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(home.field("Cache-Control"), "no-store");
  EXPECT_THAT(home.body, Not(HasSubstr("style=")));
  EXPECT_THAT(home.body, Not(HasSubstr("<script")));
  EXPECT_THAT(world.ask("GET", "/sign-in").body,
              ContainsRegex("type=\"password\"[^>]* autocomplete=\"current-password\""));
}

TEST_F(PeoplePages, OnTheSocketTheCookieIsBoundToTheHost) {
  person_with_password("anna@example.org", Role::auditor);
  const auto in = world.ask_by_socket("POST", "/sign-in", "", credentials("anna@example.org"));
  ASSERT_EQ(in.status, 303);
  EXPECT_THAT(in.field("Set-Cookie"),
              AllOf(StartsWith("__Host-answerable="), HasSubstr("; Secure"), HasSubstr("; HttpOnly"),
                    HasSubstr("; Path=/"), HasSubstr("; SameSite=Lax"), Not(HasSubstr("Domain"))));
  const std::string token = token_in(in);
  EXPECT_EQ(world.ask_by_socket("GET", "/", "Cookie: __Host-answerable=" + token + "\r\n").status, 200);
  EXPECT_EQ(world.ask_by_socket("GET", "/", "Cookie: answerable=" + token + "\r\n").status, 303)
      << "another host can plant that one";
  const auto planted = "Cookie: __Host-answerable=" + token + "; __Host-answerable=" + std::string(64, 'a') + "\r\n";
  EXPECT_EQ(world.ask_by_socket("GET", "/", planted).status, 303) << "two: one of them was planted";
}

TEST_F(PeoplePages, SigningOutEndsTheSessionAndTakesTheCookieBack) {
  const auto number = person_with_password("anna@example.org", Role::auditor);
  const auto token = world.token_of(number), other = world.token_of(number);
  const auto out = world.post(token, "/sign-out");
  EXPECT_EQ(out.status, 303);
  EXPECT_THAT(out.field("Set-Cookie"), AllOf(StartsWith("answerable=;"), HasSubstr("Max-Age=0")));
  EXPECT_EQ(out.field("Clear-Site-Data"), R"("cache", "storage")");
  EXPECT_EQ(world.get(token, "/").status, 303);
  EXPECT_EQ(world.get(other, "/").status, 200);
}

TEST_F(PeoplePages, SigningInAgainEndsTheSessionThatTheBrowserHad) {
  const auto token = world.token_of(person_with_password("anna@example.org", Role::auditor));
  const auto in = world.ask("POST", "/sign-in", PeopleWorld::cookie(token), credentials("anna@example.org"));
  ASSERT_EQ(in.status, 303);
  EXPECT_EQ(world.get(token, "/").status, 303);
  EXPECT_EQ(world.get(token_in(in), "/").status, 200);
}

TEST_F(PeoplePages, PeopleChangeTheirOwnPasswordWithTheOldOne) {
  const auto number = person_with_password("anna@example.org", Role::contract_monitoring_officer);
  const auto here = world.token_of(number), elsewhere = world.token_of(number);
  constexpr const char* next = "quite+another+pass+phrase";
  const auto change = [&](const char* old, const char* fresh, const char* again) {
    return world.post(here, "/account/password", fmt::format("password={}&new={}&again={}", old, fresh, again));
  };
  EXPECT_EQ(change(password, next, "else").status, 422);
  EXPECT_EQ(change("wrong", next, next).status, 422);
  EXPECT_THAT(change(password, "Sunshine2026!!", "Sunshine2026!!").body, HasSubstr("tried first"));
  EXPECT_EQ(world.get(elsewhere, "/").status, 200) << "nothing was changed";
  const auto changed = change(password, next, next);
  ASSERT_EQ(changed.status, 303) << changed.body;
  EXPECT_EQ(world.get(token_in(changed), "/account").status, 200);
  for (const auto& token : {here, elsewhere}) EXPECT_EQ(world.get(token, "/").status, 303);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 422);
  EXPECT_EQ(sign_in(credentials("anna@example.org", next)).status, 303);
}

TEST_F(PeoplePages, GuessingTheOldPasswordIsSlowedAsSigningInIs) {
  const auto token = world.token_of(person_with_password("anna@example.org", Role::auditor));
  int status = 422;
  for (int i = 0; i < 8 && status == 422; ++i)
    status =
        world.post(token, "/account/password", "password=wrong&new=quite+another+one&again=quite+another+one").status;
  EXPECT_EQ(status, 429);
}

TEST(PeoplePagesAlone, WhoseRoleNeedsASecondFactorSetsItUpBeforeAnythingElse) {
  PeopleWorld world(true, {Role::guardian});
  const auto number = world.account("gus@example.org", {only(Role::guardian)});
  access::set_password(world.door, "905", number, "three words together");
  const auto token = world.token_of(number);
  for (const char* path : {"/", "/findings", "/reading", "/account"}) {
    EXPECT_EQ(world.get(token, path).field("Location"), "/account/second-factor") << path;
  }
  EXPECT_EQ(world.post(token, "/approvals", "what=bundle&about=C-25-7&reason=why").status, 403);
  EXPECT_EQ(world.get(token, "/account/second-factor").status, 200);
  const auto offered = world.post(token, "/account/second-factor", "password=three+words+together");
  ASSERT_EQ(offered.status, 200) << offered.body;
  const auto cookie = offered.field("Set-Cookie");
  const auto here = cookie.substr(cookie.find('=') + 1, 64);
  static constexpr pg::Statement secret_of{"test.offered", "SELECT offered FROM answerable.second_factor"};
  const auto code = [&] {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(secret_of);
    return code_of_app(row.bytes(0, 0));
  }();
  EXPECT_EQ(world.get(here, "/").status, 303) << "shown is not yet proved";
  ASSERT_EQ(world.post(here, "/account/second-factor/confirm", "code=" + code).status, 200);
  EXPECT_EQ(world.get(here, "/").status, 200);
  const auto officer = world.token_of(world.account("c@example.org", {only(Role::complaints_officer)}));
  EXPECT_EQ(world.get(officer, "/").status, 200) << "not of this role";
}

TEST(PeoplePagesAlone, EveryWayInLeadsNowhereWithoutASecondFactor) {
  PeopleWorld world(true, {access::all_roles.begin(), access::all_roles.end()});
  const auto number = world.account("anna@example.org", {only(Role::provider_manager)}, "905", "ods:RH5");
  const auto code = access::new_link(world.door, "905", number, access::LinkPurpose::invitation, std::chrono::hours{1});
  const auto by_link =
      session_in(world.ask("POST", "/link", "", fmt::format("code={0}&password={1}&again={1}", code, password)));
  const auto by_password = session_in(
      world.ask("POST", "/sign-in", "", fmt::format("council=905&email=anna@example.org&password={}", password)));
  for (const auto& token : {by_link, by_password}) {
    EXPECT_EQ(world.get(token, "/").field("Location"), "/account/second-factor");
    EXPECT_EQ(world.post(token, "/send", "do=send").status, 403);
    const auto by_the_pages = http::ask({.server = world.way_in(),
                                         .method = "GET",
                                         .path = "/wanted",
                                         .headers = {{"Authorization", "Bearer " + token}}},
                                        std::chrono::seconds{20}, 1 << 20);
    EXPECT_EQ(by_the_pages.status, 401) << "nor as the pages send to the intake";
  }
  // Single sign-on: the weakest is assumed unless the provider says otherwise.
  const auto anna = vouched_fields("anna@example.org", "7f3a@https://login.example.org");
  const auto in = world.ask_by_socket("POST", "/sign-in", anna);
  ASSERT_EQ(in.status, 303) << in.body;
  const auto cookie = host_cookie(session_in(in));
  for (const char* methods : {"", "X-Answerable-Methods: pwd\r\n", "X-Answerable-Methods: pwd,pin,mfax\r\n"}) {
    const auto weak = world.ask_by_socket("GET", "/", anna + methods + cookie);
    EXPECT_EQ(weak.status, 403) << methods;
    EXPECT_THAT(weak.body, HasSubstr("A second factor is needed"));
  }
  EXPECT_EQ(world.ask("GET", "/", PeopleWorld::cookie(session_in(in))).status, 403) << "over TCP nobody says it";
  for (const char* methods : {"mfa", "pwd,otp", "[\"hwk\", \"fpt\"]"})
    EXPECT_EQ(
        world.ask_by_socket("GET", "/", fmt::format("{}X-Answerable-Methods: {}\r\n{}", anna, methods, cookie)).status,
        200)
        << methods;
}

TEST_F(PeoplePages, WhoComesInAndWhoDoesNotIsLoggedByNumber) {
  const auto number = person_with_password("anna@example.org", Role::auditor);
  const auto token = token_in(sign_in(credentials("anna@example.org")));
  sign_in(credentials("nobody@example.org", "wrong"));
  world.get(token, "/accounts");
  world.ask("POST", "/sign-out", PeopleWorld::cookie(token), "csrf=forged");
  world.post(token, "/sign-out");
  for (int i = 0; i < 6; ++i) sign_in(credentials("anna@example.org", "wrong"));
  const auto log = world.logged();
  const auto line = [&](const std::string& rest) { return HasSubstr(rest); };
  const auto of = [&](const char* what) {
    return fmt::format(R"("what":"{}","authority":"905","account":{})", what, number);
  };
  for (const char* what : {"signed-in", "signed-out", "sign-in-failed", "sign-in-made-to-wait"})
    EXPECT_THAT(log, line(of(what)));
  EXPECT_THAT(log, line(R"("what":"sign-in-failed","authority":"905","account":null)"));
  EXPECT_THAT(log, line(fmt::format(R"("what":"refused","route":"/accounts","authority":"905","account":{})", number)));
  EXPECT_THAT(log,
              line(fmt::format(R"("what":"forged-form","route":"/sign-out","authority":"905","account":{})", number)));
  for (const char* personal : {"example.org", "Made Up", "127.0.0.1"}) EXPECT_THAT(log, Not(HasSubstr(personal)));
}

TEST_F(PeoplePages, WhoCameInAndWhoDidNotIsAPageForThoseWhoLookAfterAccounts) {
  const auto anna = person_with_password("anna@example.org", Role::auditor);
  const auto token = token_in(sign_in(credentials("anna@example.org")));
  for (int i = 0; i < 2; ++i) sign_in(credentials("nobody@example.org", "wrong"));
  for (int i = 0; i < 6; ++i) sign_in(credentials("anna@example.org", "wrong"));
  world.get(token, "/accounts");
  const auto administrator = world.token_of(world.account("admin@example.org", {only(Role::administrator)}));
  const auto guardian = world.token_of(world.account("g@example.org", {only(Role::guardian)}));
  const auto abroad = world.token_of(world.account("far@example.org", {only(Role::administrator)}, "912"), "912");
  ASSERT_EQ(world.post(administrator, fmt::format("/accounts/{}/role", anna), "role=guardian&do=give").status, 303);

  const auto csv = world.get(administrator, "/security-events.csv");
  EXPECT_THAT(csv.field("Content-Type"), StartsWith("text/csv"));
  EXPECT_THAT(csv.body, HasSubstr(",sign-in-failed,2,,,\r\n")) << "of whom nobody knows, no name is kept";
  EXPECT_THAT(csv.body, ContainsRegex(",sign-in-failed,[0-9]+,Made Up <anna@example.org>,,"));
  EXPECT_THAT(csv.body, ContainsRegex(",sign-in-made-to-wait,[0-9]+,Made Up <anna@example.org>,,"));
  EXPECT_THAT(csv.body, HasSubstr(",refused,1,Made Up <anna@example.org>,,/accounts\r\n"));
  EXPECT_THAT(csv.body, HasSubstr(",role-given,1,Made Up <anna@example.org>,Made Up <admin@example.org>,guardian\r\n"));
  for (const char* typed : {"nobody", "wrong", "127.0.0.1"}) EXPECT_THAT(csv.body, Not(HasSubstr(typed)));
  EXPECT_EQ(world.get(guardian, "/security-events.csv").body, csv.body);
  EXPECT_THAT(world.get(abroad, "/security-events.csv").body, Not(HasSubstr("anna")));

  const auto one_kind = world.get(administrator, "/security-events?kind=sign-in-failed").body;
  EXPECT_THAT(one_kind, AllOf(HasSubstr("Made Up &lt;anna@example.org&gt;"), HasSubstr("kind=sign-in-failed\"")));
  EXPECT_THAT(world.get(administrator, "/security-events.csv?kind=sign-in-failed").body, Not(HasSubstr("role-given")));
  EXPECT_THAT(world
                  .get(administrator,
                       "/security-events?from-day=1&from-month=1&from-year=2020&to-day=31&to-month=1&to-year=2020")
                  .body,
              AllOf(HasSubstr("Nothing of that kind"), Not(HasSubstr("anna@example.org"))));
  EXPECT_THAT(world.get(administrator, "/security-events?from-day=31&from-month=2&from-year=2026").body,
              AllOf(HasSubstr("href=\"#from-day\""), HasSubstr("From must be a real day")));
  EXPECT_EQ(world.get(administrator, "/security-events.csv?from-day=yesterday").status, 400);

  world.script(
      "INSERT INTO answerable.security_event SELECT '905', now() - '2 years'::interval, 'signed-in', account, '', 1,"
      " now() - '2 years'::interval FROM answerable.account WHERE authority = '905' LIMIT 1;"
      "INSERT INTO answerable.security_event SELECT '905', now() - make_interval(secs => n), 'refused', NULL, '/x', 1, "
      "now() FROM generate_series(1, 250) n");
  EXPECT_THAT(world.get(administrator, "/security-events").body, HasSubstr("The newest 200 are shown"));
  sign_in(credentials("anna@example.org"));
  EXPECT_THAT(
      world.get(administrator, "/security-events.csv?from-day=1&from-month=1&from-year=2020&kind=signed-in").body,
      Not(HasSubstr(iso(london_day(now()) - std::chrono::days{731}).substr(0, 7))))
      << "kept for a year";
}

TEST_F(PeoplePages, ALinksSecretReachesNoLog) {
  const auto number = world.account("anna@example.org", {only(Role::auditor)});
  const auto secret =
      access::new_link(world.door, "905", number, access::LinkPurpose::invitation, std::chrono::hours{1});
  world.ask("GET", "/link");
  EXPECT_THAT(world.ask("POST", "/link", "", "code=" + secret).body, HasSubstr("signs in as anna@example.org"));
  world.ask("POST", "/link", "", fmt::format("code={0}&password={1}&again={1}", secret, password));
  EXPECT_THAT(world.logged(), HasSubstr("password-chosen-by-link"));
  EXPECT_THAT(world.logged(), Not(HasSubstr(secret.substr(0, 16))));
}

TEST_F(PeoplePages, BehindTheProxyGuessingIsSlowedByTheClientsAddressAlone) {
  for (int i = 0; i < 6; ++i) person_with_password(fmt::format("p{}@example.org", i), Role::auditor);
  const auto guess = [&](int whose, const char* from) {
    return world
        .ask_by_socket("POST", "/sign-in", fmt::format("X-Forwarded-For: {}\r\n", from),
                       credentials(fmt::format("p{}@example.org", whose), "wrong"))
        .status;
  };
  int status = 422;
  for (int i = 0; i < 6 && status == 422; ++i) status = guess(i, "198.51.100.1, 192.0.2.1");
  EXPECT_EQ(status, 429) << "one address trying many accounts";
  EXPECT_EQ(guess(0, "192.0.2.1, 203.0.113.7"), 422) << "the last hop counts: what stands before it anybody can send";
  EXPECT_EQ(
      world.ask("POST", "/sign-in", "X-Forwarded-For: 192.0.2.1\r\n", credentials("p0@example.org", "wrong")).status,
      422)
      << "over TCP nobody is believed";
}

TEST_F(PeoplePages, AnAdministratorNamesThemselvesAndTakesALostSecondFactorOff) {
  const auto number = world.account("administrator", {only(Role::administrator)});
  const auto token = world.token_of(number);
  EXPECT_EQ(world.post(token, fmt::format("/accounts/{}/name", number), "name=+").status, 422);
  ASSERT_EQ(
      world
          .post(token, fmt::format("/accounts/{}/name", number), "name=Nora+Newname&role=guardian&disabled=yes&email=x")
          .status,
      303);
  const auto named = access::find_account(world.door, "905", "administrator");
  ASSERT_TRUE(named) << "what the form does not ask for is not taken";
  EXPECT_TRUE(!named->disabled_at && named->roles.size() == 1 && named->roles.front().role == Role::administrator);
  EXPECT_THAT(world.get(token, "/account").body, HasSubstr("Nora Newname"));
  const auto anna = person_with_password("anna@example.org", Role::auditor);
  const auto secret = access::offer_second_factor(world.door, "905", anna);
  const auto proof = code_of_app(secret);  // before the moment that it is asked for
  access::confirm_second_factor(world.door, "905", anna, proof);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 422);
  ASSERT_EQ(world.post(token, fmt::format("/accounts/{}/second-factor/remove", anna)).status, 303);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 303);
}

TEST_F(PeoplePages, WhoIsWrongIsNotToldWhatAboutAndWaitsLongerEachTime) {
  person_with_password("anna@example.org", Role::auditor);
  const auto wrong = sign_in(credentials("anna@example.org", "wrong"));
  const auto nobody = sign_in(credentials("nobody@example.org", "wrong"));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(nobody.status, 422);
  EXPECT_EQ(wrong.between("role=\"alert\">", "</div>"), nobody.between("role=\"alert\">", "</div>"));
  EXPECT_EQ(sign_in(credentials("anna@example.org", "wrong")).status, 422);
  PageAnswer throttled;
  for (int i = 0; i < 4 && throttled.status != 429; ++i) throttled = sign_in(credentials("anna@example.org", "wrong"));
  EXPECT_EQ(throttled.status, 429);
  EXPECT_GE(std::stoi(throttled.field("Retry-After")), 1);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 429) << "the right one waits too";
}

TEST_F(PeoplePages, AFormOfAnotherSiteSignsNobodyIn) {
  person_with_password("anna@example.org", Role::auditor);
  const auto form = credentials("anna@example.org");
  EXPECT_EQ(world.ask("POST", "/sign-in", "Sec-Fetch-Site: cross-site\r\n", form).status, 403);
  EXPECT_EQ(world.ask("POST", "/sign-in", "Sec-Fetch-Site: same-site\r\n", form).status, 403);
  EXPECT_EQ(world.ask("POST", "/sign-in", "Sec-Fetch-Site: same-origin\r\n", form).status, 303);
}

TEST_F(PeoplePages, ASecondFactorIsSetUpAndThenAskedFor) {
  const auto number = person_with_password("anna@example.org", Role::auditor);
  const auto before = world.token_of(number), elsewhere = world.token_of(number);
  EXPECT_EQ(world.post(before, "/account/second-factor", "password=wrong").status, 422)
      << "an open session is not enough";
  const auto offered = world.post(before, "/account/second-factor", fmt::format("password={}", password));
  ASSERT_EQ(offered.status, 200);
  const auto here = token_in(offered);
  EXPECT_EQ(world.get(before, "/").status, 303) << "signed in anew";
  EXPECT_THAT(offered.body, HasSubstr("otpauth://totp/"));
  static constexpr pg::Statement secret_of{"test.secret", "SELECT offered FROM answerable.second_factor"};
  const auto code = [&](const pg::Statement& which) {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(which);
    EXPECT_THAT(offered.body, HasSubstr(access::base32(row.bytes(0, 0))));
    return code_of_app(row.bytes(0, 0));
  };
  const auto first = code(secret_of);
  const auto confirmed = world.post(here, "/account/second-factor/confirm", "code=" + first);
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(world.get(here, "/").status, 200);
  EXPECT_EQ(world.get(elsewhere, "/").status, 303) << "other sessions end";
  const auto recovery = confirmed.between("govuk-list--bullet\"><li>", "</li>");
  ASSERT_FALSE(recovery.empty());
  const auto asked = sign_in(credentials("anna@example.org"));
  EXPECT_EQ(asked.status, 422);
  EXPECT_THAT(asked.body, HasSubstr("the code from your app"));
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, "000000x")).status, 422);
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, recovery)).status, 303);
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, recovery)).status, 422) << "each once";
}

TEST_F(PeoplePages, ACodeChoosesAPasswordOnceAndDoesNotStandForASecondFactor) {
  const auto number = world.account("anna@example.org", {only(Role::auditor)});
  const auto made = [&] {
    return access::new_link(world.door, "905", number, access::LinkPurpose::invitation, std::chrono::hours{1});
  };
  const auto code = made();
  EXPECT_EQ(world.ask("GET", "/link").status, 200);
  EXPECT_EQ(world.ask("GET", "/link/" + code).status, 404) << "no secret stands in an address";
  const auto choosing = world.ask("POST", "/link", "", "code=%20" + code + "%0A").body;
  EXPECT_THAT(choosing, HasSubstr("Choose a password"));
  for (const char* field : {"hint", "question", "answer"})
    EXPECT_THAT(choosing, Not(HasSubstr(fmt::format("name=\"{}\"", field)))) << "nothing is remembered beside it";
  const auto form = [](const std::string& with) {
    return fmt::format("code={0}&password={1}&again={1}", with, password);
  };
  EXPECT_EQ(world.ask("POST", "/link", "", "code=" + code + "&password=short&again=short").status, 422);
  EXPECT_EQ(world.ask("POST", "/link", "", fmt::format("code={}&password={}&again=else", code, password)).status, 422);
  EXPECT_EQ(world.ask("POST", "/link", "", form(std::string(64, 'a'))).status, 422);
  const auto used = world.ask("POST", "/link", "", form(code));
  EXPECT_EQ(used.status, 303);
  EXPECT_EQ(world.get(token_in(used), "/").status, 200);
  EXPECT_EQ(world.ask("POST", "/link", "", form(code)).status, 422);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 303);

  const auto secret = access::offer_second_factor(world.door, "905", number);
  const auto proof = code_of_app(secret);  // before the moment that it is asked for
  ASSERT_FALSE(access::confirm_second_factor(world.door, "905", number, proof).empty());
  const auto again = world.ask("POST", "/link", "", form(made()));
  EXPECT_EQ(again.status, 303);
  EXPECT_EQ(again.field("Location"), "/sign-in");
  EXPECT_EQ(again.field("Set-Cookie"), "");
}

TEST_F(PeoplePages, ASessionEndsIdleOrOldOrWhenItIsEndedFromElsewhere) {
  const auto number = person_with_password("anna@example.org", Role::auditor);
  const auto idle = world.token_of(number), here = world.token_of(number);
  world.script(
      "UPDATE answerable.session SET seen_at = now() - interval '31 minutes' WHERE session ="
      " (SELECT min(session) FROM answerable.session)");
  EXPECT_EQ(world.get(idle, "/").status, 303);
  EXPECT_EQ(world.get(here, "/").status, 200);
  const auto there = world.token_of(number);
  const auto page = world.get(here, "/account");
  EXPECT_THAT(page.body, HasSubstr("End this session"));
  const auto other = page.between("End session ", "<");
  const std::string end = "/account/sessions/" + other + "/end";
  EXPECT_THAT(world.post(here, end).body, HasSubstr("Show once more that it is you"));
  EXPECT_EQ(world.post(here, end, "password=wrong").status, 422);
  EXPECT_EQ(world.get(there, "/").status, 200) << "not yet";
  const auto ended = world.post(here, end, fmt::format("password={}", password));
  EXPECT_EQ(ended.status, 303);
  EXPECT_EQ(world.get(there, "/").status, 303) << "revoked";
  EXPECT_EQ(world.get(here, "/").status, 303) << "a new session begins for whoever has shown who they are";
  const auto now_here = token_in(ended);
  EXPECT_EQ(world.get(now_here, "/").status, 200);
  world.script("UPDATE answerable.session SET ends_at = now() - interval '1 second', seen_at = now()");
  EXPECT_EQ(world.get(now_here, "/").status, 303) << "old, although in use";
}

TEST_F(PeoplePages, AProxyIsBelievedOnTheSocketAndNowhereElse) {
  person_with_password("anna@example.org", Role::auditor);
  person_with_password("bert@example.org", Role::guardian);
  EXPECT_EQ(world.ask("POST", "/sign-in", vouched("anna@example.org")).status, 422) << "over TCP";
  const auto first = world.ask_by_socket("GET", "/", vouched("anna@example.org"));
  EXPECT_EQ(first.field("Location"), "/sign-in") << "no session without having asked for one";
  EXPECT_EQ(first.field("Set-Cookie"), "");
  EXPECT_THAT(world.ask_by_socket("GET", "/sign-in", vouched("anna@example.org")).body,
              AllOf(HasSubstr("says that you are anna@example.org"), Not(HasSubstr("type=\"password\""))));
  EXPECT_EQ(
      world.ask_by_socket("POST", "/sign-in", vouched("anna@example.org") + "Sec-Fetch-Site: cross-site\r\n").status,
      403);
  const auto in = world.ask_by_socket("POST", "/sign-in", vouched("anna@example.org"));
  ASSERT_EQ(in.status, 303) << in.body;
  const std::string cookie = host_cookie(token_in(in));
  const auto next = world.ask_by_socket("GET", "/account", vouched("anna@example.org") + cookie);
  EXPECT_THAT(next.body, HasSubstr("anna@example.org"));
  EXPECT_EQ(next.field("Set-Cookie"), "") << "the session goes on";
  EXPECT_EQ(world.ask_by_socket("GET", "/account", vouched("bert@example.org") + cookie).field("Location"), "/sign-in")
      << "whoever the proxy says now is not signed in yet";
  EXPECT_EQ(world.ask_by_socket("GET", "/", vouched_fields("anna@example.org", "another") + cookie).status, 303)
      << "her address, and somebody else";
  const auto no = world.ask_by_socket("POST", "/sign-in", vouched("nobody@example.org"));
  EXPECT_EQ(no.status, 422);
  EXPECT_THAT(no.body, HasSubstr("No account of this service is yours"));
  EXPECT_EQ(world.ask_by_socket("POST", "/sign-in", vouched_fields("anna@example.org", "another")).status, 422);
  EXPECT_EQ(world.ask_by_socket("POST", "/sign-in", vouched("anna@example.org", "912")).status, 422);
  EXPECT_EQ(world.ask_by_socket("POST", "/sign-in", "X-Answerable-Email: anna@example.org\r\n").status, 422);

  // Whose provider calls them something else now is untied by an administrator.
  const auto admin = world.token_of(world.account("admin@example.org", {only(Role::administrator)}));
  const auto whose = fmt::format("/accounts/{}", access::find_account(world.door, "905", "anna@example.org")->account);
  EXPECT_THAT(world.get(admin, whose).body, HasSubstr("Untie the single sign-on"));
  ASSERT_EQ(world.post(admin, whose + "/single-sign-on/untie").status, 303);
  EXPECT_EQ(world.ask_by_socket("GET", "/account", vouched("anna@example.org") + cookie).status, 303);
  EXPECT_EQ(world.ask_by_socket("POST", "/sign-in", vouched_fields("anna@example.org", "another")).status, 303);
}

// The function knew every council's numbers, and asked neither who wanted them nor whom they had opened.
TEST_F(PeoplePages, WhoIsSomebodysCarerIsForWhoeverOpenedThem) {
  world.take_in(
      R"(<relationship xmlns="urn:answerable:relationship:1" id="REL-1"><person scheme="nhs-number">9990000018</person><role>carer</role>
<otherPerson scheme="nhs-number">9990000026</otherPerson><name>Bea Example</name><from>2024-05</from></relationship>)",
      false, "2026-01-01");
  static constexpr pg::Statement naming{"test.naming",
                                        "SELECT count(*) FROM answerable.relations_naming('905', $1, 1000000)"};
  const auto bea = world.subject("nhs-number", "9990000026");
  pg::Connection reports(world.as("answerable_reports"), "tests");
  const auto told = [&](const std::string& token) {
    const access::Acting acting(reports, token);
    pg::Transaction transaction(reports, pg::Access::read_only);
    return transaction.run_one(naming, bea).int64(0, 0);
  };
  const auto officer = world.token_of(world.account("c@example.org", {only(Role::complaints_officer)}));
  const auto abroad = world.token_of(world.account("c@example.org", {only(Role::guardian)}, "912"), "912");
  for (const auto& nobody : {std::string(), abroad, officer}) EXPECT_EQ(told(nobody), 0);
  ASSERT_EQ(world.post(officer, "/people/open", "identifier=9990000026&purpose=complaint&reference=C-25-8").status,
            303);
  EXPECT_EQ(told(officer), 1);
  for (const auto& nobody : {std::string(), abroad}) EXPECT_EQ(told(nobody), 0);
}

TEST_F(PeoplePages, NobodyCopiesACouncilOutPersonByPerson) {
  const auto number = world.account("c@example.org", {only(Role::complaints_officer)});
  const auto token = world.token_of(number);
  const auto open = [&] {
    return world.post(token, "/people/open", "identifier=9990000018&purpose=complaint&reference=C-25-7");
  };
  ASSERT_EQ(open().status, 303);
  world.script(
      "INSERT INTO answerable.event (authority, kind, at, subject, content) SELECT authority, kind, at, subject, "
      "content "
      "FROM answerable.event, generate_series(1, 298) WHERE kind = 'read'");
  EXPECT_EQ(open().status, 303) << "the three hundredth";
  const auto stopped = open();
  EXPECT_EQ(stopped.status, 429);
  EXPECT_EQ(stopped.field("Retry-After"), "3600");
  EXPECT_THAT(
      world.logged(),
      HasSubstr(fmt::format(R"("what":"refused","route":"/people/open","authority":"905","account":{})", number)));
  const auto other = world.token_of(world.account("d@example.org", {only(Role::complaints_officer)}));
  EXPECT_EQ(world.post(other, "/people/open", "identifier=9990000018&purpose=complaint&reference=C-25-7").status, 303);
  world.script("UPDATE answerable.event SET at = at - interval '61 minutes' WHERE kind = 'read'");
  EXPECT_EQ(open().status, 303) << "an hour later";
}

// A random UUID says its version in four of its bits.
TEST_F(PeoplePages, SaltsAreUnguessableInEveryBit) {
  static constexpr pg::Statement versions{
      "test.versions",
      "SELECT count(DISTINCT get_byte(salt, 6) / 16), count(*) FROM (SELECT salt FROM answerable.record_body UNION ALL"
      " SELECT salt FROM answerable.submission UNION ALL SELECT salt FROM answerable.finding_step) s"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  const auto row = transaction.run_one(versions);
  EXPECT_GT(row.int64(0, 1), 15);
  EXPECT_GT(row.int64(0, 0), 1);
}

TEST(PeoplePagesAlone, WithoutSingleSignOnNobodyIsVouchedFor) {
  PeopleWorld world(false);
  world.account("anna@example.org", {only(Role::auditor)});
  EXPECT_EQ(world.ask_by_socket("POST", "/sign-in", vouched_fields("anna@example.org", "sub")).status, 422);
}

TEST_F(PeoplePages, FindingsAreThoseTheRowsShow) {
  const auto auditor = world.token_of(world.account("a@example.org", {only(Role::auditor)}));
  const auto all = world.get(auditor, "/findings");
  EXPECT_EQ(all.status, 200);
  EXPECT_THAT(all.body, HasSubstr("S79-REVIEWS"));
  EXPECT_THAT(world.get(auditor, "/findings?agreement=NONE").body, HasSubstr("None that you may see."));
  EXPECT_EQ(world.get(auditor, "/findings?outcome=nonsense").status, 400);
  EXPECT_EQ(world.get(auditor, "/findings?page=nonsense").status, 400);
  static constexpr pg::Statement about_a_person{
      "test.about_a_person",
      "SELECT f.finding FROM answerable.open_finding f JOIN answerable.subject s USING (authority, subject)"
      " WHERE s.type = 'person' AND f.agreement = 'S79-REVIEWS' AND authority = '905' AND "
      "answerable.needs_attention(f.outcome) LIMIT 1"};
  const auto finding = [&] {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return engine::format_finding(transaction.run_one(about_a_person).int64(0, 0));
  }();
  EXPECT_THAT(all.body, HasSubstr(finding));
  const auto officer = world.account("c@example.org", {only(Role::contract_monitoring_officer)});
  const auto token = world.token_of(officer);
  EXPECT_THAT(world.get(token, "/findings").body, Not(HasSubstr(finding))) << "not assigned";
  access::assign(world.door, "905", officer, "agreement", "S79-REVIEWS");
  EXPECT_THAT(world.get(token, "/findings").body, HasSubstr(finding));
}

TEST_F(PeoplePages, FindingsComeAtMostFiftyAPageAndNoneIsMissedOrSeenTwice) {
  world.script(
      "CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT f.* FROM answerable.finding f JOIN "
      "answerable.open_finding "
      "USING (authority, finding) WHERE authority = '905' LIMIT 1;"
      "DO $$ BEGIN FOR n IN 1..120 LOOP UPDATE copied SET finding = n;"
      " INSERT INTO answerable.finding_step SELECT * FROM copied;"
      " INSERT INTO answerable.open_finding SELECT authority, finding, run, subject, rule, severity, outcome, due,"
      "  flagged_since, actor, agreement, '2026-01-01' FROM copied; END LOOP; END $$");
  const auto auditor = world.token_of(world.account("a@example.org", {only(Role::auditor)}));
  static constexpr pg::Statement count{"test.count",
                                       "SELECT count(*) FROM answerable.open_finding WHERE authority = '905'"};
  const auto held = [&] {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(count).int64(0, 0);
  }();
  std::set<std::string> seen;
  std::size_t shown = 0;
  bool more = true;
  for (int page = 1; more && page < 20; ++page) {
    const auto answer = world.get(auditor, fmt::format("/findings?outcome=all&page={}", page));
    ASSERT_EQ(answer.status, 200) << page;
    std::size_t here = 0;
    for (auto at = answer.body.find(">F-"); at != std::string::npos; at = answer.body.find(">F-", at + 1), ++here)
      seen.insert(answer.body.substr(at + 1, 16));
    EXPECT_LE(here, 50U);
    shown += here;
    more = answer.body.find("rel=\"next\"") != std::string::npos;
  }
  EXPECT_EQ(shown, static_cast<std::size_t>(held));
  EXPECT_EQ(seen.size(), shown);
}

TEST_F(PeoplePages, ATrailIsReadForAPurposeAndTheReadIsOnIt) {
  const auto number = world.account("c@example.org", {only(Role::complaints_officer)});
  const auto token = world.token_of(number);
  const auto ada = fmt::format("/people/{}", world.subject("nhs-number", "9990000018"));
  const auto shut = world.get(token, ada);
  EXPECT_EQ(shut.status, 403);
  EXPECT_THAT(shut.body, HasSubstr("href=\"/people/open\""));
  EXPECT_THAT(shut.body, Not(HasSubstr("Ada")));
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000018&reference=C-25-7").status, 422) << "no purpose";
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000018&purpose=complaint").status, 422) << "no reference";
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000019&purpose=complaint&reference=R").status, 422);
  EXPECT_EQ(world.post(token, "/people/open", "identifier=12&purpose=complaint&reference=R").status, 403)
      << "a number of the council's, which nobody has";
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000018&purpose=audit&reference=R").status, 403);
  const auto opened = world.post(token, "/people/open", "identifier=case:C-25-7&purpose=complaint&reference=C-25-7");
  ASSERT_EQ(opened.status, 303) << opened.body;
  EXPECT_EQ(opened.field("Location"), ada);
  const auto trail = world.get(token, ada + "/trail");
  ASSERT_EQ(trail.status, 200) << trail.body;
  EXPECT_THAT(trail.body, AllOf(HasSubstr("Ada Example"), HasSubstr("Who has read this record"), HasSubstr("GAP")));
  EXPECT_THAT(trail.body, HasSubstr("action=\"/sign-out\""));
  EXPECT_THAT(trail.field("Content-Security-Policy"),
              HasSubstr("style-src 'sha256-" + base64(sha256(as_bytes(render::page_style.view()))) + "'"));
  EXPECT_THAT(trail.body, HasSubstr("<style>" + std::string(render::page_style.view()) + "</style>"));
  EXPECT_THAT(trail.body, Not(HasSubstr("style=\"")));
  const auto reads = world.get(token, ada + "/reads");
  EXPECT_EQ(reads.status, 200);
  EXPECT_THAT(reads.body, HasSubstr("Made Up &lt;c@example.org&gt;"));
  static constexpr pg::Statement leaf{
      "test.leaf",
      "SELECT count(*) FROM answerable.to_ledger t JOIN answerable.event e ON e.authority = t.authority AND t.kind = "
      "'event' AND e.event = t.key WHERE e.kind = 'read'"};
  pg::Transaction transaction(world.owner, pg::Access::read_only);
  EXPECT_EQ(transaction.run_one(leaf).int64(0, 0), 1) << "on its way to the ledger in the same breath";
  const auto guardian = world.token_of(world.account("g@example.org", {only(Role::guardian)}));
  EXPECT_THAT(world.get(guardian, "/reading").body, HasSubstr("c@example.org"));
  EXPECT_THAT(
      world.get(guardian, "/reading?from-day=1&from-month=1&from-year=2020&to-day=31&to-month=1&to-year=2020").body,
      Not(HasSubstr("c@example.org")));
  EXPECT_EQ(world.get(guardian, "/reading?from-day=yesterday").status, 422);
}

TEST_F(PeoplePages, TheTrailUnderRowLevelSecuritySaysWhatTheDeskSays) {
  const auto number = world.account("c@example.org", {only(Role::complaints_officer)});
  const auto token = world.token_of(number);
  const auto subject = world.subject("nhs-number", "9990000018");
  ASSERT_EQ(world.post(token, "/people/open", "identifier=9990000018&purpose=complaint&reference=R").status, 303);
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = engine::Catalogue::load(kinds);
  pg::Connection desk(world.owner_conninfo(), "tests", "answerable_desk");
  const auto trail = pages::gather(
      desk, catalogue, kinds,
      {.authority = "905", .subject = subject, .case_reference = "", .as_of = london_day(now()), .known_at = {}});
  const auto told = render::html(pages::document(trail));
  const auto shown = world.get(token, fmt::format("/people/{}/trail", subject)).body;
  const auto from_heading = [](const std::string& page) { return page.substr(page.find("<h2")); };
  EXPECT_EQ(from_heading(shown), from_heading(told));
}

TEST_F(PeoplePages, AnOutsideReaderSeesOneCaseAndAfterItsDayNothing) {
  const auto number = world.account("o@example.org", {reader_of("C-25-7", london_day(now()))});
  const auto token = world.token_of(number);
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000026&purpose=complaint&reference=C-25-8").status, 403);
  ASSERT_EQ(world.post(token, "/people/open", "identifier=case:C-25-7&purpose=complaint&reference=C-25-7").status, 303);
  const auto ada = fmt::format("/people/{}", world.subject("nhs-number", "9990000018"));
  EXPECT_EQ(world.get(token, ada).status, 200);
  EXPECT_EQ(world.get(token, fmt::format("/people/{}", world.subject("nhs-number", "9990000026"))).status, 403);
  EXPECT_EQ(world.get(token, "/approvals").status, 403);
  world.script("UPDATE answerable.account_role SET until = current_date - 2 WHERE role = 'outside-reader'");
  EXPECT_EQ(world.get(token, ada).status, 403);
  EXPECT_EQ(world.get(token, "/findings").status, 403);
  EXPECT_THAT(world.get(token, "/").body, HasSubstr("Nothing yet"));
}

TEST_F(PeoplePages, WhatOneAsksForAnotherDecides) {
  const auto asker = world.token_of(world.account("c1@example.org", {only(Role::complaints_officer)}));
  const auto other = world.token_of(world.account("c2@example.org", {only(Role::complaints_officer)}));
  ASSERT_EQ(world.post(asker, "/approvals", "what=bundle&about=C-25-7&reason=For+the+ombudsman").status, 303);
  const auto page = world.get(other, "/approvals");
  const auto number = page.between("action=\"/approvals/", "\"");
  ASSERT_FALSE(number.empty()) << page.body;
  EXPECT_EQ(world.post(asker, "/approvals/" + number, "decision=approved").status, 403);
  EXPECT_EQ(world.post(other, "/approvals/" + number, "decision=perhaps").status, 422);
  EXPECT_EQ(world.post(other, "/approvals/" + number, "decision=approved").status, 303);
  EXPECT_THAT(world.get(asker, "/approvals").body, HasSubstr("Approved by Made Up"));
  EXPECT_EQ(world.post(other, "/approvals/" + number, "decision=refused").status, 403) << "decided already";
  EXPECT_EQ(world.post(asker, "/approvals", "what=bundle&about=C-NONE&reason=x").status, 422);
}

TEST_F(PeoplePages, WhatPeopleTypeIsShownAndNeverRun) {
  const auto admin = world.token_of(world.account("admin@example.org", {only(Role::administrator)}));
  const auto made =
      world.post(admin, "/accounts", "name=%3Cscript%3Ealert(1)%3C%2Fscript%3E&email=x@example.org&role=auditor");
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, AllOf(HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script"))));
  EXPECT_THAT(world.get(admin, "/accounts").body, Not(HasSubstr("<script")));
  EXPECT_EQ(world.post(admin, "/accounts", "name=Y&email=x@example.org&role=auditor").status, 422) << "taken";
  EXPECT_EQ(world.post(admin, "/accounts", "name=Y&email=y@example.org&role=provider-manager").status, 422);
}

TEST_F(PeoplePages, SecurityTextSaysWhomToTell) {
  const auto text = world.ask("GET", "/.well-known/security.txt");
  EXPECT_EQ(text.status, 200);
  EXPECT_THAT(text.body, AllOf(StartsWith("Contact: mailto:security@example.org\n"), HasSubstr("\nExpires: 20")));
}

TEST_F(PeoplePages, WhatWasDoneIsSaidOnceAndOnlyWhatTheSessionSealedIsSaid) {
  const auto number = world.account("d@example.org", {only(Role::administrator)});
  const auto token = world.token_of(number);
  const auto other = world.account("e@example.org", {only(Role::auditor)});
  const auto path = fmt::format("/accounts/{}", other);
  const auto of_other = world.token_of(other);
  const auto changed = world.post(token, path + "/disabled", "disabled=yes");
  ASSERT_EQ(changed.status, 303) << changed.body;
  EXPECT_EQ(world.get(of_other, "/").status, 303) << "their sessions have ended";
  EXPECT_EQ(changed.field("Location"), path);
  const auto cookie = changed.field("Set-Cookie").substr(0, changed.field("Set-Cookie").find(';'));
  ASSERT_THAT(cookie, StartsWith("answerable-done="));
  const auto both = [&](const std::string& one_token) {
    return "Cookie: answerable=" + one_token + "; " + cookie + "\r\n";
  };
  const auto shown = world.ask("GET", path, both(token));
  EXPECT_THAT(shown.body, HasSubstr("The account was disabled."));
  EXPECT_THAT(shown.field("Set-Cookie"), AllOf(StartsWith("answerable-done=;"), HasSubstr("Max-Age=0")));
  EXPECT_THAT(world.ask("GET", path, both(world.token_of(number))).body, Not(HasSubstr("The account was disabled.")))
      << "another session's seal";
}

TEST_F(PeoplePages, TheStyleIsKeptForEverUnderAnAddressThatChangesWithItAndNamesNothingToFetch) {
  const auto page = world.ask("GET", "/sign-in");
  const auto css = page.between("href=\"/assets/", "\"");
  const auto style = world.ask("GET", "/assets/" + css);
  EXPECT_EQ(style.status, 200);
  EXPECT_THAT(style.field("Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(style.body, AllOf(HasSubstr(".govuk-button"), HasSubstr("font-family:Arial"), Not(HasSubstr("url(")),
                                Not(HasSubstr("@import")), Not(HasSubstr("GDS Transport"))));
  EXPECT_EQ(world.ask("GET", "/assets/answerable.0000000000000000.css").status, 404);
  EXPECT_EQ(page.field("Cache-Control"), "no-store");
}

TEST_F(PeoplePages, AColourThatLettersCannotBeReadOnIsRefusedWithASentence) {
  EXPECT_EQ(refuse_colour("1d70b8"), "");
  EXPECT_THAT(refuse_colour("ffdd00"), AllOf(HasSubstr("1.34 to 1"), HasSubstr("darker colour")));
  EXPECT_EQ(refuse_colour("767676"), "") << "4.54 to 1";
  EXPECT_NE(refuse_colour("777777"), "") << "4.47 to 1";
  EXPECT_NE(refuse_colour("blue"), "");
  EXPECT_NE(refuse_colour("1D70B8"), "");
  EXPECT_EQ(world.ask("GET", "/assets/colour/ffdd00.css").status, 404);
  EXPECT_THAT(world.ask("GET", "/assets/colour/003078.css").body, HasSubstr("#003078"));
}

TEST_F(PeoplePages, WhatNoDoorAnswersIsAPageForABrowserAndJsonForAMachine) {
  const auto token = world.token_of(world.account("f@example.org", {only(Role::auditor)}));
  const auto browser = world.ask("GET", "/no-such-page", "Accept: text/html\r\n" + PeopleWorld::cookie(token));
  EXPECT_EQ(browser.status, 404);
  EXPECT_THAT(browser.body,
              AllOf(HasSubstr("<h1 class=\"govuk-heading-l\">Page not found</h1>"), HasSubstr("Sign out")));
  EXPECT_THAT(world.ask("GET", "/no-such-page").body, StartsWith("{\"type\""));
  const auto wrong_way = world.ask("POST", "/findings", "Accept: text/html\r\n");
  EXPECT_EQ(wrong_way.status, 405);
  EXPECT_EQ(wrong_way.field("Allow"), "GET, HEAD");
  EXPECT_THAT(wrong_way.body, HasSubstr("This page cannot be used that way"));
  const auto too_long = world.ask("POST", "/people/open", "Accept: text/html\r\n", std::string(20 << 10, 'x'));
  EXPECT_EQ(too_long.status, 413);
  EXPECT_THAT(too_long.body, HasSubstr("What was sent is too long"));
}

TEST_F(PeoplePages, ACouncilsNameAndColourAreItsOwnAndOnlyItsAdministratorSetsThem) {
  const auto administrator = world.token_of(world.account("g@example.org", {only(Role::administrator)}));
  const auto auditor = world.token_of(world.account("h@example.org", {only(Role::auditor)}));
  const auto abroad = world.token_of(world.account("i@example.org", {only(Role::auditor)}, "912"), "912");
  EXPECT_THAT(world.get(auditor, "/privacy").body, HasSubstr("/assets/colour/1d70b8.css"));
  const auto refused = world.post(administrator, "/look", "name=Our+Council&colour=ffdd00");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("id=\"colour-error\""), HasSubstr("1.34 to 1"), HasSubstr("Our Council")));
  EXPECT_EQ(world.post(administrator, "/look", "name=Our+Council&colour=003078").status, 303);
  EXPECT_THAT(world.get(auditor, "/privacy").body,
              AllOf(HasSubstr("/assets/colour/003078.css"), HasSubstr(">Our Council</a>")));
  EXPECT_THAT(world.get(abroad, "/privacy").body,
              AllOf(HasSubstr("/assets/colour/1d70b8.css"), Not(HasSubstr("Our Council"))));
  EXPECT_EQ(world.post(auditor, "/look", "name=Mine&colour=003078").status, 403);
}

}  // namespace
}  // namespace answerable::service::testing
