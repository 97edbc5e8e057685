// What is sent from the pages goes through the real intake, over HTTP, by the session of whoever sends it.
#include "reports/service/sending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "ingest/http/client.hpp"
#include "ingest/http/problem.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::HasSubstr;

std::string review(int number, const std::string& completed = "2025-09-01") {
  return fmt::format(
      R"(<review xmlns="urn:answerable:review:1" id="R-{}"><person scheme="nhs-number">9990000018</person><type>plan</type><completed>{}</completed></review>)",
      number, completed);
}

std::string file_of(const std::string& message, const std::string& records, const char* sender = "ods:RH5") {
  const std::string_view key(sender);
  return fmt::format(
      R"(<submission xmlns="urn:answerable:submission:1"><header><messageId>{}</messageId><sender scheme="{}" code="{}">Who</sender>
<authority scheme="cassr" code="905">A council</authority><createdAt>2025-10-01T09:00:00Z</createdAt><sourceSystem>pages</sourceSystem></header><records>{}</records></submission>)",
      message, key.substr(0, key.find(':')), key.substr(key.find(':') + 1), records);
}

class SendingFromPages : public ::testing::Test {
 protected:
  std::string token(Role role, const std::string& email = "anna@example.org") {
    const auto organisation =
        access::of_provider(role) ? std::optional<std::string>("ods:RH5") : std::optional<std::string>{};
    return world.token_of(world.account(email, {only(role)}, "905", organisation));
  }

  PeopleWorld world;
  const Sending sending{world.way_in()};
};

TEST_F(SendingFromPages, WhatIsGoodIsTakenInAndSentAgainIsTheSame) {
  const auto who = token(Role::provider_submitter);
  const auto first = std::get<Taken>(sending.submit(who, file_of("P-1", review(1))));
  EXPECT_EQ(first.stored, 1);
  EXPECT_FALSE(first.repeated);
  const auto again = std::get<Taken>(sending.submit(who, file_of("P-1", review(1))));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.submission, first.submission);
}

TEST_F(SendingFromPages, WhatIsWrongComesBackWithItsPlace) {
  const auto who = token(Role::provider_manager);
  const auto odd = sending.check(who, file_of("P-0", review(9, R"(14.1"\/}]&lt;/script>)")));
  ASSERT_FALSE(odd.faults.empty());
  EXPECT_THAT(odd.faults.front().sent, HasSubstr(R"(14.1"\/}])")) << "whatever it says is a string in the JSON";
  const auto checked = sending.check(who, file_of("P-2", review(2) + review(3, "14.1.2020")));
  EXPECT_EQ(checked.would_store, 1);
  EXPECT_EQ(checked.would_hold, 1);
  const auto sent = std::get<Taken>(sending.submit(who, file_of("P-2", review(2) + review(3, "14.1.2020"))));
  EXPECT_EQ(sent.held, 1);
  const auto refused = std::get<Refused>(sending.submit(who, "<submission"));
  ASSERT_FALSE(refused.faults.empty());
  EXPECT_GT(refused.faults.front().line, 0);
  EXPECT_NE(refused.faults.front().mend, "");
}

TEST_F(SendingFromPages, NobodySendsForAnother) {
  const auto refused = std::get<Refused>(
      sending.submit(token(Role::provider_submitter), file_of("P-3", review(4), "cqc-provider:1-1000000001")));
  EXPECT_EQ(refused.faults.front().code, "sender.not-yours");
  const auto council = token(Role::complaints_officer, "cora@example.org");
  EXPECT_EQ(std::get<Taken>(sending.submit(council, file_of("P-4", review(5), "cassr:905"))).stored, 1);
  EXPECT_TRUE(std::holds_alternative<Refused>(sending.submit(council, file_of("P-5", review(6)))));
  for (const Role role : {Role::auditor, Role::guardian, Role::administrator})
    EXPECT_THROW(sending.submit(token(role, std::string(access::word(role)) + "@example.org"),
                                file_of("P-6", review(7), "cassr:905")),
                 http::Problem)
        << access::word(role);
  EXPECT_THROW(sending.submit(std::string(64, 'a'), file_of("P-7", review(8))), http::Problem);
}

/// Bearer tokens of sessions are for the pages, which are on this machine: a proxy says for whom it asks.
TEST_F(SendingFromPages, ASessionIsNoKeyForWhoComesThroughAProxy) {
  const auto who = token(Role::provider_submitter);
  const std::string file = file_of("P-8", review(9));
  const auto ask = [&](std::vector<std::pair<std::string, std::string>> more) {
    std::istringstream body(file);
    more.emplace_back("Authorization", "Bearer " + who);
    more.emplace_back("Content-Type", "application/xml");
    return http::ask({.server = world.way_in(),
                      .method = "POST",
                      .path = "/checks",
                      .headers = more,
                      .body = &body,
                      .bytes = file.size()});
  };
  EXPECT_EQ(ask({{"X-Forwarded-For", "192.0.2.1"}}).status, 401);
  EXPECT_EQ(ask({}).status, 200);
}

TEST_F(SendingFromPages, AFileThatIsTakenInLaterTellsHowFarItIs) {
  const auto who = token(Role::provider_submitter);
  std::string records;
  for (int i = 0; records.size() < 2 * PeopleWorld::large; ++i) records += review(100 + i);
  const auto waiting = std::get<Waiting>(sending.submit(who, file_of("P-9", records)));
  EXPECT_GT(waiting.bytes, PeopleWorld::large);
  std::optional<Sent> told;
  for (int tried = 0; tried < 300; ++tried) {
    told = sending.upload(who, waiting.upload);
    if (!told || !std::holds_alternative<Waiting>(*told)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(told);
  EXPECT_GT(std::get<Taken>(*told).stored, 1000);
  const auto other = world.token_of(
      world.account("other@example.org", {only(Role::provider_submitter)}, "905", "cqc-provider:1-1000000001"));
  EXPECT_FALSE(sending.upload(other, waiting.upload)) << "another sender's";
}

TEST_F(SendingFromPages, AWayInThatDoesNotAnswerIsSaidToBeSafeToTryAgain) {
  const auto who = token(Role::provider_submitter);
  try {
    Sending("http://127.0.0.1:1").submit(who, file_of("P-10", review(10)));
    FAIL() << "nobody listens there";
  } catch (const http::Problem& problem) {
    EXPECT_EQ(problem.status, 503);
    EXPECT_THAT(problem.detail, HasSubstr("twice"));
  }
}

}  // namespace
}  // namespace answerable::service::testing
