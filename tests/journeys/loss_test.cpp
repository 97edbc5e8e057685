// The origin case's loss, worked out by the real program from the demonstration's records.
#include <gtest/gtest.h>

#include "ingest/civil_date.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::ordered_json;

class OriginLoss : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<Folder>();
    const auto ran = run(program + " demo --format json --people 0 --output " + folder->path().string());
    ASSERT_EQ(ran.code, 0);
    data = ran.json()["data"];
  }
  static void TearDownTestSuite() { folder.reset(); }

  static std::string command(const std::string& options) {
    return program + " loss --person 9990000018 --as-of 2015-10-08 --data " + data + ' ' + options;
  }
  static ordered_json payments(const std::string& options) {
    const auto ran = run(command("--format json " + options));
    EXPECT_EQ(ran.code, 0) << ran.out;
    const auto loss = ran.json();
    EXPECT_EQ(loss["payments"].size(), 1U);
    return loss["payments"][0];
  }
  /// "5999.96" as 599996
  static long pennies(const ordered_json& sum) {
    auto text = sum.get<std::string>();
    std::erase(text, '.');
    return std::stol(text);
  }

  static inline std::unique_ptr<Folder> folder;
  static inline std::string data;
};

// "almost £6,000 ... equal to the direct payments from December 2013 to January 2015" (press, 8 October 2015; what
// /work/shared/ombudsman-cases/origin-somerset-2015.json and schemas/demonstration tell).
constexpr long published = 600'000;
const Happened from = parse_happened("2013-12").value(), to = parse_happened("2015-01").value();

/// The highest whole-penny weekly rate that stays below the published sum over the published months.
long implied_rate() {
  const long days = (to.last - from.first).count() + 1;
  return published * 7 / days - (published * 7 % days == 0 ? 1 : 0);
}
std::string rate_option() {
  return " --weekly-rate " + std::to_string(implied_rate() / 100) + '.' +
         std::to_string(implied_rate() % 100 + 100).substr(1);
}

TEST_F(OriginLoss, WithoutARateTheDaysAreCountedAndTheSumIsUnknown) {
  const auto lost = payments("");
  EXPECT_TRUE(lost["highest"]["sum"].is_null());
  EXPECT_TRUE(lost["lowest"]["sum"].is_null());
  EXPECT_EQ(lost["highest"]["days_without_rate"], (to.last - from.first).count() + 1);
  EXPECT_NE(lost["missing"].dump().find("--weekly-rate AMOUNT@2013-12-01"), std::string::npos);
}

TEST_F(OriginLoss, TheRateThatTheOmbudsmansSumImpliesGivesThatSum) {
  const auto lost = payments(rate_option() + " --from " + iso(from.first) + " --to " + iso(to.last));
  EXPECT_EQ(lost["lowest"], lost["highest"]) << "both days entered: nothing is open";
  const long sum = pennies(lost["highest"]["sum"]);
  EXPECT_NE(lost["notes"].dump().find("The first day is the officer's, 1 December 2013."), std::string::npos);
  EXPECT_LT(sum, published) << "almost";
  EXPECT_GT(sum, published - 100) << "to the pound";
  EXPECT_EQ(sum, (2 * implied_rate() * lost["highest"]["days"].get<long>() + 7) / 14);
}

TEST_F(OriginLoss, MonthPreciseDatesGiveARangeThatHoldsThatSum) {
  const auto lost = payments(rate_option());
  EXPECT_EQ(lost["first_day"]["first"], "2013-12-01");
  EXPECT_EQ(lost["first_day"]["last"], "2013-12-31");
  EXPECT_EQ(lost["lowest"]["first"], "2013-12-31");
  EXPECT_EQ(lost["lowest"]["last"], "2015-01-01");
  EXPECT_EQ(lost["lowest"]["days"], 367);
  EXPECT_EQ(lost["highest"]["days"], 427);
  EXPECT_LT(pennies(lost["lowest"]["sum"]), pennies(lost["highest"]["sum"]));
  EXPECT_GT(pennies(lost["highest"]["sum"]), published - 100);
  EXPECT_FALSE(lost["running"]);
}

TEST_F(OriginLoss, EveryEndIsNamedWithItsRecord) {
  const auto ends = payments("")["ends"];
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0]["kind"], "decided");
  EXPECT_EQ(ends[0]["when"], "2015-01");
  EXPECT_EQ(ends[0]["counts"], true);
  EXPECT_EQ(ends[1]["kind"], "resumed");
  EXPECT_EQ(ends[1]["when"], "2015-03");
  const auto text = run(command("")).out;
  EXPECT_NE(text.find("Needs ended                               None is held."), std::string::npos) << text;
}

TEST_F(OriginLoss, WhatWasNotKnownDoesNotCount) {
  const auto lost = payments("--known-at 9" + rate_option());
  EXPECT_TRUE(lost["running"]) << "the reassessment had not been told";
  EXPECT_EQ(lost["highest"]["last"], "2015-10-08");
}

TEST_F(OriginLoss, SaysWhatItIsAndProposesNothingForDistress) {
  const auto text = run(command(rate_option())).out;
  EXPECT_LT(text.find("A calculation aid, not a determination."), text.find("£")) << "at its head";
  EXPECT_NE(text.find("UNVERIFIED"), std::string::npos);
  EXPECT_NE(text.find("no figure is proposed"), std::string::npos);
  EXPECT_EQ(text.find("£500"), std::string::npos) << "the mother's £500 is a symbolic sum";
  EXPECT_NE(text.find("Somerset Partnership NHS Foundation Trust, for which Somerset County Council"),
            std::string::npos);
}

TEST_F(OriginLoss, RefusesWhatMakesNoSense) {
  struct Wrong {
    const char *options, *place, *value;
  };
  for (const auto& [options, place, value] :
       {Wrong{"--weekly-rate 98,36", "--weekly-rate", "98,36"}, Wrong{"--weekly-rate=-5", "--weekly-rate", "-5"},
        Wrong{"--weekly-rate 98.365", "--weekly-rate", "98.365"},
        Wrong{"--weekly-rate 98@2014-02-30", "--weekly-rate", "2014-02-30"},
        Wrong{"--weekly-rate 98 --weekly-rate 99", "--weekly-rate", "99"}, Wrong{"--from 2013-12", "--from", "2013-12"},
        Wrong{"--from 2014-02-01 --to 2014-01-01", "--to", "2014-01-01"}}) {
    const auto ran = run(command(options), true);
    EXPECT_EQ(ran.code, 2) << options << ": " << ran.out;
    EXPECT_NE(ran.out.find(place), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find(value), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("Expected:"), std::string::npos) << ran.out;
  }
}

}  // namespace
}  // namespace answerable::testing
