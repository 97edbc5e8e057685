// The arithmetic of money, and which rate holds on which day.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "audit/loss/ends.hpp"
#include "audit/loss/money.hpp"
#include "audit/loss/rates.hpp"

namespace answerable::loss {
namespace {

using std::chrono::days;

Day day(const char* text) {
  return parse_day(text).value();
}
Happened at(const char* text) {
  return parse_happened(text).value();
}

TEST(LossMoney, ReadsPoundsAsDecimals) {
  EXPECT_EQ(parse_pounds("87.13"), 8713);
  EXPECT_EQ(parse_pounds("87.5"), 8750);
  EXPECT_EQ(parse_pounds("87"), 8700);
  EXPECT_EQ(parse_pounds("0"), 0);
  EXPECT_EQ(parse_pounds("0.07"), 7);
  EXPECT_EQ(parse_pounds("9999999999.99"), 999'999'999'999);
  for (const char* text : {"", "-1", "+1", "1,000", "87.131", ".5", "5.", "£5", "1e3", " 5", "5 ", "10000000000", "nan",
                           "99999999999999999999", "1.2.3"}) {
    EXPECT_EQ(parse_pounds(text), std::nullopt) << text;
  }
}

TEST(LossMoney, WritesPounds) {
  EXPECT_EQ(pounds(0), "£0.00");
  EXPECT_EQ(pounds(7), "£0.07");
  EXPECT_EQ(pounds(123'450), "£1,234.50");
  EXPECT_EQ(pounds(12'345'678'901), "£123,456,789.01");
  EXPECT_EQ(pounds(-1200), "-£12.00");
  EXPECT_EQ(decimal(-1205), "-12.05");
}

TEST(LossMoney, RoundsOnceToTheNearestPenny) {
  EXPECT_EQ(for_days(8713, 7), 8713);
  EXPECT_EQ(for_days(100, 1), 14);  // 14.28…
  EXPECT_EQ(for_days(100, 2), 29);  // 28.57…
  EXPECT_EQ(share(1, 1, 2), 1);
  EXPECT_EQ(share(-1, 1, 2), -1);
  EXPECT_EQ(share(1, 1, 3), 0);
  EXPECT_EQ(share(-5, 1, 3), -2);
  EXPECT_THROW(share(1, 1, 0), std::invalid_argument);
  EXPECT_THROW(share(999'999'999'999, 100'000'000, 7), std::overflow_error);
}

RC_GTEST_PROP(LossMoney, WhatIsWrittenIsReadAgain, ()) {
  const auto amount = *rc::gen::inRange<Pennies>(0, 999'999'999'999);
  RC_ASSERT(parse_pounds(decimal(amount)) == amount);
}

RC_GTEST_PROP(LossMoney, AShareIsNeverHalfAPennyOff, ()) {
  const auto amount = *rc::gen::inRange<Pennies>(-10'000'000, 10'000'000);
  const auto part = *rc::gen::inRange<std::int64_t>(0, 10'000);
  const auto whole = *rc::gen::inRange<std::int64_t>(1, 10'000);
  const auto off = share(amount, part, whole) * whole - amount * part;
  RC_ASSERT(2 * (off < 0 ? -off : off) <= whole);
}

RC_GTEST_PROP(LossMoney, WholeWeeksAreExactHoweverTheyAreSplit, ()) {
  const auto weekly = *rc::gen::inRange<Pennies>(0, 1'000'000);
  const auto weeks = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 60));
  Pennies parts = 0;
  for (const auto it : weeks) parts += for_days(weekly, it * 7);
  const auto all = std::accumulate(weeks.begin(), weeks.end(), std::int64_t{0});
  RC_ASSERT(parts == weekly * all);
  RC_ASSERT(parts == for_days(weekly, all * 7));
}

RC_GTEST_PROP(LossMoney, SplittingAPeriodChangesNothingButTheRounding, ()) {
  const auto weekly = *rc::gen::inRange<Pennies>(0, 1'000'000);
  const auto lengths =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 400)));
  Pennies parts = 0;
  std::int64_t all = 0, exact = 0;
  for (const auto it : lengths) {
    parts += for_days(weekly, it);
    exact += weekly * it;
    all += it;
  }
  RC_ASSERT(exact == weekly * all);  // in sevenths of a penny the parts are the whole
  const auto off = 7 * parts - exact;
  RC_ASSERT((off < 0 ? -off : off) <= 3 * static_cast<std::int64_t>(lengths.size()));
}

WeeklyRate rate(const char* from, Pennies gross, std::int64_t record) {
  return {.from = at(from), .until = {}, .gross = gross, .contribution = 0, .record = record};
}

TEST(LossRates, AnUpratingIsALineOfItsOwn) {
  const std::vector<WeeklyRate> rates{rate("2013-04-01", 10'000, 1), rate("2014-04-07", 10'500, 2)};
  const auto terms = Schedule(rates, {}, {}, Extreme::lowest).terms({day("2014-04-01"), day("2014-04-20")});
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].days.days(), 6);
  EXPECT_EQ(terms[0].amount, 8571);  // 100.00 × 6 ÷ 7 = 85.714…
  EXPECT_EQ(terms[0].record, 1);
  EXPECT_EQ(terms[1].days.first, day("2014-04-07"));
  EXPECT_EQ(terms[1].amount, 21'000);
}

TEST(LossRates, ARiseKnownToTheMonthIsReadBothWays) {
  const std::vector<WeeklyRate> rates{rate("2013-04-01", 7'000, 1), rate("2014-04", 14'000, 2)};
  const Span month{day("2014-04-01"), day("2014-04-30")};
  Pennies low = 0, high = 0;
  for (const auto& it : Schedule(rates, {}, {}, Extreme::lowest).terms(month)) low += it.amount;
  for (const auto& it : Schedule(rates, {}, {}, Extreme::highest).terms(month)) high += it.amount;
  EXPECT_EQ(low, 29 * 1'000 + 2'000);
  EXPECT_EQ(high, 30 * 2'000);
}

TEST(LossRates, WhatTheOfficerEnteredStandsFromItsDay) {
  const std::vector<WeeklyRate> rates{rate("2013-04-01", 7'000, 1)};
  const Schedule schedule(rates, {}, {{.weekly = 9'000, .from = day("2014-01-06")}}, Extreme::highest);
  EXPECT_EQ(schedule.on(day("2014-01-05")), 7'000);
  EXPECT_EQ(schedule.on(day("2014-01-06")), 9'000);
  EXPECT_EQ(schedule.on(day("2013-03-31")), std::nullopt);
}

TEST(LossRates, ContributionsOfAFinancialAssessmentAreTakenOff) {
  auto one = rate("2013-04-01", 7'000, 1);
  one.contribution.reset();
  const Schedule schedule({one}, {{at("2014-01-06"), 1'500, 4}}, {}, Extreme::highest);
  const auto terms = schedule.terms({day("2014-01-01"), day("2014-01-12")});
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].contribution, std::nullopt);
  EXPECT_EQ(terms[1].weekly, 5'500);
  EXPECT_EQ(terms[1].contribution_record, 4);
}

RC_GTEST_PROP(LossRates, TermsCoverEveryDayOnceAndAddUp, ()) {
  std::vector<WeeklyRate> rates;
  Day from = day("2013-01-01");
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 90));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    from += days{steps[i]};
    rates.push_back({.from = {from, from, Precision::day},
                     .until = {},
                     .gross = *rc::gen::inRange<Pennies>(1, 50'000),
                     .contribution = 0,
                     .record = static_cast<std::int64_t>(i)});
  }
  const Day first = day("2013-01-01") + days{*rc::gen::inRange(0, 500)};
  const Span span{first, first + days{*rc::gen::inRange(0, 900)}};
  const Schedule schedule(rates, {}, {}, Extreme::highest);
  const auto terms = schedule.terms(span);
  std::int64_t covered = 0, exact = 0, by_day = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    covered += terms[i].days.days();
    exact += terms[i].weekly.value_or(0) * terms[i].days.days();
    if (i > 0) {
      RC_ASSERT(terms[i].days.first == terms[i - 1].days.last + days{1});
    }
  }
  for (Day it = span.first; it <= span.last; it += days{1}) by_day += schedule.on(it).value_or(0);
  RC_ASSERT(covered == span.days());
  RC_ASSERT(exact == by_day);
}

TEST(LossEnds, TheEarliestEndCountsAndOpenDatesAreReadBothWays) {
  const std::vector<End> ends{{.kind = EndKind::resumed,
                               .record = 1,
                               .when = at("2015-03"),
                               .last_day = {day("2015-02-28"), day("2015-03-30")}},
                              {.kind = EndKind::decided,
                               .record = 2,
                               .when = at("2015-01"),
                               .last_day = {day("2015-01-01"), day("2015-01-31")}},
                              {.kind = EndKind::decided,
                               .record = 3,
                               .when = at("2014-06"),
                               .last_day = {day("2014-06-01"), day("2014-06-30")},
                               .counts = false}};
  const auto [last, running] = last_day(ends, day("2013-12-01"), day("2015-10-08"));
  EXPECT_FALSE(running);
  EXPECT_EQ(last.first, day("2015-01-01"));
  EXPECT_EQ(last.last, day("2015-01-31"));
  EXPECT_TRUE(last_day({}, day("2013-12-01"), day("2015-10-08")).running);
}

TEST(LossEnds, TheOfficersDaysSettleAndNarrowAndNeverWiden) {
  const Span open{day("2013-12-01"), day("2013-12-31")};
  const auto first = [&](const char* from) { return narrowed_start(open, {.from = day(from), .to = {}, .rates = {}}); };
  EXPECT_EQ(first("2013-11-01").first, open.first);
  EXPECT_EQ(first("2013-11-01").last, open.last);
  EXPECT_EQ(first("2013-12-01").last, open.first);
  EXPECT_EQ(first("2014-02-01").first, day("2014-02-01"));
  const auto last = [&](const char* to) { return narrowed_last(open, {.from = {}, .to = day(to), .rates = {}}); };
  EXPECT_EQ(last("2014-01-01").last, open.last);
  EXPECT_EQ(last("2013-12-31").first, open.last);
  EXPECT_EQ(last("2013-06-30").last, day("2013-06-30"));
}

}  // namespace
}  // namespace answerable::loss
