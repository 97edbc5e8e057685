// The renderings of a trail made by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "reports/pages/document.hpp"
#include "reports/pages/wording.hpp"
#include "tests/reports/trail_files.hpp"
#include "tests/reports/trail_sample.hpp"

namespace answerable::pages {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The files of a trail.
struct Written {
  explicit Written(const Trail& trail) { write(trail, folder.path); }
  std::string file(const char* name) const { return contents(folder.path / name); }
  std::string paper() const { return run("pdftotext -layout '" + (folder.path / "trail.pdf").string() + "' -").output; }
  Folder folder;
};

/// White space of any length as one space, so that line breaks do not matter.
std::string flowing(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

/// The text of a page, without tags.
std::string visible(const std::string& html) {
  return flowing(
      std::regex_replace(std::regex_replace(html, std::regex("<style>[^]*?</style>"), ""), std::regex("<[^>]*>"), " "));
}

TEST(TrailPages, SayTimesAsClocksHereShowThem) {
  const auto shown = [](std::string_view at) { return pages::time_words(parse_instant(at).value()); };
  EXPECT_EQ(shown("2026-01-14T14:05:59Z"), "14 January 2026 at 2:05pm");
  EXPECT_EQ(shown("2026-07-14T23:30:00Z"), "15 July 2026 at 12:30am") << "summer time";
  EXPECT_EQ(shown("2026-07-14T11:00:00Z"), "14 July 2026 at midday");
  EXPECT_EQ(shown("2026-01-14T00:00:00Z"), "14 January 2026 at midnight");
  EXPECT_EQ(shown("2026-10-25T00:30:00Z"), "25 October 2026 at 1:30am") << "before the clocks go back";
  EXPECT_EQ(shown("2026-10-25T01:30:00Z"), "25 October 2026 at 1:30am") << "and after";
  EXPECT_EQ(shown("2026-03-29T01:00:00Z"), "29 March 2026 at 2am") << "the clocks have gone forward";
}

TEST(TrailPages, SayByWhatAnOrganisationIsKnown) {
  EXPECT_EQ(organisation_number_words("ods:RH5"), "ODS code RH5");
  EXPECT_EQ(organisation_number_words("cqc-provider:1-101639954"), "CQC provider 1-101639954");
  EXPECT_EQ(organisation_number_words("local:Meals, weekly"), "local:Meals, weekly")
      << "a number that is nobody else's";
}

TEST(TrailPages, AreFiveFilesAndTheSameEachTime) {
  const Written one(sample_trail());
  const Written other(sample_trail());
  for (const char* name : {"trail.html", "trail.pdf", "chronology.csv", "findings.csv", "trail.xml"}) {
    EXPECT_FALSE(one.file(name).empty()) << name;
    EXPECT_EQ(one.file(name), other.file(name)) << name;
  }
}

TEST(TrailPages, XmlIsValidAgainstItsPublishedSchema) {
  const Written written(sample_trail());
  EXPECT_THAT(invalid(written.folder.path / "trail.xml"), IsEmpty());
}

TEST(TrailPages, SchemaRefusesWhatATrailIsNot) {
  const Written written(sample_trail());
  auto xml = written.file("trail.xml");
  xml.replace(xml.find("outcome=\"breached\""), 18, "outcome=\"innocent\"");
  std::ofstream(written.folder.path / "trail.xml", std::ios::binary) << xml;
  EXPECT_THAT(invalid(written.folder.path / "trail.xml"), HasSubstr("innocent"));
}

TEST(TrailPages, EverythingInTheSchemaIsExplained) {
  const auto schema = contents(ANSWERABLE_SOURCE "/schemas/reports/trail/1/trail.xsd");
  static const std::regex declared(
      R"re(<xs:(element|attribute|complexType|simpleType) name="([^"]+)"[^>]*>\s*(<xs:annotation><xs:documentation>[^<])?)re");
  int found = 0;
  for (std::sregex_iterator it(schema.begin(), schema.end(), declared), end; it != end; ++it, ++found) {
    EXPECT_TRUE((*it)[3].matched) << (*it)[2];
  }
  EXPECT_GT(found, 150);
}

TEST(TrailPages, EveryActNamesItsRecordItsSenderAndItsFile) {
  const Written written(sample_trail());
  const auto rows = csv_rows(written.file("chronology.csv"));
  ASSERT_EQ(rows.size(), sample_trail().chronology.size());
  int acts = 0;
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 28U);
    if (row[0] != "act") continue;
    ++acts;
    for (const std::size_t column : {12U, 13U, 15U, 16U, 17U, 18U}) EXPECT_FALSE(row[column].empty()) << row[4];
  }
  EXPECT_EQ(acts, 6);
}

TEST(TrailPages, GapsStandInTheChronologyAndSayWhoAnswers) {
  const Written written(sample_trail());
  for (const auto& row : csv_rows(written.file("chronology.csv"))) {
    if (row[0] != "gap") continue;
    EXPECT_EQ(row[9], "cassr:905");
    EXPECT_THAT(row[6], HasSubstr("F-AAAA-BBBB-"));
    EXPECT_FALSE(row[27].empty());
  }
  const auto page = visible(written.file("trail.html"));
  const auto gap = page.find("GAP 30 November 2014");
  ASSERT_NE(gap, std::string::npos);
  EXPECT_LT(page.find("Direct payment stopped"), gap) << "after what came before";
  EXPECT_GT(page.rfind("Assessment completed"), gap) << "and before what came after";
  EXPECT_THAT(page, HasSubstr("Somerset Partnership NHS Foundation Trust acted; Somerset County Council answers "
                              "(agreement S75-ASPERGERS)"));
}

TEST(TrailPages, WhatStandsWronglyIsNoGap) {
  const Written written(sample_trail());
  int wrong = 0;
  for (const auto& row : csv_rows(written.file("chronology.csv"))) wrong += row[0] == "finding" && row[5] == "breached";
  EXPECT_EQ(wrong, 1);
  EXPECT_THAT(visible(written.file("trail.html")), Not(HasSubstr("GAP 2015")));
}

TEST(TrailPages, CorrectedLinesAreMarkedAndStayReadable) {
  const auto page = visible(Written(sample_trail()).file("trail.html"));
  EXPECT_THAT(page, HasSubstr("Corrected by record 10 : Assessment completed (needs)."));
  EXPECT_THAT(page, HasSubstr("Corrects record 9"));
}

TEST(TrailPages, EveryFindingIsOnPaperAndOnThePageWithItsLaw) {
  const Written written(sample_trail());
  const auto paper = flowing(written.paper());
  const auto page = visible(written.file("trail.html"));
  const auto xml = written.file("trail.xml");
  for (const auto& [why, about] : sample_trail().findings) {
    EXPECT_THAT(paper, HasSubstr(why.finding));
    EXPECT_THAT(page, HasSubstr(why.finding));
    EXPECT_THAT(xml, HasSubstr("id=\"" + why.finding + '"'));
  }
  for (const auto& text :
       {std::string("UNVERIFIED: from general knowledge; needs a qualified person's sign-off"),
        std::string("Looked for and not found"), std::string("Missing The review record: not supplied"),
        std::string("12 months: due 30 November 2013")}) {
    EXPECT_THAT(paper, HasSubstr(text));
  }
  EXPECT_THAT(page, HasSubstr("UNVERIFIED"));
  for (const auto& limit : limits()) EXPECT_THAT(paper, HasSubstr(limit));
}

TEST(TrailPages, ThePersonsOwnFindingsComeFirstOnTheFirstPage) {
  const auto paper = flowing(Written(sample_trail()).paper());
  EXPECT_THAT(paper,
              HasSubstr("Five duties need attention: three breached and two not evidenced. Of the others: one met."));
  EXPECT_THAT(paper, HasSubstr("Somerset County Council answers for all of them."));
  EXPECT_LT(paper.find("no reasoned decision was recorded"),
            paper.find("does not say how the trust's work is monitored"));
}

TEST(TrailPages, SayWhatTheCouncilKnewOnTheDay) {
  const auto paper = flowing(Written(sample_trail()).paper());
  EXPECT_THAT(paper, HasSubstr("The council held four records about the person. The last record on which this rests "
                               "came on 14 January 2014, 14 days later."));
  EXPECT_THAT(paper, HasSubstr("Not known"));
}

TEST(TrailPages, PdfIsTagged) {
  const Written written(sample_trail());
  const auto info = run("pdfinfo '" + (written.folder.path / "trail.pdf").string() + "'").output;
  EXPECT_THAT(info, ContainsRegex("Tagged: +yes"));
  EXPECT_THAT(info, ContainsRegex("Title: +Audit trail: Adam Hartwell"));
}

TEST(TrailPages, PageIsOneFileWithoutScriptsAndItsLinksLead) {
  const auto html = Written(sample_trail()).file("trail.html");
  EXPECT_THAT(html, HasSubstr("<html lang=\"en-GB\">"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(ContainsRegex("(src|href)=\"https?:")));
  std::set<std::string> ids;
  static const std::regex id(" id=\"([^\"]+)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), id), end; it != end; ++it)
    EXPECT_TRUE(ids.insert((*it)[1]).second) << (*it)[1];
  static const std::regex link("href=\"#([^\"]+)\"");
  int links = 0;
  for (std::sregex_iterator it(html.begin(), html.end(), link), end; it != end; ++it, ++links)
    EXPECT_TRUE(ids.contains((*it)[1])) << (*it)[1];
  EXPECT_GT(links, 30);
}

TEST(TrailPages, WhatRecordsSayIsNeverMarkup) {
  const Written written(sample_trail());
  EXPECT_THAT(written.file("trail.html"), HasSubstr("&lt;b&gt;Not markup &amp; not a formula&lt;/b&gt;"));
  EXPECT_THAT(written.file("trail.xml"), Not(HasSubstr("<b>")));
}

TEST(TrailPages, ACasePutsItsComplaintFirst) {
  auto trail = sample_trail();
  trail.case_reference = "COMP-15-114";
  const auto page = visible(Written(trail).file("trail.html"));
  EXPECT_THAT(page, HasSubstr("Audit trail: complaint COMP-15-114, about Adam Hartwell"));
  EXPECT_LT(page.find("Complaint COMP-15-114, in order"), page.find("What happened, in order"));
}

TEST(TrailPages, AnEmptyTrailSaysSo) {
  Trail trail;
  trail.authority = "905";
  trail.council = "Somerset County Council";
  trail.horizon = {parse_day("2015-10-08").value(), 1};
  trail.person.identifiers = {{"nhs-number", "9990000018"}};
  const Written written(trail);
  EXPECT_THAT(visible(written.file("trail.html")), HasSubstr("Nothing needs attention"));
  EXPECT_THAT(visible(written.file("trail.html")), HasSubstr("NHS number 999 000 0018"));
  EXPECT_THAT(invalid(written.folder.path / "trail.xml"), IsEmpty());
}

TEST(TrailPages, ALongTrailIsWhole) {
  const Written written(sample_trail(3000));
  EXPECT_EQ(csv_rows(written.file("chronology.csv")).size(), sample_trail().chronology.size() + 3000);
  EXPECT_THAT(flowing(written.paper()), HasSubstr("VISIT-2999"));
}

/// Many findings of one duty: the law once, and of each what is its own.
TEST(TrailPages, FindingsThatAreManyAreExplainedOnceAndListed) {
  auto trail = sample_trail();
  const Finding first = trail.findings[0];
  Findings findings;
  for (int i = 0; i < 60; ++i) {
    auto one = first;
    one.why.finding = fmt::format("F-MANY-0000-{:04}", i);
    one.why.clock = {fmt::format("clock of number {}", i)};
    findings.push_back(one);
  }
  trail.findings = findings;
  const Written written(trail);
  const auto page = visible(written.file("trail.html"));
  EXPECT_THAT(page, HasSubstr("The same: 59 more under rule " + first.why.rule));
  EXPECT_EQ(page.find(first.why.because), page.rfind(first.why.because)) << "what they have in common is said once";
  const auto paper = flowing(written.paper());
  for (const int i : {0, 1, 30, 59}) {
    EXPECT_THAT(page, HasSubstr(fmt::format("F-MANY-0000-{:04}", i)));
    EXPECT_THAT(page, HasSubstr(fmt::format("lock of number {}", i)));
    EXPECT_THAT(paper, HasSubstr(fmt::format("lock of number {}", i)));
  }
  EXPECT_THAT(written.file("trail.html"), HasSubstr("id=\"f-many-0000-0059\""));
  EXPECT_EQ(csv_rows(written.file("findings.csv")).size(), 60U);
}

TEST(TrailPages, FindingsComeOutOfTheirListAsTheyWentIn) {
  const auto when = parse_happened("2015-06").value();
  const auto on = parse_day("2015-06-03").value();
  Finding full;
  full.about = "S75";
  full.why = {.finding = "F-1",
              .rule = "a.rule",
              .duty = "main",
              .title = "A title",
              .because = "because",
              .outcome = engine::Outcome::contradicted,
              .state = "a state",
              .sentence = "A sentence.",
              .severity = "serious",
              .source = "a source",
              .force = "statute",
              .confidence = "unverified",
              .confidence_words = "words",
              .caveat = "a caveat",
              .regime = "care-act",
              .edition_from = on,
              .edition_to = on,
              .due = on,
              .flagged_since = on,
              .next_change = on,
              .clock = {"one", "two"},
              .events = {{"trigger", 3, "REV-1", "review", 1, "review.completed", when, "ods:RH5", "A trust", on, "x"}},
              .not_found = {"three"},
              .evidence = {{true, "item", "present", "is", "DOC", "covers", "reason", when, 7, "said"}},
              .exceptions = {"four"},
              .notes = {"five", "six"},
              .attribution = {"ods:RH5", "A trust", "cassr:905", "A council", "S75", "s75", true, true, "law", "note"},
              .horizon = {on, 9}};
  Finding other = full;
  other.about.clear();
  other.why.finding = "F-2";
  other.why.due.reset();
  other.why.events.clear();
  Findings list{full, other};
  const auto said = [](const Finding& it) { return it.about + engine::json(it.why).dump(); };
  EXPECT_EQ(said(list[0]), said(full));
  EXPECT_EQ(said(list[1]), said(other));
  EXPECT_EQ(list[0].why.attribution.note, "note");
  EXPECT_EQ(list[0].why.events[0].performer_name, "A trust");
  EXPECT_EQ(list[0].why.evidence[0].created, when);
  EXPECT_EQ(list[0].why.horizon.known_at, 9);
  list.change([](Finding& it) { it.why.sentence = "Kept back."; });
  list.reorder(std::vector<std::size_t>{1, 0});
  EXPECT_EQ(list[0].why.finding, "F-2");
  EXPECT_EQ(list[1].why.sentence, "Kept back.");
  EXPECT_EQ(list[1].why.title, "A title");
}

TEST(TrailPages, AFolderThatCannotBeMadeIsSaid) {
  const Folder folder;
  std::ofstream(folder.path / "file") << "x";
  EXPECT_THROW(write(sample_trail(), folder.path / "file"), std::runtime_error);
}

}  // namespace
}  // namespace answerable::pages
