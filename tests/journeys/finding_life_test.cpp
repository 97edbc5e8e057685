// A finding's life through the real programs: opened, set aside, opened again, met late; and an old audit judged again.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::ordered_json;

constexpr const char* head =
    "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
    "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
    "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
    "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records></"
    "submission>";

constexpr const char* determination =
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person>"
    "<name>Example Person</name></person>"
    "<eligibilityDetermination xmlns=\"urn:answerable:eligibility-determination:1\" id=\"ELG-1\">"
    "<person scheme=\"nhs-number\">9990000018</person><for>adult</for><determined>2025-06-02</determined>"
    "<criteria>care-act-2015</criteria><eligible>no</eligible></eligibilityDetermination>";

constexpr const char* reasons =
    "<document xmlns=\"urn:answerable:document:1\" id=\"DOC-1\"><person scheme=\"nhs-number\">9990000018</person>"
    "<is>eligibility-record</is><created>2025-06-02</created>"
    "<offered><record>ELG-1</record><as>eligibility-reasons</as><covers>reasons</covers></offered></document>";

class FindingLife : public ::testing::Test {
 protected:
  void send(const std::string& message, const std::string& records) {
    const auto file = folder_ / (message + ".xml");
    spill(file, fmt::format(fmt::runtime(head), message, records));
    const auto sent = run(program + " submit --format json" + data_ + " " + file.string(), true);
    ASSERT_EQ(sent.code, 0) << sent.out;
    ASSERT_EQ(run(program + " audit" + data_).code, 0);
  }
  /// The finding of records.decision on the determination.
  ordered_json finding(const std::string& options = "") {
    const auto all =
        run(program + " findings --rule records.decision --format json" + options + data_).json()["findings"];
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& f) { return f["duty"] == "eligibility"; });
    return found == all.end() ? ordered_json{} : *found;
  }
  std::vector<std::string> life(const std::string& id) {
    std::vector<std::string> steps;
    const auto explained = run(program + " explain " + id + " --format json" + data_);
    EXPECT_EQ(explained.code, 0) << explained.out;
    const auto document = explained.json();
    for (const auto& step : document["life"]) steps.push_back(step["what"]);
    return steps;
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
};

TEST_F(FindingLife, every_step_stays_on_record) {
  using Steps = std::vector<std::string>;
  send("M-1", determination);
  const std::string id = finding()["finding"];
  EXPECT_EQ(finding()["outcome"], "not-evidenced");
  EXPECT_EQ(finding()["severity"], "advisory");
  EXPECT_EQ(life(id), Steps{"opened"});

  const std::string by = " --by 'A. Officer' --reason 'asked for by telephone'";
  const std::string aside = program + " set-aside " + id + by + data_;
  EXPECT_EQ(run(program + " reopen " + id + by + data_).code, 2) << "it is not set aside";
  EXPECT_EQ(run(aside + " --until 2020-01-01").code, 2) << "that day is past";
  EXPECT_EQ(run(program + " set-aside " + id + data_).code, 2) << "nobody said who and why";
  ASSERT_EQ(run(aside + " --until 2199-12-31").code, 0);
  EXPECT_EQ(run(aside).code, 2) << "it is set aside already";
  EXPECT_TRUE(finding().is_null());
  EXPECT_EQ(finding(" --set-aside")["set_aside"]["by"], "A. Officer");
  EXPECT_EQ(finding(" --set-aside")["set_aside"]["until"], "2199-12-31");
  EXPECT_EQ(finding(" --all")["set_aside"]["reason"], "asked for by telephone");
  EXPECT_EQ(life(id), (Steps{"opened", "set-aside"}));

  ASSERT_EQ(run(program + " reopen " + id + by + data_).code, 0);
  EXPECT_EQ(finding()["finding"], id);
  ASSERT_EQ(run(aside).code, 0);
  EXPECT_EQ(life(id), (Steps{"opened", "set-aside", "reopened", "set-aside"}));

  // The reasons come: the same finding comes to something else, and is no longer set aside.
  send("M-2", reasons);
  EXPECT_TRUE(finding(" --set-aside").is_null());
  EXPECT_EQ(finding(" --all")["finding"], id);
  EXPECT_EQ(finding(" --all")["outcome"], "met");
  EXPECT_EQ(life(id), (Steps{"opened", "set-aside", "reopened", "set-aside", "met", "set-aside-over"}));
}

TEST_F(FindingLife, an_old_audit_judged_again_comes_to_the_same_bytes) {
  send("M-1", determination);
  send("M-2", reasons);
  for (const char* run_number : {"1", "2"}) {
    const auto again = run(program + " audit --format json --again " + run_number + data_);
    EXPECT_EQ(again.code, 0) << again.out;
    EXPECT_GT(again.json()["compared"], 0);
    EXPECT_TRUE(again.json()["differences"].empty()) << again.out;
  }
  EXPECT_EQ(run(program + " audit --again 3" + data_).code, 2);
}

TEST_F(FindingLife, a_rule_of_the_councils_own_stands_in_the_trail) {
  send("M-1", determination);
  const auto rule = folder_ / "own.read_out.xml";
  const auto example = [](const char* name, const char* outcome, const char* told) {
    return fmt::format(
        R"(<example name="{}" as-of="2025-12-31" outcome="{}"><sent by="council" on="2025-06-30">)"
        R"(<eligibilityDetermination xmlns="urn:answerable:eligibility-determination:1" id="ELG-9">)"
        R"(<person scheme="nhs-number">9990000018</person><for>adult</for><determined>2025-06-02</determined>)"
        R"(<criteria>care-act-2015</criteria><eligible>no</eligible>{}</eligibilityDetermination></sent></example>)",
        name, outcome, told);
  };
  spill(rule,
        R"(<rule xmlns="urn:answerable:rule:1" id="own.read_out" subject="person"><title>Reasons are on file.</title>)"
        R"(<because>Promised.</because><edition from="2020-01-01" force="practice" confidence="verified">)"
        R"(<source>Our charter</source><duty id="main"><when><act is="eligibility.determined"/></when>)"
        R"(<accompany><value attribute="reasons" called="the reasons"/></accompany>)"
        R"(<says outcome="not-evidenced">The charter's reasons are not on file.</says></duty></edition>)" +
            example("on file", "met", "<reasons>Manages alone.</reasons>") + example("not", "not-evidenced", "") +
            "</rule>");
  const auto loaded =
      run(program + " rules load " + rule.string() + " --authority 999 --by me --reason promised" + data_, true);
  ASSERT_EQ(loaded.code, 0) << loaded.out;
  const auto trail = run(program + " trail --person 9990000018 --output " + (folder_ / "trail").string() + data_, true);
  ASSERT_EQ(trail.code, 0) << trail.out;
  EXPECT_NE(slurp(folder_ / "trail/findings.csv").find("own.read_out"), std::string::npos);
}

}  // namespace
}  // namespace answerable::testing
