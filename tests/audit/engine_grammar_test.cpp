// What the grammar can say beyond its eight patterns: pauses and extensions, notice, when a thing was written down,
// numbers, likeness, and what it refuses to say.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "audit/engine/explain.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using testing::Court;
using testing::day;
using testing::duty;
using testing::Pairs;
using testing::Story;

/// Days and acts.
using Told = std::vector<std::pair<const char*, const char*>>;

Story told(const Told& acts) {
  Story story;
  for (const auto& [when, act] : acts) story.act(when, act);
  return story;
}

// ─── pauses ───

std::string paused(const std::string& clock) {
  return R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered"/></step>
    <within )" +
         clock + R"(/>
    <pause because="waiting for clarification"><from><act is="request.clarification-asked"/></from>
      <to><act is="request.clarified"/></to></pause>
    <pause because="waiting for proof of identity"><from><act is="request.identity-asked"/></from>
      <to><act is="request.identified"/></to></pause>
    <extended-by is="request.extended"/></follow>)";
}
constexpr const char* thirty_days = R"(value="30" unit="day" count="after")";

struct PauseCase {
  const char* what;
  Told acts;
  const char* due;
};

TEST(Pause, moves_the_last_day_by_the_days_the_clock_stood_still) {
  constexpr const char *ask = "request.clarification-asked", *clear = "request.clarified",
                       *ask_who = "request.identity-asked", *known = "request.identified";
  // Received on 1 January 2024: without a pause due on 31 January.
  const std::vector<PauseCase> table{
      {"none", {}, "2024-01-31"},
      {"one", {{"2024-01-10", ask}, {"2024-01-15", clear}}, "2024-02-05"},
      {"asked and answered on one day", {{"2024-01-10", ask}, {"2024-01-10", clear}}, "2024-01-31"},
      {"two, one after the other",
       {{"2024-01-10", ask}, {"2024-01-15", clear}, {"2024-01-20", ask}, {"2024-01-23", clear}},
       "2024-02-08"},
      {"asked again while it stood still",
       {{"2024-01-10", ask}, {"2024-01-12", ask}, {"2024-01-15", clear}},
       "2024-02-05"},
      {"of two kinds, apart",
       {{"2024-01-05", ask_who}, {"2024-01-08", known}, {"2024-01-10", ask}, {"2024-01-15", clear}},
       "2024-02-08"},
      {"of two kinds, overlapping: the days of both count once",
       {{"2024-01-10", ask}, {"2024-01-12", ask_who}, {"2024-01-15", clear}, {"2024-01-18", known}},
       "2024-02-08"},
      {"of two kinds, one within the other",
       {{"2024-01-10", ask}, {"2024-01-12", ask_who}, {"2024-01-15", known}, {"2024-01-20", clear}},
       "2024-02-10"},
      {"of two kinds, touching",
       {{"2024-01-10", ask_who}, {"2024-01-15", known}, {"2024-01-15", ask}, {"2024-01-18", clear}},
       "2024-02-08"},
      {"begun on the last day", {{"2024-01-31", ask}, {"2024-02-03", clear}}, "2024-02-03"},
      {"begun after the last day: too late", {{"2024-02-01", ask}, {"2024-02-20", clear}}, "2024-01-31"},
      {"begun in time only because of an earlier one",
       {{"2024-01-10", ask}, {"2024-01-15", clear}, {"2024-02-03", ask}, {"2024-02-06", clear}},
       "2024-02-08"},
      {"the same, of another kind",
       {{"2024-01-10", ask_who}, {"2024-01-15", known}, {"2024-02-03", ask}, {"2024-02-06", clear}},
       "2024-02-08"},
      {"the asking's day known by its month: the longest reading",
       {{"2024-01", ask}, {"2024-01-20", clear}},
       "2024-02-19"},
      {"the answer's day known by its month: the longest reading",
       {{"2024-01-10", ask}, {"2024-01", clear}},
       "2024-02-21"},
      {"through a leap day", {{"2024-01-31", ask}, {"2024-03-01", clear}}, "2024-03-01"},
  };
  Court court(duty(paused(thirty_days)));
  for (const auto& row : table) {
    Story story = told(row.acts);
    story.act("2024-01-01", "request.received");
    const Day due = day(row.due);
    const auto pending = court.verdict(story, iso(due)),
               breached = court.verdict(story, iso(due + std::chrono::days{1}));
    EXPECT_EQ(breached.due, due) << row.what;
    EXPECT_EQ(breached.outcome, Outcome::breached) << row.what;
    EXPECT_EQ(breached.flagged, due + std::chrono::days{1}) << row.what;
    EXPECT_EQ(pending.outcome, Outcome::pending) << row.what << ": not overdue on the day itself";
    story.act(row.due, "request.answered");
    EXPECT_EQ(court.verdict(story, "2025-01-01").outcome, Outcome::met) << row.what;
  }
}

TEST(Pause, counts_working_days_for_a_clock_of_working_days) {
  Court court(duty(paused(R"(value="10" unit="working-day" count="after" calendar="england-and-wales")")));
  const auto due = [&](const Told& pause, const char* received = "2024-06-03") {
    Story story = told(pause);
    story.act(received, "request.received");
    return iso(court.verdict(story, "2025-06-01").due.value());
  };
  constexpr const char *ask = "request.clarification-asked", *clear = "request.clarified";
  EXPECT_EQ(due({}), "2024-06-17");
  EXPECT_EQ(due({{"2024-06-05", ask}, {"2024-06-10", clear}}), "2024-06-20") << "Wednesday to Friday: three";
  EXPECT_EQ(due({{"2024-06-08", ask}, {"2024-06-10", clear}}), "2024-06-17") << "only a weekend";
  EXPECT_EQ(due({}, "2024-12-10"), "2024-12-24");
  EXPECT_EQ(due({{"2024-12-20", ask}, {"2024-12-30", clear}}, "2024-12-10"), "2025-01-02")
      << "20, 23, 24 and 27 December; then 27, 30 and 31 December and 2 January";
}

TEST(Pause, while_it_lasts_nothing_is_due) {
  Court court(duty(paused(thirty_days)));
  Story story = told({{"2024-01-01", "request.received"}, {"2024-01-10", "request.clarification-asked"}});
  EXPECT_EQ(court.verdict(story, "2024-01-09").state, "not yet due");
  EXPECT_EQ(court.verdict(story, "2024-01-09").next, day("2024-01-10"));
  for (const char* as_of : {"2024-01-10", "2024-01-31", "2024-02-01", "2030-01-01"}) {
    const auto v = court.verdict(story, as_of);
    EXPECT_EQ(v.outcome, Outcome::pending) << as_of;
    EXPECT_EQ(v.state, "the clock stands still") << as_of;
    EXPECT_EQ(v.due, std::nullopt) << as_of;
    EXPECT_EQ(v.next, std::nullopt) << "no day by itself changes it";
  }
  story.act("2024-02-20", "request.clarified");
  EXPECT_EQ(court.verdict(story, "2024-02-19").state, "the clock stands still");
  EXPECT_EQ(court.verdict(story, "2024-02-19").next, day("2024-02-20"));
  EXPECT_EQ(court.verdict(story, "2024-02-20").due, day("2024-03-12")) << "41 days later than 31 January";
}

TEST(Pause, an_answer_while_it_lasts_is_in_time) {
  Court court(duty(paused(thirty_days)));
  Story story = told({{"2024-01-01", "request.received"},
                      {"2024-01-10", "request.clarification-asked"},
                      {"2024-06-01", "request.answered"}});
  EXPECT_EQ(court.verdict(story, "2025-01-01").outcome, Outcome::met);
}

TEST(Pause, that_ended_before_the_trigger_or_began_after_the_breach_changes_nothing) {
  Court court(duty(paused(thirty_days)));
  Story story = told({{"2023-12-01", "request.clarification-asked"},
                      {"2023-12-10", "request.clarified"},
                      {"2024-01-01", "request.received"},
                      {"2024-02-05", "request.identity-asked"}});
  const auto v = court.verdict(story, "2024-06-01");
  EXPECT_EQ(v.outcome, Outcome::breached);
  EXPECT_EQ(v.flagged, day("2024-02-01"));
}

TEST(Pause, may_be_followed_by_an_extension) {
  Court court(duty(paused(thirty_days)));
  Story story = told({{"2024-01-01", "request.received"},
                      {"2024-01-10", "request.clarification-asked"},
                      {"2024-01-15", "request.clarified"}});
  // Without the pause this would be too late to extend anything.
  story.act("2024-02-04", "request.extended", {}, testing::council, "", "2024-03-31");
  EXPECT_EQ(court.verdict(story, "2024-06-01").due, day("2024-03-31"));
}

TEST(Pause, is_told_with_its_reason_and_the_new_last_day) {
  Court court(duty(paused(thirty_days)));
  const auto said = [&](Story story) {
    const auto context = court.context("2024-06-01");
    const auto timeline = story.timeline(court.catalogue.vocabulary());
    Judge judge(context);
    const auto judged = judge(timeline, true);
    return text(explain(context, timeline, judged.judgements.at(0), 5));
  };
  const auto ended = said(told({{"2024-01-01", "request.received"},
                                {"2024-01-10", "request.clarification-asked"},
                                {"2024-01-15", "request.clarified"}}));
  EXPECT_NE(ended.find("stops the clock: waiting for clarification, until 15 January 2024; the last day moves to 5 "
                       "February 2024"),
            std::string::npos)
      << ended;
  EXPECT_NE(ended.find("the last day was moved to 5 February 2024"), std::string::npos) << ended;
  const auto standing = said(told({{"2024-01-01", "request.received"}, {"2024-01-10", "request.identity-asked"}}));
  EXPECT_NE(standing.find("stops the clock: waiting for proof of identity; it still stands"), std::string::npos)
      << standing;
}

TEST(Pause, same_ties_its_end_to_its_beginning) {
  Court court(duty(
      R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered" same="request"/></step>
      <within value="30" unit="day" count="after"/>
      <pause because="waiting"><from><act is="request.clarification-asked" same="request"/></from>
      <to><act is="request.clarified" same="request"/></to></pause></follow>)"));
  const auto judge = [&](const char* asked_of, const char* cleared_of) {
    Story story;
    story.act("2024-01-01", "request.received", {{"request", "A"}});
    story.act("2024-01-10", "request.clarification-asked", {{"request", asked_of}});
    story.act("2024-01-15", "request.clarified", {{"request", cleared_of}});
    return court.verdict(story, "2024-06-01");
  };
  EXPECT_EQ(judge("A", "A").due, day("2024-02-05"));
  EXPECT_EQ(judge("A", "B").state, "the clock stands still") << "another request was made clear";
  EXPECT_EQ(judge("B", "B").due, day("2024-01-31")) << "another request's pause";
}

// ─── extensions ───

TEST(Extension, moves_the_last_day_when_made_in_time_and_later) {
  Court court(duty(paused(thirty_days)));
  const auto due = [&](const std::vector<std::pair<const char*, const char*>>& extensions) {
    Story story;
    story.act("2024-01-01", "request.received");
    for (const auto& [when, until] : extensions) story.act(when, "request.extended", {}, testing::council, "", until);
    return iso(court.verdict(story, "2025-01-01").due.value());
  };
  EXPECT_EQ(due({{"2024-01-31", "2024-03-31"}}), "2024-03-31") << "on the last day";
  EXPECT_EQ(due({{"2024-02-01", "2024-03-31"}}), "2024-01-31") << "a day too late";
  EXPECT_EQ(due({{"2024-01-20", "2024-01-25"}}), "2024-01-31") << "it takes no time away";
  EXPECT_EQ(due({{"2024-01-20", ""}}), "2024-01-31") << "without a last day it extends nothing";
  EXPECT_EQ(due({{"2024-01-20", "2024-02-20"}, {"2024-02-20", "2024-03-20"}}), "2024-03-20") << "and once more";
  EXPECT_EQ(due({{"2024-01-20", "2024-02-20"}, {"2024-02-21", "2024-03-20"}}), "2024-02-20");
  EXPECT_EQ(due({{"2023-12-20", "2024-03-20"}}), "2024-01-31") << "before there was anything to extend";
}

// ─── notice ───

std::string notice(const std::string& lead, const std::string& more = "") {
  return R"(<when><act is="dp.stopped"/></when><precede>)" + more +
         R"(<step called="notice"><act is="dp.notice"/><evidence item="letter"/></step><lead )" + lead + "/></precede>";
}

struct Given {
  const char* when;
  bool letter{true};
};

Court::Verdict stopped(Court& court, const std::vector<Given>& notices, const char* on = "2024-03-29") {
  Story story;
  for (const auto& given : notices) {
    const auto number = story.act(given.when, "dp.notice");
    if (given.letter) story.proof(number, {.item = "letter"});
  }
  story.act(on, "dp.stopped");
  return court.verdict(story, "2025-01-01");
}

TEST(Lead, asks_for_notice_long_enough) {
  Court court(duty(notice(R"(value="4" unit="week" count="after")")));
  EXPECT_EQ(stopped(court, {{"2024-03-01"}}).outcome, Outcome::met) << "four weeks to the day";
  const auto short_by_a_day = stopped(court, {{"2024-03-02"}});
  EXPECT_EQ(short_by_a_day.outcome, Outcome::breached);
  EXPECT_EQ(short_by_a_day.state, "too short notice");
  EXPECT_EQ(short_by_a_day.flagged, day("2024-03-29"));
  EXPECT_EQ(stopped(court, {{"2024-03-29"}}).state, "too short notice") << "on the day itself";
  EXPECT_EQ(stopped(court, {}).state, "not done before");
  EXPECT_EQ(stopped(court, {{"2024-03-30"}}).state, "not done before") << "only afterwards";
  Court of_28_days(duty(notice(R"(value="28" unit="day" count="beginning")")));
  EXPECT_EQ(stopped(of_28_days, {{"2024-03-02"}}).outcome, Outcome::met) << "the day it was given is day 1";
  EXPECT_EQ(stopped(of_28_days, {{"2024-03-03"}}).state, "too short notice");
}

TEST(Lead, an_earlier_longer_notice_among_several_is_enough) {
  Court court(duty(notice(R"(value="4" unit="week" count="after")")));
  const auto v = stopped(court, {{"2024-02-01"}, {"2024-03-20"}});
  EXPECT_EQ(v.outcome, Outcome::met);
  EXPECT_EQ(v.step, 0) << "the earlier one";
  EXPECT_EQ(stopped(court, {{"2024-03-10"}, {"2024-03-20"}}).state, "too short notice");
  EXPECT_EQ(stopped(court, {{"2024-02-01", false}, {"2024-03-20"}}).outcome, Outcome::not_evidenced)
      << "long enough, and not shown";
  EXPECT_EQ(stopped(court, {{"2024-03-20", false}}).state, "too short notice");
}

TEST(Lead, binds_the_last_step_only) {
  Court court(duty(notice(R"(value="4" unit="week" count="after")",
                          R"(<step called="a review"><act is="review.completed"/></step>)")));
  const auto judge = [&](const char* reviewed, const char* noticed) {
    Story story;
    story.act(reviewed, "review.completed");
    story.proof(story.act(noticed, "dp.notice"), {.item = "letter"});
    story.act("2024-03-29", "dp.stopped");
    return court.verdict(story, "2025-01-01");
  };
  EXPECT_EQ(judge("2024-03-01", "2024-03-01").outcome, Outcome::met);
  EXPECT_EQ(judge("2024-03-02", "2024-03-01").outcome, Outcome::breached) << "the wrong way round";
  EXPECT_EQ(judge("2024-02-01", "2024-03-02").state, "too short notice");
}

TEST(Lead, takes_the_reading_that_keeps_the_duty) {
  Court court(duty(notice(R"(value="4" unit="week" count="after")")));
  EXPECT_EQ(stopped(court, {{"2024-02"}}).outcome, Outcome::met) << "1 February at the earliest";
  EXPECT_EQ(stopped(court, {{"2024-03"}}).outcome, Outcome::unknown) << "perhaps on the 1st, perhaps afterwards";
  EXPECT_EQ(stopped(court, {{"2024-03"}}, "2024-04-03").outcome, Outcome::met) << "on its earliest reading";
  EXPECT_EQ(stopped(court, {{"2024-03-10"}}, "2024-04").outcome, Outcome::met) << "30 April at the latest";
}

TEST(Lead, of_working_days_is_unknown_where_no_holidays_are_loaded) {
  Court court(duty(notice(R"(value="5" unit="working-day" count="after" calendar="england-and-wales")")));
  EXPECT_EQ(stopped(court, {{"2024-03-21"}}, "2024-03-28").outcome, Outcome::met);
  EXPECT_EQ(stopped(court, {{"2024-03-25"}}, "2024-04-02").state, "too short notice") << "over Easter";
  EXPECT_EQ(stopped(court, {{"2011-03-01"}}, "2011-03-20").outcome, Outcome::unknown);
  EXPECT_EQ(stopped(court, {{"2011-03-01"}}, "2011-03-20").state, "the bank holidays of that time are not loaded");
}

// ─── written down in time ───

std::string written(const std::string& clock, const std::string& more = "") {
  return R"(<when><act is="visit.made"/></when><accompany><recorded called="the record of the visit" )" + clock + "/>" +
         more + "</accompany>";
}

Court::Verdict visit(Court& court, const char* recorded, bool notes = false) {
  Story story;
  const auto number = story.act("2024-03-01", "visit.made");
  if (*recorded) story.recorded(number, recorded);
  if (notes) story.proof(number, {.item = "notes"});
  return court.verdict(story, "2025-01-01");
}

TEST(Recorded, in_time_late_or_unknown) {
  Court court(duty(written(R"(value="1" unit="day" count="after")")));
  EXPECT_EQ(visit(court, "2024-03-01").outcome, Outcome::met);
  EXPECT_EQ(visit(court, "2024-03-02").outcome, Outcome::met);
  const auto late = visit(court, "2024-03-05");
  EXPECT_EQ(late.outcome, Outcome::met_late);
  EXPECT_EQ(late.state, "recorded late");
  EXPECT_EQ(late.late, 3);
  EXPECT_EQ(late.due, day("2024-03-02"));
  EXPECT_EQ(late.flagged, day("2024-03-03"));
  EXPECT_EQ(visit(court, "2024-03").outcome, Outcome::met) << "the earliest reading is in time";
  EXPECT_EQ(visit(court, "2024-04").late, 30) << "and here it is certainly late";
  const auto silent = visit(court, "");
  EXPECT_EQ(silent.outcome, Outcome::unknown);
  EXPECT_EQ(silent.state, "nobody said when it was written down");
  EXPECT_EQ(silent.flagged, std::nullopt);
}

TEST(Recorded, counts_working_days_too) {
  Court court(duty(written(R"(value="1" unit="working-day" count="after" calendar="england-and-wales")")));
  EXPECT_EQ(visit(court, "2024-03-04").outcome, Outcome::met) << "a Friday's visit, on Monday";
  EXPECT_EQ(visit(court, "2024-03-05").state, "recorded late");
}

TEST(Recorded, is_weighed_with_what_else_must_be_there) {
  Court court(duty(written(R"(value="1" unit="day" count="after")", R"(<evidence item="notes"/>)")));
  EXPECT_EQ(visit(court, "2024-03-01", true).outcome, Outcome::met);
  EXPECT_EQ(visit(court, "2024-03-05", true).state, "recorded late");
  EXPECT_EQ(visit(court, "2024-03-05", false).outcome, Outcome::not_evidenced) << "the worse of the two";
  EXPECT_EQ(visit(court, "", false).outcome, Outcome::not_evidenced);
  EXPECT_EQ(visit(court, "", true).outcome, Outcome::unknown);
}

// ─── numbers ───

TEST(Numbers, are_read_exactly) {
  struct Case {
    const char* text;
    std::optional<std::int64_t> number;
  };
  const std::vector<Case> table{{"0", 0},
                                {"30", 300000},
                                {"30.0", 300000},
                                {"0.1", 1000},
                                {"12.5", 125000},
                                {"19.99", 199900},
                                {"1.2345", 12345},
                                {"-5", -50000},
                                {"-0.5", -5000},
                                {"007", 70000},
                                {"999999999999", 9999999999990000},
                                {"", {}},
                                {"-", {}},
                                {".", {}},
                                {".5", {}},
                                {"5.", {}},
                                {"-.5", {}},
                                {"--5", {}},
                                {"+5", {}},
                                {"1.-5", {}},
                                {"1.23456", {}},
                                {"1,5", {}},
                                {"1e3", {}},
                                {"£5", {}},
                                {"5 hours", {}},
                                {" 5", {}},
                                {"5 ", {}},
                                {"1.2.3", {}},
                                {"0x10", {}},
                                {"99999999999999999999", {}}};
  for (const auto& row : table) EXPECT_EQ(ten_thousandths(row.text), row.number) << '"' << row.text << '"';
}

/// Whether an entry with these attributes matches the where.
bool matches(const std::string& where, Pairs attributes) {
  Court court(
      duty("<when><act is=\"charge.levied\"><where attribute=\"amount\" " + where + "/></act></when><absent/>"));
  Story story;
  story.act("2024-01-05", "charge.levied", std::move(attributes));
  return !court.verdicts(story, "2025-01-01").empty();
}

TEST(Where, compares_money_to_the_penny) {
  const char* at_least = R"(at-least="100.50")";
  EXPECT_TRUE(matches(at_least, {{"amount", "100.50"}}));
  EXPECT_TRUE(matches(at_least, {{"amount", "100.5"}}));
  EXPECT_TRUE(matches(at_least, {{"amount", "1000"}})) << "as numbers, not as letters";
  EXPECT_FALSE(matches(at_least, {{"amount", "100.49"}}));
  EXPECT_FALSE(matches(at_least, {{"amount", "99"}}));
  EXPECT_FALSE(matches(at_least, {{"amount", "£100.50"}}));
  EXPECT_FALSE(matches(at_least, {{"amount", "not known"}}));
  EXPECT_FALSE(matches(at_least, {}));
  const char* below = R"(below="100.50")";
  EXPECT_TRUE(matches(below, {{"amount", "100.49"}}));
  EXPECT_TRUE(matches(below, {{"amount", "-1"}}));
  EXPECT_FALSE(matches(below, {{"amount", "100.5"}})) << "below is less than";
  EXPECT_FALSE(matches(below, {})) << "what is missing is not small";
  EXPECT_TRUE(matches(R"(at-least="10" below="20")", {{"amount", "10"}}));
  EXPECT_FALSE(matches(R"(at-least="10" below="20")", {{"amount", "20"}}));
  EXPECT_TRUE(matches(R"(below="-0.5")", {{"amount", "-0.51"}}));
}

TEST(Where, compares_with_another_attribute_of_the_entry) {
  const char* more = R"(at-least="agreed")";
  EXPECT_TRUE(matches(more, {{"amount", "12.50"}, {"agreed", "12.5"}}));
  EXPECT_FALSE(matches(more, {{"amount", "12.49"}, {"agreed", "12.5"}}));
  EXPECT_FALSE(matches(more, {{"amount", "12.50"}})) << "nothing to compare with";
  EXPECT_FALSE(matches(more, {{"amount", "12.50"}, {"agreed", "some"}}));
  EXPECT_FALSE(matches(more, {{"agreed", "12.50"}}));
  EXPECT_TRUE(matches(R"(below="agreed")", {{"amount", "12.49"}, {"agreed", "12.5"}}));
  EXPECT_FALSE(matches(R"(below="agreed")", {{"amount", "12.5"}, {"agreed", "12.5"}}));
  EXPECT_FALSE(matches(R"(below="agreed")", {{"amount", "12.5"}}));
}

Court::Verdict of_value(const std::string& bounds, Pairs attributes) {
  Court court(
      duty("<when><act is=\"visit.made\"/></when><accompany><value attribute=\"minutes\" called=\"the minutes\" " +
           bounds + "/></accompany>"));
  Story story;
  story.act("2024-01-05", "visit.made", std::move(attributes));
  return court.verdict(story, "2025-01-01");
}

TEST(Value, must_lie_within_its_bounds) {
  EXPECT_EQ(of_value(R"(at-least="30")", {{"minutes", "30"}}).outcome, Outcome::met);
  const auto less = of_value(R"(at-least="30")", {{"minutes", "29.9"}});
  EXPECT_EQ(less.outcome, Outcome::breached);
  EXPECT_EQ(less.state, "the record says otherwise");
  EXPECT_EQ(less.flagged, day("2024-01-05"));
  EXPECT_EQ(of_value(R"(at-least="30")", {{"minutes", "9"}}).outcome, Outcome::breached) << "9 is less than 30";
  EXPECT_EQ(of_value(R"(at-least="30")", {}).outcome, Outcome::not_evidenced) << "silence";
  EXPECT_EQ(of_value(R"(at-least="30")", {{"minutes", "half an hour"}}).outcome, Outcome::breached);
  EXPECT_EQ(of_value(R"(below="15")", {{"minutes", "14.99"}}).outcome, Outcome::met);
  EXPECT_EQ(of_value(R"(below="15")", {{"minutes", "15"}}).outcome, Outcome::breached);
  EXPECT_EQ(of_value(R"(at-least="planned")", {{"minutes", "30"}, {"planned", "30"}}).outcome, Outcome::met);
  EXPECT_EQ(of_value(R"(at-least="planned")", {{"minutes", "25"}, {"planned", "30"}}).outcome, Outcome::breached);
}

// ─── likeness ───

/// Whether a later entry answers the trigger, under same= or differs=.
class Pairing {
 public:
  explicit Pairing(const std::string& likeness)
      : court_(duty(R"(<when><act is="visit.planned"/></when><follow><step called="a visit"><act is="visit.made" )" +
                    likeness + R"(/></step></follow>)")) {}

  bool operator()(Pairs planned, Pairs made, std::int32_t by = testing::council,
                  std::int32_t sender = testing::council) {
    Story story;
    story.sent_by(story.act("2024-01-01", "visit.planned", std::move(planned), testing::council), testing::council);
    story.sent_by(story.act("2024-01-02", "visit.made", std::move(made), by), sender);
    return court_.verdict(story, "2024-06-01").outcome == Outcome::met;
  }
  bool in_one_record() {
    Story story;
    story.also(story.act("2024-01-01", "visit.planned"), "2024-01-02", "visit.made");
    return court_.verdict(story, "2024-06-01").outcome == Outcome::met;
  }

 private:
  Court court_;
};

TEST(Likeness, same) {
  Pairing worker("same=\"worker\"");
  EXPECT_TRUE(worker({{"worker", "W1"}}, {{"worker", "W1"}}));
  EXPECT_FALSE(worker({{"worker", "W1"}}, {{"worker", "W2"}}));
  EXPECT_FALSE(worker({{"worker", "W1"}}, {})) << "missing on one side";
  EXPECT_FALSE(worker({}, {{"worker", "W1"}}));
  EXPECT_TRUE(worker({}, {})) << "missing on both";
  Pairing both("same=\"worker round\"");
  EXPECT_TRUE(both({{"worker", "W1"}, {"round", "A"}}, {{"round", "A"}, {"worker", "W1"}}));
  EXPECT_FALSE(both({{"worker", "W1"}, {"round", "A"}}, {{"round", "B"}, {"worker", "W1"}}));
  Pairing performer("same=\"performer\"");
  EXPECT_TRUE(performer({}, {}, testing::council));
  EXPECT_FALSE(performer({}, {}, testing::trust));
  Pairing sender("same=\"sender\"");
  EXPECT_TRUE(sender({}, {}, testing::trust, testing::council)) << "whoever did it";
  EXPECT_FALSE(sender({}, {}, testing::council, testing::trust));
  Pairing record("same=\"record\"");
  EXPECT_TRUE(record.in_one_record());
  EXPECT_FALSE(record({}, {}));
}

TEST(Likeness, differs) {
  Pairing worker("differs=\"worker\"");
  EXPECT_TRUE(worker({{"worker", "W1"}}, {{"worker", "W2"}}));
  EXPECT_FALSE(worker({{"worker", "W1"}}, {{"worker", "W1"}}));
  EXPECT_FALSE(worker({{"worker", "W1"}}, {})) << "it must be there on both sides";
  EXPECT_FALSE(worker({}, {{"worker", "W1"}}));
  EXPECT_FALSE(worker({}, {}));
  Pairing both("differs=\"worker round\"");
  EXPECT_TRUE(both({{"worker", "W1"}, {"round", "A"}}, {{"worker", "W2"}, {"round", "B"}}));
  EXPECT_FALSE(both({{"worker", "W1"}, {"round", "A"}}, {{"worker", "W2"}, {"round", "A"}})) << "each of them";
  Pairing performer("differs=\"performer\"");
  EXPECT_FALSE(performer({}, {}, testing::council));
  EXPECT_TRUE(performer({}, {}, testing::trust));
  Pairing sender("differs=\"sender\"");
  EXPECT_FALSE(sender({}, {}, testing::trust, testing::council));
  EXPECT_TRUE(sender({}, {}, testing::council, testing::trust));
  Pairing record("differs=\"record\"");
  EXPECT_FALSE(record.in_one_record());
  EXPECT_TRUE(record({}, {}));
  Pairing mixed("same=\"round\" differs=\"worker\"");
  EXPECT_TRUE(mixed({{"worker", "W1"}, {"round", "A"}}, {{"worker", "W2"}, {"round", "A"}}));
  EXPECT_FALSE(mixed({{"worker", "W1"}, {"round", "A"}}, {{"worker", "W2"}, {"round", "B"}}));
}

// ─── written down only after a complaint ───

constexpr const char* after_complaint =
    R"(<when><act is="review.completed"/></when><absent until="recorded"><then><act is="complaint.received"/></then></absent>)";

/// A review of 10 January 2024, and when it and its evidence were made.
class LateReview {
 public:
  LateReview() = default;
  LateReview(const LateReview&) = delete;
  LateReview& recorded(const char* when) {
    story.recorded(review, when);
    return *this;
  }
  LateReview& proved(const char* created) {
    story.proof(review, {.item = "review-record", .created = created});
    return *this;
  }
  LateReview& complaint(const char* when) {
    story.act(when, "complaint.received");
    return *this;
  }
  Court::Verdict verdict(const char* as_of = "2025-01-01", std::int64_t known_at = 1000) {
    return court.verdict(story, as_of, known_at);
  }

  Court court{duty(after_complaint)};
  Story story;
  std::int64_t review{story.act("2024-01-10", "review.completed")};
};

TEST(UntilRecorded, a_complaint_before_it_was_written_down) {
  const auto breached = LateReview().recorded("2024-03-01").complaint("2024-02-29").verdict();
  EXPECT_EQ(breached.outcome, Outcome::breached);
  EXPECT_EQ(breached.state, "it should not have followed");
  EXPECT_EQ(breached.flagged, day("2024-02-29"));
  EXPECT_EQ(LateReview().recorded("2024-03-01").complaint("2024-03-01").verdict().outcome, Outcome::met)
      << "on the day it was written down";
  EXPECT_EQ(LateReview().recorded("2024-03-01").complaint("2024-05-01").verdict().outcome, Outcome::met);
  EXPECT_EQ(LateReview().recorded("2024-03-01").complaint("2024-01-05").verdict().outcome, Outcome::met)
      << "before the act";
  EXPECT_EQ(LateReview().recorded("2024-03-01").verdict().outcome, Outcome::met) << "no complaint at all";
  EXPECT_EQ(LateReview().recorded("2024-01-10").complaint("2024-01-11").verdict().outcome, Outcome::met)
      << "written down at once";
}

TEST(UntilRecorded, nobody_said_when) {
  const auto v = LateReview().complaint("2024-02-01").verdict();
  EXPECT_EQ(v.outcome, Outcome::unknown);
  EXPECT_EQ(v.state, "nobody said when it was written down");
}

TEST(UntilRecorded, the_latest_document_that_proves_it_counts) {
  EXPECT_EQ(LateReview().recorded("2024-01-10").proved("2024-03-15").complaint("2024-02-01").verdict().outcome,
            Outcome::breached)
      << "the proof came after the complaint";
  EXPECT_EQ(LateReview().recorded("2024-01-10").proved("2024-01-12").complaint("2024-02-01").verdict().outcome,
            Outcome::met);
  EXPECT_EQ(LateReview().proved("2024-03-15").complaint("2024-02-01").verdict().outcome, Outcome::breached)
      << "the document alone tells";
  EXPECT_EQ(LateReview().proved("2024-01-12").proved("2024-03-15").complaint("2024-02-01").verdict().outcome,
            Outcome::breached);
  EXPECT_EQ(LateReview().recorded("2024-03-01").proved("2024-01-12").complaint("2024-02-01").verdict().outcome,
            Outcome::breached)
      << "an earlier document takes nothing back";
}

TEST(UntilRecorded, a_document_not_made_yet_or_not_known_tells_nothing) {
  LateReview early;
  early.recorded("2024-01-10").proved("2024-03-15").complaint("2024-02-01");
  EXPECT_EQ(early.verdict("2024-03-14").outcome, Outcome::met);
  EXPECT_EQ(early.verdict("2024-03-14").next, day("2024-03-15"));
  EXPECT_EQ(early.verdict("2024-03-15").outcome, Outcome::breached);

  LateReview offered;
  offered.recorded("2024-01-10").complaint("2024-02-01");
  const auto document = offered.story.act("2024-03-15", "document.created");
  offered.story.proof(offered.review, {.item = "review-record", .created = "2024-03-15"}, document);
  EXPECT_EQ(offered.verdict("2025-01-01", document).outcome, Outcome::met) << "before the document was sent";
  EXPECT_EQ(offered.verdict("2025-01-01").outcome, Outcome::breached);
  offered.story.corrects(offered.story.act("2024-01-11", "document.created"), document);
  EXPECT_EQ(offered.verdict("2025-01-01").outcome, Outcome::met) << "the document's record was corrected";
}

TEST(UntilRecorded, a_documents_own_record_tells_when_it_was_made) {
  LateReview offered;
  offered.recorded("2024-01-10").complaint("2024-02-01");
  const auto document = offered.story.act("2024-03-15", "document.created", {{"is", "review-record"}});
  offered.story.proof(offered.review, {.item = "review-record", .document = "R-" + std::to_string(document)}, document);
  EXPECT_EQ(offered.verdict().outcome, Outcome::breached);
}

TEST(UntilRecorded, waits_for_the_day_and_for_exact_dates) {
  LateReview waiting;
  waiting.recorded("2024-03-01");
  EXPECT_EQ(waiting.verdict("2024-02-15").outcome, Outcome::pending);
  EXPECT_EQ(waiting.verdict("2024-02-15").next, day("2024-03-01"));
  EXPECT_EQ(waiting.verdict("2024-03-01").outcome, Outcome::met);
  EXPECT_EQ(LateReview().recorded("2024-03-15").complaint("2024-03").verdict().outcome, Outcome::unknown);
  EXPECT_EQ(LateReview().recorded("2024-03-15").complaint("2024-02").verdict().outcome, Outcome::breached);
  EXPECT_EQ(LateReview().recorded("2024-03").complaint("2024-03-20").verdict().outcome, Outcome::met)
      << "on the earliest reading it was written down before";
}

TEST(UntilRecorded, says_when_it_was_made) {
  LateReview late;
  late.recorded("2024-03-01").complaint("2024-02-01");
  const auto context = late.court.context("2025-01-01");
  const auto timeline = late.story.timeline(late.court.catalogue.vocabulary());
  Judge judge(context);
  const auto judged = judge(timeline, true);
  const auto e = explain(context, timeline, judged.judgements.at(0), 5);
  EXPECT_EQ(e.notes, std::vector<std::string>{"It, or the latest document that proves it, was made on 1 March 2024."});
}

TEST(AbsentAs, names_what_is_there_as_the_rule_wants) {
  for (const auto& [as, outcome] :
       std::vector<std::pair<std::string, Outcome>>{{"breached", Outcome::breached},
                                                    {"contradicted", Outcome::contradicted},
                                                    {"not-evidenced", Outcome::not_evidenced}}) {
    Court alone(duty("<when><act is=\"document.shared\"/></when><absent as=\"" + as + "\"/>"));
    Story story;
    story.act("2024-01-05", "document.shared");
    EXPECT_EQ(alone.verdict(story, "2024-02-01").outcome, outcome);
    EXPECT_EQ(alone.verdict(story, "2024-02-01").flagged, day("2024-01-05"));
    Court then(duty("<when><act is=\"review.completed\"/></when><absent as=\"" + as +
                    "\"><then><act is=\"review.denied\"/></then></absent>"));
    Story denied;
    denied.act("2024-01-05", "review.completed");
    EXPECT_EQ(then.verdict(denied, "2024-02-01").outcome, Outcome::pending);
    denied.act("2024-01-07", "review.denied");
    EXPECT_EQ(then.verdict(denied, "2024-02-01").outcome, outcome);
  }
}

// ─── duties of the council as such ───

TEST(CouncilSubject, is_judged_on_the_councils_own_timeline_only) {
  const std::string report =
      R"(<when><act is="year.ended"/></when><follow><step called="the annual report"><act is="report.published"/></step>
      <within value="6" unit="month" count="after"/></follow>)";
  Court court(duty(report, "council"));
  Story council(SubjectType::council, 1), person, agreement(SubjectType::agreement);
  for (Story* story : {&council, &person, &agreement}) story->act("2024-03-31", "year.ended");
  const auto v = court.verdict(council, "2024-10-01");
  EXPECT_EQ(v.outcome, Outcome::breached);
  EXPECT_EQ(v.due, day("2024-09-30"));
  EXPECT_EQ(v.actor, "cassr:905") << "the council itself";
  EXPECT_TRUE(court.verdicts(person, "2024-10-01").empty());
  EXPECT_TRUE(court.verdicts(agreement, "2024-10-01").empty());
  council.act("2024-09-30", "report.published");
  EXPECT_EQ(court.verdict(council, "2024-10-01").outcome, Outcome::met);
  Court of_people(duty(report));
  EXPECT_TRUE(of_people.verdicts(council, "2024-10-01").empty());
}

// ─── by itself nothing changes before the day it says ───

Story random_story(const std::vector<std::string>& acts) {
  Story story;
  const int count = *rc::gen::inRange(1, 10);
  for (int i = 0; i < count; ++i) {
    const auto a_day = [] { return iso(day("2022-01-01") + std::chrono::days{*rc::gen::inRange(0, 400)}); };
    std::string when = a_day();
    if (*rc::gen::inRange(0, 6) == 0) when.resize(7);
    const auto number = story.act(when, acts[*rc::gen::inRange<std::size_t>(0, acts.size())], {}, testing::council, "",
                                  *rc::gen::inRange(0, 2) == 0 ? a_day() : "");
    if (*rc::gen::inRange(0, 2) == 0) story.recorded(number, a_day());
    if (*rc::gen::inRange(0, 2) == 0)
      story.proof(number, {.item = *rc::gen::element<std::string>("letter", "notes"), .created = a_day()});
  }
  return story;
}

RC_GTEST_PROP(Grammar, nothing_changes_before_the_day_it_says, ()) {
  struct Bench {
    Court court;
    std::vector<std::string> acts;
  };
  static const std::vector<std::string> requests{
      "request.received",  "request.received",       "request.answered",   "request.clarification-asked",
      "request.clarified", "request.identity-asked", "request.identified", "request.extended"};
  static const std::string wd = R"(value="10" unit="working-day" count="after" calendar="england-and-wales")";
  static std::vector<Bench> benches = [] {
    std::vector<Bench> made;
    made.push_back({Court(duty(paused(thirty_days))), requests});
    made.push_back({Court(duty(paused(wd))), requests});
    made.push_back({Court(duty(notice(wd))), {"dp.notice", "dp.stopped"}});
    made.push_back({Court(duty(written(wd, R"(<evidence item="notes"/>)"))), {"visit.made"}});
    made.push_back({Court(duty(after_complaint)), {"review.completed", "complaint.received"}});
    return made;
  }();
  auto& bench = benches[*rc::gen::inRange<std::size_t>(0, benches.size())];
  Story story = random_story(bench.acts);
  const auto timeline = story.timeline(bench.court.catalogue.vocabulary());
  const Day as_of = day("2022-01-01") + std::chrono::days{*rc::gen::inRange(0, 500)};
  const auto at = [&](Day on) { return bench.court.context(iso(on)); };
  Judge judge_now(at(as_of));
  const Judged now = judge_now(timeline);
  const auto span = now.next_change ? (*now.next_change - as_of).count() : 500;
  RC_ASSERT(span > 0);
  const Day other = as_of + std::chrono::days{*rc::gen::inRange<std::int64_t>(0, span)};
  Judge judge_then(at(other));
  const Judged then = judge_then(timeline);
  RC_ASSERT(then.judgements.size() == now.judgements.size());
  for (std::size_t i = 0; i < now.judgements.size(); ++i) {
    const auto &a = now.judgements[i], &b = then.judgements[i];
    RC_ASSERT(a.outcome == b.outcome);
    RC_ASSERT(a.state == b.state);
    RC_ASSERT(a.due == b.due);
    RC_ASSERT(a.flagged_since == b.flagged_since);
    RC_ASSERT(a.late_days == b.late_days);
    RC_ASSERT(sentence(at(as_of), timeline, a) == sentence(at(other), timeline, b));
  }
}

// ─── what the catalogue refuses ───

/// What the catalogue says of a rule with this duty; "" when it takes it.
std::string refusal(const std::string& inside, const std::string& id = "own.rule") {
  static const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  const std::string example =
      "<example name=\"x\" as-of=\"2024-01-01\" outcome=\"met\"><sent by=\"council\" on=\"2024-01-01\"><x "
      "xmlns=\"urn:x\"/></sent></example>";
  std::vector<Catalogue::File> files;
  files.push_back(Catalogue::read(share_folder() / "schemas" / "codes" / "bank-holidays.csv"));
  files.push_back({"own.rule",
                   {},
                   "<rule xmlns=\"urn:answerable:rule:1\" id=\"" + id +
                       "\" subject=\"person\"><title>The duty.</title><because>It matters.</because>"
                       "<edition from=\"1990-01-01\" force=\"practice\" confidence=\"verified\"><source>A "
                       "text</source><duty id=\"main\"><when><act is=\"complaint.received\"/></when>" +
                       inside + "<says outcome=\"breached\">Missing.</says></duty></edition>" + example + example +
                       "</rule>"});
  try {
    Catalogue::from(std::move(files), kinds);
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return "";
}

constexpr const char* a_step = R"(<step called="an answer"><act is="complaint.acknowledged"/></step>)";

TEST(CatalogueRefuses, a_clock_without_any_number) {
  const std::string bare = R"( unit="day" count="after"/>)", says = "has neither value= nor policy=";
  const std::string step = a_step;
  for (const std::string& inside :
       {"<follow>" + step + "<within" + bare + "</follow>", "<precede>" + step + "<within" + bare + "</precede>",
        "<precede>" + step + "<lead" + bare + "</precede>", "<recur>" + step + "<within" + bare + "</recur>",
        "<recur>" + step + "<first" + bare + "<within value=\"3\"" + bare + "</recur>",
        "<accompany><recorded called=\"it\"" + bare + "</accompany>",
        "<absent><then><act is=\"complaint.withdrawn\"/></then><within" + bare + "</absent>"})
    EXPECT_NE(refusal(inside).find(says), std::string::npos) << inside << "\n" << refusal(inside);
}

TEST(CatalogueRefuses, a_number_of_the_councils_where_it_can_set_none) {
  const std::string ours = R"( policy="own-days" unit="day" count="after"/>)", step = a_step;
  const std::string says = "every= and precede's within= take no policy=";
  EXPECT_NE(refusal("<precede>" + step + "<within" + ours + "</precede>").find(says), std::string::npos);
  EXPECT_NE(refusal("<precede>" + step + "<within value=\"3\"" + ours + "</precede>").find(says), std::string::npos);
  EXPECT_NE(
      refusal("<schedule>" + step + "<every" + ours + "<due attribute=\"report-due-days\"/></schedule>").find(says),
      std::string::npos);
  for (const std::string& inside :
       {"<follow>" + step + "<within" + ours + "</follow>", "<precede>" + step + "<lead" + ours + "</precede>",
        "<recur>" + step + "<first" + ours + "<within" + ours + "</recur>",
        "<accompany><recorded called=\"it\"" + ours + "</accompany>",
        "<absent><then><act is=\"complaint.withdrawn\"/></then><within" + ours + "</absent>"})
    EXPECT_EQ(refusal(inside), "") << inside;
}

TEST(CatalogueRefuses, until_with_within_or_without_then) {
  const std::string then = R"(<then><act is="complaint.withdrawn"/></then>)";
  EXPECT_EQ(refusal("<absent until=\"recorded\">" + then + "</absent>"), "");
  for (const std::string& inside :
       {"<absent until=\"recorded\">" + then + "<within value=\"3\" unit=\"day\" count=\"after\"/></absent>",
        std::string("<absent until=\"recorded\"/>")})
    EXPECT_NE(refusal(inside).find("until= needs then, and takes no within"), std::string::npos) << inside;
}

TEST(CatalogueRefuses, an_act_that_no_record_gives) {
  const std::string step = a_step, clock = R"(<within value="3" unit="day" count="after"/>)";
  const std::string known = R"(<act is="complaint.withdrawn"/>)", unknown = R"(<act is="complaint.sung"/>)";
  const auto pause = [&](const std::string& from, const std::string& to) {
    return refusal("<follow>" + step + clock + "<pause because=\"b\"><from>" + from + "</from><to>" + to +
                   "</to></pause></follow>");
  };
  EXPECT_EQ(pause(known, known), "");
  for (const auto& said : {pause(unknown, known), pause(known, unknown)})
    EXPECT_NE(said.find("no record kind gives the act complaint.sung"), std::string::npos) << said;
}

TEST(CatalogueRefuses, words_the_grammar_does_not_have) {
  const std::string step = a_step;
  EXPECT_NE(refusal(R"(<absent as="met"/>)"), "");
  EXPECT_NE(refusal(R"(<absent until="noon"><then><act is="complaint.withdrawn"/></then></absent>)"), "");
  EXPECT_NE(refusal("<follow>" + step + R"(<within value="0" unit="day" count="after"/></follow>)"), "");
  EXPECT_NE(refusal("<follow>" + step + R"(<within value="3" unit="year" count="after"/></follow>)"), "");
  EXPECT_NE(refusal(R"(<accompany><value attribute="minutes" at-least="1.23456" called="m"/></accompany>)"), "");
  EXPECT_NE(refusal("<absent/>", "other.rule").find("a rule's file is named by its id"), std::string::npos);
  EXPECT_EQ(refusal("<absent/>"), "");
}

}  // namespace
}  // namespace answerable::engine
