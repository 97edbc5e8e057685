// Signing in and staying in, whom a proxy vouches for, and what a reader of one case sees: over a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "audit/engine/identity.hpp"
#include "ingest/access/totp.hpp"
#include "ingest/base64.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/gather.hpp"
#include "reports/render/html_style.hpp"
#include "reports/service/assets.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* password = "plum-lantern-gravel-orbit";

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
  static std::string token_in(const PageAnswer& answer) {
    const auto cookie = answer.field("Set-Cookie");
    const auto from = cookie.find('=') + 1;
    return cookie.substr(from, cookie.find(';') - from);
  }
  static std::string vouched(const std::string& email, const std::string& council = "905") {
    return "X-Answerable-Email: " + email + "\r\nX-Answerable-Council: " + council + "\r\n";
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
  EXPECT_EQ(world.get(token, "/").status, 303);
  EXPECT_EQ(world.get(other, "/").status, 200);
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
  const auto offered = world.post(world.token_of(number), "/account/second-factor");
  ASSERT_EQ(offered.status, 200);
  EXPECT_THAT(offered.body, HasSubstr("otpauth://totp/"));
  static constexpr pg::Statement secret_of{"test.secret", "SELECT offered FROM answerable.second_factor"};
  const auto code = [&](const pg::Statement& which) {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(which);
    EXPECT_THAT(offered.body, HasSubstr(access::base32(row.bytes(0, 0))));
    return access::totp_code(row.bytes(0, 0), access::totp_step(now()));
  };
  const auto first = code(secret_of);
  const auto confirmed = world.post(world.token_of(number), "/account/second-factor/confirm", "code=" + first);
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  const auto recovery = confirmed.between("govuk-list--bullet\"><li>", "</li>");
  ASSERT_FALSE(recovery.empty());
  const auto asked = sign_in(credentials("anna@example.org"));
  EXPECT_EQ(asked.status, 422);
  EXPECT_THAT(asked.body, HasSubstr("the code from your app"));
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, "000000x")).status, 422);
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, recovery)).status, 303);
  EXPECT_EQ(sign_in(credentials("anna@example.org", password, recovery)).status, 422) << "each once";
}

TEST_F(PeoplePages, ALinkChoosesAPasswordOnceAndDoesNotStandForASecondFactor) {
  const auto number = world.account("anna@example.org", {only(Role::auditor)});
  const auto link = [&] {
    return "/link/" +
           access::new_link(world.door, "905", number, access::LinkPurpose::invitation, std::chrono::hours{1});
  };
  const auto path = link();
  EXPECT_EQ(world.ask("GET", path).status, 200);
  const auto form = fmt::format("password={0}&again={0}", password);
  EXPECT_EQ(world.ask("POST", path, "", "password=short&again=short").status, 422);
  EXPECT_EQ(world.ask("POST", path, "", fmt::format("password={}&again=else", password)).status, 422);
  const auto used = world.ask("POST", path, "", form);
  EXPECT_EQ(used.status, 303);
  EXPECT_EQ(world.get(token_in(used), "/").status, 200);
  EXPECT_EQ(world.ask("POST", path, "", form).status, 404);
  EXPECT_EQ(sign_in(credentials("anna@example.org")).status, 303);

  const auto secret = access::offer_second_factor(world.door, "905", number);
  ASSERT_FALSE(
      access::confirm_second_factor(world.door, "905", number, access::totp_code(secret, access::totp_step(now())))
          .empty());
  const auto again = world.ask("POST", link(), "", form);
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
  EXPECT_EQ(world.post(here, "/account/sessions/" + other + "/end").status, 303);
  EXPECT_EQ(world.get(there, "/").status, 303) << "revoked";
  world.script("UPDATE answerable.session SET ends_at = now() - interval '1 second', seen_at = now()");
  EXPECT_EQ(world.get(here, "/").status, 303) << "old, although in use";
}

TEST_F(PeoplePages, AProxyIsBelievedOnTheSocketAndNowhereElse) {
  person_with_password("anna@example.org", Role::auditor);
  person_with_password("bert@example.org", Role::guardian);
  EXPECT_EQ(world.ask("GET", "/", vouched("anna@example.org")).status, 303);
  const auto in = world.ask_by_socket("GET", "/", vouched("anna@example.org"));
  ASSERT_EQ(in.status, 200);
  EXPECT_THAT(world.ask_by_socket("GET", "/account", vouched("anna@example.org")).body, HasSubstr("anna@example.org"));
  const std::string cookie = "Cookie: __Host-answerable=" + token_in(in) + "\r\n";
  const auto next = world.ask_by_socket("GET", "/", vouched("anna@example.org") + cookie);
  EXPECT_EQ(next.status, 200);
  EXPECT_EQ(next.field("Set-Cookie"), "") << "the session goes on";
  const auto other = world.ask_by_socket("GET", "/account", vouched("bert@example.org") + cookie);
  EXPECT_THAT(other.body, HasSubstr("bert@example.org")) << "whoever the proxy says now";
  EXPECT_EQ(world.ask_by_socket("GET", "/", vouched("nobody@example.org")).status, 303);
  EXPECT_EQ(world.ask_by_socket("GET", "/", vouched("anna@example.org", "912")).status, 303);
  EXPECT_EQ(world.ask_by_socket("GET", "/", "X-Answerable-Email: anna@example.org\r\n").status, 303);
}

TEST(PeoplePagesAlone, WithoutSingleSignOnNobodyIsVouchedFor) {
  PeopleWorld world(false);
  world.account("anna@example.org", {only(Role::auditor)});
  EXPECT_EQ(
      world.ask_by_socket("GET", "/", "X-Answerable-Email: anna@example.org\r\nX-Answerable-Council: 905\r\n").status,
      303);
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
  EXPECT_EQ(world.post(token, "/people/open", "identifier=12&purpose=complaint&reference=R").status, 422);
  EXPECT_EQ(world.post(token, "/people/open", "identifier=9990000018&purpose=audit&reference=R").status, 403);
  const auto opened = world.post(token, "/people/open", "identifier=case:C-25-7&purpose=complaint&reference=C-25-7");
  ASSERT_EQ(opened.status, 303) << opened.body;
  EXPECT_EQ(opened.field("Location"), ada);
  const auto trail = world.get(token, ada);
  ASSERT_EQ(trail.status, 200) << trail.body;
  EXPECT_THAT(trail.body, AllOf(HasSubstr("Ada Example"), HasSubstr("Who has read this record"), HasSubstr("GAP")));
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
  EXPECT_THAT(world.get(guardian, "/reading?from=2020-01-01&to=2020-01-31").body, Not(HasSubstr("c@example.org")));
  EXPECT_EQ(world.get(guardian, "/reading?from=yesterday").status, 400);
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
  const auto shown = world.get(token, fmt::format("/people/{}", subject)).body;
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
  const auto changed = world.post(token, path + "/disabled", "disabled=yes");
  ASSERT_EQ(changed.status, 303) << changed.body;
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

}  // namespace
}  // namespace answerable::service::testing
