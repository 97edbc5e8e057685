#include "ingest/identifiers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace answerable {
namespace {

std::string code(std::string_view scheme, std::string_view value) {
  const auto fault = check_identifier(scheme, value);
  return fault ? fault->code : "right";
}

TEST(Identifiers, NhsNumberChecksItsLastDigit) {
  EXPECT_EQ(code("nhs-number", "9434765919"), "right");
  EXPECT_EQ(code("nhs-number", "9434765918"), "nhs-number.check-digit");
  EXPECT_EQ(code("nhs-number", "9990000018"), "right");
  // Exactly one last digit is right for nine others, or none.
  for (int nine = 999000000; nine < 999000200; ++nine) {
    int right = 0;
    for (int last = 0; last < 10; ++last)
      right += code("nhs-number", std::to_string(nine) + std::to_string(last)) == "right";
    EXPECT_LE(right, 1) << nine;
  }
}

TEST(Identifiers, NhsNumberRefusesRepeatedDigitsThoughTheirCheckDigitIsRight) {
  for (char digit = '0'; digit <= '9'; ++digit)
    EXPECT_EQ(code("nhs-number", std::string(10, digit)), "nhs-number.repeated");
}

TEST(Identifiers, NhsNumberWithSpacesIsToldHowToWriteIt) {
  for (const auto* value : {"999 000 0018", "999-000-0018"}) {
    const auto fault = check_identifier("nhs-number", value);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->code, "nhs-number.format");
    EXPECT_NE(fault->mend.find("9990000018"), std::string::npos);
  }
  EXPECT_EQ(code("nhs-number", "999000001"), "nhs-number.format");
  EXPECT_EQ(code("nhs-number", "99900000181"), "nhs-number.format");
  EXPECT_EQ(code("nhs-number", ""), "nhs-number.format");
}

TEST(Identifiers, OrganisationCodes) {
  EXPECT_EQ(code("ods", "RH5"), "right");
  EXPECT_EQ(code("ods", "RH5A1"), "right");
  EXPECT_EQ(code("ods", "G7H8J"), "right");
  EXPECT_EQ(code("ods", "rh5"), "ods.format");
  EXPECT_EQ(code("ods", "R5"), "ods.format");
  EXPECT_EQ(code("cassr", "905"), "right");
  EXPECT_EQ(code("cassr", "E1234"), "right");
  EXPECT_EQ(code("cassr", "90"), "cassr.format");
  EXPECT_EQ(code("cassr", "E06000066"), "cassr.format");
  EXPECT_EQ(code("gss", "E06000066"), "right");
  EXPECT_EQ(code("gss", "E10000027"), "right");
  EXPECT_EQ(code("gss", "E05000066"), "gss.format");
  EXPECT_EQ(code("gss", "W06000066"), "gss.format");
  EXPECT_EQ(code("cqc-provider", "1-101639954"), "right");
  EXPECT_EQ(code("cqc-location", "1-8503184790"), "right");
  EXPECT_EQ(code("cqc-location", "RH5A1"), "right");
  EXPECT_EQ(code("cqc-provider", "101639954"), "cqc-provider.format");
  EXPECT_EQ(code("cqc-provider", "1-12345"), "cqc-provider.format");
  EXPECT_EQ(code("company", "00445790"), "right");
  EXPECT_EQ(code("company", "SC123456"), "right");
  EXPECT_EQ(code("charity", "1140830"), "right");
  EXPECT_EQ(code("charity", "1140830-2"), "right");
  EXPECT_EQ(code("charity", "SC012345"), "right");
  EXPECT_EQ(code("charity", "12345"), "charity.format");
}

TEST(Identifiers, LostLeadingNoughtsAreGivenBack) {
  const auto fault = check_identifier("company", "445790");
  ASSERT_TRUE(fault);
  EXPECT_NE(fault->mend.find("00445790"), std::string::npos);
}

TEST(Identifiers, SchemesWithoutRulesTakeAnything) {
  for (const auto* scheme : {"local", "council", "sender", "agreement", "case"})
    EXPECT_EQ(code(scheme, "x y!"), "right");
}

}  // namespace
}  // namespace answerable
