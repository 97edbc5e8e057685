// Contract monitoring through its pages: over a real server, a real database and its ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <map>
#include <regex>
#include <sstream>
#include <thread>

#include "audit/engine/identity.hpp"
#include "audit/service/worker.hpp"
#include "ingest/digest.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* far_away = "until-day=1&until-month=1&until-year=2100";

class Monitoring : public ::testing::Test {
 protected:
  void SetUp() override {
    officer_ = signed_in("officer@example.org", Role::contract_monitoring_officer);
    colleague_ = signed_in("colleague@example.org", Role::contract_monitoring_officer);
    const auto manager = world.account("manager@example.org", {only(Role::provider_manager)}, "905", "ods:RH5");
    manager_ = world.token_of(manager);
  }
  /// Who monitors S79-REVIEWS.
  std::string signed_in(const std::string& email, Role role) {
    const auto number = world.account(email, {only(role)});
    access::assign(world.door, "905", number, "agreement", "S79-REVIEWS");
    return world.token_of(number);
  }

  std::string value(const pg::Statement& statement, const auto&... values) {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto row = transaction.run_one(statement, values...);
    return row.is_null(0, 0) ? "NULL" : std::string(row.text(0, 0));
  }
  /// Of the trust, about Ada, under the agreement; the n-th from 0.
  std::string finding(int n = 0) {
    static constexpr pg::Statement one{
        "test.monitored_finding",
        "SELECT answerable.finding_name(finding) FROM answerable.open_finding WHERE authority = '905' AND actor = "
        "'ods:RH5' AND agreement = 'S79-REVIEWS' AND answerable.needs_attention(outcome) ORDER BY finding OFFSET $1 "
        "LIMIT 1"};
    return value(one, std::int64_t{n});
  }
  /// The newest event of a kind that has its leaf on the ledger, as it is written there.
  std::string leaf(const char* kind) {
    static constexpr pg::Statement newest{"test.leaf_of",
                                          "SELECT max(e.content) FROM answerable.event e WHERE e.event = (SELECT "
                                          "max(e.event) FROM answerable.event e JOIN "
                                          "answerable.to_ledger t ON t.authority = e.authority AND t.kind = 'event' "
                                          "AND t.key = e.event WHERE e.kind = $1)"};
    return value(newest, kind);
  }
  /// What is wanted of the trust, one line each.
  std::string wanted() {
    static constexpr pg::Statement all{
        "test.wanted",
        "SELECT coalesce(string_agg(what || ' ' || reference || ' ' || coalesce(sentence, ''), E'\\n'), '') FROM "
        "answerable.wanted()"};
    pg::Connection reports(world.as("answerable_reports"), "test");
    const access::Acting acting(reports, manager_);
    pg::Transaction transaction(reports, pg::Access::read_only);
    return std::string(transaction.run_one(all).text(0, 0));
  }
  /// As the provider's own pages do it.
  std::int64_t reply(std::int64_t request, const char* words) {
    static constexpr pg::Statement answer{"test.reply", "SELECT answerable.reply_to_request($1, $2, NULL)"};
    pg::Connection reports(world.as("answerable_reports"), "test");
    const access::Acting acting(reports, manager_);
    pg::Transaction transaction(reports, pg::Access::read_write);
    const auto row = transaction.run_one(answer, request, words);
    const auto number = row.is_null(0, 0) ? -1 : row.int64(0, 0);
    transaction.commit();
    return number;
  }
  std::int64_t newest_request() {
    static constexpr pg::Statement newest{"test.newest_request", "SELECT max(request)::text FROM answerable.request"};
    return std::stoll(value(newest));
  }
  std::string ask(const std::string& about) {
    const auto answer = world.post(officer_, "/findings/act",
                                   fmt::format("act=ask&finding={}&text=Send+the+review+record&{}", about, far_away));
    EXPECT_EQ(answer.status, 303) << answer.body;
    return answer.field("Location");
  }
  std::string card(const char* standing) {
    static constexpr pg::Statement count{
        "test.standing",
        "SELECT coalesce(sum(findings), 0)::text FROM answerable.standings('ods:RH5') WHERE standing = $1"};
    pg::Connection reports(world.as("answerable_reports"), "test");
    const access::Acting acting(reports, officer_);
    pg::Transaction transaction(reports, pg::Access::read_only);
    return std::string(transaction.run_one(count, standing).text(0, 0));
  }

  PeopleWorld world;
  std::string officer_, colleague_, manager_;
};

TEST_F(Monitoring, WhatIsAskedIsOnTheLedgerAndIsWantedOfWhoeverActed) {
  const auto about = finding();
  EXPECT_EQ(ask(about), "/findings/" + about);
  EXPECT_THAT(leaf("request"), AllOf(HasSubstr("Send the review record"), HasSubstr("ods:RH5"), HasSubstr(about),
                                     HasSubstr("2100-01-01"), HasSubstr("Made Up")));
  EXPECT_THAT(wanted(), HasSubstr(fmt::format("request {} Send the review record", newest_request())));
  EXPECT_THAT(world.get(officer_, "/findings/" + about).body, HasSubstr("Asked for evidence"));
  EXPECT_THAT(world.get(officer_, "/findings?state=asked").body, HasSubstr(about));
  EXPECT_THAT(world.get(officer_, "/findings?state=not-asked").body, Not(HasSubstr(about)));
  const auto again =
      world.post(officer_, "/findings/act", fmt::format("act=ask&finding={}&text=Once+more&{}", about, far_away));
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, AllOf(HasSubstr("They were asked already"), HasSubstr("Once more")))
      << "what was typed is kept";
}

TEST_F(Monitoring, AFormThatSaysTooLittleSaysWhereAndKeepsWhatWasTyped) {
  const auto answer =
      world.post(officer_, "/findings/act",
                 fmt::format("act=ask&finding={}&text=&until-day=31&until-month=2&until-year=2100", finding()));
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body,
              AllOf(HasSubstr("Say what you ask for"), HasSubstr("must be a real day"), HasSubstr("href=\"#text\""),
                    HasSubstr("href=\"#until-day\""), HasSubstr("value=\"31\"")));
  EXPECT_THAT(world
                  .post(officer_, "/findings/act",
                        fmt::format("act=ask&finding={}&text=x&until-day=1&until-month=1&until-year=2020", finding()))
                  .body,
              HasSubstr("The last day must not be past"));
  EXPECT_EQ(leaf("request"), "NULL");
}

TEST_F(Monitoring, SeveralFindingsAreAskedAboutInOneLetter) {
  const auto one = finding(0), other = finding(1);
  ASSERT_NE(one, other);
  ask(one + "&finding=" + other);
  static constexpr pg::Statement letters{"test.letters",
                                         "SELECT count(DISTINCT letter) || ' of ' || count(*) FROM answerable.request"};
  EXPECT_EQ(value(letters), "1 of 2");
}

TEST_F(Monitoring, AnExplanationIsAcceptedAndTheFindingStaysOpen) {
  const auto about = finding();
  ask(about);
  EXPECT_EQ(card("explained"), "0");
  const auto before = card("replying");
  const auto number = reply(newest_request(), "The record is on paper and is being scanned.");
  ASSERT_GT(number, 0);
  EXPECT_EQ(reply(newest_request(), "Twice"), -1) << "one waits for a decision";
  EXPECT_THAT(leaf("reply"), HasSubstr("on paper"));
  EXPECT_THAT(wanted(), Not(HasSubstr("request ")));
  EXPECT_THAT(world.get(officer_, "/requests").body, HasSubstr(fmt::format("/replies/{}", number)));
  const auto decide = fmt::format("/replies/{}", number);
  EXPECT_THAT(world.get(officer_, decide).body, HasSubstr("on paper"));
  EXPECT_EQ(world.post(officer_, decide, "decision=accepted&reason=").status, 422);
  EXPECT_EQ(world.post(officer_, decide, "decision=accepted&reason=It+was+seen").status, 303);
  EXPECT_EQ(world.post(officer_, decide, "decision=accepted&reason=Again").status, 403) << "decided already";
  EXPECT_THAT(leaf("reply-decision"), AllOf(HasSubstr("accepted"), HasSubstr("It was seen")));
  EXPECT_EQ(card("explained"), "1");
  EXPECT_EQ(std::stoi(card("replying")), std::stoi(before) - 1);
  EXPECT_EQ(card("against"), "0") << "found today: the right of reply";
  EXPECT_THAT(wanted(), Not(HasSubstr("finding " + about)));
  EXPECT_THAT(world.get(officer_, "/findings?state=explained").body, HasSubstr(about)) << "and it is still open";
}

TEST_F(Monitoring, AnExplanationThatIsNotAcceptedIsAskedForAgain) {
  ask(finding());
  const auto number = reply(newest_request(), "We think so.");
  EXPECT_EQ(world.post(officer_, fmt::format("/replies/{}", number), "decision=not-accepted&reason=No+record").status,
            303);
  EXPECT_THAT(wanted(), HasSubstr(fmt::format("request {}", newest_request())));
  EXPECT_GT(reply(newest_request(), "Here it is."), 0);
}

TEST_F(Monitoring, TheRightOfReplyEndsAfterFourteenDays) {
  EXPECT_EQ(card("against"), "0");
  const auto all = card("replying");
  world.script("UPDATE answerable.open_finding SET found_on = found_on - 13 WHERE authority = '905'");
  EXPECT_EQ(card("against"), "0");
  world.script("UPDATE answerable.open_finding SET found_on = found_on - 1 WHERE authority = '905'");
  EXPECT_EQ(card("against"), all);
  EXPECT_EQ(card("replying"), "0");
}

TEST_F(Monitoring, AReminderIsMadeOnceADayAndOnlyWhileNobodyAnswered) {
  ask(finding());
  const auto remind = fmt::format("request={}", newest_request());
  EXPECT_THAT(world.get(officer_, "/requests?show=overdue").body, Not(HasSubstr("Remind those chosen")));
  world.script("UPDATE answerable.request SET until = '2020-01-01'");
  EXPECT_THAT(world.get(officer_, "/requests?show=overdue").body, HasSubstr("Remind those chosen"));
  EXPECT_EQ(world.post(officer_, "/requests/remind", remind).status, 303);
  EXPECT_THAT(leaf("reminder"), AllOf(HasSubstr("portal"), HasSubstr("ods:RH5")));
  EXPECT_EQ(world.post(officer_, "/requests/remind", remind).status, 422);
  world.script("UPDATE answerable.reminder SET reminded_at = reminded_at - interval '1 day'");
  reply(newest_request(), "Here it is.");
  EXPECT_EQ(world.post(officer_, "/requests/remind", remind).status, 422);
}

TEST_F(Monitoring, NobodySetsAsideWithoutASecondPerson) {
  const auto about = finding();
  EXPECT_EQ(world
                .post(officer_, "/findings/act",
                      fmt::format("act=set-aside&finding={}&text=Double+entry&{}", about, far_away))
                .status,
            303);
  static constexpr pg::Statement decided{
      "test.decided",
      "SELECT coalesce(string_agg(decision || ' ' || reason || ' ' || until, ';'), '') FROM "
      "answerable.finding_decision WHERE authority = '905'"};
  EXPECT_EQ(value(decided), "");
  static constexpr pg::Statement newest{"test.newest_approval", "SELECT max(approval)::text FROM answerable.approval"};
  const auto path = "/approvals/" + value(newest);
  EXPECT_EQ(world.post(officer_, path, "decision=approved").status, 403) << "who asked does not decide";
  EXPECT_EQ(value(decided), "");
  EXPECT_THAT(world.get(officer_, "/findings/" + about).body, HasSubstr("Another person has to decide"));
  EXPECT_EQ(world.post(colleague_, path, "decision=approved").status, 303);
  EXPECT_EQ(value(decided), "set-aside Double entry 2100-01-01");
  EXPECT_THAT(leaf("decision"), HasSubstr("Double entry"));
  EXPECT_THAT(world.get(officer_, "/findings").body, Not(HasSubstr(about)));
  EXPECT_THAT(world.get(officer_, "/findings?state=set-aside").body, HasSubstr(about));
  EXPECT_EQ(card("set-aside"), "1");
  EXPECT_THAT(wanted(), Not(HasSubstr("finding " + about)));

  // Whoever follows it up opens it again, with a reason; the provider does not.
  const auto again = [&](const std::string& token, const std::string& why) {
    return world.post(token, "/findings/act", fmt::format("act=reopen&finding={}&text={}", about, why));
  };
  EXPECT_THAT(world.get(officer_, "/findings/" + about).body,
              AllOf(HasSubstr("act=reopen"), Not(HasSubstr("act=set-aside"))));
  EXPECT_EQ(again(officer_, "").status, 422);
  EXPECT_EQ(again(manager_, "x").status, 403);
  EXPECT_EQ(again(colleague_, "It+was+no+double+entry").status, 303);
  EXPECT_EQ(value(decided), "set-aside Double entry 2100-01-01") << "what was decided stays";
  EXPECT_THAT(leaf("decision"),
              AllOf(HasSubstr("reopened"), HasSubstr("It was no double entry"), HasSubstr("Made Up")));
  EXPECT_THAT(world.get(officer_, "/findings/" + about).body,
              AllOf(HasSubstr("It was no double entry"), HasSubstr("act=set-aside"), Not(HasSubstr("act=reopen"))));
  EXPECT_THAT(world.get(officer_, "/findings").body, HasSubstr(about));
  EXPECT_EQ(card("set-aside"), "0");
  EXPECT_EQ(again(officer_, "Once+more").status, 422) << "it is not set aside";
}

TEST_F(Monitoring, WhatCameToSomethingElseMeanwhileIsNotSetAside) {
  const auto about = finding();
  world.post(officer_, "/findings/act", fmt::format("act=set-aside&finding={}&text=x", about));
  world.script(
      "UPDATE answerable.open_finding SET outcome = CASE outcome WHEN 'breached' THEN 'not-evidenced' ELSE 'breached' "
      "END");
  static constexpr pg::Statement newest{"test.newest_approval", "SELECT max(approval)::text FROM answerable.approval"};
  EXPECT_EQ(world.post(colleague_, "/approvals/" + value(newest), "decision=approved").status, 303);
  static constexpr pg::Statement count{"test.decisions", "SELECT count(*)::text FROM answerable.finding_decision"};
  EXPECT_EQ(value(count), "0");
}

TEST_F(Monitoring, APlanIsNotSentUntilEveryIssueHasAnAction) {
  const auto one = finding(0), other = finding(1);
  const auto drafted =
      world.post(officer_, "/findings/act", fmt::format("act=plan&finding={}&finding={}&text=Reviews", one, other));
  ASSERT_EQ(drafted.status, 303) << drafted.body;
  const auto plan = drafted.field("Location");
  EXPECT_EQ(world.get(colleague_, plan).status, 404) << "a draft is its maker's";
  const auto add = [&](const std::string& about) {
    return world
        .post(officer_, plan + "/actions",
              fmt::format("finding={0}&what=Scan+it&until-{0}-day=1&until-{0}-month=1&until-{0}-year=2100", about))
        .status;
  };
  EXPECT_EQ(world.post(officer_, plan + "/send").status, 422);
  EXPECT_THAT(world.get(officer_, plan).body,
              AllOf(HasSubstr("two issues have none yet"), Not(HasSubstr("Send the plan"))));
  EXPECT_EQ(add(one), 303);
  const auto refused = world.post(officer_, plan + "/send");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("Every issue needs an action"));
  EXPECT_EQ(leaf("action-plan"), "NULL");
  EXPECT_EQ(add(other), 303);
  EXPECT_THAT(world.get(officer_, plan).body, HasSubstr("Send the plan"));
  EXPECT_EQ(world.post(officer_, plan + "/send").status, 303);
  EXPECT_THAT(leaf("action-plan"), HasSubstr("Scan it"));
  EXPECT_THAT(wanted(), HasSubstr("Scan it"));
  EXPECT_EQ(world.get(colleague_, plan).status, 200);
  EXPECT_EQ(add(one), 404) << "sent, it is not changed";
}

TEST_F(Monitoring, EscalatingAndLinkingAreOnTheLedger) {
  const auto about = finding();
  EXPECT_EQ(world.post(officer_, "/findings/act", fmt::format("act=escalate&finding={}&to=Head&text=Third+time", about))
                .status,
            303);
  EXPECT_THAT(leaf("escalation"), AllOf(HasSubstr("Head"), HasSubstr("Third time")));
  EXPECT_EQ(world.post(officer_, "/findings/act", fmt::format("act=complaint&finding={}&to=C-25-7", about)).status,
            303);
  EXPECT_THAT(leaf("complaint-link"), HasSubstr("C-25-7"));
  EXPECT_THAT(world.get(officer_, "/findings/" + about).body,
              AllOf(HasSubstr("Escalated to Head"), HasSubstr("Linked to complaint C-25-7")));
}

TEST_F(Monitoring, AFindingClosesOnNewEvidenceAndTheFiguresFollow) {
  static constexpr pg::Statement differs{
      "test.recount",
      "WITH recount AS (SELECT authority, actor, agreement, rule, outcome, answerable.finding_month(due, trigger_last) "
      "AS "
      "month, count(*) AS findings FROM answerable.finding GROUP BY 1, 2, 3, 4, 5, 6),"
      " kept AS (SELECT * FROM answerable.finding_tally WHERE findings <> 0),"
      " open AS (SELECT authority, finding, run, outcome, actor FROM answerable.finding WHERE "
      "answerable.needs_attention(outcome) "
      "OR outcome = 'unknown' OR (outcome = 'pending' AND due IS NOT NULL))"
      " SELECT ((SELECT count(*) FROM (SELECT * FROM recount EXCEPT SELECT * FROM kept) a) + (SELECT count(*) FROM "
      "(SELECT "
      "* FROM kept EXCEPT SELECT * FROM recount) b) + (SELECT count(*) FROM (SELECT * FROM open EXCEPT SELECT "
      "authority, "
      "finding, run, outcome, actor FROM answerable.open_finding) c) + abs((SELECT count(*) FROM open) - (SELECT "
      "count(*) "
      "FROM answerable.open_finding)))::text || ' of ' || (SELECT count(*) > 5 FROM kept)"};
  EXPECT_EQ(value(differs), "0 of true");
  const auto closed = [&] {
    static constexpr pg::Statement sum{
        "test.closed", "SELECT coalesce(sum(closed), 0)::text FROM answerable.run_change WHERE authority = '905'"};
    return value(sum);
  };
  EXPECT_EQ(closed(), "0");
  static constexpr pg::Statement open{
      "test.open_evidence",
      "SELECT count(*)::text FROM answerable.open_finding WHERE authority = '905' AND actor = 'ods:RH5' AND "
      "outcome = 'not-evidenced'"};
  const auto before = std::stoi(value(open));
  ASSERT_GT(before, 0);
  world.take_in(
      R"(<review xmlns="urn:answerable:review:1" id="REV-2" corrects="REV-1"><person scheme="nhs-number">9990000018</person><type>plan</type><completed>2024-09-12</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>present</state><is>review-record</is><created>2024-09-12</created><covers>needs support</covers></evidence></review>)",
      true, "2026-02-01");
  EXPECT_LT(std::stoi(value(open)), before);
  EXPECT_EQ(value(differs), "0 of true") << "after corrections";
  EXPECT_GT(std::stoi(closed()), 0);
  world.take_in(
      R"(<person xmlns="urn:answerable:person:1" id="PER-9"><person scheme="nhs-number">9990000018</person><name>Ada Example</name></person>)",
      false, "2027-06-01");
  EXPECT_EQ(value(differs), "0 of true") << "after days that came";
}

TEST_F(Monitoring, OfFindingsOfOneDayThoseOfTheLastAuditAreFoundLast) {
  static constexpr pg::Statement judged_as_of{"test.judged_as_of", "SELECT max(as_of)::text FROM answerable.audit_run"};
  world.take_in(
      R"(<review xmlns="urn:answerable:review:1" id="REV-2"><person scheme="nhs-number">9990000018</person><type>plan</type><completed>2024-10-12</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>)",
      true, value(judged_as_of).c_str());
  const auto list = world.get(officer_, "/findings?rule=deleg.guidance.evidence&sort=newest").body;
  const auto before = list.find("September 2024"), now = list.find("12 October 2024");
  ASSERT_NE(before, std::string::npos) << list;
  ASSERT_NE(now, std::string::npos) << list;
  EXPECT_LT(now, before);
}

TEST_F(Monitoring, ASampleCanBeDrawnAgainByItsSeed) {
  const auto drawn = world.post(officer_, "/samples", "agreement=S79-REVIEWS&size=5&seed=dice+6+4+2");
  ASSERT_EQ(drawn.status, 303) << drawn.body;
  const auto page = world.get(officer_, drawn.field("Location")).body;
  const auto ada = world.subject("nhs-number", "9990000018");
  EXPECT_THAT(page, HasSubstr(hex(sha256(as_bytes(fmt::format("dice 6 4 2/{}", ada))))));
  EXPECT_THAT(
      page,
      Not(HasSubstr(hex(sha256(as_bytes(fmt::format("dice 6 4 2/{}", world.subject("nhs-number", "9990000026"))))))))
      << "Bea has no record under the agreement";
  EXPECT_THAT(leaf("sample"), AllOf(HasSubstr("dice 6 4 2"), HasSubstr(fmt::format("[{}]", ada))));
  const auto csv = world.get(officer_, drawn.field("Location") + "/population.csv");
  EXPECT_THAT(csv.body, AllOf(HasSubstr("case,sha256,drawn"), HasSubstr(",yes")));
  EXPECT_EQ(world.post(officer_, "/samples", "agreement=OTHER&size=5&seed=x").status, 422);
  EXPECT_EQ(world.post(officer_, "/samples", "agreement=S79-REVIEWS&size=9999&seed=x").status, 422);
}

TEST_F(Monitoring, TheOverviewTellsWhatChangedSinceSomebodyLooked) {
  const auto first = world.get(officer_, "/").body;
  EXPECT_THAT(
      first, AllOf(HasSubstr("In the last seven days"), HasSubstr("findings came to need attention"),
                   HasSubstr("A trust"), HasSubstr("What needs you today"), HasSubstr("Ledger last verified in full")));
  EXPECT_EQ(world.post(officer_, "/looked").status, 303);
  EXPECT_THAT(world.get(officer_, "/").body,
              AllOf(HasSubstr("Since you last looked"), HasSubstr("No findings came to need attention")));
  EXPECT_THAT(world.get(colleague_, "/").body, HasSubstr("In the last seven days")) << "each their own";

  // From the job that is due at night to what is seen in the morning, and when no night came for a while.
  const auto told = [&] { return world.get(officer_, "/").between("Ledger last verified in full", "</dd>"); };
  const auto today = answerable::words(london_day(now()));
  EXPECT_THAT(told(), HasSubstr("Not yet"));
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("answerable-night-{}", ::getpid());
  std::filesystem::create_directory(folder);
  std::FILE* const out = std::fopen((folder / "log").c_str(), "w");
  {
    pg::Connection audit(world.owner_conninfo(), "tests", "answerable_audit");
    Jobs(audit, "tests").plan("905", JobKind::verify, now());
    Log log("audit", out);
    Metrics metrics;
    const Worker worker(world.owner_conninfo(), "answerable_audit", ledger::Keys(folder / "keys"), log, metrics);
    for (int i = 0; i < 1200 && told().find("today") == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  std::fclose(out);
  std::filesystem::remove_all(folder);
  EXPECT_THAT(told(), AllOf(HasSubstr("(today): everything holds"), HasSubstr(today)));
  {
    pg::Transaction transaction(world.owner, pg::Access::read_write);
    pg::Administration(world.owner)
        .run_script("five nights",
                    "UPDATE answerable.verification SET at = at - interval '5 days' WHERE authority = '905'");
    transaction.commit();
  }
  EXPECT_THAT(told(), AllOf(HasSubstr(">Old<"), HasSubstr("(5 days ago): everything held")));
}

TEST_F(Monitoring, AViewIsKeptForWhoKeptIt) {
  EXPECT_EQ(world.post(officer_, "/findings/views", "name=Old+ones&query=state%3Dnot-asked%26sort%3Ddue").status, 303);
  EXPECT_THAT(world.get(officer_, "/findings").body,
              AllOf(HasSubstr("Old ones"), HasSubstr("/findings?state=not-asked&amp;sort=due")));
  EXPECT_THAT(world.get(colleague_, "/findings").body, Not(HasSubstr("Old ones")));
  EXPECT_EQ(world.post(officer_, "/findings/views/forget", "name=Old+ones").status, 303);
  EXPECT_THAT(world.get(officer_, "/findings").body, Not(HasSubstr("Old ones")));
}

TEST_F(Monitoring, AProvidersPageAndItsReportShowWhoDoesWhatForWhom) {
  static constexpr pg::Statement number{
      "test.organisation",
      "SELECT organisation::text FROM answerable.organisation WHERE authority = '905' AND code = 'RH5'"};
  const auto path = "/providers/" + value(number);
  EXPECT_THAT(world.get(officer_, path).body,
              AllOf(HasSubstr("S79-REVIEWS"), HasSubstr("Scorecard"), HasSubstr("95% interval")));
  const auto report = world.get(officer_, path + "/report");
  EXPECT_THAT(report.body, AllOf(HasSubstr("Contract monitoring report: A trust"),
                                 HasSubstr("not shown: too few people stand behind it"), Not(HasSubstr("Ada"))));
  EXPECT_THAT(world.get(officer_, path + "/report.pdf").body, ::testing::StartsWith("%PDF-1.7"));
  // All of it was found today: shares take in what is still within the right of reply, the scorecard does not.
  std::istringstream figures(world.get(officer_, path + "/figures.csv").body);
  std::map<std::string, std::pair<int, int>> share;
  for (std::string line; std::getline(figures, line);) {
    static const std::regex of_rows("([^,]+,[^,]+),(\\d+),(\\d+)\r?");
    if (std::smatch of; std::regex_match(line, of, of_rows)) share[of[1]] = {std::stoi(of[2]), std::stoi(of[3])};
  }
  const auto [done, all] = share.at("shown-to-be-done,all");
  EXPECT_EQ(share.at("shown-as-it-counts,all"), std::pair(done, done));
  EXPECT_GT(all, done);
  EXPECT_EQ(share.at("shown-to-be-done-by-rule,deleg.guidance.evidence").first, 0);
  EXPECT_GT(share.at("shown-to-be-done-by-rule,deleg.guidance.evidence").second, 0);
  EXPECT_THAT(world.get(officer_, "/providers").body, HasSubstr("A trust"));
  const auto sheet = world.get(officer_, path + "/report.ods");
  EXPECT_EQ(sheet.field("Content-Type"), "application/vnd.oasis.opendocument.spreadsheet");
  EXPECT_THAT(sheet.body, AllOf(HasSubstr("Agreements over time"), HasSubstr("S79-REVIEWS"), Not(HasSubstr("Ada"))));
}

TEST_F(Monitoring, WordsThatTooManyRecordsHoldAreRefusedAndNobodyIsRead) {
  constexpr const char* sought = "within=commonplace&purpose=monitoring&reference=M-1";
  EXPECT_EQ(world.post(officer_, "/search/records", sought).status, 200);
  world.script(
      "ALTER TABLE answerable.record_words DROP CONSTRAINT record_words_authority_number_fkey;"
      "INSERT INTO answerable.record_words SELECT '905', n, 1, to_tsvector('english', 'commonplace') "
      "FROM generate_series(1000001, 1020001) n");
  const auto refused = world.post(officer_, "/search/records", sought);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("More than 20,000 records hold these words"));
  EXPECT_EQ(leaf("read"), "NULL");
}

/// It was told as too many records that hold the words.
TEST_F(Monitoring, ASearchByWhoHasReadVeryManyPeopleSaysSo) {
  constexpr const char* sought = "within=review&purpose=monitoring&reference=M-1";
  world.script("SELECT answerable.read_words('905', 1000)");
  const auto found = world.post(officer_, "/search/records", sought);
  ASSERT_THAT(found.body, HasSubstr("/people/open?person="));
  world.script(
      "SELECT answerable.append_event('905', 'read', 1, json_build_object('by', name || ' <' || email || '>')::text)"
      " FROM answerable.account CROSS JOIN generate_series(1, 300) WHERE authority = '905'");
  const auto refused = world.post(officer_, "/search/records", sought);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("Nobody opens more than 300 people within an hour"));
}

TEST_F(Monitoring, WhatIsKeptCountedIsWhatIsThere) {
  static constexpr pg::Statement kept{
      "test.tally_differs",
      "WITH there AS (SELECT authority, actor, agreement, rule, outcome, answerable.finding_month(due, trigger_last) "
      "AS "
      "month, count(*) AS findings FROM answerable.finding GROUP BY 1, 2, 3, 4, 5, 6), kept AS (SELECT authority, "
      "actor, "
      "agreement, rule, outcome, month, findings FROM answerable.finding_tally WHERE findings <> 0) SELECT (SELECT "
      "count(*) FROM there)::text || ' groups, ' || (SELECT count(*) FROM ((TABLE there EXCEPT TABLE kept) UNION ALL "
      "(TABLE kept EXCEPT TABLE there)) d) || ' differ'"};
  EXPECT_THAT(value(kept), AllOf(HasSubstr(" groups, 0 differ"), Not(::testing::StartsWith("0 "))));
}

TEST_F(Monitoring, WhatIsWantedIsTheSamePageByPage) {
  static constexpr pg::Statement apart{
      "test.wanted_apart",
      "WITH whole AS (SELECT row_number() OVER () AS place, w.* FROM answerable.wanted() w), one AS (SELECT n.place, "
      "p.* "
      "FROM whole n CROSS JOIN LATERAL answerable.wanted_page('', NULL, n.place - 1, 1) p) SELECT (SELECT count(*) "
      "FROM "
      "whole)::text || ' wanted, ' || (SELECT count(*) FROM whole w JOIN one o USING (place) WHERE o.total = (SELECT "
      "count(*) FROM whole) AND (w.what, w.reference, w.sentence) IS NOT DISTINCT FROM (o.what, o.reference, "
      "o.sentence))"};
  pg::Connection reports(world.as("answerable_reports"), "test");
  const access::Acting acting(reports, manager_);
  pg::Transaction transaction(reports, pg::Access::read_only);
  const std::string told(transaction.run_one(apart).text(0, 0));
  const auto many = told.substr(0, told.find(' '));
  EXPECT_NE(many, "0");
  EXPECT_EQ(told, many + " wanted, " + many);
}

}  // namespace
}  // namespace answerable::service::testing
