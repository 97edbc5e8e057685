// What was known when, corrections, the law a person stood under, who answers, and a finding's identity.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/engine/explain.hpp"
#include "audit/engine/flat_json.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/audit/engine_story.hpp"
#include "tests/audit/next_change.hpp"

namespace answerable::engine {
namespace {

using testing::Court;
using testing::day;
using testing::duty;
using testing::nothing_changes_until_next;
using testing::Story;

constexpr const char* review =
    R"(<when><act is="plan.agreed"/></when><follow><step called="a review"><act is="review.completed"/>
  <evidence item="review-record"/></step><within value="8" unit="week" count="after"/></follow>)";

TEST(Horizon, sees_only_what_was_known_and_had_happened) {
  Court court(duty(review));
  Story story;
  story.act("2024-01-01", "plan.agreed");
  const auto done = story.act("2024-02-01", "review.completed");
  const auto document = story.act("2024-02-01", "document.created", {{"is", "review-record"}});
  story.proof(done, {.item = "review-record", .is = "review-record"}, document);
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::met);
  EXPECT_EQ(court.verdict(story, "2024-06-01", document).outcome, Outcome::not_evidenced) << "before the document came";
  EXPECT_EQ(court.verdict(story, "2024-06-01", done).outcome, Outcome::breached) << "before the review came";
  EXPECT_EQ(court.verdict(story, "2024-01-31").outcome, Outcome::pending) << "before it happened";
  EXPECT_EQ(court.verdict(story, "2024-01-31").next, day("2024-02-01"));
  EXPECT_TRUE(court.verdicts(story, "2023-12-31").empty());
  EXPECT_TRUE(court.verdicts(story, "2024-06-01", 0).empty());
}

TEST(Horizon, judges_the_correction_once_it_is_known) {
  Court court(duty(review));
  Story story;
  story.act("2024-01-01", "plan.agreed");
  const auto wrong = story.act("2024-05-01", "review.completed");
  story.proof(wrong, {.item = "review-record"});
  const auto right = story.act("2024-02-01", "review.completed");
  story.corrects(right, wrong);
  EXPECT_EQ(court.verdict(story, "2024-06-01", right).outcome, Outcome::met_late);
  const auto corrected = court.verdict(story, "2024-06-01");
  EXPECT_EQ(corrected.outcome, Outcome::not_evidenced) << "the corrected record's own evidence went with it";
  EXPECT_EQ(corrected.step, right);
  const auto document = story.act("2024-02-01", "document.created");
  story.proof(wrong, {.item = "review-record"}, document);
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::met)
      << "evidence offered for the first record proves its correction";
}

TEST(Horizon, a_label_outweighs_a_bare_claim) {
  Court court(duty(
      R"(<when><act is="review.completed"/></when><accompany><evidence item="review-record" is="review-record"/></accompany>)"));
  Story story;
  const auto number = story.act("2024-02-01", "review.completed");
  story.proof(number, {.item = "review-record", .document = "R-1"});
  EXPECT_EQ(court.verdict(story, "2024-06-01").outcome, Outcome::met) << "claimed, and nobody says what it is";
  story.act("2024-02-01", "document.created", {{"is", "clinic-letter"}});
  EXPECT_EQ(court.verdict(story, "2024-06-01").state, "finished with a document that is not one")
      << "the document's own record says what it is";
}

TEST(Horizon, a_record_written_long_after_is_created_late) {
  Court court(
      duty(R"(<when><act is="review.completed"/></when><accompany><evidence item="review-record"/></accompany>)"));
  Story story;
  const auto number = story.act("2024-02-01", "review.completed");
  story.proof(number, {.item = "review-record"});
  story.recorded(number, "2024-02-29");
  EXPECT_EQ(court.verdict(story, "2025-01-01").outcome, Outcome::met);
  story.recorded(number, "2024-03-01");
  EXPECT_EQ(court.verdict(story, "2025-01-01").outcome, Outcome::met_late);
  story.recorded(number, "2024-02");
  EXPECT_EQ(court.verdict(story, "2025-01-01").outcome, Outcome::met) << "perhaps in time";
}

TEST(Precision, flags_only_what_no_reading_excuses) {
  Court court(duty(
      R"(<when><act is="assessment.completed"/></when><follow><step called="a review"><act is="review.completed"/></step>
    <within value="8" unit="week" count="after"/></follow>)",
      "person", "care-act"));
  Story story;
  story.act("2015", "assessment.completed");
  EXPECT_EQ(court.verdict(story, "2016-02-25").outcome, Outcome::pending) << "counted from the last day of 2015";
  const auto later = court.verdict(story, "2016-02-26");
  EXPECT_EQ(later.outcome, Outcome::unknown);
  EXPECT_EQ(later.state, "the date does not tell which law applied") << "in early 2015 another law applied";
}

Regime regime_at(Story& story, std::string_view on, std::string_view as_of = "2026-01-01",
                 const Easements* easements = nullptr) {
  Vocabulary words;
  const RegimeWords regime_words(words);
  const auto timeline = story.timeline(words);
  std::vector<const Entry*> visible;
  for (const auto& entry : timeline.entries)
    if (entry.when.first <= day(as_of)) visible.push_back(&entry);
  return regime_path(regime_words, visible, easements).at(day(on));
}

TEST(Regime, follows_the_persons_own_path) {
  Story supported;
  supported.act("2013-05-01", "plan.agreed");
  EXPECT_EQ(regime_at(supported, "2015-03-31"), Regime::pre_care_act);
  EXPECT_EQ(regime_at(supported, "2015-04-01"), Regime::transitional);
  EXPECT_EQ(regime_at(supported, "2016-03-31"), Regime::transitional);
  EXPECT_EQ(regime_at(supported, "2016-04-01"), Regime::care_act) << "at the latest";
  supported.act("2015-03-30", "review.completed");
  EXPECT_EQ(regime_at(supported, "2015-06-01"), Regime::transitional) << "a review before the Act began ends nothing";
  supported.act("2015-09-10", "review.completed");
  EXPECT_EQ(regime_at(supported, "2015-09-09"), Regime::transitional);
  EXPECT_EQ(regime_at(supported, "2015-09-10"), Regime::care_act);

  Story newcomer;
  newcomer.act("2015-04-01", "plan.agreed");
  EXPECT_EQ(regime_at(newcomer, "2015-04-01"), Regime::care_act);

  Story ended;
  ended.act("2013-05-01", "plan.agreed");
  ended.act("2015-03-31", "plan.ended");
  EXPECT_EQ(regime_at(ended, "2015-04-01"), Regime::care_act) << "nothing was received immediately before";

  Story one_of_two;
  one_of_two.act("2013-05-01", "plan.agreed");
  one_of_two.act("2013-06-01", "service.started");
  one_of_two.act("2014-06-01", "service.ended");
  EXPECT_EQ(regime_at(one_of_two, "2015-04-01"), Regime::transitional);
  one_of_two.act("2015-01-01", "change.effective", {{"direction", "end"}});
  EXPECT_EQ(regime_at(one_of_two, "2015-04-01"), Regime::care_act);

  Story said;
  said.act("2012", "person.supported");
  EXPECT_EQ(regime_at(said, "2015-04-01"), Regime::transitional);
}

bool enters_the_care_act_supported(Story& story) {
  Vocabulary words;
  const RegimeWords regime_words(words);
  const auto timeline = story.timeline(words);
  std::vector<const Entry*> visible;
  for (const auto& entry : timeline.entries) visible.push_back(&entry);
  return regime_path(regime_words, visible, nullptr).supported_when_entered;
}

TEST(Regime, brings_nobody_under_the_care_act_whose_support_had_ended) {
  Story ended_in_between;
  ended_in_between.act("2013-05-01", "plan.agreed");
  ended_in_between.act("2015-08-01", "plan.ended");
  EXPECT_EQ(regime_at(ended_in_between, "2015-06-01"), Regime::transitional);
  EXPECT_FALSE(enters_the_care_act_supported(ended_in_between));
  Story running;
  running.act("2013-05-01", "plan.agreed");
  EXPECT_TRUE(enters_the_care_act_supported(running));
  Story restarted;
  restarted.act("2013", "dp.started");
  restarted.act("2013-12", "dp.stopped");
  EXPECT_EQ(regime_at(restarted, "2015-04-01"), Regime::care_act);
  restarted.act("2015-03", "dp.restarted");
  EXPECT_EQ(regime_at(restarted, "2015-04-01"), Regime::transitional) << "payments that began again count as support";
}

TEST(Horizon, what_was_told_had_happened_by_then) {
  Story story;
  story.act("2015", "complaint.received");
  story.received(0, "2015-06-22");
  Vocabulary words;
  EXPECT_EQ(iso(story.timeline(words).entries[0].when.last), "2015-06-22") << "not the end of the year";
  EXPECT_EQ(iso(story.timeline(words).entries[0].when), "2015") << "and is shown as it was sent";
}

TEST(Regime, is_eased_only_by_the_councils_own_notice) {
  Story policy(SubjectType::council);
  policy.act("2020-04-20", "policy.easement", {}, testing::council, "", "2020-06-30");
  policy.act("2019-01-01", "policy.easement", {}, testing::council, "", "2020-04-02");
  Vocabulary words;
  const auto timeline = policy.timeline(words);
  const Easements eased = easements(words, timeline, testing::organisations(), {day("2026-01-01"), 10});
  Story person;
  EXPECT_EQ(regime_at(person, "2020-05-01"), Regime::care_act);
  EXPECT_EQ(regime_at(person, "2020-05-01", "2026-01-01", &eased), Regime::easement);
  EXPECT_EQ(regime_at(person, "2020-07-01", "2026-01-01", &eased), Regime::care_act);
  EXPECT_EQ(regime_at(person, "2020-03-31", "2026-01-01", &eased), Regime::easement);
  EXPECT_EQ(regime_at(person, "2020-03-30", "2026-01-01", &eased), Regime::care_act)
      << "never before the law allowed it";
}

TEST(Regime, entering_the_act_calls_for_a_review) {
  Court court(duty(R"(<when><act is="regime.entered"><where attribute="regime" is="care-act"/></act></when>
    <recur><step called="a review"><act is="review.completed"/></step><within value="12" unit="month" count="after"/></recur>)",
                   "person", "care-act"));
  Story story;
  story.act("2013-05-01", "plan.agreed");
  EXPECT_TRUE(court.verdicts(story, "2016-03-31").empty());
  const auto v = court.verdict(story, "2017-04-02");
  EXPECT_EQ(v.outcome, Outcome::breached);
  EXPECT_EQ(v.due, day("2017-04-01"));
  EXPECT_EQ(v.trigger, -1);
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(court.context("2016-03-31"));
  EXPECT_EQ(judge(timeline).next_change, day("2016-04-01"));
}

Story s75(std::string_view from = "2010-04-01", std::string_view until = "2020-03-31",
          std::string_view functions = "assessment review") {
  Story story(SubjectType::agreement, 9);
  story.act(from, "agreement.made",
            {{"reference", "S75-2010"},
             {"type", "s75"},
             {"party", "ods:RH5"},
             {"functions", std::string(functions)},
             {"extent", "all"}},
            testing::council, "", until);
  return story;
}

Attribution attributed(Court& court, Story& story, std::string_view as_of = "2026-01-01") {
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  const auto context = court.context(as_of);
  Judge judge(context);
  const auto judged = judge(timeline, true);
  EXPECT_EQ(judged.judgements.size(), 1U);
  return attribution(context, timeline, judged.judgements.at(0));
}

Court court_of_reviews(
    const std::string& inside =
        R"(<when><act is="review.completed"/></when><accompany><evidence item="review-record"/></accompany>)") {
  Court court(duty(inside));
  auto& words = court.catalogue.vocabulary();
  court.catalogue.set_function(words.add("review.completed"), words.add("review"));
  words.add("assessment");
  return court;
}

TEST(Attribution, the_council_answers_by_the_law_of_the_day) {
  const std::vector<std::pair<const char*, const char*>> laws{
      {"2005-05-01", "Health Act 1999 s.31"},
      {"2007-05-01", "NHS Act 2006 s.75(5)"},
      {"2013-05-01", "NHS Act 2006 s.75(5); Local Government Act 1974 s.25(6)-(8)"},
      {"2019-05-01", "NHS Act 2006 s.75(5); Local Government Act 1974 s.25(6)-(8)"}};
  for (const auto& [when, law] : laws) {
    Court court = court_of_reviews();
    Story agreement = s75("2001-04-01");
    court.under(agreement);
    Story story;
    story.act(when, "review.completed", {}, testing::trust, "S75-2010");
    const auto who = attributed(court, story);
    EXPECT_EQ(who.actor_name, "Somerset Partnership");
    EXPECT_EQ(who.accountable, "cassr:905");
    EXPECT_TRUE(who.in_force && who.covers_function);
    EXPECT_EQ(who.law, law);
  }
}

TEST(Attribution, no_valid_instrument_frees_the_council) {
  Court court = court_of_reviews();
  Story agreement = s75("2010-04-01", "2016-03-31", "assessment");
  court.under(agreement);
  const auto judge = [&](const char* when, const char* reference) {
    Story story;
    story.act(when, "review.completed", {}, testing::trust, reference);
    return attributed(court, story);
  };
  EXPECT_NE(judge("2015-05-01", "S75-2010").note.find("does not cover review"), std::string::npos);
  EXPECT_NE(judge("2017-05-01", "S75-2010").note.find("was not in force on that day"), std::string::npos);
  EXPECT_NE(judge("2017-05-01", "OTHER").note.find("no agreement with it is known"), std::string::npos);
  EXPECT_EQ(judge("2017-05-01", "OTHER").law, "Care Act 2014 s.79(6) (purported exercise)");
  EXPECT_EQ(judge("2013-05-01", "OTHER").law, "Local Government Act 1974 s.25(6)-(8)");
  for (const char* reference : {"S75-2010", "OTHER"})
    EXPECT_EQ(judge("2017-05-01", reference).accountable_name, "Somerset");
}

TEST(Attribution, an_act_undone_lies_with_whom_the_agreement_names) {
  Court court = court_of_reviews(
      R"(<when><act is="plan.agreed"/></when><follow><step called="a review"><act is="review.completed"/></step>
    <within value="8" unit="week" count="after"/></follow>)");
  Story story;
  story.act("2014-01-01", "plan.agreed");
  EXPECT_EQ(court.verdict(story, "2015-01-01").actor, "cassr:905") << "nobody else's to do";
  Story agreement = s75();
  court.under(agreement);
  const auto v = court.verdict(story, "2015-01-01");
  EXPECT_EQ(v.actor, "ods:RH5");
  EXPECT_EQ(v.agreement, "S75-2010");
  Story later;
  later.act("2020-04-01", "plan.agreed");
  EXPECT_EQ(court.verdict(later, "2021-01-01").actor, "cassr:905") << "the agreement had ended by the day it was due";
}

TEST(Attribution, pattern_by_instrument) {
  const auto judged = [](const std::string& instruments, const char* when, const char* reference,
                         std::int32_t by = testing::trust) {
    Court court = court_of_reviews("<when><act is=\"review.completed\" by=\"other\"/></when><attribute instruments=\"" +
                                   instruments + "/>");
    Story agreement = s75();
    court.under(agreement);
    Story story;
    story.act(when, "review.completed", {}, by, reference);
    const auto all = court.verdicts(story, "2026-01-01");
    return all.empty() ? std::string("not judged") : std::string(word(all.front().outcome));
  };
  EXPECT_EQ(judged("s75\"", "2014-01-01", "S75-2010"), "met");
  EXPECT_EQ(judged("s75\"", "2014-01-01", ""), "met") << "found by its party";
  EXPECT_EQ(judged("s79 contract\"", "2014-01-01", "S75-2010"), "exempt") << "another rule's";
  EXPECT_EQ(judged("s79 contract\"", "2021-01-01", "S75-2010"), "breached");
  EXPECT_EQ(judged("s79 contract\"", "2014-01-01", "", testing::provider), "breached");
  EXPECT_EQ(judged("s75\" only-when-covered=\"true\"", "2014-01-01", "S75-2010"), "met");
  EXPECT_EQ(judged("s75\" only-when-covered=\"true\"", "2021-01-01", "S75-2010"), "breached")
      << "named, and not in force";
  EXPECT_EQ(judged("s75\" only-when-covered=\"true\"", "2021-01-01", ""), "not judged");
  EXPECT_EQ(judged("s75\"", "2014-01-01", "", testing::council), "not judged");
}

TEST(Agreements, versions_and_named_people) {
  Vocabulary words;
  for (const char* function : {"review", "assessment"}) words.add(function);
  Story story(SubjectType::agreement, 9);
  story.act("2010-04-01", "agreement.made",
            {{"reference", "A"},
             {"type", "s75"},
             {"party", "ods:RH5"},
             {"functions", "review"},
             {"extent", "named"},
             {"people", "111 222"}});
  story.act(
      "2012-04-01", "agreement.made",
      {{"reference", "A"}, {"type", "s75"}, {"party", "ods:RH5"}, {"functions", "assessment"}, {"extent", "all"}});
  story.act("2013-04-01", "agreement.revoked", {{"reference", "A"}});
  const auto timeline = story.timeline(words);
  const Agreements agreements(words, {&timeline, 1}, {day("2020-01-01"), 10}, [](std::string_view value) {
    return value == "111" ? std::optional<std::int32_t>(7) : std::nullopt;
  });
  ASSERT_EQ(agreements.all().size(), 2U);
  const Word reviews = words.find("review"), assessments = words.find("assessment");
  EXPECT_TRUE(agreements.standing("A", "ods:RH5", reviews, day("2011-01-01"), 7).valid());
  EXPECT_FALSE(agreements.standing("A", "ods:RH5", reviews, day("2011-01-01"), 8).valid()) << "not named";
  EXPECT_FALSE(agreements.standing("A", "ods:RH5", reviews, day("2012-04-01"), 7).valid())
      << "the later version covers other functions";
  EXPECT_TRUE(agreements.standing("A", "ods:RH5", assessments, day("2013-04-01"), 8).valid()) << "the last day";
  EXPECT_FALSE(agreements.standing("A", "ods:RH5", assessments, day("2013-04-02"), 8).valid());
  EXPECT_FALSE(agreements.standing("A", "ods:R1A", assessments, day("2013-01-01"), 8).valid()) << "not a party";
}

TEST(FindingId, is_read_back_and_forgiving) {
  for (const FindingId id : {FindingId{0}, FindingId{1}, (FindingId{1} << 60) - 1, FindingId{0x0123456789ABCDE}}) {
    EXPECT_EQ(parse_finding(format_finding(id)), id) << format_finding(id);
  }
  EXPECT_EQ(format_finding(0), "F-0000-0000-0000");
  EXPECT_EQ(parse_finding("f-oooo-0000-0oil"), parse_finding("F-0000-0000-0011"));
  EXPECT_FALSE(parse_finding("F-0000-0000-000"));
  EXPECT_FALSE(parse_finding("F-0000-0000-000U"));
  EXPECT_FALSE(parse_finding("G-0000-0000-0000"));
}

TEST(FindingId, stays_the_same_through_corrections) {
  Court court(duty(review));
  Story story;
  const auto plan = story.act("2024-01-01", "plan.agreed");
  Sha256 hash;
  const auto id = [&](std::int64_t known_at) {
    const auto timeline = story.timeline(court.catalogue.vocabulary());
    Judge judge(court.context("2024-06-01", known_at));
    const auto judged = judge(timeline);
    return finding_id(hash, "905", 7, court.catalogue, judged.judgements.at(0));
  };
  const auto before = id(1000);
  Story again;
  const auto first = again.act("2024-01-01", "plan.agreed");
  story = std::move(again);
  const auto second = story.act("2024-01-03", "plan.agreed");
  story.corrects(second, first);
  EXPECT_EQ(plan, first);
  EXPECT_EQ(id(1), before);
  // The ordinal is the record's own: the hand-written story numbers acts through, so put it back.
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(court.context("2024-06-01"));
  const auto judged = judge(timeline);
  ASSERT_EQ(judged.judgements.size(), 1U);
  EXPECT_EQ(judged.judgements[0].trigger->number, second);
  EXPECT_EQ(judged.judgements[0].root, first);
}

TEST(FlatJson, undoes_escapes) {
  Arena arena;
  std::vector<std::pair<std::string, std::string>> read;
  read_flat_json(R"({"a": "plain", "b-c": "q\" \\ \/ \n \u0041 \u00e9 \ud83d\ude00", "": ""})", arena,
                 [&](std::string_view name, std::string_view value) { read.emplace_back(name, value); });
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].second, "plain");
  EXPECT_EQ(read[1].second, "q\" \\ / \n A \xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(read[2], (std::pair<std::string, std::string>{"", ""}));
  for (const char* bad :
       {"", "[]", "{\"a\": 1}", "{\"a\": \"x}", "{\"a\": \"\\", "{\"a\": \"\\u12\"}", "{\"a\" \"b\"}"})
    EXPECT_THROW(read_flat_json(bad, arena, [](std::string_view, std::string_view) {}), std::runtime_error) << bad;
}

RC_GTEST_PROP(FlatJson, reads_what_json_writes, (const std::vector<std::pair<std::string, std::string>>& pairs)) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, value] : pairs) {
    const std::string both = name + value;
    if (std::all_of(both.begin(), both.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
      object[name] = value;
  }
  Arena arena;
  nlohmann::json back = nlohmann::json::object();
  const std::string text = object.dump();
  read_flat_json(text, arena,
                 [&](std::string_view name, std::string_view value) { back[std::string(name)] = std::string(value); });
  RC_ASSERT(back == object);
}

TEST(Explanation, holds_what_a_reader_needs) {
  Court court = court_of_reviews(
      R"(<when><act is="plan.agreed"/></when><unless because="the person died"><act is="person.died"/></unless>
    <follow><step called="a review"><act is="review.completed"/><evidence item="review-record" is="review-record"/></step>
    <within value="8" unit="week" count="after" convention="Eight weeks is guidance."/></follow>)");
  Story story;
  story.act("2014-01-01", "plan.agreed", {}, testing::trust);
  const auto number = story.act("2014-02-01", "review.completed", {}, testing::trust);
  story.proof(number, {.item = "review-record", .is = "clinic-letter"});
  const auto context = court.context("2015-01-01");
  const auto timeline = story.timeline(court.catalogue.vocabulary());
  Judge judge(context);
  const auto judged = judge(timeline, true);
  ASSERT_EQ(judged.judgements.size(), 1U);
  const auto e = explain(context, timeline, judged.judgements[0], 5);
  EXPECT_EQ(e.finding, "F-0000-0000-0005");
  EXPECT_EQ(e.confidence_words, "the law's text was seen");
  ASSERT_EQ(e.events.size(), 2U);
  EXPECT_EQ(e.events[1].part, "claim");
  EXPECT_EQ(e.events[1].performer_name, "Somerset Partnership");
  ASSERT_EQ(e.evidence.size(), 1U);
  EXPECT_EQ(e.evidence[0].text, "the review record (the document offered is a clinic letter)");
  EXPECT_EQ(e.exceptions, std::vector<std::string>{"the person died: nothing of the kind is on record"});
  EXPECT_EQ(e.clock.back(), "Eight weeks is guidance.");
  const std::string said = text(e);
  for (const char* part :
       {"F-0000-0000-0005", "An Act; statute; severity serious; the law's text was seen",
        "starts 1 January 2014 (day 0)", "clinic letter", "Somerset answers", "as of 1 January 2015"})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  EXPECT_EQ(json(e)["law"]["confidence_words"], "the law's text was seen");
  EXPECT_EQ(text(e), text(explain(context, timeline, judged.judgements[0], 5)));
}

// ─── properties over random histories, with the rules that ship ───

struct Shipped {
  Court court{Catalogue::load(xml::Kinds::load(share_folder() / "schemas"))};
  std::vector<std::string> acts;
  Shipped() {
    const auto& words = court.catalogue.vocabulary();
    for (Word word = 1; word < words.size(); ++word)
      if (!court.catalogue.triggered_by(word).empty() && words.text(word) != "regime.entered")
        acts.emplace_back(words.text(word));
    for (const char* act : {"review.completed", "review.started", "review.cancelled", "assessment.completed",
                            "eligibility.determined", "plan.ended", "person.died", "service.started",
                            "complaint.acknowledged", "complaint.responded", "plan.copied"})
      acts.emplace_back(act);
  }
};

Story random_story(const std::vector<std::string>& acts) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> values{
      {"type", {"care-and-support", "plan", "needs", "initial", "direct-payment"}},
      {"direction", {"reduction", "end"}},
      {"reason", {"budget", "person-asked", "reassessed"}},
      {"ground", {"condition-breached", "other", "died"}},
      {"case", {"C1", "C2"}},
      {"involved.adult", {"attended", "not-invited"}},
      {"to", {"adult", "carer"}},
      {"eligible", {"yes", "no"}}};
  Story story;
  const int count = *rc::gen::inRange(1, 14);
  for (int i = 0; i < count; ++i) {
    const auto days = *rc::gen::inRange(0, 5200);
    std::string when = iso(day("2012-01-01") + std::chrono::days{days});
    const int precision = *rc::gen::inRange(0, 8);
    if (precision == 0) when.resize(4);
    if (precision == 1 || precision == 2) when.resize(7);
    testing::Pairs attributes;
    for (const auto& [name, choices] : values)
      if (*rc::gen::inRange(0, 2) == 0)
        attributes.emplace_back(name, choices[*rc::gen::inRange<std::size_t>(0, choices.size())]);
    const auto number =
        story.act(when, acts[*rc::gen::inRange<std::size_t>(0, acts.size())], attributes, *rc::gen::inRange(1, 4));
    if (*rc::gen::inRange(0, 2) == 0)
      story.proof(number, {.item = *rc::gen::element<std::string>("review-record", "assessment-record",
                                                                  "decision-reasons", "eligibility-reasons"),
                           .state = *rc::gen::element<std::string>("present", "absent", "created-late"),
                           .is = *rc::gen::element<std::string>("", "review-record", "clinic-letter")});
    if (number > 0 && *rc::gen::inRange(0, 8) == 0) story.corrects(number, *rc::gen::inRange<std::int64_t>(0, number));
  }
  return story;
}

RC_GTEST_PROP(NextChange, until_then_nothing_changes, ()) {
  static Shipped shipped;
  Story story = random_story(shipped.acts);
  const auto timeline = story.timeline(shipped.court.catalogue.vocabulary());
  const Day as_of = day("2012-06-01") + std::chrono::days{*rc::gen::inRange(0, 5400)};
  nothing_changes_until_next(timeline, as_of, 1000, [&](Day on) {
    auto context = shipped.court.context("2026-01-01");
    context.horizon.as_of = on;
    return context;
  });
}

RC_GTEST_PROP(Judging, gives_each_occasion_one_finding_with_a_name_of_its_own, ()) {
  static Shipped shipped;
  Story story = random_story(shipped.acts);
  const auto timeline = story.timeline(shipped.court.catalogue.vocabulary());
  Judge judge(shipped.court.context("2026-01-01"));
  const auto judged = judge(timeline);
  Sha256 hash;
  std::set<FindingId> ids;
  for (const auto& j : judged.judgements) {
    RC_ASSERT(j.outcome != Outcome::error);
    RC_ASSERT(!j.state.empty());
    RC_ASSERT(!j.actor.empty());
    RC_ASSERT(!needs_attention(j.outcome) || j.flagged_since.has_value());
    RC_ASSERT(ids.insert(finding_id(hash, "905", 7, shipped.court.catalogue, j)).second);
  }
}

}  // namespace
}  // namespace answerable::engine
