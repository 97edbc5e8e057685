// Each pattern, to each outcome it can come to.
#include <gtest/gtest.h>
#include <functional>

#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using testing::Court;
using testing::day;
using testing::duty;
using testing::Story;

constexpr const char* ack = R"(<when><act is="complaint.received"/></when>
  <unless because="withdrawn"><act is="complaint.withdrawn" same="case"/></unless>
  <follow><step called="an acknowledgement"><act is="complaint.acknowledged" same="case"/><evidence item="letter" is="letter"/></step>
  <within value="3" unit="working-day" count="after" calendar="england-and-wales"/>
  <extended-by is="complaint.extension-agreed" same="case"/></follow>)";

struct FollowCase {
  const char* what;
  std::function<void(Story&)> tell;
  const char* as_of;
  Outcome outcome;
  const char* state;
  const char* flagged;
};

TEST(Follow, comes_to_every_outcome) {
  const auto received = [](Story& s) { s.act("2013-12-05", "complaint.received", {{"case", "C1"}}); };
  const auto acknowledged = [](Story& s, const char* when, Story::Proof proof = {.item = "letter", .is = "letter"}) {
    s.proof(s.act(when, "complaint.acknowledged", {{"case", "C1"}}), proof);
  };
  const std::vector<FollowCase> table{
      {"in time",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-10");
       },
       "2014-01-01", Outcome::met, "finished and evidenced", ""},
      {"a day late",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-11");
       },
       "2014-01-01", Outcome::met_late, "finished late", "2013-12-11"},
      {"not overdue on the day itself", [&](Story& s) { received(s); }, "2013-12-10", Outcome::pending, "not yet due",
       ""},
      {"overdue the day after", [&](Story& s) { received(s); }, "2013-12-11", Outcome::breached, "nothing recorded",
       "2013-12-11"},
      {"still overdue years on, one finding", [&](Story& s) { received(s); }, "2023-12-11", Outcome::breached,
       "nothing recorded", "2013-12-11"},
      {"another case's answer is no answer",
       [&](Story& s) {
         received(s);
         s.act("2013-12-06", "complaint.acknowledged", {{"case", "C2"}});
       },
       "2014-01-01", Outcome::breached, "nothing recorded", "2013-12-11"},
      {"withdrawn before it was due",
       [&](Story& s) {
         received(s);
         s.act("2013-12-09", "complaint.withdrawn", {{"case", "C1"}});
       },
       "2014-01-01", Outcome::exempt, "withdrawn", ""},
      {"withdrawn after it was due",
       [&](Story& s) {
         received(s);
         s.act("2013-12-12", "complaint.withdrawn", {{"case", "C1"}});
       },
       "2014-01-01", Outcome::breached, "nothing recorded", "2013-12-11"},
      {"answered, then withdrawn: met all the same",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06");
         s.act("2013-12-09", "complaint.withdrawn", {{"case", "C1"}});
       },
       "2014-01-01", Outcome::met, "finished and evidenced", ""},
      {"claimed, nothing sent",
       [&](Story& s) {
         received(s);
         s.act("2013-12-06", "complaint.acknowledged", {{"case", "C1"}});
       },
       "2014-01-01", Outcome::not_evidenced, "finished without evidence", "2013-12-06"},
      {"searched for and not found",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .state = "absent"});
       },
       "2014-01-01", Outcome::not_evidenced, "finished without evidence", "2013-12-06"},
      {"not applicable, with a reason",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .state = "not-applicable", .reason = "in person"});
       },
       "2014-01-01", Outcome::met, "finished and evidenced", ""},
      {"not applicable, without one",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .state = "not-applicable"});
       },
       "2014-01-01", Outcome::not_evidenced, "finished without evidence", "2013-12-06"},
      {"another document offered",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .is = "email"});
       },
       "2014-01-01", Outcome::not_evidenced, "finished with a document that is not one", "2013-12-06"},
      {"another source says otherwise",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .state = "contradicted"});
       },
       "2014-01-01", Outcome::contradicted, "contradicted", "2013-12-06"},
      {"created 29 days after",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .is = "letter", .created = "2014-01-04"});
       },
       "2014-02-01", Outcome::met_late, "created late", ""},
      {"created 28 days after",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12-06", {.item = "letter", .is = "letter", .created = "2014-01-03"});
       },
       "2014-02-01", Outcome::met, "finished and evidenced", ""},
      {"month known only: counted from its last day",
       [&](Story& s) {
         s.act("2013-12", "complaint.received", {{"case", "C1"}});
         acknowledged(s, "2014-01-06");
       },
       "2014-02-01", Outcome::met, "finished and evidenced", ""},
      {"answer's month known only: its first day is taken",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2013-12");
       },
       "2014-02-01", Outcome::met, "finished and evidenced", ""},
      {"answer's month certainly late",
       [&](Story& s) {
         received(s);
         acknowledged(s, "2014-01");
       },
       "2014-02-01", Outcome::met_late, "finished late", "2013-12-11"},
      {"extended in time",
       [&](Story& s) {
         received(s);
         s.act("2013-12-09", "complaint.extension-agreed", {{"case", "C1"}}, testing::council, "", "2014-01-15");
       },
       "2014-01-10", Outcome::pending, "not yet due", ""},
      {"extended too late",
       [&](Story& s) {
         received(s);
         s.act("2013-12-12", "complaint.extension-agreed", {{"case", "C1"}}, testing::council, "", "2014-01-15");
       },
       "2014-01-10", Outcome::breached, "nothing recorded", "2013-12-11"},
      {"before the holidays are known",
       [&](Story& s) {
         s.act("2010-12-05", "complaint.received", {{"case", "C1"}});
       },
       "2014-01-10", Outcome::unknown, "the bank holidays of that time are not loaded", ""},
  };
  Court court(duty(ack));
  for (const auto& row : table) {
    Story story;
    row.tell(story);
    const auto v = court.verdict(story, row.as_of);
    EXPECT_EQ(v.outcome, row.outcome) << row.what << ": " << word(v.outcome);
    EXPECT_EQ(v.state, row.state) << row.what;
    EXPECT_EQ(v.flagged ? iso(*v.flagged) : "", row.flagged) << row.what;
  }
}

TEST(Follow, before_an_act) {
  Court court(duty(
      R"(<when><act is="assessment.completed"/></when><follow><step called="a decision"><act is="eligibility.determined"/></step>
    <before><act is="plan.agreed"/></before></follow>)"));
  const auto judge = [&](const std::vector<std::pair<const char*, const char*>>& acts, const char* as_of) {
    Story story;
    story.act("2024-02-10", "assessment.completed");
    for (const auto& [when, act] : acts) story.act(when, act);
    return court.verdict(story, as_of);
  };
  EXPECT_EQ(judge({}, "2030-01-01").outcome, Outcome::pending);
  EXPECT_EQ(judge({}, "2030-01-01").next, std::nullopt);
  EXPECT_EQ(judge({{"2024-03-01", "plan.agreed"}}, "2024-03-01").outcome, Outcome::breached);
  EXPECT_EQ(judge({{"2024-03-01", "plan.agreed"}}, "2024-02-28").outcome, Outcome::pending);
  EXPECT_EQ(judge({{"2024-03-01", "plan.agreed"}}, "2024-02-28").next, day("2024-03-01"));
  EXPECT_EQ(judge({{"2024-03-01", "plan.agreed"}, {"2024-03-01", "eligibility.determined"}}, "2024-04-01").outcome,
            Outcome::met);
  EXPECT_EQ(judge({{"2024-03-01", "plan.agreed"}, {"2024-03-09", "eligibility.determined"}}, "2024-04-01").outcome,
            Outcome::met_late);
  EXPECT_EQ(judge({{"2024-01-01", "plan.agreed"}}, "2024-04-01").outcome, Outcome::pending)
      << "an earlier plan is another matter";
  EXPECT_EQ(judge({{"2024-03-10", "plan.agreed"}, {"2024-03", "eligibility.determined"}}, "2024-04-01").outcome,
            Outcome::unknown);
  EXPECT_EQ(judge({{"2024", "plan.agreed"}}, "2025-04-01").outcome, Outcome::unknown);
}

TEST(Follow, tells_how_far_it_got) {
  Court court(
      duty(R"(<when><act is="plan.agreed"/></when><follow><step called="a review"><act is="review.completed"/></step>
    <within value="8" unit="week" count="after" warn="6"/>
    <progress><act is="review.due" state="due"/><act is="review.requested" state="requested"/><act is="review.started" state="started and unfinished"/>
    <act is="review.cancelled" state="cancelled"/></progress></follow>)"));
  Story story;
  story.act("2024-01-01", "plan.agreed");
  EXPECT_EQ(court.verdict(story, "2024-02-11").state, "not yet due");
  EXPECT_EQ(court.verdict(story, "2024-02-11").next, day("2024-02-12"));
  EXPECT_EQ(court.verdict(story, "2024-02-12").state, "falling due");
  const auto first = story.act("2024-01-20", "review.requested");
  story.also(first, "2024-02-01", "review.cancelled");
  EXPECT_EQ(court.verdict(story, "2024-02-20").state, "cancelled");
  const auto second = story.act("2024-02-10", "review.requested");
  story.also(second, "2024-03-15", "review.due");
  EXPECT_EQ(court.verdict(story, "2024-02-20").state, "requested") << "the attempt last touched counts";
  EXPECT_EQ(court.verdict(story, "2024-04-20").state, "requested") << "further than being due";
  story.also(second, "2024-03-20", "review.started");
  const auto v = court.verdict(story, "2024-04-20");
  EXPECT_EQ(v.outcome, Outcome::breached);
  EXPECT_EQ(v.state, "started and unfinished");
}

constexpr const char* cut =
    R"(<when><act is="change.effective"><where attribute="direction" is="reduction end"/></act></when>
  <unless because="died" when="before"><act is="person.died"/></unless>
  <precede><step called="a review"><act is="review.completed"/><evidence item="review-record" is="review-record" covers="needs support"/></step>
  <step called="a decision on eligibility"><act is="eligibility.determined"/></step><within value="12" unit="month" count="after"/></precede>)";

TEST(Precede, comes_to_every_outcome) {
  Court court(duty(cut));
  const auto judge = [&](const char* review, Story::Proof proof, const char* decision) {
    Story story;
    if (*review) story.proof(story.act(review, "review.completed"), proof);
    if (*decision) story.act(decision, "eligibility.determined");
    story.act("2014-06-05", "change.effective", {{"direction", "reduction"}}, testing::trust);
    return court.verdict(story, "2015-01-01");
  };
  const Story::Proof record{.item = "review-record", .is = "review-record", .covers = "needs risks support"};
  EXPECT_EQ(judge("2014-03-01", record, "2014-04-01").outcome, Outcome::met);
  EXPECT_EQ(judge("2014-06-05", record, "2014-06-05").outcome, Outcome::met) << "all on the day itself";
  EXPECT_EQ(judge("", record, "2014-04-01").outcome, Outcome::breached);
  EXPECT_EQ(judge("2014-04-02", record, "2014-04-01").outcome, Outcome::breached) << "the wrong way round";
  EXPECT_EQ(judge("2014-06-06", record, "2014-04-01").outcome, Outcome::breached) << "only afterwards";
  EXPECT_EQ(judge("2013-06-05", record, "2014-04-01").outcome, Outcome::met) << "exactly twelve months back";
  EXPECT_EQ(judge("2013-06-04", record, "2014-04-01").outcome, Outcome::breached) << "too long ago";
  EXPECT_EQ(judge("2014", record, "2014-06-01").outcome, Outcome::unknown) << "the year alone does not tell";
  EXPECT_EQ(judge("2014-03-01", {.item = "review-record", .is = "clinic-letter"}, "2014-04-01").state,
            "finished with a document that is not one");
  EXPECT_EQ(
      judge("2014-03-01", {.item = "review-record", .is = "review-record", .covers = "needs"}, "2014-04-01").outcome,
      Outcome::not_evidenced);
  EXPECT_EQ(judge("2014-03-01", {.item = "review-record", .state = "contradicted"}, "2014-04-01").outcome,
            Outcome::contradicted);
  EXPECT_EQ(judge("2014-03-01", {.item = "review-record", .state = "created-late"}, "2014-04-01").outcome,
            Outcome::met_late);
  const auto breached = judge("", record, "");
  EXPECT_EQ(breached.actor, "ods:RH5") << "whoever cut it";
  EXPECT_EQ(breached.flagged, day("2014-06-05"));
}

TEST(Precede, falls_away_when_the_person_had_died) {
  Court court(duty(cut));
  Story story;
  story.act("2014-06-01", "person.died");
  story.act("2014-06-05", "change.effective", {{"direction", "end"}});
  EXPECT_EQ(court.verdict(story, "2015-01-01").outcome, Outcome::exempt);
}

TEST(Accompany, asks_for_evidence_values_and_entries) {
  Court court(duty(R"(<when><act is="assessment.completed"/></when><accompany><evidence item="notes"/>
    <value attribute="involved.adult" is="attended declined" called="the adult's part"/>
    <value attribute="heads" has="aims monitoring" called="every head"/>
    <entry called="a copy"><act is="assessment.copied" same="record"><where attribute="to" is="adult"/></act></entry></accompany>)"));
  const auto judge = [&](testing::Pairs attributes, bool notes, const char* copied, const char* as_of = "2025-01-01") {
    Story story;
    const auto number = story.act("2024-05-01", "assessment.completed", std::move(attributes), testing::trust);
    if (notes) story.proof(number, {.item = "notes"});
    if (*copied) story.also(number, copied, "assessment.copied", {{"to", "adult"}});
    story.act("2024-05-02", "assessment.copied", {{"to", "adult"}});  // of another record
    return court.verdict(story, as_of);
  };
  const testing::Pairs good{{"involved.adult", "attended"}, {"heads", "aims payments monitoring"}};
  EXPECT_EQ(judge(good, true, "2024-05-09").outcome, Outcome::met);
  EXPECT_EQ(judge(good, false, "2024-05-09").outcome, Outcome::not_evidenced);
  EXPECT_EQ(judge(good, true, "").outcome, Outcome::not_evidenced);
  EXPECT_EQ(judge(good, true, "2024-05-09", "2024-05-08").outcome, Outcome::not_evidenced);
  EXPECT_EQ(judge(good, true, "2024-05-09", "2024-05-08").next, day("2024-05-09"));
  EXPECT_EQ(judge({{"heads", "aims monitoring"}}, true, "2024-05-09").outcome, Outcome::not_evidenced) << "silence";
  EXPECT_EQ(judge({{"involved.adult", "not-invited"}, {"heads", "aims monitoring"}}, true, "2024-05-09").outcome,
            Outcome::breached)
      << "said otherwise";
  EXPECT_EQ(judge({{"involved.adult", "attended"}, {"heads", "aims"}}, true, "2024-05-09").outcome, Outcome::breached)
      << "incomplete";
  EXPECT_EQ(judge(good, false, "2024-05-09").actor, "ods:RH5");
}

constexpr const char* yearly = R"(<when><act is="plan.agreed"/></when>
  <unless because="support ended"><act is="plan.ended person.died"/></unless>
  <recur><step called="a review"><act is="review.completed"/><evidence item="review-record" is="review-record"/></step>
  <within value="12" unit="month" count="after" warn="11"/><progress><act is="review.started" state="started and unfinished"/></progress></recur>)";

struct Reviews {
  Story story;
  std::int64_t review(const char* when, Story::Proof proof = {.item = "review-record", .is = "review-record"}) {
    const auto number = story.act(when, "review.completed");
    story.proof(number, proof);
    return number;
  }
};

std::string outcomes_of(const std::vector<Court::Verdict>& all) {
  std::string out;
  for (const auto& v : all) out += (out.empty() ? "" : " ") + std::string(word(v.outcome));
  return out;
}

TEST(Recur, one_finding_for_each_interval) {
  Court court(duty(yearly));
  Reviews r;
  r.story.act("2016-06-01", "plan.agreed");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2017-06-01")), "pending");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2017-06-02")), "breached");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2024-06-02")), "breached") << "one finding that ages, not one a year";
  r.review("2017-05-01");
  r.review("2018-06-01");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2019-06-01")), "met met-late pending");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2019-06-02")), "met met-late breached");
  EXPECT_EQ(court.verdicts(r.story, "2019-06-02")[1].late, 31);
}

TEST(Recur, a_document_that_is_not_one_does_not_start_the_clock_again) {
  Court court(duty(yearly));
  Reviews r;
  r.story.act("2016-06-01", "plan.agreed");
  r.review("2017-03-01", {.item = "review-record", .is = "clinic-letter"});
  const auto claimed = court.verdict(r.story, "2018-03-01");
  EXPECT_EQ(claimed.outcome, Outcome::not_evidenced);
  EXPECT_EQ(claimed.state, "finished with a document that is not one");
  EXPECT_EQ(claimed.flagged, day("2017-03-01"));
  r.review("2017-05-30");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2017-12-01")), "met pending") << "the real one counts";
}

TEST(Recur, a_claim_without_evidence_is_not_evidenced_and_starts_the_clock) {
  Court court(duty(yearly));
  Reviews r;
  r.story.act("2016-06-01", "plan.agreed");
  r.review("2017-03-01", {.item = "review-record", .state = "not-supplied"});
  r.review("2018-02-20");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2018-03-01")), "not-evidenced met pending");
}

TEST(Recur, ends_with_the_support) {
  Court court(duty(yearly));
  Reviews r;
  r.story.act("2016-06-01", "plan.agreed");
  r.review("2017-05-01");
  r.story.act("2018-01-01", "plan.ended");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2020-01-01")), "met exempt");
  r.story.act("2020-02-01", "plan.agreed");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2022-01-01")), "met exempt breached") << "a new plan begins anew";
}

TEST(Recur, a_new_plan_in_a_running_interval_is_no_second_finding) {
  Court court(duty(yearly));
  Reviews r;
  r.story.act("2016-06-01", "plan.agreed");
  r.story.act("2016-12-01", "plan.agreed");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2018-01-01")), "breached exempt");
  r.review("2017-05-01");
  EXPECT_EQ(outcomes_of(court.verdicts(r.story, "2018-01-01")), "met exempt pending");
}

TEST(Absent, should_not_have_happened) {
  Court court(duty(
      R"(<when><act is="charge.levied"/></when><unless because="agreed" when="any"><act is="policy.adopted"/></unless><absent/>)"));
  Story story;
  story.act("2024-01-05", "charge.levied", {}, testing::provider);
  EXPECT_EQ(court.verdict(story, "2024-02-01").outcome, Outcome::breached);
  EXPECT_EQ(court.verdict(story, "2024-02-01").actor, "cqc-provider:1-1000000001");
  story.act("2024-01-20", "policy.adopted");
  EXPECT_EQ(court.verdict(story, "2024-02-01").outcome, Outcome::exempt);
}

TEST(Absent, nothing_of_the_kind_may_follow) {
  Court court(duty(R"(<when><act is="complaint.received"/></when><absent><then><act is="dp.stopped"/></then>
    <within value="1" unit="month" count="after"/></absent>)"));
  const auto judge = [&](const char* received, const char* stopped, const char* as_of) {
    Story story;
    story.act(received, "complaint.received");
    if (*stopped) story.act(stopped, "dp.stopped");
    return court.verdict(story, as_of).outcome;
  };
  EXPECT_EQ(judge("2024-01-10", "", "2024-02-10"), Outcome::pending);
  EXPECT_EQ(judge("2024-01-10", "", "2024-02-11"), Outcome::met);
  EXPECT_EQ(judge("2024-01-10", "2024-02-10", "2024-03-01"), Outcome::breached);
  EXPECT_EQ(judge("2024-01-10", "2024-02-11", "2024-03-01"), Outcome::met);
  EXPECT_EQ(judge("2024-01-10", "2024-01", "2024-03-01"), Outcome::unknown);
}

TEST(Cover, counts_the_days_of_a_gap) {
  Court court(duty(R"(<when><act is="dp.stopped"/></when><unless because="died"><act is="person.died"/></unless>
    <cover from="next-day"><step called="other support"><act is="service.started"/></step><ended-by><act is="service.ended"/></ended-by></cover>)"));
  const auto judge = [&](const std::vector<std::pair<const char*, const char*>>& acts, const char* as_of) {
    Story story;
    story.act("2014-03-10", "dp.stopped", {}, testing::trust);
    for (const auto& [when, act] : acts) story.act(when, act);
    return court.verdict(story, as_of);
  };
  EXPECT_EQ(judge({}, "2014-03-11").outcome, Outcome::pending);
  EXPECT_EQ(judge({}, "2014-03-12").state, "a gap, still open");
  EXPECT_EQ(judge({}, "2014-03-12").flagged, day("2014-03-12"));
  EXPECT_EQ(judge({{"2014-03-11", "service.started"}}, "2014-04-01").outcome, Outcome::met);
  EXPECT_EQ(judge({{"2014-01-11", "service.started"}}, "2014-04-01").outcome, Outcome::met) << "runs on";
  EXPECT_EQ(judge({{"2014-01-11", "service.started"}, {"2014-02-01", "service.ended"}}, "2014-04-01").outcome,
            Outcome::breached)
      << "had ended";
  const auto closed = judge({{"2014-04-27", "service.started"}}, "2014-05-01");
  EXPECT_EQ(closed.outcome, Outcome::breached);
  EXPECT_EQ(closed.gap, 47);
  EXPECT_EQ(judge({{"2014-03-11", "person.died"}}, "2014-05-01").outcome, Outcome::exempt);
  EXPECT_EQ(judge({{"2014-03-21", "person.died"}}, "2014-05-01").gap, 10) << "the gap ends with the person's life";
}

TEST(Schedule, one_judgement_a_period) {
  Court court(duty(R"(<when><act is="agreement.made"><where attribute="reports" is="quarterly"/></act></when>
    <schedule><step called="a report"><act is="agreement.report"/></step><every value="3" unit="month" count="beginning"/>
    <due attribute="report-due-days"/></schedule>)",
                   "agreement"));
  Story story(SubjectType::agreement);
  story.act(
      "2010-04-01", "agreement.made",
      {{"reports", "quarterly annual"}, {"report-due-days", "30"}, {"reference", "S75-2010"}, {"party", "ods:RH5"}},
      testing::council, "", "2011-03-31");
  story.act("2010-07-20", "agreement.report", {{"period-from", "2010-04-01"}, {"period-to", "2010-06-30"}},
            testing::trust);
  story.act("2010-11-20", "agreement.report", {{"period-from", "2010-07-01"}, {"period-to", "2010-09-30"}},
            testing::trust);
  story.act("2011-01-20", "agreement.report", {{"period-from", "2010-10-01"}, {"period-to", "2010-11-30"}},
            testing::trust);
  EXPECT_EQ(outcomes_of(court.verdicts(story, "2010-06-30")), "pending");
  EXPECT_EQ(outcomes_of(court.verdicts(story, "2011-02-01")), "met met-late breached pending")
      << "two months are not the quarter";
  const auto all = court.verdicts(story, "2020-01-01");
  EXPECT_EQ(outcomes_of(all), "met met-late breached breached") << "none after the agreement's end";
  EXPECT_EQ(all[2].actor, "ods:RH5") << "the party bound to report";
  EXPECT_EQ(all[2].agreement, "S75-2010");
  EXPECT_EQ(all[3].due, day("2011-04-30"));
  EXPECT_EQ(all[3].occurrence, 4);
  story.act("2010-08-31", "agreement.revoked", {{"reference", "S75-2010"}});
  EXPECT_EQ(outcomes_of(court.verdicts(story, "2020-01-01")), "met");
}

TEST(Schedule, with_no_day_agreed_a_period_more_is_given) {
  Court court(duty(
      R"(<when><act is="agreement.made"/></when><schedule><step called="a report"><act is="agreement.report"/></step>
    <every value="3" unit="month" count="beginning"/><due attribute="report-due-days"/></schedule>)",
      "agreement"));
  Story story(SubjectType::agreement);
  story.act("2010-04-01", "agreement.made");
  const auto all = court.verdicts(story, "2010-12-31");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].due, day("2010-09-30"));
  EXPECT_EQ(outcomes_of(all), "breached pending pending");
}

TEST(Judge, an_error_in_one_duty_is_an_outcome_and_no_crash) {
  Court court(
      duty(R"(<when><act is="plan.agreed"/></when><follow><step called="a review"><act is="review.completed"/></step>
    <within value="900000000" unit="month" count="after"/></follow>)"));
  Story story;
  story.act("2024-01-01", "plan.agreed");
  const auto v = court.verdict(story, "2024-06-01");
  EXPECT_EQ(v.outcome, Outcome::error);
  EXPECT_EQ(v.trigger, 0);
}

}  // namespace
}  // namespace answerable::engine
