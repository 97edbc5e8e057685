// When a clock stands still, when its last day is moved, and notice given long enough before.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audit/engine/explain.hpp"
#include "tests/audit/engine_story.hpp"
#include "tests/audit/next_change.hpp"

namespace answerable::engine {
namespace {

using testing::Court;
using testing::day;
using testing::duty;
using testing::nothing_changes_until_next;
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
    made.push_back({Court(duty(R"(<when><act is="visit.made"/></when><accompany><recorded called="the record" )" + wd +
                               R"(/><evidence item="notes"/></accompany>)")),
                    {"visit.made"}});
    made.push_back(
        {Court(duty(
             R"(<when><act is="review.completed"/></when><absent until="recorded"><then><act is="complaint.received"/></then></absent>)")),
         {"review.completed", "complaint.received"}});
    return made;
  }();
  auto& bench = benches[*rc::gen::inRange<std::size_t>(0, benches.size())];
  Story story = random_story(bench.acts);
  const auto timeline = story.timeline(bench.court.catalogue.vocabulary());
  const Day as_of = day("2022-01-01") + std::chrono::days{*rc::gen::inRange(0, 500)};
  nothing_changes_until_next(timeline, as_of, 500, [&](Day on) { return bench.court.context(iso(on)); });
}

}  // namespace
}  // namespace answerable::engine
