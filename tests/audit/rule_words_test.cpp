// Rules in plain words: every pattern, clock and condition comes out in English, and no code word of the grammar does.
#include "audit/engine/rule_words.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "audit/engine/catalogue.hpp"
#include "audit/engine/rule_reader.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/document.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/audit/temporary_file.hpp"

namespace answerable::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// The words for a rule with one duty, from what stands between <duty> and </duty> before its says.
RuleWords words_of(const std::string& duty, const std::string& subject = "person",
                   const std::string& edition = "from=\"2015-04-01\" force=\"statute\" confidence=\"verified\"") {
  const testing::TemporaryFile file("rule.xml", fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<rule xmlns="urn:answerable:rule:1" id="review.test" subject="{}" function="review">
  <title>A test.</title><because>It matters.</because>
  <edition {}><source>Some Act s.1</source><duty id="main">{}
    <says outcome="met">Done on {{step.date}} by {{actor}}; {{attribute:case}}. {{accountable}} answers.</says>
    <says outcome="pending exempt">Not yet.</says></duty></edition>
  <example name="x" as-of="2024-01-31" outcome="met" state="finished"><sent by="council" on="2024-01-01"><a xmlns="urn:x"/></sent></example>
  <example name="y" as-of="2024-02-29" outcome="breached"><sent by="council" on="2024-01-01"><a xmlns="urn:x"/></sent></example>
</rule>)",
                                                            subject, edition, duty));
  const std::array grammar{share_folder() / "schemas" / "rule" / "1" / "rule.xsd"};
  Vocabulary vocabulary;
  const Rule rule = read_rule(xml::load_document(file.path(), grammar), vocabulary);
  return rule_words(rule, vocabulary);
}

const RuleWords::Duty& duty_of(const RuleWords& words) {
  return words.editions.front().duties.front();
}

/// All texts of the points with this key.
std::vector<std::string> said(const RuleWords& words, std::string_view key) {
  std::vector<std::string> out;
  for (const auto& point : duty_of(words).points)
    if (point.key == key) out.insert(out.end(), point.texts.begin(), point.texts.end());
  return out;
}

std::string every_text(const RuleWords& words) {
  std::string out;
  for (const auto& edition : words.editions)
    for (const auto& duty : edition.duties)
      for (const auto& point : duty.points)
        for (const auto& text : point.texts) out += fmt::format("{}: {}\n", point.label, text);
  return out;
}

const std::string completed = R"(<when><act is="review.completed"/></when>)";

TEST(RuleWords, FollowSaysWithinWhenWhatCountsAndWhatMovesTheLastDay) {
  const auto words = words_of(R"(
    <when><act is="complaint.received" by="council"><where attribute="concerns" not="nhs-care"/></act>
          <act is="complaint.received" by="other"><where attribute="concerns" is="council-function mixed"/></act></when>
    <unless because="the complaint was withdrawn"><act is="complaint.withdrawn" same="case"/></unless>
    <unless because="the person had moved" when="before"><act is="person.moved-out"/></unless>
    <unless because="support ended" when="any"><act is="change.effective"><where attribute="direction" is="end"/></act></unless>
    <follow>
      <step called="an acknowledgement"><act is="complaint.acknowledged" same="case"/>
        <evidence item="complaint-response" is="letter email" covers="reasons decision"/></step>
      <within value="3" unit="working-day" count="after" calendar="england-and-wales" warn="2" convention="Ours"/>
      <pause because="waiting for an answer"><from><act is="complaint.discussed" differs="sender"/></from><to><act is="complaint.responded" same="case"/></to></pause>
      <extended-by is="complaint.extension-agreed" same="case"><where attribute="agreed" is="yes"/></extended-by>
      <before><act is="complaint.closed" same="case"/></before>
      <progress><act is="complaint.discussed" state="discussed"/></progress>
    </follow>)");
  EXPECT_THAT(said(words, "when"),
              ElementsAre("A complaint is received, by the council itself, where it does not concern NHS care alone.",
                          "A complaint is received, by another body than the council, where it concerns a function of "
                          "the council or a mixture of these."));
  EXPECT_THAT(said(words, "then"),
              ElementsAre("Within 3 working days, and in any case no later than when a complaint is closed, about the "
                          "same complaint, an acknowledgement must be on record."));
  EXPECT_THAT(said(words, "counts"),
              ElementsAre("A complaint is acknowledged, about the same complaint.",
                          "It must be shown by the response to the complaint, and the document must itself be a letter "
                          "or an email, whatever it was offered as; where it says what it covers, that must include "
                          "the reasons and the decision."));
  EXPECT_THAT(
      said(words, "clock"),
      ElementsAre("The day itself is not counted: it is day 0.",
                  "Working days leave out Saturdays, Sundays and the bank holidays of England and Wales.",
                  "After 2 working days it is said to be falling due.", "Ours.",
                  "The clock stands still (waiting for an answer) from when the handling of a complaint is discussed "
                  "with the complainant, told by another sender, until a response to a complaint is sent, about the "
                  "same complaint. The last day moves by the days it stood still.",
                  "The last day is moved to the one then named when, before it has passed, longer time is set for "
                  "answering a complaint, about the same complaint, where the complainant agreed to it."));
  EXPECT_THAT(said(words, "progress"), ElementsAre("We say how far it got: discussed, or nothing recorded."));
  EXPECT_THAT(said(words, "unless"),
              ElementsAre("The complaint was withdrawn (on record by the last day).",
                          "The person had moved (on record by the day the duty begins).",
                          "Support ended (on record at any time: a change of support takes effect, where support "
                          "ends)."));
}

TEST(RuleWords, FollowWithoutATimeSaysSo) {
  const auto words = words_of(completed + R"(<follow><step called="a plan"><act is="plan.agreed"/></step></follow>)");
  EXPECT_THAT(said(words, "then"), ElementsAre("A plan must be on record.",
                                               "No time is fixed for it: until it is there, the duty is shown as not "
                                               "due yet."));
}

TEST(RuleWords, PrecedeSaysTheOrderHowFarBackAndHowLongBefore) {
  const auto words = words_of(R"(<when><act is="dp.stopped"><where attribute="ground" not="died moved"/></act></when>
    <precede>
      <step called="a review"><act is="review.completed"/></step>
      <step called="notice"><act is="dp.notice" same="limb"/></step>
      <within value="12" unit="month" count="after"/>
      <lead policy="direct-payment-notice" unit="day" count="after"/>
    </precede>)");
  EXPECT_THAT(said(words, "when"),
              ElementsAre("Direct payments stop, where the ground is not the person's death or the person's move."));
  EXPECT_THAT(
      said(words, "then"),
      ElementsAre("By then all of these must already be on record, in this order, not more than 12 months "
                  "before: a review and notice.",
                  "The last of them must stand at least the number of days the council has set itself before."));
  EXPECT_THAT(said(words, "counts"), Contains("Notice is given that direct payments stop, with the same kind of direct "
                                              "payment."));
  EXPECT_THAT(said(words, "clock"),
              Contains("The number is the council's own, from the policy it has recorded with the target "
                       "“direct-payment-notice”, as in force on that day. Until it has recorded one, nobody can tell "
                       "whether the duty was kept."));
}

TEST(RuleWords, AccompanySaysEvidenceValuesEntriesAndWritingDown) {
  const auto words = words_of(R"(<when><act is="visit.delivered"/></when>
    <accompany>
      <evidence item="visit-record"/>
      <value attribute="involved.adult" is="attended declined" called="the adult's part"/>
      <value attribute="carers-present" at-least="carers-planned" below="4.5" called="the care workers"/>
      <recorded called="the visit" value="1" unit="day" count="after"/>
      <entry called="a copy"><act is="plan.copied" same="record"><where attribute="to" is="adult carer"/></act></entry>
    </accompany>)");
  EXPECT_THAT(said(words, "then"),
              ElementsAre("It must be shown by the visit record.",
                          "Its record must show the adult's part (the record must say: took part or declined to take "
                          "part).",
                          "Its record must show the care workers (the record must say: at least the number of care "
                          "workers planned and less than 4.5).",
                          "It must have been written down within 1 day of the day it happened (the visit).",
                          "There must also be a copy."));
  EXPECT_THAT(said(words, "counts"), ElementsAre("A copy of the plan is given, in the same record, where it was given "
                                                 "to the adult or a carer."));
}

TEST(RuleWords, RecurSaysTheFirstTimeAndTheOnesAfter) {
  const auto words = words_of(R"(<when><act is="plan.agreed"/></when>
    <recur><step called="a review"><act is="review.completed"/></step>
      <first value="8" unit="week" count="beginning"/><within value="12" policy="review" unit="month" count="after"/></recur>)");
  EXPECT_THAT(said(words, "then"),
              ElementsAre("Within 8 weeks a review must be on record, and after that another within the number of "
                          "months the council has set itself (12 months until it sets one) of each, for as long as the "
                          "duty lasts."));
  EXPECT_THAT(said(words, "clock"), Contains("The day itself is counted: it is day 1."));
  EXPECT_THAT(said(words, "clock"),
              Contains("Months are calendar months; where the last month has no such day, its last day."));
}

TEST(RuleWords, AbsentSaysWhatMustNotHappenAndWhatItIsCalled) {
  EXPECT_THAT(said(words_of(completed + "<absent/>"), "then"), ElementsAre("This should not be there at all."));
  EXPECT_THAT(said(words_of(completed + R"(<absent><then><act is="complaint.received"/></then>
                                            <within value="2" unit="week" count="after"/></absent>)"),
                   "then"),
              ElementsAre("Within 2 weeks after it, this must not happen: a complaint is received."));
  EXPECT_THAT(
      said(words_of(
               completed +
               R"(<absent until="recorded" as="contradicted"><then><act is="complaint.received"/></then></absent>)"),
           "then"),
      ElementsAre("Between that day and the day it, or the latest document that proves it, was written down, this must "
                  "not happen: a complaint is received.",
                  "If it is there, the records contradict each other, and we say so."));
}

TEST(RuleWords, CoverAttributeAndScheduleSayWhatTheyAsk) {
  const auto cover = words_of(R"(<when><act is="dp.stopped"/></when>
    <cover from="next-day"><step called="other support"><act is="service.started dp.started"/></step>
      <ended-by><act is="service.ended"/></ended-by></cover>)");
  EXPECT_THAT(said(cover, "then"), Contains("From the next day, other support must be in force, without a day's gap."));
  EXPECT_THAT(said(cover, "counts"), ElementsAre("A service starts or the first direct payment is made.",
                                                 "One that began earlier, when before that day a service ends."));

  const auto attributed = words_of(R"(<when><act is="review.completed" by="other"/></when>
    <attribute instruments="s75 contract" only-when-covered="true"/>)");
  EXPECT_THAT(
      said(attributed, "then"),
      ElementsAre("It must have been done under an agreement under section 75 of the NHS Act 2006 or a contract, "
                  "in force on that day for that function.",
                  "Judged only where the act names an agreement of that kind; others are another rule's."));

  const auto schedule = words_of(R"(<when><act is="agreement.made"><where attribute="type" is="s75"/></act></when>
    <schedule><step called="a report"><act is="agreement.report"/></step>
      <every value="3" unit="month" count="beginning"/><due attribute="report-due-days"/></schedule>)",
                                 "agreement");
  EXPECT_THAT(said(schedule, "then"),
              ElementsAre("For every whole period of 3 months while the agreement is in force, a report must be on "
                          "record.",
                          "It is due, after the period's end, by the number of days within which reports are due; "
                          "where the agreement fixes none, by the end of the period after."));
  EXPECT_EQ(schedule.subject, "Each agreement's own records.");
  EXPECT_EQ(schedule.editions.front().people, "");
}

TEST(RuleWords, ConditionsThatOnlySaySilenceAreGathered) {
  const auto words = words_of(R"(<when><act is="review.completed">
      <where attribute="type" is="initial unplanned"/><where attribute="plan" present="yes"/><where attribute="changed" not="yes"/>
      <where attribute="involved.attorney" not="attended"/></act></when><absent/>)");
  EXPECT_THAT(
      said(words, "when"),
      ElementsAre("A review is completed, where it is a first review or an unplanned review; the plan is given; "
                  "and it is not on record that it changed the plan or that an attorney took part."));
}

TEST(RuleWords, WhatNobodyHasPutIntoWordsIsReadableAllTheSame) {
  const auto words =
      words_of(R"(<when><act is="garden.looked-at"><where attribute="lawn-state" is="long-grass"/></act></when>
    <follow><step called="a visit"><act is="garden.visited" same="garden-gate"/>
      <evidence item="garden-plan" is="sketch"/></step></follow>)");
  EXPECT_THAT(said(words, "when"), ElementsAre("“garden looked at” is recorded, where the lawn state is long grass."));
  EXPECT_THAT(said(words, "counts"),
              ElementsAre("“garden visited” is recorded, with the same garden gate.",
                          "It must be shown by the garden plan, and the document must itself be a sketch, whatever it "
                          "was offered as."));
}

TEST(RuleWords, TheLawIsSaidWithItsForceAndHowSureItIs) {
  const auto words = words_of(
      completed + "<absent/>", "person",
      R"(from="2010-02-25" to="2016-03-31" force="guidance" confidence="unverified" regimes="pre-care-act transitional")");
  const auto& edition = words.editions.front();
  EXPECT_EQ(edition.force_words, "statutory guidance");
  EXPECT_THAT(edition.confidence_words, HasSubstr("UNVERIFIED"));
  EXPECT_EQ(edition.in_force, "From 25 February 2010 to 31 March 2016.");
  EXPECT_EQ(edition.people,
            "people under the law before the Care Act and people still under the old law until their first review "
            "under the Care Act");
  EXPECT_EQ(words.answers,
            "The council, for reviewing care and support, also where another body did it or should have.");
  EXPECT_THAT(text(words), HasSubstr("UNVERIFIED"));
  EXPECT_EQ(json(words)["editions"][0]["confidence"], "unverified");
}

TEST(RuleWords, WhatIsSaidHasItsBlanksNamedAndEqualWordsOnce) {
  const auto words = words_of(completed + "<absent/>");
  const auto& says = duty_of(words).says;
  ASSERT_EQ(says.size(), 2U);
  EXPECT_EQ(says[0].text,
            "Done on [the day it was done] by [the body that acted or should have]; [the complaint]. "
            "[The council] answers.");
  EXPECT_THAT(says[1].outcomes, ElementsAre(Outcome::pending, Outcome::exempt));
  ASSERT_EQ(words.examples.size(), 2U);
  EXPECT_THAT(text(words), HasSubstr("X: on 31 January 2024 it comes to met (finished)"));
}

TEST(RuleWords, TerminalTextStaysWithinItsWidth) {
  std::istringstream lines(text(words_of(completed + R"(<follow><step called="a plan"><act is="plan.agreed"/></step>
    <within value="3" unit="working-day" count="after" calendar="united-kingdom"/></follow>)"),
                                60));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 60U) << line;
}

class ShippedRules : public ::testing::Test {
 protected:
  static const xml::Kinds& kinds() {
    static const xml::Kinds all = xml::Kinds::load(share_folder() / "schemas");
    return all;
  }
  static const Catalogue& catalogue() {
    static const Catalogue all = Catalogue::load(kinds());
    return all;
  }
};

TEST_F(ShippedRules, NoCodeWordsAreShown) {
  std::set<std::string> acts;
  for (const auto& kind : kinds().all()) {
    for (const auto& entry : kind.entries) acts.insert(entry.act);
    if (!kind.copies.empty()) acts.insert(kind.copies);
  }
  // A rule's caveats may name another rule.
  for (const auto& rule : catalogue().rules()) acts.erase(rule.id);
  ASSERT_TRUE(acts.contains("review.completed"));
  // What looks like an act, a placeholder, and codes with a hyphen and no place in English.
  const std::regex code(R"(\b[a-z]+\.[a-z]+-?[a-z]*\b(?! )|\{|\}|-met\b|not-recorded|care-act\b|  )");
  for (const auto& rule : catalogue().rules()) {
    const auto texts = every_text(rule_words(rule, catalogue().vocabulary()));
    std::smatch found;
    EXPECT_FALSE(std::regex_search(texts, found, code)) << rule.id << ": " << found.str() << "\n" << texts;
    for (const auto& act : acts) EXPECT_THAT(texts, Not(HasSubstr(act))) << rule.id;
    EXPECT_THAT(texts, Not(HasSubstr(".."))) << rule.id;
  }
}

TEST_F(ShippedRules, EveryRuleIsInOneAreaAndEveryDutySaysWhenAndThen) {
  std::size_t count = 0;
  for (const auto& area : by_area(catalogue())) count += area.rules.size();
  EXPECT_EQ(count, catalogue().rules().size());
  for (const auto& rule : catalogue().rules())
    for (const auto& edition : rule_words(rule, catalogue().vocabulary()).editions)
      for (const auto& duty : edition.duties) {
        std::set<std::string> keys;
        for (const auto& point : duty.points) keys.insert(point.key);
        EXPECT_TRUE(keys.contains("when") && keys.contains("then")) << rule.id << " " << duty.id;
        EXPECT_FALSE(duty.says.empty());
      }
}

TEST(RuleAreas, AnIdWithAPlaceOfItsOwnIsNotWithItsFirstWord) {
  EXPECT_EQ(area_of("dp.stop.may").title, "Direct payments");
  EXPECT_EQ(area_of("dp.complaint").key, "records");
  EXPECT_EQ(area_of("own-rules.one").title, "Own rules");
}

}  // namespace
}  // namespace answerable::engine
