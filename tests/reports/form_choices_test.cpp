// What schemas say of each answer stands beside that answer in a form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/service/forms/choices.hpp"
#include "reports/service/forms/shape.hpp"

namespace answerable::service::forms {
namespace {

using ::testing::ElementsAre;

TEST(FormChoices, AreTakenOutOfWhatIsSaidOfThemAll) {
  const auto bodies = explained(
      "lgsco (Local Government and Social Care Ombudsman); phso (Parliamentary and Health Service "
      "Ombudsman); joint.",
      {"lgsco", "phso", "joint"});
  EXPECT_EQ(bodies.hint, "");
  EXPECT_THAT(bodies.each, ElementsAre("Local Government and Social Care Ombudsman",
                                       "Parliamentary and Health Service Ombudsman", ""));
  const auto plans =
      explained("Which it is. care: an adult's plan (Care Act 2014 s.25); carer: a carer's; old. From the plan itself.",
                {"old", "care", "carer"});
  EXPECT_EQ(plans.hint, "Which it is. From the plan itself.");
  EXPECT_THAT(plans.each, ElementsAre("", "An adult's plan (Care Act 2014 s.25)", "A carer's"));
  const auto numbers = explained("Whose number it is: nhs-number (ten digits, no spaces), council or sender (yours).",
                                 {"nhs-number", "council", "sender"});
  EXPECT_EQ(numbers.hint, "Whose number it is.");
  EXPECT_THAT(numbers.each, ElementsAre("Ten digits, no spaces", "", "Yours"));
}

TEST(FormChoices, StayWhereTheyStandUnlessEveryOneIsListed) {
  const char* const said = "full (everything held), or what was agreed.";
  const auto some = explained(said, {"full", "part"});
  EXPECT_EQ(some.hint, said);
  EXPECT_THAT(some.each, ElementsAre("", ""));
  EXPECT_EQ(explained("", {"yes", "no"}).hint, "");
  EXPECT_EQ(explained("full (never closed", {"full"}).hint, "full (never closed");
}

TEST(FormChoices, AreSaidInWords) {
  EXPECT_EQ(value_words("not-recorded"), "Not recorded");
  EXPECT_EQ(value_words("nhs-number"), "NHS number");
  EXPECT_EQ(value_words("lgsco"), "LGSCO");
  EXPECT_EQ(value_words("s2"), "Section 2");
  EXPECT_EQ(value_words("s45a"), "Section 45A");
  EXPECT_EQ(value_words("spot"), "Spot");
}

}  // namespace
}  // namespace answerable::service::forms
