// A complaints team's day over a real server: what it sees, writes, asks and puts on record, and who does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/engine/identity.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "audit/ledger/keys.hpp"
#include "audit/ledger/sequence.hpp"
#include "ingest/locations.hpp"
#include "reports/service/complaints/published_decisions.hpp"
#include "reports/service/scratch_file.hpp"
#include "tests/reports/people_world.hpp"

namespace answerable::service::testing {
namespace {

using access::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr pg::Statement events_of_kind{
    "test.events_of_kind",
    "SELECT e.content, t.place IS NOT NULL FROM answerable.event e LEFT JOIN answerable.to_ledger t ON t.authority ="
    " e.authority AND t.kind = 'event' AND t.key = e.event WHERE e.kind = $1 ORDER BY e.event"};

class ComplaintsPages : public ::testing::Test {
 protected:
  void SetUp() override {
    officer_ = world.account("officer@example.org", {only(Role::complaints_officer)});
    access::assign(world.door, "905", officer_, "complaint", "C-25-7");
    token_ = world.token_of(officer_);
  }
  void open(const std::string& token, const std::string& reference = "C-25-7") {
    const auto opened =
        world.post(token, "/people/open",
                   fmt::format("identifier=case:{0}&purpose=complaint&reference={0}&then=/complaints/{0}", reference));
    ASSERT_EQ(opened.status, 303) << opened.body;
    EXPECT_EQ(opened.field("Location"), "/complaints/" + reference);
  }
  std::string get(const std::string& path) {
    const auto answer = world.get(token_, path);
    EXPECT_EQ(answer.status, 200) << path << "\n" << answer.body;
    return answer.body;
  }
  int post(const std::string& path, const std::string& form) { return world.post(token_, path, form).status; }
  /// The contents of the events of a kind, each of which has its leaf.
  std::vector<std::string> events(const char* kind) {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    const auto rows = transaction.run(events_of_kind, kind);
    std::vector<std::string> all;
    for (int row = 0; row < rows.rows(); ++row) {
      EXPECT_TRUE(rows.boolean(row, 1)) << "an event without a leaf";
      all.emplace_back(rows.text(row, 0));
    }
    return all;
  }
  static std::string day(const std::string& id, Day day) {
    const std::chrono::year_month_day parts(day);
    return fmt::format("&{0}-day={1}&{0}-month={2}&{0}-year={3}", id, static_cast<unsigned>(parts.day()),
                       static_cast<unsigned>(parts.month()), static_cast<int>(parts.year()));
  }

  PeopleWorld world;
  std::int32_t officer_{};
  std::string token_;
};

TEST_F(ComplaintsPages, TheDeskShowsTheClocksOfOnesOwnComplaintsAndNothingAnybodySaid) {
  const auto desk = get("/complaints");
  EXPECT_THAT(desk, AllOf(HasSubstr("C-25-7"), HasSubstr("3 February 2025, A council"), HasSubstr("days over"),
                          Not(HasSubstr("C-25-8</a>")), Not(HasSubstr("Cy Example")), Not(HasSubstr("Ada"))));
  EXPECT_THAT(desk, HasSubstr("One complaint that came in has nobody who handles it"));
  const auto csv = get("/complaints.csv");
  EXPECT_THAT(csv, AllOf(HasSubstr("C-25-7,Open,2025-02-03,A council,compl.ack,2025-02-06,breached,F-"),
                         HasSubstr("UNVERIFIED")));
}

TEST_F(ComplaintsPages, AComplaintIsShownToWhoeverHandlesItOnceTheyHaveSaidWhatFor) {
  EXPECT_EQ(world.get(token_, "/complaints/C-25-8").status, 404) << "somebody else's";
  EXPECT_EQ(world.get(token_, "/complaints/C-99-1").status, 404) << "nobody's";
  const auto shut = world.get(token_, "/complaints/C-25-7");
  EXPECT_EQ(shut.status, 403);
  EXPECT_THAT(shut.body, AllOf(HasSubstr("Open the record for complaint C-25-7"), Not(HasSubstr("carer"))));
  open(token_);
  const auto page = get("/complaints/C-25-7");
  EXPECT_THAT(page, AllOf(HasSubstr("record COMP-1"), HasSubstr("SI 2009/309"), HasSubstr("6 February 2025"),
                          HasSubstr("UNVERIFIED"), HasSubstr("Heads of complaint"),
                          HasSubstr("href=\"https://www.lgo.org.uk/decisions/")));
  EXPECT_EQ(world.get(token_, "/complaints/C-25-8").status, 404);
}

TEST(PublishedDecisions, AreAboutRulesThatThereAre) {
  const auto all = published_decisions(share_folder());
  ASSERT_FALSE(all.empty());
  for (const auto& one : all)
    for (const auto& rule : one.rules)
      EXPECT_TRUE(std::filesystem::exists(share_folder() / "rules" / (rule + ".xml"))) << one.reference << " " << rule;
}

TEST_F(ComplaintsPages, HeadsAreTiedToWhatThereIsAndToNothingElse) {
  open(token_);
  EXPECT_EQ(post("/complaints/C-25-7/heads", "words=The+review+was+never+done"), 303);
  EXPECT_EQ(post("/complaints/C-25-7/heads", "words="), 422);
  const auto page = world.get(token_, "/complaints/C-25-7");
  const auto finding = page.between("<option value=\"finding ", "\"");
  ASSERT_THAT(finding, HasSubstr("F-"));
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=tie&tie=finding+" + finding), 303);
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=tie&tie=party+ods:RH5"), 303);
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=tie&tie=finding+F-0000-0000-0000"), 422);
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=tie&tie=party+ods:ZZZ"), 422);
  const auto mine = world.subject("nhs-number", "9990000018"), other = world.subject("nhs-number", "9990000026");
  const auto record_of = [&](std::int32_t subject) {
    static constexpr pg::Statement one{
        "test.record_of", "SELECT min(number) FROM answerable.record WHERE authority = '905' AND subject = $1"};
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(one, subject).int64(0, 0);
  };
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", fmt::format("do=tie&record={}", record_of(mine))), 303);
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", fmt::format("do=tie&record={}", record_of(other))), 422)
      << "another person's";
  const auto tied = get("/complaints/C-25-7");
  EXPECT_THAT(tied, AllOf(HasSubstr("The review was never done"), HasSubstr("Finding " + finding + ":"),
                          HasSubstr("Party: A trust"), HasSubstr("Record: person PER-1")));
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=untie&tie=party+ods:RH5"), 303);
  EXPECT_THAT(get("/complaints/C-25-7"), Not(HasSubstr("<li>Party: A trust")));
  EXPECT_EQ(post("/complaints/C-25-7/heads/1", "do=drop"), 303);
  EXPECT_THAT(get("/complaints/C-25-7"), Not(HasSubstr("The review was never done")));
}

TEST_F(ComplaintsPages, APartIsAskedOfTheTrustWhichAnswersOnceAndBothAreOnTheLedger) {
  open(token_);
  const auto due = day("due", london_day(now()) + std::chrono::days{14});
  EXPECT_EQ(post("/complaints/C-25-7/parts", "body=ods:RH5&words=Why+was+it+not+reviewed%3F"), 422) << "without a day";
  EXPECT_EQ(post("/complaints/C-25-7/parts", "body=ods:ZZZ&words=x" + due), 422) << "a body the records do not name";
  ASSERT_EQ(post("/complaints/C-25-7/parts", "body=ods:RH5&words=Why+was+it+not+reviewed%3F" + due), 303);
  const auto manager = world.token_of(world.account("m@example.org", {only(Role::provider_manager)}, "905", "ods:RH5"));
  const auto other = world.token_of(world.account("o@example.org", {only(Role::provider_manager)}, "905", "ods:RXX"));
  EXPECT_THAT(world.get(other, "/parts").body, Not(HasSubstr("not reviewed")));
  const auto parts = world.get(manager, "/parts");
  EXPECT_THAT(parts.body, AllOf(HasSubstr("Why was it not reviewed?"), HasSubstr("C-25-7")));
  const auto number = parts.between("action=\"/parts/", "\"");
  EXPECT_EQ(world.post(other, "/parts/" + number, "words=no").status, 404);
  EXPECT_EQ(world.post(manager, "/parts/" + number, "words=").status, 422);
  EXPECT_EQ(world.post(manager, "/parts/" + number, "words=The+worker+had+left.").status, 303);
  EXPECT_EQ(world.post(manager, "/parts/" + number, "words=again").status, 404) << "once";
  EXPECT_THAT(get("/complaints/C-25-7"), HasSubstr("The worker had left."));
  const auto leaves = events("complaint-part");
  ASSERT_EQ(leaves.size(), 2u);
  EXPECT_THAT(leaves[0],
              AllOf(HasSubstr("Why was it not reviewed?"), HasSubstr("ods:RH5"), HasSubstr("officer@example.org")));
  EXPECT_THAT(leaves[1], AllOf(HasSubstr("The worker had left."), HasSubstr("m@example.org")));
}

TEST_F(ComplaintsPages, TheReplyLacksWhatTheLawAsksForUntilItIsThere) {
  open(token_);
  EXPECT_THAT(get("/complaints/C-25-7/reply"), AllOf(HasSubstr("Missing"), Not(HasSubstr("Put the reply on record"))));
  for (const char* piece : {"how-considered", "conclusions", "action", "action-taken", "ombudsman-right"})
    EXPECT_EQ(post("/complaints/C-25-7/drafts", fmt::format("piece={}&words=Words+on+{}", piece, piece)), 303);
  EXPECT_EQ(post("/complaints/C-25-7/drafts", "piece=head+7&words=no+such+head"), 422);
  const auto reply = get("/complaints/C-25-7/reply");
  EXPECT_THAT(reply, AllOf(Not(HasSubstr(">Missing<")), HasSubstr("Put the reply on record"),
                           HasSubstr("Words on conclusions")));
}

TEST_F(ComplaintsPages, WhatHappenedIsPutOnRecordThroughTheIntakeAndCorrectsTheCouncilsOwnRecord) {
  open(token_);
  EXPECT_EQ(
      post("/complaints/C-25-7/record", "what=acknowledged" + day("on", london_day(now()) + std::chrono::days{2})), 422)
      << "tomorrow has not happened";
  const auto sent = world.post(token_, "/complaints/C-25-7/record",
                               "what=acknowledged&how=letter" + day("on", parse_day("2025-02-05").value()));
  ASSERT_EQ(sent.status, 303) << sent.body;
  const auto page = get("/complaints/C-25-7");
  EXPECT_THAT(page, AllOf(HasSubstr("5 February 2025"), HasSubstr("record pages-")));
  static constexpr pg::Statement corrections{
      "test.corrections",
      "SELECT count(*) FROM answerable.record r JOIN answerable.record c ON c.authority = r.authority AND c.number = "
      "r.corrects WHERE c.id = 'COMP-1' AND r.authority = '905'"};
  {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    EXPECT_EQ(transaction.run_one(corrections).int64(0, 0), 1);
  }
  for (const char* part : {"how-considered", "conclusions", "action", "action-taken", "ombudsman-right"})
    EXPECT_EQ(post("/complaints/C-25-7/drafts", fmt::format("piece={}&words=x", part)), 303);
  EXPECT_EQ(post("/complaints/C-25-7/record", "what=responded&to=carer&signed=responsible-person&fault=yes" +
                                                  day("on", parse_day("2025-06-05").value())),
            303);
  EXPECT_EQ(
      post("/complaints/C-25-7/record", "what=closed&outcome=upheld" + day("on", parse_day("2025-06-20").value())),
      303);
  EXPECT_THAT(get("/complaints"), HasSubstr("Closed"));
  EXPECT_EQ(post("/complaints/C-25-7/record", "what=acknowledged" + day("on", parse_day("2025-01-01").value())), 422)
      << "before it came in";
  EXPECT_EQ(post("/complaints/C-25-7/record", "what=extensionAgreed&agreed=yes&day-day=31&day-month=2&day-year=2026" +
                                                  day("on", parse_day("2025-05-01").value())),
            422)
      << "a second day that is none was left out of the record in silence";
}

TEST_F(ComplaintsPages, TheOmbudsmansQuestionsAnswersAndRecommendationsAndARemedyBecomeRecords) {
  open(token_);
  const std::string forms = "/complaints/C-25-7/form/", ombudsman = "/complaints/C-25-7/ombudsman";
  const auto on = [](const std::string& field, const char* d) { return day(field, parse_day(d).value()); };
  const auto of = [&](std::string_view form) {
    const auto rest = world.get(token_, ombudsman).between(fmt::format("form/{}?of=", form), "\"");
    return rest.substr(0, rest.find('&'));
  };
  EXPECT_EQ(world.get(token_, forms + "letter").field("Location"), forms + "ombudsman") << "a letter needs a case";
  EXPECT_EQ(world.get(token_, forms + "anything").status, 404);
  EXPECT_THAT(get(forms + "ombudsman"), AllOf(HasSubstr("9990000018"), HasSubstr("value=\"C-25-7\"")))
      << "what is known is filled in";
  const auto letter = "person=9990000018&person/@scheme=nhs-number&case=C-25-7&theirReference=25+001+234" +
                      on("enquiry.1/on", "2025-07-01") + on("enquiry.1/due", "2025-08-01") +
                      "&enquiry.1/question.1/number=1&enquiry.1/question.1/asks=Why+was+it+not+reviewed%3F";
  EXPECT_EQ(post(forms + "ombudsman", letter), 200) << "nothing was sent yet";
  const auto refused = world.post(token_, forms + "ombudsman", letter + "&do=send");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("Body is needed"), HasSubstr("href=\"#body\""), HasSubstr("25 001 234")));
  ASSERT_EQ(post(forms + "ombudsman", letter + "&body=lgsco&do=send"), 303);
  EXPECT_THAT(get(ombudsman),
              AllOf(HasSubstr("Why was it not reviewed?"), HasSubstr("25 001 234"), HasSubstr("1 August 2025")));

  // The answer is drafted, then put on record with what shows it.
  ASSERT_EQ(post("/complaints/C-25-7/drafts", "piece=question+2025-07-01+1&words=The+worker+had+left."), 303);
  const auto first = of("letter");
  EXPECT_THAT(get(forms + "letter?of=" + first + "&n=1"),
              AllOf(HasSubstr("The worker had left."), HasSubstr("REV-1 ods:RH5")));
  const auto answered = "n=1&of=" + first + on("enquiry.1/on", "2025-07-01") + on("enquiry.1/answered", "2025-07-20") +
                        "&enquiry.1/question.1/number=1&enquiry.1/question.1/asks=Why+was+it+not+reviewed%3F"
                        "&enquiry.1/question.1/answer=The+worker+had+left.&do=send"
                        "&known-record:enquiry.1/question.1/shownBy.1=REV-1+ods:RH5";
  ASSERT_EQ(post(forms + "letter", answered), 303);
  EXPECT_EQ(post(forms + "letter", answered), 409) << "it was corrected meanwhile";
  EXPECT_THAT(get(ombudsman), AllOf(HasSubstr("20 July 2025"), HasSubstr("Record REV-1 of ods:RH5"),
                                    HasSubstr("25 001 234"), Not(HasSubstr("Draft answer"))));

  // A recommendation, until it is paid and proved.
  ASSERT_EQ(
      post(forms + "recommendation",
           "of=" + of("recommendation") + "&recommendation.1/action=Pay+her" + on("recommendation.1/on", "2025-09-01") +
               on("recommendation.1/due", "2025-10-01") + "&recommendation.1/amount=150.00&do=send"),
      303);
  EXPECT_THAT(get(ombudsman), AllOf(HasSubstr("£150.00"), HasSubstr("Not yet")));
  EXPECT_EQ(post(forms + "recommendation", "n=1&do=send&of=" + of("recommendation")), 422) << "nothing was filled in";
  // The proof is sent from the same pages, content and all, and stands chosen in the form it proves.
  const auto prove = [&](const std::string& form, const std::string& which, const std::string& file) {
    return world.upload(token_, forms + "proof",
                        {{"proves", form}, {"of", which}, {"n", "1"}, {"is", "bank-statement"}, {"do", "send"}},
                        "content", file);
  };
  EXPECT_EQ(prove("recommendation", of("recommendation"), "").status, 422) << "no file was chosen";
  const auto proof = prove("recommendation", of("recommendation"), "Paid on 20 September.");
  ASSERT_EQ(proof.status, 303) << proof.between("govuk-error-summary__list", "</ul>");
  const auto then = proof.field("Location"), document = then.substr(then.find("proof=") + 6);
  EXPECT_THAT(then, HasSubstr("form/recommendation?of=" + of("recommendation") + "&n=1"));
  EXPECT_THAT(get(then), HasSubstr(fmt::format("value=\"{}\"", document)));
  const auto proved = world.post(
      token_, forms + "recommendation",
      "n=1&of=" + of("recommendation") + "&recommendation.1/action=Pay+her&recommendation.1/proof=" + document +
          on("recommendation.1/on", "2025-09-01") + on("recommendation.1/done", "2025-09-20") +
          on("recommendation.1/proofSent", "2025-09-21") + "&recommendation.1/amount=150.00&do=send");
  ASSERT_EQ(proved.status, 303) << proved.between("govuk-error-summary__list", "</ul>");
  EXPECT_THAT(get(ombudsman), AllOf(HasSubstr("20 September 2025"), HasSubstr("Record " + document),
                                    HasSubstr("sent 21 September 2025"), HasSubstr("The worker had left.")));

  const auto remedy =
      "person=9990000018&person/@scheme=nhs-number&case=C-25-7&kind=payment&to=adult&for=distress"
      "&amount=150.00&do=send" +
      on("offered", "2025-09-10");
  ASSERT_EQ(post(forms + "remedy", remedy), 303);
  const auto page = world.get(token_, "/complaints/C-25-7");
  EXPECT_THAT(page.body, AllOf(HasSubstr("10 September 2025"), HasSubstr("£150.00"), HasSubstr("Not yet")));
  ASSERT_EQ(post(forms + "remedy", remedy + on("paid", "2025-09-20") + "&of=" + page.between("form/remedy?of=", "\"")),
            303);
  EXPECT_THAT(get("/complaints/C-25-7"), HasSubstr("20 September 2025"));
  const auto which = world.get(token_, "/complaints/C-25-7").between("form/remedy?of=", "\"");
  const auto receipt = prove("remedy", which, "A receipt.").field("Location");
  EXPECT_THAT(get(receipt), HasSubstr("value=\"payment-record\" selected"));
  ASSERT_EQ(post(forms + "remedy", remedy + on("paid", "2025-09-20") + "&of=" + which +
                                       "&evidence.1/item=payment-record&evidence.1/state=present&evidence.1/document=" +
                                       receipt.substr(receipt.find("proof=") + 6)),
            303);
  EXPECT_THAT(get("/complaints/C-25-7"), HasSubstr(receipt.substr(receipt.find("proof=") + 6)));
}

TEST_F(ComplaintsPages, AComplaintIsRegisteredAndIsWhoeverRegisteredIts) {
  EXPECT_EQ(post("/complaints-register", "reference=C-25-9"), 422);
  const auto form =
      "reference=C-25-9&person=999+000+0026&from=adult&concerns=council-function&about=review&head=Nobody+came&how="
      "email" +
      day("on", london_day(now()));
  const auto sent = world.post(token_, "/complaints-register", form);
  ASSERT_EQ(sent.status, 303) << sent.body;
  EXPECT_EQ(sent.field("Location"), "/complaints/C-25-9");
  open(token_, "C-25-9");
  EXPECT_THAT(get("/complaints/C-25-9"), AllOf(HasSubstr("Nobody came"), HasSubstr("Received")));
  const auto other = world.token_of(world.account("other@example.org", {only(Role::complaints_officer)}));
  EXPECT_EQ(world.get(other, "/complaints/C-25-9").status, 404);
}

TEST_F(ComplaintsPages, ABundleIsMadeOnceSomebodyElseApprovedItAndIsTheSameEveryTime) {
  open(token_);
  pg::Connection audit(world.owner_conninfo(), "tests", "answerable_audit");
  const ScratchFile keys("keys");
  ledger::seal(audit, "905", ledger::Keys(keys.path()).of_or_first("905"));
  EXPECT_EQ(post("/complaints/C-25-7/keep-back", "what=person&name=Cy+Example"), 422) << "without a reason";
  EXPECT_EQ(post("/complaints/C-25-7/bundle", "why="), 422);
  ASSERT_EQ(post("/complaints/C-25-7/bundle", "why=For+the+ombudsman"), 303);
  const auto page = get("/complaints/C-25-7/bundle");
  EXPECT_THAT(page, HasSubstr("Waits for somebody else to approve it"));
  static constexpr pg::Statement newest{"test.approval", "SELECT max(approval) FROM answerable.approval"};
  const auto approval = [&] {
    pg::Transaction transaction(world.owner, pg::Access::read_only);
    return transaction.run_one(newest).int64(0, 0);
  }();
  const auto make = fmt::format("/complaints/C-25-7/bundle/{}", approval);
  EXPECT_EQ(post(make, ""), 404) << "nobody approved it";
  const auto guardian = world.token_of(world.account("g@example.org", {only(Role::guardian)}));
  ASSERT_EQ(world.post(guardian, fmt::format("/approvals/{}", approval), "decision=approved").status, 303);
  const auto made = world.post(token_, make);
  ASSERT_EQ(made.status, 200) << made.body.substr(0, 4000);
  EXPECT_EQ(made.field("Content-Type"), "application/zip");
  EXPECT_THAT(made.body.substr(0, 2), "PK");
  const ScratchFile file("zip");
  std::ofstream(file.path(), std::ios::binary) << made.body;
  const auto judged = ledger::judge_bundle(file.path());
  for (const auto& finding : judged.findings)
    if (finding.severity == bag::Severity::error) ADD_FAILURE() << finding.path << ": " << finding.problem;
  EXPECT_TRUE(judged.holds()) << "the officer sees a part of the run's findings alone";
  const auto again = world.post(token_, make);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(made.body == again.body) << "the same bytes";
  const auto leaves = events("bundle");
  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_THAT(leaves[0], AllOf(HasSubstr("C-25-7"), HasSubstr("officer@example.org"), HasSubstr("tagmanifest_sha256")));
}

TEST_F(ComplaintsPages, AReaderOfOneCaseAsksForEvidenceAndTheOfficerAnswers) {
  const auto until = london_day(now()) + std::chrono::days{2};
  const auto reader = world.token_of(world.account("reader@example.org", {reader_of("C-25-7", until)}));
  const auto another = world.token_of(world.account("another@example.org", {reader_of("C-25-8", until)}));
  EXPECT_EQ(world.post(reader, "/evidence", "words=").status, 422);
  EXPECT_EQ(world.post(reader, "/evidence", "words=The+review+notes").status, 303);
  EXPECT_THAT(world.get(another, "/evidence").body, Not(HasSubstr("The review notes")));
  open(token_);
  const auto page = world.get(token_, "/complaints/C-25-7");
  EXPECT_THAT(page.body, HasSubstr("The review notes"));
  const auto number = page.between("action=\"/evidence/", "\"");
  const auto stranger = world.token_of(world.account("stranger@example.org", {only(Role::complaints_officer)}));
  EXPECT_EQ(world.post(stranger, "/evidence/" + number, "words=x&case=C-25-7").status, 404);
  EXPECT_EQ(post("/evidence/" + number, "words=None+are+held.&case=C-25-7"), 303);
  EXPECT_THAT(world.get(reader, "/evidence").body, HasSubstr("None are held."));
  const auto leaves = events("evidence-request");
  ASSERT_EQ(leaves.size(), 2u);
  EXPECT_THAT(leaves[0], HasSubstr("reader@example.org"));
  EXPECT_THAT(leaves[1], HasSubstr("officer@example.org"));

  // Words within records are found once they were read, by whoever may open the person and says what for.
  const auto found = [&](const std::string& who, const std::string& words, const char* purpose = "complaint") {
    const auto answer =
        world.post(who, "/search/records", fmt::format("within={}&purpose={}&reference=C-25-7", words, purpose));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  };
  EXPECT_THAT(found(token_, "change"), HasSubstr("No record that you may search"));
  world.script("SELECT answerable.read_words('905', 1000), answerable.read_words('912', 1000)");
  EXPECT_THAT(found(token_, "changes"), AllOf(HasSubstr("NHS number 999 000 0018"), HasSubstr("Review REV-1")));
  EXPECT_THAT(found(reader, "change"), HasSubstr("Review REV-1"));
  EXPECT_THAT(found(another, "change"), Not(HasSubstr("REV-1"))) << "the reader of another case";
  EXPECT_THAT(found(token_, "change", "audit"), Not(HasSubstr("REV-1"))) << "not a purpose of theirs";
  EXPECT_THAT(found(token_, "nhs-number"), Not(HasSubstr("REV-1"))) << "names of the XML are no words of the record";
  EXPECT_EQ(world.post(token_, "/search/records", "within=change&purpose=complaint").status, 422) << "what for?";
  EXPECT_EQ(world
                .post(world.token_of(world.account("mm@example.org", {only(Role::provider_manager)}, "905", "ods:RH5")),
                      "/search/records", "within=change&purpose=complaint&reference=x")
                .status,
            403);
  EXPECT_THAT(events("read").back(), AllOf(HasSubstr("found by words"), HasSubstr("reader@example.org"),
                                           HasSubstr("C-25-7"), Not(HasSubstr("change"))))
      << "what was searched for may be about somebody else: it is not kept";
}

TEST_F(ComplaintsPages, TheYearlyReportCountsAndProtectsSmallNumbersOutside) {
  const auto report = get("/complaints-report?year=2024");
  EXPECT_THAT(report, AllOf(HasSubstr("1 April 2024 to 31 March 2025"), HasSubstr("Complaints received"),
                            HasSubstr(">2<"), HasSubstr("unverified")));
  EXPECT_THAT(get("/complaints-report?year=2024&for=publication"),
              AllOf(HasSubstr("fewer than 5"), Not(HasSubstr(">2<"))));
  EXPECT_THAT(get("/complaints-report.csv?year=2024"), HasSubstr("2024-04-01,Received,Complaints received,2"));
  EXPECT_THAT(get("/complaints-report.csv?year=2025"), HasSubstr("2025-04-01,Received,Complaints received,0"));
  EXPECT_EQ(post("/complaints-report/lessons", "kind=improvement&year=2024&words=Reviews+are+diarised"), 303);
  EXPECT_THAT(get("/complaints-report?year=2024"), HasSubstr("Reviews are diarised"));
  EXPECT_THAT(get("/complaints-report?year=2023"), Not(HasSubstr("Reviews are diarised")));
}

TEST_F(ComplaintsPages, AGuardianAssignsComplaintsAndOnlyToThoseWhoHandleThem) {
  const auto guardian = world.token_of(world.account("g@example.org", {only(Role::guardian)}));
  EXPECT_THAT(world.get(guardian, "/assignments").body, AllOf(HasSubstr("C-25-8"), HasSubstr("officer@example.org")));
  EXPECT_EQ(
      world.post(guardian, "/assignments", fmt::format("kind=complaint&reference=C-25-8&account={}", officer_)).status,
      303);
  open(token_, "C-25-8");
  const auto auditor = world.account("a@example.org", {only(Role::auditor)});
  EXPECT_EQ(
      world.post(guardian, "/assignments", fmt::format("kind=complaint&reference=C-25-8&account={}", auditor)).status,
      422);
  EXPECT_EQ(
      world.post(guardian, "/assignments", fmt::format("kind=complaint&reference=C-25-8&account={}&do=end", officer_))
          .status,
      303);
  EXPECT_EQ(world.get(token_, "/complaints/C-25-8").status, 404);
}

}  // namespace
}  // namespace answerable::service::testing
