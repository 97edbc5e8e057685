// The council's own decisions about how it is judged: its numbers, how much a rule weighs, rules it switched off.
#include <gtest/gtest.h>

#include "audit/engine/explain.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using testing::catalogue_of;
using testing::Court;
using testing::day;
using testing::duty;
using testing::Pairs;
using testing::Story;

/// The council's own timeline, of which its policies are read.
class Hall {
 public:
  std::int64_t adopt(Pairs policy, const char* adopted = "2023-12-01") {
    return story_.act(adopted, "policy.adopted", std::move(policy));
  }
  /// "28 day", say, for the target, from a day on, perhaps until another.
  std::int64_t number(const std::string& target, const std::string& value, const std::string& unit,
                      const std::string& from, const std::string& until = "") {
    Pairs policy{{"type", "timescale"},
                 {"title", "Answers in time"},
                 {"target", target},
                 {"value", value},
                 {"unit", unit},
                 {"from", from},
                 {"decided-by", "cabinet"},
                 {"reasons", "Waits had grown."}};
    if (!until.empty()) policy.emplace_back("until", until);
    return adopt(std::move(policy));
  }
  void corrects(std::int64_t number, std::int64_t earlier) { story_.corrects(number, earlier); }

  /// What is known of them below a record number.
  void tell(Court& court, std::int64_t known_at = 1000) {
    court.policies = {};
    auto& words = court.catalogue.vocabulary();
    const auto timeline = story_.timeline(words);
    court.policies.add(words, timeline, testing::organisations(), {day("2026-01-01"), known_at});
  }

 private:
  Story story_{SubjectType::council, 1};
};

Explanation told(Court& court, Story& story, std::string_view as_of) {
  const auto context = court.context(as_of);
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(context);
  const auto judged = judge(timeline, true);
  if (judged.judgements.size() != 1) throw std::logic_error("one judgement was expected");
  return explain(context, timeline, judged.judgements[0], 5);
}

bool has_note(const Explanation& e, std::string_view note) {
  return std::find(e.notes.begin(), e.notes.end(), note) != e.notes.end();
}

std::string answered_within(const std::string& clock) {
  return R"(<when><act is="request.received"/></when><follow><step called="an answer"><act is="request.answered"/></step><within )" +
         clock + "/></follow>";
}
constexpr const char* ours = R"(policy="answer-days" unit="day" count="after")";

Court::Verdict verdict(Court& court, const char* received, const char* as_of = "2026-01-01") {
  Story story;
  story.act(received, "request.received");
  return court.verdict(story, as_of);
}

TEST(Policy, without_a_number_nobody_can_tell) {
  Court court(duty(answered_within(ours)));
  const auto v = verdict(court, "2024-02-01");
  EXPECT_EQ(v.outcome, Outcome::unknown);
  EXPECT_EQ(v.state, "the council has set no number");
  EXPECT_EQ(v.due, std::nullopt);
  EXPECT_EQ(v.flagged, std::nullopt);
  Story story;
  story.act("2024-02-01", "request.received");
  EXPECT_TRUE(has_note(told(court, story, "2026-01-01"),
                       "How long is for the council to set, in a policy with the target answer-days; it had none in "
                       "force on 1 February 2024."));
}

TEST(Policy, sets_the_number_from_its_first_day_to_its_last) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "28", "day", "2024-01-01", "2024-06-30");
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2023-12-31").outcome, Outcome::unknown) << "the eve";
  EXPECT_EQ(verdict(court, "2024-01-01").due, day("2024-01-29"));
  EXPECT_EQ(verdict(court, "2024-02-01", "2024-02-29").outcome, Outcome::pending);
  EXPECT_EQ(verdict(court, "2024-02-01", "2024-03-01").outcome, Outcome::breached);
  EXPECT_EQ(verdict(court, "2024-06-30").due, day("2024-07-28")) << "the last day it holds, whenever that falls due";
  EXPECT_EQ(verdict(court, "2024-07-01").outcome, Outcome::unknown) << "ended";
}

TEST(Policy, a_newer_version_holds_from_its_own_day) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "14", "day", "2025-01-01");
  hall.number("answer-days", "28", "day", "2024-01-01");
  hall.number("other-days", "3", "day", "2024-01-01");
  hall.adopt({{"type", "other"}, {"title", "We care"}, {"from", "2024-01-01"}, {"value", "1"}, {"unit", "day"}});
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-12-31").due, day("2025-01-28"));
  EXPECT_EQ(verdict(court, "2025-01-01").due, day("2025-01-15")) << "whichever was sent first";
}

TEST(Policy, of_two_from_the_same_day_the_one_told_last_holds) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "28", "day", "2024-01-01");
  hall.number("answer-days", "10", "day", "2024-01-01");
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-02-01").due, day("2024-02-11"));
}

TEST(Policy, known_by_its_month_holds_from_the_first_to_the_last_of_it) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "28", "day", "2024-03", "2024-05");
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-02-29").outcome, Outcome::unknown);
  EXPECT_EQ(verdict(court, "2024-03-01").due, day("2024-03-29"));
  EXPECT_EQ(verdict(court, "2024-05-31").due, day("2024-06-28"));
  EXPECT_EQ(verdict(court, "2024-06-01").outcome, Outcome::unknown);
}

TEST(Policy, is_known_from_its_own_record_on_and_corrected_from_the_correction_on) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  const auto wrong = hall.number("answer-days", "280", "day", "2024-01-01");
  const auto right = hall.number("answer-days", "28", "day", "2024-01-01");
  hall.corrects(right, wrong);
  hall.tell(court, wrong);
  EXPECT_EQ(verdict(court, "2024-02-01").outcome, Outcome::unknown) << "nothing is known yet";
  hall.tell(court, right);
  EXPECT_EQ(verdict(court, "2024-02-01").due, day("2024-11-07")) << "280 days: 28 to 29 February, 252 more";
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-02-01").due, day("2024-02-29"));
}

TEST(Policy, a_correction_counts_even_when_it_holds_later) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  const auto wrong = hall.number("answer-days", "28", "day", "2024-01-01");
  hall.corrects(hall.number("answer-days", "28", "day", "2024-06-01"), wrong);
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-02-01").outcome, Outcome::unknown) << "what was corrected holds no more";
  EXPECT_EQ(verdict(court, "2024-06-01").due, day("2024-06-29"));
}

TEST(Policy, brings_its_own_unit) {
  struct Case {
    const char *value, *unit, *clock, *received, *due;
  };
  const std::vector<Case> table{
      {"1", "year", ours, "2024-02-29", "2025-02-28"},
      {"2", "month", ours, "2024-12-31", "2025-02-28"},
      {"4", "week", ours, "2024-02-01", "2024-02-29"},
      // 12 July is a holiday in Northern Ireland only.
      {"3", "working-day", ours, "2024-07-10", "2024-07-15"},
      {"3", "working-day", R"(policy="answer-days" unit="working-day" count="after" calendar="united-kingdom")",
       "2024-07-10", "2024-07-16"},
      {"21", "day", R"(policy="answer-days" unit="day" count="beginning")", "2024-06-01", "2024-06-21"},
  };
  for (const auto& row : table) {
    Court court(duty(answered_within(row.clock)));
    Hall hall;
    hall.number("answer-days", row.value, row.unit, "2024-01-01");
    hall.tell(court);
    const auto v = verdict(court, row.received);
    EXPECT_EQ(v.due, day(row.due)) << row.value << " " << row.unit << " from " << row.received;
  }
}

TEST(Policy, that_sets_no_number_is_none) {
  for (const auto& [value, unit] :
       std::vector<std::pair<const char*, const char*>>{{"0", "day"}, {"", "day"}, {"28", ""}, {"-3", "day"}}) {
    Court court(duty(answered_within(ours)));
    Hall hall;
    hall.number("answer-days", value, unit, "2024-01-01");
    hall.tell(court);
    EXPECT_EQ(verdict(court, "2024-02-01").outcome, Outcome::unknown) << value << unit;
  }
}

TEST(Policy, replaces_the_number_a_rule_suggests) {
  Court court(duty(answered_within(R"(value="28" policy="answer-days" unit="day" count="after")")));
  Hall hall;
  hall.number("answer-days", "14", "day", "2025-01-01");
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-12-31").due, day("2025-01-28")) << "until it sets one, the rule's";
  EXPECT_EQ(verdict(court, "2025-01-01").due, day("2025-01-15"));
}

TEST(Policy, a_warning_in_another_unit_or_past_the_end_falls_away) {
  Court court(duty(answered_within(R"(value="8" policy="answer-days" unit="week" count="after" warn="6")")));
  EXPECT_EQ(verdict(court, "2024-01-01", "2024-02-11").state, "not yet due");
  EXPECT_EQ(verdict(court, "2024-01-01", "2024-02-12").state, "falling due");
  Hall in_days;
  in_days.number("answer-days", "42", "day", "2024-01-01");
  in_days.tell(court);
  EXPECT_EQ(verdict(court, "2024-01-01", "2024-01-10").state, "not yet due") << "six weeks are not six days";
  EXPECT_EQ(verdict(court, "2024-01-01", "2024-02-12").due, day("2024-02-12"));
  Hall longer;
  longer.number("answer-days", "10", "week", "2024-01-01");
  longer.tell(court);
  EXPECT_EQ(verdict(court, "2024-01-01", "2024-02-12").state, "falling due") << "the same unit: still after six weeks";
}

TEST(Policy, is_named_in_what_it_shaped) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "28", "day", "2024-01-01");
  hall.tell(court);
  Story story;
  story.act("2024-02-01", "request.received");
  const auto e = told(court, story, "2026-01-01");
  EXPECT_EQ(e.outcome, Outcome::breached);
  EXPECT_TRUE(has_note(e,
                       "Shaped by the council's own policy: Answers in time, decided by cabinet on 1 December 2023 "
                       "(record 0): Waits had grown."))
      << ::testing::PrintToString(e.notes);
  const std::string said = text(e);
  EXPECT_NE(said.find("the number is the council's own: Answers in time, decided by cabinet on 1 December 2023"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("28 days after it"), std::string::npos) << said;
}

TEST(Policy, a_finding_no_policy_shaped_names_none) {
  Court court(duty(answered_within(R"(value="28" policy="answer-days" unit="day" count="after")")));
  Hall hall;
  hall.number("answer-days", "14", "day", "2025-01-01");
  hall.tell(court);
  Story story;
  story.act("2024-02-01", "request.received");
  EXPECT_TRUE(told(court, story, "2026-01-01").notes.empty());
}

// ─── every clock that may be the council's ───

TEST(Policy, sets_the_first_interval_and_those_after) {
  Court court(duty(
      R"(<when><act is="plan.agreed"/></when><recur><step called="a review"><act is="review.completed"/></step>
      <first value="8" policy="first-review" unit="week" count="after"/>
      <within policy="next-review" unit="month" count="after"/></recur>)"));
  Story story;
  story.act("2024-01-01", "plan.agreed");
  story.act("2024-02-01", "review.completed");
  auto all = court.verdicts(story, "2024-06-01");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].due, day("2024-02-26"));
  EXPECT_EQ(all[1].outcome, Outcome::unknown) << "of the next intervals nobody has said anything";
  Hall hall;
  hall.number("first-review", "4", "week", "2024-01-01");
  hall.number("next-review", "6", "month", "2024-01-01");
  hall.tell(court);
  all = court.verdicts(story, "2024-06-01");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].due, day("2024-01-29"));
  EXPECT_EQ(all[0].outcome, Outcome::met_late);
  EXPECT_EQ(all[0].late, 3);
  EXPECT_EQ(all[1].due, day("2024-08-01"));
  EXPECT_EQ(all[1].outcome, Outcome::pending);
}

TEST(Policy, of_the_day_an_interval_begins_holds_for_it) {
  Court court(duty(
      R"(<when><act is="plan.agreed"/></when><recur><step called="a review"><act is="review.completed"/></step>
      <within policy="next-review" unit="month" count="after"/></recur>)"));
  Hall hall;
  hall.number("next-review", "12", "month", "2023-01-01");
  hall.number("next-review", "6", "month", "2024-01-15");
  hall.tell(court);
  Story story;
  story.act("2024-01-01", "plan.agreed");
  story.act("2024-02-01", "review.completed");
  const auto all = court.verdicts(story, "2024-06-01");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].due, day("2025-01-01"));
  EXPECT_EQ(all[1].due, day("2024-08-01"));
}

TEST(Policy, sets_how_long_before_notice_is_given) {
  Court court(duty(
      R"(<when><act is="dp.stopped"/></when><precede><step called="notice"><act is="dp.notice"/></step>
      <lead policy="dp-notice" unit="week" count="after"/></precede>)"));
  Story story;
  story.act("2024-03-01", "dp.notice");
  story.act("2024-03-22", "dp.stopped");
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::unknown);
  Hall hall;
  hall.number("dp-notice", "3", "week", "2023-01-01");
  hall.tell(court);
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::met);
  Hall stricter;
  stricter.number("dp-notice", "4", "week", "2023-01-01");
  stricter.tell(court);
  EXPECT_EQ(court.verdict(story, "2024-06-01").state, "too short notice");
}

TEST(Policy, sets_how_soon_a_thing_is_written_down) {
  Court court(duty(
      R"(<when><act is="visit.made"/></when><accompany>
      <recorded called="the record of the visit" policy="record-days" unit="day" count="after"/></accompany>)"));
  Story story;
  story.recorded(story.act("2024-03-01", "visit.made"), "2024-03-04");
  EXPECT_EQ(court.verdict(story, "2024-06-01").state, "the council has set no number");
  Hall hall;
  hall.number("record-days", "2", "day", "2023-01-01");
  hall.tell(court);
  const auto v = court.verdict(story, "2024-06-01");
  EXPECT_EQ(v.state, "recorded late");
  EXPECT_EQ(v.late, 1);
}

TEST(Policy, sets_how_long_nothing_may_follow) {
  Court court(duty(
      R"(<when><act is="complaint.received"/></when><absent><then><act is="dp.stopped"/></then>
      <within policy="peace" unit="day" count="after"/></absent>)"));
  Story story;
  story.act("2024-03-01", "complaint.received");
  story.act("2024-03-20", "dp.stopped");
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::unknown);
  Hall hall;
  hall.number("peace", "19", "day", "2023-01-01");
  hall.tell(court);
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::breached);
  Hall shorter;
  shorter.number("peace", "18", "day", "2023-01-01");
  shorter.tell(court);
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::met);
}

TEST(Policy, two_numbers_of_one_timeline_do_not_mix) {
  Court court(duty(answered_within(ours)));
  Hall hall;
  hall.number("answer-days", "28", "day", "2024-01-01");
  hall.number("answer-days", "14", "day", "2025-01-01");
  hall.tell(court);
  Story story;
  story.act("2024-02-01", "request.received");
  story.act("2025-02-01", "request.received");
  story.act("2024-03-01", "request.received");
  const auto all = court.verdicts(story, "2026-01-01");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].due, day("2024-02-29"));
  EXPECT_EQ(all[1].due, day("2024-03-29"));
  EXPECT_EQ(all[2].due, day("2025-02-15"));
}

// ─── severity ───

Severity severity_of(Court& court, const char* received) {
  Story story;
  story.act(received, "request.received");
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(court.context("2026-01-01"));
  return judge(timeline).judgements.at(0).severity;
}

Catalogue of_force(const std::string& force) {
  return catalogue_of("<edition from=\"1990-01-01\" force=\"" + force +
                      "\" confidence=\"verified\"><source>A text</source><duty id=\"main\">" +
                      answered_within(R"(value="3" unit="day" count="after")") +
                      "<says outcome=\"breached\">Missing.</says></duty></edition>");
}

TEST(Severity, is_by_force_unless_the_council_says_otherwise) {
  Court statute(of_force("statute")), guidance(of_force("guidance")), practice(of_force("practice"));
  EXPECT_EQ(severity_of(statute, "2024-02-01"), Severity::serious);
  EXPECT_EQ(severity_of(guidance, "2024-02-01"), Severity::important);
  EXPECT_EQ(severity_of(practice, "2024-02-01"), Severity::advisory);
  Hall hall;
  const auto weigh = [&](const char* rule, const char* severity, const char* from) {
    hall.adopt({{"type", "severity"},
                {"title", "How much it weighs"},
                {"rule", rule},
                {"severity", severity},
                {"from", from},
                {"decided-by", "the director"},
                {"reasons", "People wait too long."}});
  };
  weigh("test.rule", "serious", "2024-03-01");
  weigh("another.rule", "serious", "2024-01-01");
  hall.tell(practice);
  EXPECT_EQ(severity_of(practice, "2024-02-29"), Severity::advisory) << "the eve";
  EXPECT_EQ(severity_of(practice, "2024-03-01"), Severity::serious);
  Story story;
  story.act("2024-03-01", "request.received");
  const auto e = told(practice, story, "2026-01-01");
  EXPECT_EQ(e.severity, "serious");
  EXPECT_EQ(e.outcome, Outcome::breached) << "only its weight changes";
  EXPECT_TRUE(has_note(e,
                       "Its severity (serious) is the council's own: How much it weighs, decided by the director on 1 "
                       "December 2023 (record 0): People wait too long."))
      << ::testing::PrintToString(e.notes);
  EXPECT_NE(text(e).find("severity serious"), std::string::npos) << text(e);
}

TEST(Severity, has_three_words) {
  for (const Severity each : {Severity::advisory, Severity::important, Severity::serious})
    EXPECT_EQ(parse_severity(word(each)), each);
  EXPECT_EQ(parse_severity("grave"), std::nullopt);
  EXPECT_EQ(parse_severity(""), std::nullopt);
}

// ─── a rule switched off ───

TEST(RuleOff, exempts_and_says_who_when_and_why) {
  Court court(duty(answered_within(R"(value="3" unit="day" count="after")")));
  Hall hall;
  const auto off = [&](const char* rule, const char* from, const char* until) {
    hall.adopt({{"type", "rule-off"},
                {"title", "Answers are judged elsewhere"},
                {"rule", rule},
                {"from", from},
                {"until", until},
                {"decided-by", "monitoring officer"},
                {"reasons", "The other system is replaced in March 2025."}},
               "2024-03-19");
  };
  off("test.rule", "2024-04-01", "2025-03-31");
  off("test.other", "2020-01-01", "2030-01-01");
  hall.tell(court);
  EXPECT_EQ(verdict(court, "2024-03-31").outcome, Outcome::breached) << "before";
  EXPECT_EQ(verdict(court, "2024-04-01").outcome, Outcome::exempt);
  EXPECT_EQ(verdict(court, "2024-04-01").state, "switched off by the council's own policy");
  EXPECT_EQ(verdict(court, "2024-04-01").flagged, std::nullopt);
  EXPECT_EQ(verdict(court, "2025-03-31").outcome, Outcome::exempt) << "its last day";
  EXPECT_EQ(verdict(court, "2025-04-01").outcome, Outcome::breached) << "after";
  Story story;
  story.act("2024-04-01", "request.received");
  const auto e = told(court, story, "2026-01-01");
  EXPECT_TRUE(
      has_note(e,
               "Shaped by the council's own policy: Answers are judged elsewhere, decided by monitoring officer "
               "on 19 March 2024 (record 0): The other system is replaced in March 2025."))
      << ::testing::PrintToString(e.notes);
}

TEST(RuleOff, is_known_from_its_own_record_on) {
  Court court(duty(answered_within(R"(value="3" unit="day" count="after")")));
  Hall hall;
  const auto number =
      hall.adopt({{"type", "rule-off"}, {"rule", "test.rule"}, {"from", "2024-01-01"}, {"title", "Off"}});
  hall.tell(court, number);
  EXPECT_EQ(verdict(court, "2024-02-01").outcome, Outcome::breached);
  hall.tell(court, number + 1);
  EXPECT_EQ(verdict(court, "2024-02-01").outcome, Outcome::exempt);
}

TEST(RuleOff, for_a_time_leaves_the_intervals_after_it) {
  Court court(duty(
      R"(<when><act is="plan.agreed"/></when><recur><step called="a review"><act is="review.completed"/></step>
      <within value="12" unit="month" count="after"/></recur>)"));
  Hall hall;
  hall.adopt(
      {{"type", "rule-off"}, {"rule", "test.rule"}, {"from", "2024-01-01"}, {"until", "2024-12-31"}, {"title", "Off"}});
  hall.tell(court);
  Story story;
  story.act("2023-06-01", "plan.agreed");
  story.act("2024-05-01", "review.completed");
  story.act("2025-04-01", "review.completed");
  const auto all = court.verdicts(story, "2026-06-01");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].outcome, Outcome::met);
  EXPECT_EQ(all[1].outcome, Outcome::exempt) << "the interval that began in 2024";
  EXPECT_EQ(all[2].outcome, Outcome::breached) << "the one that began in 2025";
}

TEST(RuleOff, exempts_each_period_of_a_schedule_by_itself) {
  Court court(duty(
      R"(<when><act is="agreement.made"/></when><schedule><step called="a report"><act is="agreement.report"/></step>
      <every value="3" unit="month" count="beginning"/><due attribute="report-due-days"/></schedule>)",
      "agreement"));
  Hall hall;
  hall.adopt({{"type", "rule-off"}, {"rule", "test.rule"}, {"from", "2024-01-01"}, {"title", "Off"}});
  hall.tell(court);
  Story story(SubjectType::agreement);
  story.act("2024-04-01", "agreement.made");
  const auto all = court.verdicts(story, "2024-11-01");
  ASSERT_EQ(all.size(), 3U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].outcome, Outcome::exempt);
    EXPECT_EQ(all[i].occurrence, static_cast<std::int32_t>(i + 1)) << "each has a name of its own";
  }
  const auto context = court.context("2024-11-01");
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(context);
  const auto judged = judge(timeline, true);
  EXPECT_NE(text(explain(context, timeline, judged.judgements.at(1), 5)).find("1 July 2024 to 30 September 2024"),
            std::string::npos);
}

TEST(RuleOff, makes_no_finding_of_what_the_rule_would_not_judge) {
  Court court(duty(R"(<when><act is="review.completed"/></when><attribute instruments="s75 s79"/>)"));
  Hall hall;
  hall.adopt({{"type", "rule-off"}, {"rule", "test.rule"}, {"from", "2024-01-01"}, {"title", "Off"}});
  hall.tell(court);
  Story story;
  story.act("2024-02-01", "review.completed", {}, testing::council);
  EXPECT_TRUE(court.verdicts(story, "2024-11-01").empty()) << "the council's own act";
  story.act("2024-03-01", "review.completed", {}, testing::trust);
  EXPECT_EQ(court.verdict(story, "2024-11-01").outcome, Outcome::exempt);
}

TEST(Policy, set_only_later_leaves_the_intervals_before_it_unknown) {
  Court court(duty(
      R"(<when><act is="plan.agreed"/></when><recur><step called="a review"><act is="review.completed"/></step>
      <within policy="next-review" unit="month" count="after"/></recur>)"));
  Hall hall;
  hall.number("next-review", "12", "month", "2024-01-01");
  hall.tell(court);
  Story story;
  story.act("2023-01-01", "plan.agreed");
  story.act("2024-02-01", "review.completed");
  const auto all = court.verdicts(story, "2025-03-01");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].outcome, Outcome::unknown);
  EXPECT_EQ(all[1].outcome, Outcome::breached) << "from the review of 2024 on there is a number";
}

}  // namespace
}  // namespace answerable::engine
