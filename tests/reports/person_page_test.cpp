// One person's page and the search that leads to it: as of a day, as known on a day, and nobody who may not know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PersonPage : public ::testing::Test {
 protected:
  std::string auditor() { return world.token_of(world.account("a@example.org", {only(Role::auditor)})); }
  std::string opened(const std::string& token) {
    const auto answer = world.post(token, "/people/open", "identifier=9990000018&purpose=audit&reference=R-1");
    EXPECT_EQ(answer.status, 303);
    return answer.field("Location");
  }
  std::string found(const std::string& token, const std::string& words) {
    const auto answer = world.post(token, "/search", "words=" + words);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }

  PeopleWorld world;
};

TEST_F(PersonPage, ShowsTheirYearsWithHolesAndATableThatSaysTheSame) {
  const auto token = auditor();
  const auto page = world.get(token, opened(token));
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body,
              AllOf(HasSubstr("Ada Example"), HasSubstr("NHS number 999 000 0018"), HasSubstr("<svg role=\"img\""),
                    HasSubstr("stroke-dasharray"), HasSubstr("Should stand here, and does not"), HasSubstr(">Gap<")));
  EXPECT_THAT(page.body, AllOf(HasSubstr("Carers and representatives"), HasSubstr("None on record"),
                               HasSubstr("Made Up &lt;a@example.org&gt;"), HasSubstr("Audit</td>")));
  EXPECT_THAT(page.body, Not(HasSubstr(" style=")));
}

TEST_F(PersonPage, WhatIsFoundAboutThePersonComesBeforeWhatIsFoundAboutAgreements) {
  const auto token = auditor();
  const auto page = world.get(token, opened(token)).body;
  const auto own = page.find("What needs attention"), others = page.find("About the agreements it was done under");
  ASSERT_LT(own, others);
  ASSERT_NE(others, std::string::npos);
  const auto of_agreement = page.find("An authorisation is for a stated period");
  ASSERT_NE(of_agreement, std::string::npos);
  EXPECT_GT(of_agreement, others);
  EXPECT_THAT(page.substr(own, others - own), HasSubstr("September 2024"));
}

TEST_F(PersonPage, LooksFromAnyDayAndFromWhatWasKnownOnAny) {
  const auto token = auditor();
  const auto path = opened(token);
  const auto before = world.get(token, path + "?as-of-day=1&as-of-month=1&as-of-year=2024");
  EXPECT_EQ(before.status, 200);
  EXPECT_THAT(before.body, AllOf(HasSubstr("As of 1 January 2024"), Not(HasSubstr("Review completed"))));
  const auto unknown = world.get(token, path + "?known-day=1&known-month=1&known-year=2020");
  EXPECT_EQ(unknown.status, 404) << "nothing had come in";
  EXPECT_THAT(unknown.body, Not(HasSubstr("Ada")));
  const auto wrong = world.get(token, path + "?as-of-day=31&as-of-month=2&as-of-year=2024");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("There is a problem"));
}

TEST_F(PersonPage, OpensByWhateverNumberOrReferenceIsAtHand) {
  const auto token = auditor();
  const auto opens = [&](const char* typed) {
    return world.post(token, "/people/open", fmt::format("identifier={}&purpose=audit&reference=R-1", typed));
  };
  const auto ada = opens("9990000018").field("Location");
  for (const char* typed : {"999+000+0018", "999-000-0018", "nhs-number%3A9990000018", "case%3AC-25-7", "C-25-7"}) {
    EXPECT_EQ(opens(typed).field("Location"), ada) << typed;
    EXPECT_FALSE(ada.empty());
  }
  EXPECT_EQ(opens("C-99-9").status, 403);
  const auto wrong = opens("9990000019");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("check digit"));
  const auto none = opens("");
  EXPECT_EQ(none.status, 422);
  EXPECT_THAT(none.body, HasSubstr("Say whose record"));
}

TEST_F(PersonPage, TheWholeTrailIsThereToKeep) {
  const auto token = auditor();
  const auto trail = world.get(token, opened(token) + "/trail");
  EXPECT_EQ(trail.status, 200);
  EXPECT_THAT(trail.body, HasSubstr("Audit trail"));
}

TEST_F(PersonPage, ASearchFindsByBeginningsOfNamesAndOpensNothing) {
  const auto token = auditor();
  const auto page = found(token, "exam+AD");
  EXPECT_THAT(page, AllOf(HasSubstr("Ada Example"), Not(HasSubstr("Bea"))));
  EXPECT_THAT(found(token, "Example"),
              AllOf(HasSubstr("Ada Example"), HasSubstr("Bea Example"), Not(HasSubstr("Cy Example"))));
  const auto ada = world.subject("nhs-number", "9990000018");
  EXPECT_EQ(world.get(token, fmt::format("/people/{}", ada)).status, 403) << "not opened by being found";
  const auto purpose = world.get(token, fmt::format("/people/open?person={}", ada));
  EXPECT_THAT(purpose.body, AllOf(HasSubstr("What for"), Not(HasSubstr("Ada"))));
  EXPECT_EQ(world.post(token, "/people/open", fmt::format("person={}&purpose=audit&reference=R-2", ada)).status, 303);
  EXPECT_EQ(world.get(token, fmt::format("/people/{}", ada)).status, 200);
}

TEST_F(PersonPage, ASearchTellsNobodyMoreThanTheyMayKnow) {
  const auto until = london_day(now()) + std::chrono::days{2};
  const auto reader = world.token_of(world.account("reader@example.org", {reader_of("C-25-7", until)}));
  EXPECT_THAT(found(reader, "Example"), AllOf(HasSubstr("Ada Example"), Not(HasSubstr("Bea Example"))));
  const auto manager = world.token_of(world.account("m@example.org", {only(Role::provider_manager)}, "905", "ods:RH5"));
  const auto administrator = world.token_of(world.account("x@example.org", {only(Role::administrator)}));
  const auto unassigned = world.token_of(world.account("cm@example.org", {only(Role::contract_monitoring_officer)}));
  for (const auto& token : {manager, administrator, unassigned}) {
    EXPECT_THAT(found(token, "Example"), HasSubstr("Nothing that you may see was found."));
    EXPECT_THAT(found(token, "9990000018"), HasSubstr("Nothing that you may see was found."));
    EXPECT_THAT(found(token, "C-25-7"), HasSubstr("Nothing that you may see was found."));
  }
  EXPECT_EQ(world.post(manager, "/search", "words=x").status, 422);
}

TEST_F(PersonPage, ASearchFindsNumbersBodiesAgreementsAndLaw) {
  const auto token = auditor();
  EXPECT_THAT(found(token, "999+000+0018"), HasSubstr("A person of that NHS number"));
  EXPECT_THAT(found(token, "9990000034"), Not(HasSubstr("A person"))) << "another council’s";
  EXPECT_THAT(found(token, "C-25-7"), HasSubstr("The person a complaint of that reference is about"));
  EXPECT_THAT(found(token, "s79-rev"), HasSubstr("Agreement S79-REVIEWS"));
  EXPECT_THAT(found(token, "a+trust"), HasSubstr("A trust (ods:RH5)"));
  EXPECT_THAT(found(token, "acknowledged"), HasSubstr("compl.ack"));
  EXPECT_THAT(found(token, "S905-1"), HasSubstr("File S905-1"));
}

TEST_F(PersonPage, WhoeverIsDisposedOfIsFoundNoMore) {
  const auto token = auditor();
  EXPECT_THAT(found(token, "Ada"), HasSubstr("Ada Example"));
  world.script(fmt::format("DELETE FROM answerable.subject WHERE authority = '905' AND subject = {}",
                           world.subject("nhs-number", "9990000018")));
  EXPECT_THAT(found(token, "Ada"), Not(HasSubstr("Ada Example")));
}

}  // namespace
}  // namespace answerable::service::testing
