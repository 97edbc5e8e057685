// The scorer that compares a replay with what was decided, and the program's own way with several files.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::json;

const std::string scorer = std::string("python3 ") + ANSWERABLE_SOURCE + "/tests/ombudsman/score.py --json ";
const std::string made_up = std::string(ANSWERABLE_SOURCE) + "/tests/ombudsman/cases/";

json finding(const char* kind, const char* rule, const char* flagged) {
  return {{"kind", kind}, {"rule", rule}, {"actor", "P1"}, {"accountable", "A council"}, {"first_flagged", flagged}};
}

TEST(Score, counts_what_was_found_missed_and_raised_without_cause) {
  const Folder folder;
  const json replayed{{"cases",
                       {{{"ref", "T 1"},
                         {"held", 0},
                         {"findings",
                          {finding("review_overdue", "review.annual", "2019-01-10"),
                           finding("review_overdue", "review.annual", "2020-01-10"),
                           finding("records_inadequate", "records.own_account", "2019-06-30"),
                           finding("charging_wrong", "finance.record", "2019-06-30"),
                           finding("care_plan_missing", "plan.prepare", "2019-06-30")}}}}}};
  const json decided{{"ref", "T 1"},
                     {"decided", "2020-01-10"},
                     {"faults",
                      {{{"kind", "review_overdue"}, {"actor", "P2"}, {"period", {"2019", nullptr}}},
                       {{"kind", "records_inadequate"}, {"actor", "P1"}},
                       {{"kind", "safeguarding_delayed"}, {"actor", "P1"}},
                       {{"kind", "communication_poor"}, {"actor", "P1"}}}},
                     {"no_fault", {{{"kind", "charging_wrong"}}, {{"kind", "assessment_delayed"}}}}};
  spill(folder / "replay.json", replayed.dump());
  spill(folder / "case.json", decided.dump());
  const auto ran = run(scorer + (folder / "replay.json").string() + " " + (folder / "case.json").string());
  ASSERT_EQ(ran.code, 0);
  const auto scored = ran.json();
  const auto& totals = scored["totals"];
  EXPECT_EQ(totals["faults"], 3);  // what no machine can check is not counted
  EXPECT_EQ(totals["found"], 2);
  EXPECT_EQ(totals["own_word"], 1);
  EXPECT_EQ(totals["false_alarms"], 1);
  EXPECT_EQ(totals["no_fault"], 2);
  EXPECT_EQ(scored["cases"][0]["false_alarms"], json::array({"charging_wrong"}));
  EXPECT_EQ(scored["cases"][0]["extras"], json::array({"care_plan_missing"}));
  EXPECT_EQ(scored["cases"][0]["faults"][0]["warning"], 365);  // from the earliest finding of the kind
  EXPECT_EQ(totals["median_warning"], (365 + 194) / 2.0);
}

/// What a reader of the sixth set's openings could tell, as the README gives it.
TEST(Score, counts_a_readers_answers_by_how_likely_they_were_held) {
  const std::string sixth = std::string(ANSWERABLE_SOURCE) + "/tests/ombudsman/sixth/";
  const auto scored = [&](const char* at_least) {
    const auto ran =
        run("sh -c '" + scorer + "--at-least " + at_least + " " + sixth + "reader.json " + sixth + "unseen/*.json'");
    EXPECT_EQ(ran.code, 0);
    return ran.json()["totals"];
  };
  const auto likely = scored("0.5"), all = scored("0");
  EXPECT_EQ(likely["cases"], 48);
  EXPECT_EQ(likely["faults"], 32);
  EXPECT_EQ(likely["no_fault"], 29);
  EXPECT_EQ(likely["found"], 19);
  EXPECT_EQ(likely["false_alarms"], 2);
  EXPECT_EQ(all["found"], 27);
  EXPECT_EQ(all["false_alarms"], 13);
}

TEST(ReplayProgram, a_bad_file_is_told_of_and_does_not_stop_the_others) {
  const Folder folder;
  spill(folder / "bad.json", "{\"events\": 3}");
  const auto command =
      program + " replay --format json " + (folder / "bad.json").string() + " " + made_up + "MADE-01.json";
  const auto ran = run(command);
  EXPECT_EQ(ran.code, 3);
  const auto replayed = ran.json();
  ASSERT_EQ(replayed["cases"].size(), 1U);
  EXPECT_EQ(replayed["cases"][0]["ref"], "MADE 01");
  EXPECT_NE(replayed["policy"].get<std::string>().find("assumption"), std::string::npos);
  const auto told = run(program + " replay " + (folder / "bad.json").string(), true);
  EXPECT_EQ(told.code, 3);
  EXPECT_NE(told.out.find("bad.json: events: expected a list, found number"), std::string::npos) << told.out;
}

}  // namespace
}  // namespace answerable::testing
