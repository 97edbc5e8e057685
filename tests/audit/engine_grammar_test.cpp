// When a thing was written down, numbers, likeness, what an absence is called, and duties of the council as such.
#include <gtest/gtest.h>

#include "audit/engine/explain.hpp"
#include "tests/audit/engine_story.hpp"

namespace answerable::engine {
namespace {

using testing::Court;
using testing::day;
using testing::duty;
using testing::Pairs;
using testing::Story;

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

}  // namespace
}  // namespace answerable::engine
