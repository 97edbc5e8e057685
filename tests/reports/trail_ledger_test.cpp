// Trails of records that came in through the real intake, judged by the real rules.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ingest/access/accounts.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/lookups.hpp"
#include "tests/reports/trail_files.hpp"
#include "tests/support/database.hpp"

namespace answerable::pages {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* adult = "<person scheme=\"nhs-number\">9990000018</person>";

/// A council whose trust reviews a plan late and cannot show it; a daughter who cares; a complaint.
class TrailLedger : public ::testing::Test {
 protected:
  TrailLedger() : kinds_(xml::Kinds::load(share_folder() / "schemas")), catalogue_(engine::Catalogue::load(kinds_)) {
    pg::Connection connection(database_.conninfo(), "tests", "answerable_ingest");
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds_, limits);
    send(
        connection, reader, "council", "2023-07-03",
        fmt::format(
            R"(<agreement xmlns="urn:answerable:agreement:1" id="AGR-1"><reference>S79-REVIEWS</reference><type>s79</type>
<party scheme="ods" code="RH5">Somerset Partnership NHS Foundation Trust</party><functions>review</functions><extent>all</extent><from>2023-04-01</from></agreement>
<person xmlns="urn:answerable:person:1" id="PER-1">{0}<identifier scheme="council">40881</identifier><name>Ada "Addie" Example</name><dateOfBirth>1950-03</dateOfBirth></person>
<person xmlns="urn:answerable:person:1" id="PER-2"><person scheme="council">40882</person><name>Bea Example</name></person>
<relationship xmlns="urn:answerable:relationship:1" id="REL-1">{0}<role>carer</role><otherPerson scheme="council">40882</otherPerson><name>Bea Example</name><from>2010</from></relationship>
<careAndSupportPlan xmlns="urn:answerable:care-and-support-plan:1" id="PLN-1">{0}<type>care-and-support</type><agreed>2023-06-01</agreed><copy><to>adult</to><on>2023-06-05</on></copy></careAndSupportPlan>)",
            adult));
    send(
        connection, reader, "trust", "2024-11-04",
        fmt::format(
            R"(<review xmlns="urn:answerable:review:1" id="REV-1">{0}<type>plan</type><completed>2024-09</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>)",
            adult));
    send(
        connection, reader, "trust", "2024-12-02",
        fmt::format(
            R"(<review xmlns="urn:answerable:review:1" id="REV-1B" corrects="REV-1">{0}<type>plan</type><completed>2024-10</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>)",
            adult));
    send(
        connection, reader, "council", "2025-02-10",
        fmt::format(
            R"(<complaint xmlns="urn:answerable:complaint:1" id="COMP-1">{0}<reference>C-25-7</reference><from>carer</from><complainant>Bea Example</complainant>
<concerns>council-function</concerns><about>review</about><received><on>2025-02-03</on><by scheme="cassr" code="905">Somerset County Council</by></received></complaint>)",
            adult));
  }

  void send(pg::Connection& connection, xml::FileReader& reader, const std::string& by, const char* on,
            const std::string& records, const char* council = R"(scheme="cassr" code="905">Somerset County Council)") {
    std::istringstream file(fmt::format(
        R"(<submission xmlns="urn:answerable:submission:1"><header><messageId>M-{}</messageId>{}<authority {}</authority>{}
<createdAt>{}T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records></submission>)",
        ++messages_,
        by == "trust" ? R"(<sender scheme="ods" code="RH5">Somerset Partnership NHS Foundation Trust</sender>)"
                      : fmt::format("<sender {}</sender>", council),
        council, by == "trust" ? "<agreement>S79-REVIEWS</agreement>" : "", on, records));
    intake::Options options;
    options.received_at = Instant(parse_day(on).value()) + std::chrono::hours(12);
    const auto answer = intake::submit(connection, reader, file, options);
    ASSERT_TRUE(std::holds_alternative<intake::Receipt>(answer))
        << std::get<intake::Refusal>(answer).faults.front().problem;
    const auto& receipt = std::get<intake::Receipt>(answer);
    ASSERT_EQ(receipt.held, 0) << receipt.faults.front().field << ": " << receipt.faults.front().problem;
  }

  Trail trail(const char* as_of, std::optional<std::int64_t> known_at = {}, const std::string& scheme = "nhs-number",
              const std::string& value = "9990000018") {
    pg::Connection connection(database_.conninfo(), "tests", "answerable_desk");
    const auto found = find_people(connection, scheme, value, "");
    if (found.size() != 1) throw std::runtime_error("not found once");
    return gather(connection, catalogue_, kinds_,
                  {.authority = found[0].council.authority,
                   .subject = found[0].subject,
                   .case_reference = scheme == "case" ? value : "",
                   .as_of = parse_day(as_of).value(),
                   .known_at = known_at});
  }

  Ran program(const std::string& arguments) const {
    return run(
        fmt::format("'{}/answerable-reports' {} --database \"{}\"", ANSWERABLE_BIN, arguments, database_.conninfo()));
  }

  testing::TestDatabase database_;
  xml::Kinds kinds_;
  engine::Catalogue catalogue_;
  int messages_{};
};

std::vector<Line> acts(const Trail& trail) {
  std::vector<Line> out;
  for (const auto& row : trail.chronology) {
    if (const auto* line = std::get_if<Line>(&row)) out.push_back(*line);
  }
  return out;
}

std::vector<Gap> gaps(const Trail& trail) {
  std::vector<Gap> out;
  for (const auto& row : trail.chronology) {
    if (const auto* gap = std::get_if<Gap>(&row)) out.push_back(*gap);
  }
  return out;
}

std::optional<Finding> finding(const Trail& trail, const std::string& rule, engine::Outcome outcome) {
  const auto found = std::ranges::find_if(
      trail.findings, [&](const Finding& it) { return it.why.rule == rule && it.why.outcome == outcome; });
  return found == trail.findings.end() ? std::nullopt : std::optional(*found);
}

TEST_F(TrailLedger, SaysWhoThePersonIsBothWays) {
  const auto adults = trail("2025-03-31");
  EXPECT_EQ(adults.person.name(), "Ada \"Addie\" Example");
  EXPECT_THAT(adults.person.identifiers,
              ElementsAre(Field(&engine::Identifier::value, "9990000018"), Field(&engine::Identifier::value, "40881")));
  ASSERT_EQ(adults.person.born.size(), 1U);
  EXPECT_EQ(adults.person.born[0].text, "March 1950");
  ASSERT_EQ(adults.person.relations.size(), 1U);
  EXPECT_EQ(adults.person.relations[0].name, "Bea Example");
  EXPECT_FALSE(adults.person.relations[0].of_other);

  const auto carers = trail("2025-03-31", {}, "council", "40882");
  ASSERT_EQ(carers.person.relations.size(), 1U);
  EXPECT_TRUE(carers.person.relations[0].of_other);
  EXPECT_EQ(carers.person.relations[0].name, "Ada \"Addie\" Example");
}

TEST_F(TrailLedger, SourcesEveryLineAndSaysWhoAnswersForIt) {
  const auto made = trail("2025-03-31");
  const auto lines = acts(made);
  ASSERT_GE(lines.size(), 6U);
  for (const auto& line : lines) {
    EXPECT_GE(line.source.record, 0) << line.says;
    EXPECT_FALSE(line.source.record_id.empty());
    EXPECT_THAT(line.source.submission, HasSubstr("S905-"));
    EXPECT_THAT(line.source.sender.name, Not(IsEmpty()));
    EXPECT_THAT(line.says, ::testing::EndsWith("."));
    EXPECT_THAT(line.says, Not(HasSubstr("..")));
  }
  const auto review = std::ranges::find(lines, "REV-1B", [](const Line& line) { return line.source.record_id; });
  ASSERT_NE(review, lines.end());
  EXPECT_EQ(iso(review->when), "2024-10");
  EXPECT_EQ(review->actor.key, "ods:RH5");
  EXPECT_EQ(review->answers.key, "cassr:905");
  EXPECT_EQ(review->agreement, "S79-REVIEWS");
  EXPECT_EQ(review->days_later, 32);
  EXPECT_EQ(review->says, "Review completed (plan). No change.");
}

TEST_F(TrailLedger, KeepsWhatWasCorrectedAndJudgesByTheCorrection) {
  const auto lines = acts(trail("2025-03-31"));
  const auto old = std::ranges::find(lines, "REV-1", [](const Line& line) { return line.source.record_id; });
  const auto mended = std::ranges::find(lines, "REV-1B", [](const Line& line) { return line.source.record_id; });
  ASSERT_NE(old, lines.end());
  ASSERT_NE(mended, lines.end());
  EXPECT_EQ(old->corrected_by, mended->source.record);
  EXPECT_EQ(mended->corrects, old->source.record);

  const auto before = acts(trail("2025-03-31", old->source.record + 1));
  const auto then = std::ranges::find(before, "REV-1", [](const Line& line) { return line.source.record_id; });
  ASSERT_NE(then, before.end());
  EXPECT_EQ(then->corrected_by, -1) << "nobody knew of the correction yet";
}

TEST_F(TrailLedger, PutsAGapWhereTheReviewShouldStand) {
  const auto early = trail("2024-08-31", 5);
  const auto breached = finding(early, "review.annual", engine::Outcome::breached);
  ASSERT_TRUE(breached);
  const auto early_gaps = gaps(early);
  const auto gap = std::ranges::find(early_gaps, breached->why.finding, &Gap::finding);
  ASSERT_NE(gap, early_gaps.end());
  EXPECT_EQ(iso(gap->when), "2024-06-01");
  EXPECT_TRUE(gap->missing);
  EXPECT_EQ(gap->answers.key, "cassr:905");
  EXPECT_THAT(gap->text, HasSubstr("Not found: a review of the plan"));

  const auto late = trail("2025-03-31");
  const auto unproved = finding(late, "review.annual", engine::Outcome::not_evidenced);
  ASSERT_TRUE(unproved);
  EXPECT_EQ(unproved->why.attribution.actor, "ods:RH5");
  const auto late_gaps = gaps(late);
  const auto claimed = std::ranges::find(late_gaps, unproved->why.finding, &Gap::finding);
  ASSERT_NE(claimed, late_gaps.end());
  EXPECT_EQ(iso(claimed->when), "2024-10") << "behind the review that cannot be shown";
}

TEST_F(TrailLedger, TellsWhatWasKnownOnTheDay) {
  const auto made = trail("2025-03-31");
  const auto unproved = finding(made, "review.annual", engine::Outcome::not_evidenced);
  ASSERT_TRUE(unproved);
  const auto day = std::ranges::find_if(made.knowledge, [&](const Knowledge& it) {
    return std::ranges::find(it.findings, unproved->why.finding) != it.findings.end();
  });
  ASSERT_NE(day, made.knowledge.end());
  EXPECT_THAT(day->later, Contains(Field(&Knowledge::Act::received_on, Eq(parse_day("2024-12-02").value()))));
  for (const auto& act : day->later) EXPECT_EQ(act.days_later, (act.received_on - day->day).count());
  std::int64_t held = 0;
  for (const auto& line : {"2023-07-03", "2024-11-04", "2024-12-02", "2025-02-10"}) {
    held += (line == std::string("2023-07-03") ? 3 : 1) * (parse_day(line).value() <= day->day);
  }
  EXPECT_EQ(day->records_held, held);
}

TEST_F(TrailLedger, AnEarlierHorizonShowsLess) {
  const auto all = trail("2025-03-31");
  const auto earlier = trail("2024-01-31");
  EXPECT_LT(acts(earlier).size(), acts(all).size());
  EXPECT_GT(earlier.left_out, 0);
  const auto known_less = trail("2025-03-31", 5);
  EXPECT_EQ(known_less.horizon.known_at, 5);
  EXPECT_LT(known_less.submissions.size(), all.submissions.size());
  for (const auto& line : acts(known_less)) EXPECT_LT(line.source.record, 5);
  EXPECT_THROW(trail("2025-03-31", 1), std::runtime_error) << "then nobody had been told of";
}

TEST_F(TrailLedger, WritesValidFilesTheSameEachTime) {
  const Folder one, other;
  const auto files = write(trail("2025-03-31"), one.path);
  write(trail("2025-03-31"), other.path);
  for (const auto& file : files) EXPECT_EQ(contents(file), contents(other.path / file.filename())) << file;
  EXPECT_THAT(invalid(one.path / "trail.xml"), IsEmpty());
}

TEST_F(TrailLedger, NamesTheFilesItWasMadeFrom) {
  const auto made = trail("2025-03-31");
  ASSERT_EQ(made.submissions.size(), 4U);
  EXPECT_EQ(made.submissions[0].id, "S905-1");
  EXPECT_EQ(made.submissions[0].records, 4) << "three about the person, one about the agreement";
  EXPECT_EQ(made.submissions[1].sender.key, "ods:RH5");
  ASSERT_EQ(made.agreements.size(), 1U);
  EXPECT_EQ(made.agreements[0].reference, "S79-REVIEWS");
  EXPECT_THAT(made.undated, ElementsAre(Field(&Undated::title, "Person")));
}

TEST_F(TrailLedger, ACaseHasItsClock) {
  const auto made = trail("2025-03-31", {}, "case", "C-25-7");
  ASSERT_EQ(made.cases.size(), 1U);
  EXPECT_THAT(made.cases[0].clock, Contains(HasSubstr("received it: 3 February 2025.")));
  EXPECT_THAT(made.cases[0].clock, Contains(HasSubstr("6 February 2025"))) << "three working days after the third";
  const auto lines = acts(made);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const Line& line) { return line.case_reference == "C-25-7"; }));
}

TEST_F(TrailLedger, ProgramWritesATrail) {
  const Folder folder;
  const auto output = (folder.path / "new" / "trail").string();
  const auto ran = program("trail --person '999 000 0018' --as-of 2025-03-31 --format json --output '" + output + "'");
  ASSERT_EQ(ran.code, 0) << ran.output;
  const auto told = nlohmann::json::parse(ran.output);
  EXPECT_EQ(told["as_of"], "2025-03-31");
  EXPECT_GT(told["gaps"], 0);
  for (const auto& file : told["files"]) EXPECT_TRUE(std::filesystem::exists(file.get<std::string>())) << file;
  EXPECT_EQ(program("trail --case C-25-7 --exit-code --output '" + output + "'").code, 1) << "findings";
}

TEST_F(TrailLedger, ProgramKnowsOnlyWhatWasHeldByTheEndOfADay) {
  const Folder folder;
  const auto known = [&](const std::string& at) {
    const auto ran = program("trail --person council:40881 --as-of 2025-03-31 --format json --known-at " + at +
                             " --output '" + folder.path.string() + "'");
    EXPECT_EQ(ran.code, 0) << ran.output;
    return nlohmann::json::parse(ran.output)["known_at"].get<int>();
  };
  EXPECT_EQ(known("2023-07-03"), 5);
  EXPECT_EQ(known("2024-11-03"), 5);
  EXPECT_EQ(known("2024-11-04"), 6);
  EXPECT_EQ(known("2024-11-04T11:59:59Z"), 5);
  EXPECT_EQ(known("7"), 7);
}

TEST_F(TrailLedger, ProgramSaysWhatIsWrongWithAQuestion) {
  const Folder folder;
  const auto output = " --output '" + folder.path.string() + "'";
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"trail --person 9990000026" + output, "No person of that number is held"},
      {"trail --person 9990000019" + output, "last digit of the NHS number"},
      {"trail --person Ada" + output, "council:12345"},
      {"trail --person passport:1" + output, "no numbers of the scheme 'passport'"},
      {"trail --case C-1" + output, "No complaint of that number is held"},
      {"trail --person 9990000018 --authority 309" + output, "by council 309"},
      {"trail --person 9990000018 --as-of 2025" + output, "--as-of takes a day"},
      {"trail --person 9990000018 --known-at soon" + output, "--known-at takes"},
      {"trail" + output, "--person"},
      {"trail --person 9990000018", "--output"},
  };
  for (const auto& [arguments, said] : wrong) {
    const auto ran = program(arguments);
    EXPECT_EQ(ran.code, 2) << arguments;
    EXPECT_THAT(ran.output, HasSubstr(said)) << arguments;
  }
}

TEST_F(TrailLedger, APersonOfTwoCouncilsIsAskedAbout) {
  {
    pg::Connection connection(database_.conninfo(), "tests", "answerable_ingest");
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds_, limits);
    send(connection, reader, "council", "2025-03-03",
         fmt::format("<person xmlns=\"urn:answerable:person:1\" id=\"P\">{}<name>Ada Example</name></person>", adult),
         R"(scheme="cassr" code="309">Salford City Council)");
  }
  const Folder folder;
  const auto asked = "trail --person 9990000018 --output '" + folder.path.string() + "'";
  const auto ran = program(asked);
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.output, HasSubstr("309 (Salford"));
  EXPECT_THAT(ran.output, HasSubstr("905 (Somerset"));
  EXPECT_THAT(ran.output, HasSubstr("--authority CODE"));
  EXPECT_EQ(program(asked + " --authority 309").code, 0);
}

TEST_F(TrailLedger, ProgramLooksThingsUp) {
  const auto everybody = nlohmann::json::parse(program("people --format json").output);
  ASSERT_EQ(everybody.size(), 2U);
  EXPECT_EQ(everybody[0]["name"], "Ada \"Addie\" Example");
  EXPECT_EQ(everybody[0]["records"], 6);
  EXPECT_EQ(nlohmann::json::parse(program("people bEA --format json").output).size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(program("people '999 000' --format json").output).size(), 1U);
  EXPECT_THAT(program("people nobody").output, HasSubstr("No people."));

  const auto agreements = nlohmann::json::parse(program("agreements --format json").output);
  ASSERT_EQ(agreements.size(), 1U);
  EXPECT_EQ(agreements[0]["reference"], "S79-REVIEWS");
  EXPECT_EQ(agreements[0]["acts"], 2);
  EXPECT_EQ(agreements[0]["party_name"], "Somerset Partnership NHS Foundation Trust");

  const auto submissions = nlohmann::json::parse(program("submissions --sender ods:RH5 --format json").output);
  ASSERT_EQ(submissions.size(), 2U);
  EXPECT_EQ(submissions[0]["receipt"], "S905-2");
  EXPECT_EQ(submissions[0]["received_at"], "2024-11-04T12:00:00.000000Z");
  EXPECT_THAT(program("submissions").output, HasSubstr("Four submissions."));
}

TEST_F(TrailLedger, ThroughTheServicesIsTheSameOncePeopleAreOpenedForAPurpose) {
  pg::Connection door(database_.conninfo() + " user=answerable_door", "tests"),
      reports(database_.conninfo() + " user=answerable_reports", "tests");
  const auto officer = access::add_account(door, {.authority = "905",
                                                  .email = "cara@example.org",
                                                  .name = "Cara Officer",
                                                  .roles = {{.role = access::Role::complaints_officer}}});
  const access::Acting acting(reports, access::sign_in_by_link(door, "905", officer).token);
  EXPECT_THAT(people(reports, councils(reports, ""), ""), IsEmpty());
  const auto subject = [&] {
    pg::Transaction transaction(reports, pg::Access::read_only);
    return access::find_person(transaction, "nhs-number", "9990000018").value();
  }();
  const TrailRequest request{.authority = "905",
                             .subject = subject,
                             .case_reference = "",
                             .as_of = parse_day("2025-06-01").value(),
                             .known_at = {}};
  EXPECT_ANY_THROW(gather(reports, catalogue_, kinds_, request));
  ASSERT_TRUE(access::open_record(reports, {subject, access::Purpose::complaint, "C-25-7", "trail"}));
  const auto seen = gather(reports, catalogue_, kinds_, request);
  const auto whole = trail("2025-06-01");
  EXPECT_EQ(acts(seen).size(), acts(whole).size());
  EXPECT_EQ(gaps(seen).size(), gaps(whole).size());
  EXPECT_EQ(seen.outcomes(), whole.outcomes());
  EXPECT_EQ(seen.person.name(), "Ada \"Addie\" Example");
  EXPECT_EQ(people(reports, councils(reports, ""), "").size(), 1U) << "Bea was not opened";
}

TEST_F(TrailLedger, RoleMayNotChangeAnything) {
  pg::Connection connection(database_.conninfo(), "tests", "answerable_desk");
  pg::Transaction transaction(connection, pg::Access::read_write);
  EXPECT_ANY_THROW(transaction.run(pg::Statement{"test.delete", "DELETE FROM answerable.record"}));
}

}  // namespace
}  // namespace answerable::pages
