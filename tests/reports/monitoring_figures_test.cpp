// The figures of contract monitoring against ones that others published or that can be reckoned by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/service/monitoring/standing.hpp"
#include "reports/service/monitoring/survival.hpp"

namespace answerable::monitoring {
namespace {

TEST(MonitoringFigures, WilsonsIntervalIsThePublishedOne) {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I: method 3, without continuity correction.
  const struct {
    Share share;
    double low, high;
  } published[]{
      {{81, 263}, 0.2553, 0.3662}, {{15, 148}, 0.0624, 0.1605}, {{0, 20}, 0.0000, 0.1611}, {{1, 29}, 0.0061, 0.1718}};
  for (const auto& it : published) {
    const auto interval = wilson(it.share);
    EXPECT_NEAR(interval.low, it.low, 0.00006) << it.share.part;
    EXPECT_NEAR(interval.high, it.high, 0.00006) << it.share.part;
  }
  EXPECT_EQ(wilson({0, 0}).low, 0);
  for (std::int64_t n = 1; n < 2000; ++n) {
    ASSERT_EQ(wilson({n, n}).high, 1) << "all of " << n << ": 99 % where it is cut to whole per cents";
    ASSERT_EQ(wilson({0, n}).low, 0) << "none of " << n;
  }
  EXPECT_EQ(wilson({0, 0}).high, 1);
}

TEST(MonitoringFigures, TheSurvivalCurveIsThePublishedOne) {
  // Remission of leukaemia under 6-MP: E. J. Freireich and others, Blood 21 (1963) 699, the textbooks' example.
  const Waiting waiting{
      .done = {{6, 3}, {7, 1}, {10, 1}, {13, 1}, {16, 1}, {22, 1}, {23, 1}},
      .open = {{6, 1}, {9, 1}, {10, 1}, {11, 1}, {17, 1}, {19, 1}, {20, 1}, {25, 1}, {32, 2}, {34, 1}, {35, 1}}};
  EXPECT_EQ(waiting.total(), 21);
  const auto steps = survival(waiting);
  const std::vector<std::pair<int, double>> published{{6, 0.857},  {7, 0.807},  {10, 0.753}, {13, 0.690},
                                                      {16, 0.627}, {22, 0.538}, {23, 0.448}};
  ASSERT_EQ(steps.size(), published.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].days, published[i].first);
    EXPECT_NEAR(steps[i].open, published[i].second, 0.0006) << steps[i].days;
  }
  EXPECT_EQ(median_days(steps), 23);
  EXPECT_EQ(median_days({}), std::nullopt);
}

TEST(MonitoringFigures, FewerThanFiveAreNotGivenOutsideTheHouse) {
  EXPECT_EQ(protected_count(0), "0");
  EXPECT_EQ(protected_count(1), "fewer than 5");
  EXPECT_EQ(protected_count(4), "fewer than 5");
  EXPECT_EQ(protected_count(5), "5");
  EXPECT_EQ(share_words({25, 30}), "83% (25 of 30; 95% interval 66% to 93%)");
  for (const Share few : {Share{1, 4}, Share{4, 30}, Share{26, 30}}) {
    EXPECT_EQ(protected_share_words(few), "not shown: too few people stand behind it")
        << few.part << " of " << few.whole;
  }
  EXPECT_EQ(protected_share_words({25, 30}), share_words({25, 30}));
  EXPECT_EQ(protected_share_words({0, 30}), share_words({0, 30}));
  EXPECT_EQ(protected_share_words({0, 0}), share_words({0, 0}));
}

}  // namespace
}  // namespace answerable::monitoring
