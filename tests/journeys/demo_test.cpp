// The demonstration, end to end with the real programs: records in, findings, trails out.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::ordered_json;

class Demo : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<Folder>();
    const auto ran = run(program + " demo --format json --people 150 --output " + folder->path().string());
    ASSERT_EQ(ran.code, 0);
    result = ran.json();
    data = result["data"];
  }
  static void TearDownTestSuite() { folder.reset(); }

  static ordered_json findings(const std::string& authority, const std::string& as_of) {
    const auto ran = run(program + " findings --format json --all --data " + data + " --authority " + authority +
                         " --as-of " + as_of);
    EXPECT_EQ(ran.code, 0);
    const auto json = ran.json();
    return json.is_array() ? json : json.at("findings");
  }
  /// The first finding of a rule and duty with one of these outcomes.
  static ordered_json find(const ordered_json& all, std::string_view rule, std::string_view duty,
                           std::string_view outcome) {
    const auto at = std::ranges::find_if(all, [&](const ordered_json& f) {
      return f["rule"] == rule && (duty.empty() || f["duty"] == duty) && f["outcome"] == outcome;
    });
    return at == all.end() ? ordered_json{} : *at;
  }

  static inline std::unique_ptr<Folder> folder;
  static inline ordered_json result;
  static inline std::string data;
};

TEST_F(Demo, FindsEveryPlantedFaultAndRaisesNoOther) {
  EXPECT_GT(result["generated"]["planted"], 40);
  EXPECT_EQ(result["generated"]["found"], result["generated"]["planted"]);
  EXPECT_TRUE(result["generated"]["missed"].empty()) << result["generated"]["missed"].dump(1);
  EXPECT_TRUE(result["generated"]["unplanted"].empty()) << result["generated"]["unplanted"].dump(1);
}

TEST_F(Demo, OriginCaseShowsWhatTheOmbudsmanFound) {
  const auto all = findings("905", "2015-10-08");
  const std::string trust = "Somerset Partnership NHS Foundation Trust";
  struct Expected {
    const char *rule, *duty, *outcome;
    bool trust_acted;
  };
  for (const auto& [rule, duty, outcome, trust_acted] : {
           Expected{"old.review", "recorded", "not-evidenced", true},  // no evidence of how needs were reviewed
           Expected{"old.elig", "", "not-evidenced", true},            // no reasons for the eligibility decision
           Expected{"old.review", "not-withdrawn-without", "not-evidenced",
                    true},                                      // payments stopped without a review that can be shown
           Expected{"old.dp.stop", "", "not-evidenced", true},  // payments stopped with no reasoned decision
           Expected{"s75.instrument", "monitoring", "breached", false},  // the council's third party is not monitored
           Expected{"s75.report", "quarterly", "breached", true},        // and did not report
           Expected{"compl.redirect", "answerable", "breached", false},  // the mother was sent to the trust
       }) {
    const auto finding = find(all, rule, duty, outcome);
    ASSERT_FALSE(finding.is_null()) << rule << '/' << duty << " is not " << outcome;
    const std::string explained = run(program + " explain " + finding["finding"].get<std::string>() +
                                      " --as-of 2015-10-08 --format json --data " + data)
                                      .out;
    const auto why = ordered_json::parse(explained);
    EXPECT_NE(why.dump().find("Somerset County Council"), std::string::npos) << rule << " does not name who answers";
    EXPECT_EQ(finding["actor"], trust_acted ? "ods:RH5" : "cassr:905") << rule << '/' << duty;
    if (trust_acted) {
      EXPECT_NE(why.dump().find(trust), std::string::npos) << rule;
    }
  }
}

TEST_F(Demo, ASearchThatFoundNothingIsEvidenceAboutTheRecordItWasFor) {
  const auto finding = find(findings("905", "2015-10-08"), "old.review", "recorded", "not-evidenced");
  ASSERT_FALSE(finding.is_null());
  const auto why =
      run(program + " explain " + finding["finding"].get<std::string>() + " --as-of 2015-10-08 --data " + data).out;
  EXPECT_NE(why.find("Trust patient record system and paper file"), std::string::npos) << why;
}

TEST_F(Demo, SalfordClinicLettersAreNoReview) {
  const auto all = findings("309", "2019-08-29");
  const auto finding = find(all, "review.annual", "", "not-evidenced");
  ASSERT_FALSE(finding.is_null());
  EXPECT_EQ(finding["state"], "finished with a document that is not one");
  EXPECT_EQ(finding["actor"], "ods:RXV");
}

TEST_F(Demo, WritesTheTrailInEveryForm) {
  for (const char* name : {"origin-somerset-2015", "salford-2019"}) {
    const auto trail = *folder / name;
    for (const char* file : {"trail.html", "trail.pdf", "trail.xml", "chronology.csv", "findings.csv"}) {
      EXPECT_GT(std::filesystem::file_size(trail / file), 500U) << name << '/' << file;
    }
    const auto valid = run("xmllint --noout --schema " ANSWERABLE_SOURCE "/schemas/reports/trail/1/trail.xsd " +
                               (trail / "trail.xml").string(),
                           true);
    EXPECT_EQ(valid.code, 0) << valid.out;
    // The working of what was lost stands in all three.
    EXPECT_EQ(slurp(trail / "trail.xml").find("<loss law=\"rem.lostdp\"") != std::string::npos,
              slurp(trail / "trail.html").find("rem.lostdp") != std::string::npos)
        << name;
    EXPECT_NE(run("pdfinfo " + (trail / "trail.pdf").string()).out.find("Tagged:          yes"), std::string::npos);
    EXPECT_NE(slurp(trail / "trail.html").find("GAP"), std::string::npos) << "gaps are printed as gaps";
  }
}

TEST_F(Demo, SealsTheOriginCaseSoThatBothVerifiersHoldIt) {
  const auto zip = (folder->path() / "origin.zip").string();
  const auto ours = run(program + " verify " + zip, true);
  EXPECT_EQ(ours.code, 0) << ours.out;
  EXPECT_NE(ours.out.find("Everything holds."), std::string::npos) << ours.out;
  const auto other = run(fmt::format("python3 {}/reports/bundle/verify.py {}", ANSWERABLE_SOURCE, zip), true);
  EXPECT_EQ(other.code, 0) << other.out;
  const auto trail = run("unzip -p " + zip + " '*/data/trail.html'").out;
  for (const char* text : {"What was lost, worked out", "Direct payments stopped, December 2013", "rem.lostdp",
                           "from general knowledge", "A calculation aid, not a determination."})
    EXPECT_NE(trail.find(text), std::string::npos) << text;
}

TEST_F(Demo, TheSameQuestionGivesTheSameBytes) {
  const std::string question =
      program + " audit --as-of 2015-10-08 --known-at 9 --authority 905 --format json --data " + data;
  const auto first = run(question);
  EXPECT_EQ(first.code, 0);
  EXPECT_GT(first.out.size(), 1000U);
  EXPECT_EQ(first.out, run(question).out);
  EXPECT_NE(first.out, run(program + " audit --as-of 2015-10-08 --authority 905 --format json --data " + data).out)
      << "what was known makes a difference";
}

TEST_F(Demo, LooksThingsUp) {
  EXPECT_NE(run(program + " people Hartwell --data " + data).out.find("Adam Hartwell"), std::string::npos);
  EXPECT_NE(run(program + " agreements --data " + data).out.find("S75-ASPERGERS"), std::string::npos);
  EXPECT_NE(run(program + " submissions --data " + data).out.find("SOMPAR-2014-0003"), std::string::npos);
  EXPECT_NE(run(program + " status --data " + data).out.find("Somerset"), std::string::npos);
}

}  // namespace
}  // namespace answerable::testing
