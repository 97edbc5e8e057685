// A person's records at the end of their time, through the real programs: reminded, read, held, erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* head =
    "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
    "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
    "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
    "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records></"
    "submission>";

/// Two people and a policy; everything about both lies in 2010.
constexpr const char* records =
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person>"
    "<name>Adam Erased</name></person>"
    "<eligibilityDetermination xmlns=\"urn:answerable:eligibility-determination:1\" id=\"ELG-1\">"
    "<person scheme=\"nhs-number\">9990000018</person><for>adult</for><determined>2010-06-02</determined>"
    "<criteria>facs-2010</criteria><eligible>no</eligible></eligibilityDetermination>"
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-2\"><person scheme=\"council\">B2002</person>"
    "<name>Bea Kept</name></person>"
    "<relationship xmlns=\"urn:answerable:relationship:1\" id=\"REL-1\"><person scheme=\"council\">B2002</person>"
    "<role>carer</role><otherPerson scheme=\"nhs-number\">9990000018</otherPerson><from>2009</from></relationship>"
    "<policy xmlns=\"urn:answerable:policy:1\" id=\"POL-1\"><type>retention</type><title>Case records</title>"
    "<adopted>2012-01-16</adopted><from>2012-02-01</from><value>{}</value><unit>year</unit>"
    "<target>records-retention</target></policy>";

class DisposalJourney : public ::testing::Test {
 protected:
  void begin(const char* years) {
    send("M-1", fmt::format(fmt::runtime(records), years));
    ASSERT_EQ(say("audit").code, 0);
  }
  void send(const std::string& message, const std::string& what) {
    const auto file = folder_ / (message + ".xml");
    spill(file, fmt::format(fmt::runtime(head), message, what));
    const auto sent = say("submit --format json " + file.string());
    ASSERT_EQ(sent.code, 0) << sent.out;
    ASSERT_THAT(sent.out, HasSubstr("\"held\": 0")) << sent.out;
  }
  Ran say(const std::string& words) { return run(program + " " + words + " --data " + data_, true); }
  Ran dispose(const std::string& more = "") {
    return say(
        "dispose --person 9990000018 --basis 'retention schedule 2.4' --by 'D. Isposer' --approved-by 'A. "
        "Pprover' " +
        more);
  }
  std::string trail(const std::string& more = "") {
    const auto folder = (folder_ / "trail").string();
    const auto ran = say("trail --person 9990000018 --as-of 2025-01-01 --output " + folder + " " + more);
    EXPECT_EQ(ran.code, 0) << ran.out;
    return slurp(folder_ / "trail/trail.xml");
  }

  Folder folder_;
  std::string data_ = (folder_ / "data").string();
};

TEST_F(DisposalJourney, erases_a_person_and_says_what_it_did) {
  begin("8");
  const std::string keys = " --keys " + (folder_ / "keys").string();
  ASSERT_EQ(say("checkpoint" + keys).code, 0);
  const auto dry = dispose("--dry-run");
  EXPECT_EQ(dry.code, 0) << dry.out;
  EXPECT_THAT(dry.out, HasSubstr("Nothing was done"));
  EXPECT_THAT(say("people").out, HasSubstr("Adam Erased"));

  EXPECT_EQ(say("dispose --person 9990000018 --basis x --by me --approved-by me").code, 3) << "two people";
  const auto all = say("findings --all --person 9990000018 --format json").out;
  const std::string finding = ordered_json::parse(all)["findings"][0]["finding"];
  const auto certificate = folder_ / "certificate.txt";
  const auto done = dispose("--output " + certificate.string());
  EXPECT_EQ(done.code, 0) << done.out;
  EXPECT_EQ(done.out, slurp(certificate));
  EXPECT_THAT(done.out, HasSubstr("Certificate of disposal"));
  EXPECT_THAT(done.out, HasSubstr("0-1\n")) << "his records";
  EXPECT_THAT(done.out, HasSubstr("Records that are not about this person"));
  EXPECT_THAT(done.out, HasSubstr("records about others                   1   3\n"));
  EXPECT_THAT(done.out, Not(HasSubstr("9990000018")));
  EXPECT_THAT(done.out, Not(HasSubstr("Adam")));

  const auto people = say("people").out;
  EXPECT_THAT(people, Not(HasSubstr("Adam Erased")));
  EXPECT_THAT(people, HasSubstr("Bea Kept"));
  EXPECT_EQ(say("findings --all --person 9990000018").code, 2) << "nobody with that identifier";
  EXPECT_THAT(say("explain " + finding).out, HasSubstr("disposed of (certificate "));
  EXPECT_EQ(dispose().code, 2);
  const auto original = say("receipt S999-1 --original " + (folder_ / "back.xml").string());
  EXPECT_EQ(original.code, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "back.xml"));
  EXPECT_THAT(original.out, HasSubstr("2 of its records"));
  EXPECT_EQ(say("receipt S999-1").code, 0);
  ASSERT_EQ(say("audit").code, 0);
  EXPECT_EQ(say("verify --ledger" + keys).code, 0) << say("verify --ledger" + keys).out;
  ASSERT_EQ(say("checkpoint" + keys).code, 0);
  EXPECT_EQ(say("verify --ledger" + keys).code, 0) << say("verify --ledger" + keys).out;
  const auto again = say("audit --again 1");
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_THAT(again.out, HasSubstr("Left out: "));
  const auto sent_again = folder_ / "M-1.xml";
  EXPECT_THAT(say("submit " + sent_again.string()).out, HasSubstr("S999-1")) << "the same file, the same receipt";
}

TEST_F(DisposalJourney, a_hold_an_open_complaint_and_the_councils_period_are_all_told) {
  begin("30");
  EXPECT_EQ(say("hold --person 9990000018").code, 2) << "nobody said who and why";
  const auto hold = say("hold --person 9990000018 --by 'L. Awyer' --reason 'public inquiry' --format json");
  ASSERT_EQ(hold.code, 0) << hold.out;
  const auto number = ordered_json::parse(hold.out)["hold"].dump();
  EXPECT_THAT(say("hold --list").out, HasSubstr("public inquiry"));
  EXPECT_THAT(say("hold --list").out, HasSubstr("nhs-number:9990000018"));
  send("M-2",
       "<complaint xmlns=\"urn:answerable:complaint:1\" id=\"CMP-1\"><person scheme=\"nhs-number\">9990000018</person>"
       "<reference>C-1</reference><from>carer</from><concerns>council-function</concerns>"
       "<received><on>2010-07-06</on></received></complaint>");
  const auto refused = dispose();
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.out, HasSubstr("public inquiry"));
  EXPECT_THAT(refused.out, HasSubstr("Complaint C-1"));
  EXPECT_THAT(refused.out, HasSubstr("until 6 July 2040"));
  EXPECT_EQ(say("hold --lift 99999 --by me --reason over").code, 2);
  EXPECT_EQ(say("hold --lift " + number + " --by 'L. Awyer' --reason over").code, 0);
  EXPECT_THAT(say("hold --list").out, HasSubstr("No hold stands"));
  EXPECT_THAT(dispose().out, Not(HasSubstr("Legal hold")));
  EXPECT_THAT(say("people").out, HasSubstr("Adam Erased"));
}

TEST_F(DisposalJourney, who_read_a_record_stands_on_its_trail_once_more_records_have_come) {
  begin("8");
  const auto first = trail("--by 'C. Omplaints' --purpose complaint");
  EXPECT_THAT(first, Not(HasSubstr("C. Omplaints")));
  EXPECT_EQ(trail(), first) << "reading it does not change it";
  ASSERT_EQ(say("findings --person 9990000018 --purpose audit --by 'A. Uditor'").code, 0);
  const auto all = say("findings --all --person 9990000018 --format json").out;
  const std::string finding = ordered_json::parse(all)["findings"][0]["finding"];
  ASSERT_EQ(say("explain " + finding + " --by 'E. Xplainer'").code, 0);
  ASSERT_EQ(say("loss --person 9990000018 --by 'L. Oss'").code, 0);
  EXPECT_EQ(say("trail --person 9990000018 --purpose curiosity --output x").code, 2);
  send("M-2",
       "<person xmlns=\"urn:answerable:person:1\" id=\"PER-3\"><person "
       "scheme=\"council\">C3</person><name>C</name></person>");
  const auto later = trail("--known-at 6");
  for (const char* who : {"<by>C. Omplaints</by>", "purpose=\"complaint\"", "<by>A. Uditor</by>",
                          "<by>E. Xplainer</by>", "<by>L. Oss</by>", "<what>loss</what>"})
    EXPECT_THAT(later, HasSubstr(who));
  EXPECT_THAT(later, HasSubstr("<what>explain " + finding + "</what>"));
  EXPECT_EQ(trail("--known-at 5"), first) << "nor does what came since";
  EXPECT_THAT(slurp(folder_ / "trail/trail.html"), HasSubstr("Who has read this record"));
}

TEST_F(DisposalJourney, reminders_are_kept_and_listed) {
  begin("8");
  const std::string reminder = "reminder --to ods:RH5 --sent 2026-03-02 --how email --delivered ";
  EXPECT_EQ(say(reminder + "unknown --by Made --about 'the plan of 2012' --person 9990000018").code, 0);
  const std::string finding = ordered_json::parse(say("findings --all --format json").out)["findings"][0]["finding"];
  EXPECT_EQ(say(reminder + "yes --by Made --about " + finding).code, 0);
  EXPECT_EQ(say(reminder + "maybe --by Made --about x").code, 2);
  EXPECT_EQ(say("reminder --to RH5 --sent 2026-03-02 --how email --delivered no --by Made --about x").code, 2);
  EXPECT_EQ(say("reminder --to ods:RH5 --sent 2199-03-02 --how email --delivered no --by Made --about x").code, 2);
  EXPECT_EQ(say(reminder + "no --by Made --about F-0000-0000-0000").code, 2) << "no such finding";
  const auto listed = ordered_json::parse(say("reminders --format json").out)["reminders"];
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0]["about"], "the plan of 2012");
  EXPECT_EQ(listed[0]["person"][0], "nhs-number:9990000018");
  EXPECT_EQ(listed[1]["finding"], finding);
  EXPECT_EQ(ordered_json::parse(say("reminders --format json --finding " + finding).out)["reminders"].size(), 1U);
  EXPECT_THAT(say("reminders --to ods:XYZ").out, HasSubstr("No reminder"));
}

}  // namespace
}  // namespace answerable::testing
