#include <gtest/gtest.h>

#include "ingest/civil_date.hpp"

namespace answerable {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) {
  return parse_instant(text).value();
}
Day day(std::string_view text) {
  return parse_day(text).value();
}

TEST(LondonTime, IsAnHourAheadInSummer) {
  EXPECT_EQ(london(day("2026-01-15"), 5min), at("2026-01-15T00:05:00Z"));
  EXPECT_EQ(london(day("2026-07-15"), 5min), at("2026-07-14T23:05:00Z"));
}

TEST(LondonTime, SkipsAnHourInMarchAndHasOneTwiceInOctober) {
  EXPECT_EQ(london(day("2026-03-29"), 1h + 30min), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(london(day("2026-10-25"), 1h + 30min), at("2026-10-25T00:30:00Z"));
}

TEST(LondonTime, FallsOnTheDayItWasMadeFor) {
  for (Day d = day("2025-01-01"); d < day("2029-01-01"); d += std::chrono::days{1}) {
    EXPECT_EQ(london_day(london(d, 0min)), d);
    EXPECT_EQ(london_day(london(d, 23h + 59min)), d);
  }
}

}  // namespace
}  // namespace answerable
