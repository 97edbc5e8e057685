#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/ingest/intake_sending.hpp"
#include "tests/support/database.hpp"

namespace answerable {
namespace {

using testing::codes;
using testing::Desk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Sending;

constexpr const char *first = "9990000018", *second = "9990000026";
constexpr pg::Statement count_records{"test.records", "SELECT count(*) FROM answerable.record"};
constexpr pg::Statement count_rows{"test.rows",
                                   "SELECT (SELECT count(*) FROM answerable.record) + (SELECT count(*) FROM "
                                   "answerable.entry) + (SELECT count(*) FROM answerable.subject)"
                                   " + (SELECT count(*) FROM answerable.identifier) + (SELECT count(*) FROM "
                                   "answerable.submission_part) + (SELECT count(*) FROM answerable.held_record)"
                                   " + (SELECT count(*) FROM answerable.submission) + (SELECT count(*) FROM "
                                   "answerable.organisation) + (SELECT count(*) FROM answerable.authority)"};
constexpr pg::Statement gaps{"test.gaps", "SELECT max(number) + 1 - count(*) + min(number) FROM answerable.record"};
constexpr pg::Statement counter_behind{
    "test.counter", "SELECT next_record - (SELECT count(*) FROM answerable.record) FROM answerable.counter"};

struct IntakeTaking : ::testing::Test {
  testing::TestDatabase database;
  Desk desk{database.conninfo()};
};

TEST_F(IntakeTaking, StoresWhatIsRightAndGivesTheExactBytesBack) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}, {"council", "77"}});
  sending.review("REV-1", first);
  const auto taken = desk.send(sending);
  EXPECT_FALSE(taken.refused);
  EXPECT_EQ(taken.stored, 2);
  EXPECT_EQ(taken.held, 0);
  EXPECT_THAT(taken.faults, IsEmpty());
  ASSERT_TRUE(taken.id);
  EXPECT_EQ(taken.id->text(), "S905-1");
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());

  const auto receipt = intake::find_receipt(desk.connection, *taken.id);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->sender, "ods:RH5");
  EXPECT_EQ(receipt->authority_name, "Somerset");
  EXPECT_EQ(receipt->sha256, sha256(as_bytes(sending.bytes())));
  EXPECT_EQ(receipt->first_record, 0);
  EXPECT_EQ(receipt->last_record, 1);
}

TEST_F(IntakeTaking, ReceivedTimeIsThatOfTheSystemUnlessAReplaySaysOtherwise) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  const Instant before = now();
  const auto taken = desk.send(sending);
  const auto receipt = intake::find_receipt(desk.connection, *taken.id);
  EXPECT_GE(receipt->received_at, before);
  EXPECT_LE(receipt->received_at, now());

  Sending replay("M2");
  replay.person("PER-2", {{"nhs-number", second}});
  desk.options.received_at = parse_instant("2015-06-30T23:30:00Z");
  const auto replayed = desk.send(replay);
  EXPECT_EQ(intake::find_receipt(desk.connection, *replayed.id)->received_at, *desk.options.received_at);
  // Half past eleven in UTC is half past midnight in an English summer.
  EXPECT_EQ(desk.count({"test.day", "SELECT count(*) FROM answerable.record WHERE received_on = '2015-07-01'"}), 1);
}

TEST_F(IntakeTaking, TheSameFileAgainGivesTheSameReceiptAndStoresNothing) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  const auto taken = desk.send(sending);
  const auto rows = desk.count(count_rows);
  const auto again = desk.send(sending);
  ASSERT_TRUE(again.repeated);
  EXPECT_EQ(again.repeated->text(), taken.id->text());
  EXPECT_EQ(desk.count(count_rows), rows);
}

TEST_F(IntakeTaking, AnotherFileUnderAUsedMessageIdIsRefused) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  desk.send(sending);
  const auto rows = desk.count(count_rows);
  sending.person("PER-2", {{"nhs-number", second}});
  const auto refused = desk.send(sending);
  EXPECT_TRUE(refused.refused);
  EXPECT_THAT(codes(refused.faults), ElementsAre("message-id.used"));
  EXPECT_THAT(refused.faults[0].problem, HasSubstr("S905-1"));
  EXPECT_EQ(desk.count(count_rows), rows);
  // Another sender may use the same one.
  Sending other("M1", {"cqc-provider", "1-1000000001", "Fernlea Home Care"});
  other.person("PER-1", {{"nhs-number", second}});
  EXPECT_FALSE(desk.send(other).refused);
}

TEST_F(IntakeTaking, HoldsOneBadRecordAndStoresTheOthers) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.review("REV-1", first)
      .faults.push_back({.code = "value.date",
                         .line = 5,
                         .column = 9,
                         .record_id = "REV-1",
                         .field = "review/completed",
                         .sent = "2026-13-01"});
  sending.review("REV-2", first);
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 2);
  EXPECT_EQ(taken.held, 1);
  ASSERT_EQ(taken.held_records.size(), 1U);
  EXPECT_EQ(taken.held_records[0].id, "REV-1");
  EXPECT_THAT(codes(taken.faults), ElementsAre("value.date"));
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());
  EXPECT_EQ(intake::find_receipt(desk.connection, *taken.id)->faults.at(0).sent, "2026-13-01");

  // Mended and sent again, with the others as they were.
  Sending mended("M2");
  mended.person("PER-1", {{"nhs-number", first}});
  mended.review("REV-1", first);
  mended.review("REV-2", first);
  const auto second_time = desk.send(mended);
  EXPECT_EQ(second_time.stored, 1);
  EXPECT_EQ(second_time.already_held, 2);
  EXPECT_EQ(second_time.held, 0);
  EXPECT_THAT(codes(second_time.faults), ElementsAre("record.already-held", "record.already-held"));
  EXPECT_EQ(desk.original(*second_time.id), mended.bytes());
  EXPECT_EQ(desk.count(count_records), 3);
}

TEST_F(IntakeTaking, ACorrectionIsLinkedAndTheOldRecordStays) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.review("REV-1", first);
  desk.send(sending);
  Sending correction("M2");
  correction.review("REV-1a", first, "2026-03-05").corrects = "REV-1";
  EXPECT_EQ(desk.send(correction).stored, 1);
  EXPECT_EQ(desk.count({"test.corrects", "SELECT corrects FROM answerable.record WHERE id = 'REV-1a'"}), 1);
  EXPECT_EQ(desk.count(count_records), 3);
}

TEST_F(IntakeTaking, RefusesCorrectionsThatCannotBe) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.person("PER-2", {{"nhs-number", second}});
  sending.review("REV-1", first);
  sending.review("REV-2", first).corrects = "REV-9";
  sending.review("REV-3", first).corrects = "PER-1";
  sending.review("REV-4", second).corrects = "REV-1";
  sending.review("REV-5", first).corrects = "REV-5";
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 3);
  EXPECT_THAT(codes(taken.faults),
              ElementsAre("corrects.unknown", "corrects.other-kind", "corrects.other-subject", "corrects.itself"));
  EXPECT_THAT(taken.faults[2].problem, HasSubstr("another person"));
}

TEST_F(IntakeTaking, TheSameIdWithOtherContentIsAMistake) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.review("REV-1", first);
  sending.review("REV-1", first);  // the same bytes
  sending.review("REV-1", first);
  sending.bodies.back() = "<review id=\"REV-1\">else</review>";
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 2);
  EXPECT_EQ(taken.already_held, 1);
  EXPECT_EQ(taken.held, 1);
  EXPECT_THAT(codes(taken.faults), ElementsAre("id.repeated", "id.used"));
  EXPECT_THAT(taken.faults[1].mend, HasSubstr("corrects=\"REV-1\""));
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());

  Sending later("M2");
  later.review("REV-1", first);
  later.bodies.back() = "<review id=\"REV-1\">else again</review>";
  EXPECT_THAT(codes(desk.send(later).faults), ElementsAre("id.used"));
}

TEST_F(IntakeTaking, AnotherSendersIdsAreItsOwn) {
  Sending trust("M1");
  trust.person("1", {{"nhs-number", first}, {"sender", "42"}});
  desk.send(trust);
  Sending provider("M1", {"cqc-provider", "1-1000000001", "Fernlea Home Care"});
  provider.person("1", {{"nhs-number", second}, {"sender", "42"}});
  const auto taken = desk.send(provider);
  EXPECT_EQ(taken.stored, 1);
  EXPECT_THAT(taken.faults, IsEmpty());
  EXPECT_EQ(desk.count({"test.people", "SELECT count(*) FROM answerable.subject"}), 2);
}

TEST_F(IntakeTaking, AReferenceMayNameWhatAnotherSenderSent) {
  Sending trust("M1");
  trust.person("PER-1", {{"nhs-number", first}});
  trust.review("REV-1", first);
  desk.send(trust);
  Sending provider("M1", {"cqc-provider", "1-1000000001", "Fernlea Home Care"});
  auto& good = provider.review("REV-2", first);
  good.references.push_back(
      {.id = "REV-1", .sender = "ods:RH5", .kinds = {"review"}, .scheme = {}, .field = "review/after"});
  auto& bad = provider.review("REV-3", first);
  bad.references.push_back({.id = "REV-1",
                            .sender = {},
                            .kinds = {"review"},
                            .scheme = {},
                            .field = "review/after",
                            .line = 5,
                            .column = 7});
  const auto taken = desk.send(provider);
  EXPECT_EQ(taken.stored, 1);
  ASSERT_THAT(codes(taken.faults), ElementsAre("reference.unknown"));
  EXPECT_EQ(taken.faults[0].column, 7);
  EXPECT_EQ(taken.faults[0].sent, "REV-1");
}

TEST_F(IntakeTaking, WhatComesLaterInTheFileMayBeReferredTo) {
  Sending sending("M1");
  sending.envelope.agreement = "S75-2010";
  sending.review("REV-1", first)
      .references.push_back({.id = "REV-2", .sender = {}, .kinds = {"review"}, .scheme = {}, .field = "review/next"});
  sending.review("REV-2", first)
      .references.push_back({.id = "REV-1", .sender = {}, .kinds = {"review"}, .scheme = {}, .field = "review/before"});
  auto& document = sending.review("DOC-1", first);
  document.evidence.resize(2);
  document.evidence[0].item = "review-record";
  document.evidence[0].state = "present";
  document.evidence[0].target = "REV-2";
  document.evidence[1].item = "consent";
  document.evidence[1].state = "absent";
  sending.person("PER-1", {{"nhs-number", first}});
  sending.agreement("AGR-1", "S75-2010", "2010-04-01");
  const auto taken = desk.send(sending);
  EXPECT_THAT(taken.faults, IsEmpty());
  EXPECT_EQ(taken.stored, 5);
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());
  EXPECT_EQ(desk.count({"test.target",
                        "SELECT target - (SELECT number FROM answerable.record WHERE id = 'REV-2') FROM "
                        "answerable.evidence WHERE ordinal = 0"}),
            0);
  EXPECT_EQ(desk.count({"test.itself", "SELECT target - number FROM answerable.evidence WHERE ordinal = 1"}), 0);
  EXPECT_EQ(desk.count(gaps), 0);
  EXPECT_EQ(desk.count(counter_behind), 0);
}

TEST_F(IntakeTaking, WhatLeansOnAHeldRecordIsHeldAndSaysSo) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  const auto refer = [](ParsedRecord& record, const std::string& id) {
    record.references.push_back({.id = id, .sender = {}, .kinds = {}, .scheme = {}, .field = "review/next"});
  };
  refer(sending.review("REV-1", first), "REV-2");
  refer(sending.review("REV-2", first), "REV-3");
  refer(sending.review("REV-3", first), "REV-9");
  refer(sending.review("REV-4", first), "REV-1");
  sending.review("REV-5", first);
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 2);
  EXPECT_EQ(taken.held, 4);
  EXPECT_THAT(codes(taken.faults),
              ElementsAre("reference.held", "reference.held", "reference.unknown", "reference.held"));
  EXPECT_THAT(taken.faults[0].problem, HasSubstr("REV-2 (line 6), which is itself held"));
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());
  EXPECT_EQ(desk.count(counter_behind), 0);
}

TEST_F(IntakeTaking, APersonNobodyToldOfIsAMistake) {
  Sending sending("M1");
  sending.review("REV-1", first);
  auto taken = desk.send(sending);
  ASSERT_THAT(codes(taken.faults), ElementsAre("person.unknown"));
  EXPECT_EQ(taken.faults[0].sent, first);
  EXPECT_THAT(taken.faults[0].mend, HasSubstr("Send a person record"));
  EXPECT_EQ(taken.stored, 0);
  EXPECT_EQ(taken.held, 1);

  Sending held_person("M2");
  held_person.person("PER-1", {{"nhs-number", first}}).faults.push_back({.code = "value.date"});
  held_person.review("REV-1", first);
  taken = desk.send(held_person);
  EXPECT_THAT(codes(taken.faults), ElementsAre("value.date", "person.unknown"));
  EXPECT_THAT(taken.faults[1].problem, HasSubstr("line 4 and is itself held"));
}

TEST_F(IntakeTaking, NumbersOfOnePersonMeetAndThoseOfTwoNeverDo) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}, {"council", "77"}});
  sending.person("PER-2", {{"nhs-number", second}, {"council", "78"}});
  desk.send(sending);
  Sending later("M2");
  later.person("PER-3", {{"council", "77"}, {"sender", "S-1"}});
  later.person("PER-4", {{"nhs-number", first}, {"council", "78"}});
  const auto taken = desk.send(later);
  EXPECT_EQ(taken.stored, 1);
  ASSERT_THAT(codes(taken.faults), ElementsAre("identifier.two-people"));
  EXPECT_THAT(taken.faults[0].problem, HasSubstr("NHS number and the council person number"));
  EXPECT_EQ(desk.count({"test.people", "SELECT count(*) FROM answerable.subject"}), 2);
  EXPECT_EQ(desk.count({"test.joined",
                        "SELECT count(DISTINCT subject) FROM answerable.identifier WHERE value IN ('77', '9990000018', "
                        "'ods:RH5/S-1')"}),
            1);
}

TEST_F(IntakeTaking, AsksAboutActsOutsideTheirAgreementAndStoresThem) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.agreement("AGR-1", "S75-2010", "2010-04-01", "2015-03-31");
  sending.review("REV-1", first, "2009").agreement = "S75-2010";
  sending.review("REV-2", first, "2010").agreement = "S75-2010";  // some day of 2010: perhaps after 1 April
  sending.review("REV-3", first, "2015-04-01").agreement = "S75-2010";
  sending.review("REV-4", first).agreement = "S75-2011";
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 5);
  EXPECT_THAT(codes(taken.faults),
              ElementsAre("agreement.not-in-force", "agreement.not-in-force", "agreement.unknown"));
  EXPECT_EQ(taken.faults[0].severity, Severity::query);
  EXPECT_EQ(taken.faults[2].severity, Severity::error);

  // The agreement is read back from what is held for the next file; a correction of it counts.
  Sending later("M2");
  later.agreement("AGR-2", "S75-2010", "2010-04-01", "2016-03-31").corrects = "AGR-1";
  later.review("REV-5", first, "2015-04-01").agreement = "S75-2010";
  EXPECT_THAT(desk.send(later).faults, IsEmpty());
  Sending last("M3");
  last.review("REV-6", first, "2016-04-01").agreement = "S75-2010";
  EXPECT_THAT(codes(desk.send(last).faults), ElementsAre("agreement.not-in-force"));
}

TEST_F(IntakeTaking, AsksOnceWhenTheSenderIsNoParty) {
  Sending council("M1", {"cassr", "905", "Somerset"});
  council.person("PER-1", {{"nhs-number", first}});
  council.agreement("AGR-1", "S75-2010", "2010-04-01");
  EXPECT_THAT(desk.send(council).faults, IsEmpty());
  Sending provider("M1", {"cqc-provider", "1-1000000001", "Fernlea Home Care"});
  provider.envelope.agreement = "S75-2010";
  provider.review("REV-1", first);
  provider.review("REV-2", first);
  const auto taken = desk.send(provider);
  EXPECT_EQ(taken.stored, 2);
  EXPECT_THAT(codes(taken.faults), ElementsAre("agreement.not-a-party"));
  Sending taken_name("M2", {"cqc-provider", "1-1000000001", "Fernlea Home Care"});
  taken_name.agreement("AGR-1", "S75-2010", "2020-04-01");
  EXPECT_THAT(codes(desk.send(taken_name).faults), ElementsAre("agreement.reference-used"));
}

TEST_F(IntakeTaking, AsksAboutRecordsWithNothingInThePeriod) {
  Sending sending("M1");
  sending.envelope.period_from = parse_day("2026-01-01");
  sending.envelope.period_to = parse_day("2026-03-31");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.review("REV-1", first, "2026-03-31");
  sending.review("REV-2", first, "2026-04-01");
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 3);
  EXPECT_THAT(codes(taken.faults), ElementsAre("period.act-outside"));
}

TEST_F(IntakeTaking, AsksAtTheEndWhatMayStillCome) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  for (const char* id : {"REV-9", "REV-2"})
    sending.review(std::string("FROM-") + id, first)
        .references.push_back(
            {.id = id, .sender = {}, .kinds = {}, .scheme = {}, .field = "review/next", .severity = Severity::query});
  sending.review("REV-2", first);
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 4);
  ASSERT_THAT(codes(taken.faults), ElementsAre("reference.unknown"));
  EXPECT_EQ(taken.faults[0].sent, "REV-9");
  EXPECT_EQ(taken.faults[0].severity, Severity::query);
}

TEST_F(IntakeTaking, CheckingSaysTheSameAndStoresNothing) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  sending.review("REV-1", first)
      .references.push_back({.id = "REV-2", .sender = {}, .kinds = {}, .scheme = {}, .field = "review/next"});
  sending.review("REV-2", first);
  sending.review("REV-2", first);
  sending.review("REV-3", second);
  const auto checked = desk.check(sending);
  EXPECT_EQ(desk.count(count_rows), 0);
  const auto taken = desk.send(sending);
  EXPECT_EQ(checked.stored, taken.stored);
  EXPECT_EQ(checked.held, taken.held);
  EXPECT_EQ(checked.already_held, taken.already_held);
  EXPECT_EQ(codes(checked.faults), codes(taken.faults));
  EXPECT_TRUE(desk.check(sending).repeated);
}

TEST_F(IntakeTaking, AnUnknownCouncilIsRefused) {
  Sending sending("M1");
  sending.envelope.authority = {"gss", "E06000066", "Somerset"};
  sending.person("PER-1", {{"nhs-number", first}});
  const auto taken = desk.send(sending);
  EXPECT_TRUE(taken.refused);
  ASSERT_THAT(codes(taken.faults), ElementsAre("authority.unknown"));
  EXPECT_THAT(taken.faults[0].mend, HasSubstr("code=\"905\""));
  EXPECT_EQ(desk.count(count_rows), 0);
}

TEST_F(IntakeTaking, ManyBatchesKeepMemoryOfNothingAndStillResolve) {
  Sending sending("M1");
  sending.review("REV-EARLY", first)
      .references.push_back({.id = "REV-19999", .sender = {}, .kinds = {}, .scheme = {}, .field = "review/next"});
  sending.person("PER-1", {{"nhs-number", second}});
  for (int i = 0; i < 20'000; ++i) {
    auto& review = sending.review("REV-" + std::to_string(i), second);
    if (i > 0)
      review.references.push_back({.id = "REV-" + std::to_string(i / 2),
                                   .sender = {},
                                   .kinds = {"review"},
                                   .scheme = {},
                                   .field = "review/before"});
  }
  sending.person("PER-2", {{"nhs-number", first}});
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.stored, 20'003);
  EXPECT_THAT(taken.faults, IsEmpty());
  EXPECT_EQ(desk.count(gaps), 0);
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());
}

TEST_F(IntakeTaking, AWholeFileOfMistakesListsTenThousandAndCountsTheRest) {
  Sending sending("M1");
  std::size_t heard = 0;
  desk.options.on_fault = [&](const Fault&) { ++heard; };
  for (int i = 0; i < 10'500; ++i) sending.review("REV-" + std::to_string(i), first);
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.held, 10'500);
  EXPECT_EQ(heard, 10'500U);
  ASSERT_EQ(taken.faults.size(), intake::listed_at_most + 1);
  EXPECT_THAT(taken.faults.back().problem, HasSubstr("500 more"));
  EXPECT_EQ(desk.original(*taken.id), sending.bytes());
}

TEST_F(IntakeTaking, NothingIsLeftWithoutACommitAndNoNumberIsLost) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  for (int i = 0; i < 9'000; ++i) sending.review("REV-" + std::to_string(i), first);
  desk.send(sending, false);
  EXPECT_EQ(desk.count(count_rows), 0);
  const auto taken = desk.send(sending);
  EXPECT_EQ(taken.id->text(), "S905-1");
  EXPECT_EQ(desk.count(gaps), 0);
}

TEST_F(IntakeTaking, AConnectionKilledBeforeTheCommitLeavesNothing) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  {
    Desk victim(database.conninfo());
    pg::Connection killer(database.conninfo(), "tests");
    pg::Transaction transaction(victim.connection, pg::Access::read_write);
    const auto councils = intake::Councils::load(ANSWERABLE_SOURCE "/schemas");
    intake::Taking taking(transaction, councils, intake::Taking::Mode::store, victim.options);
    taking.finish(sending.tell(taking));
    const auto pid = transaction.run_one({"test.pid", "SELECT pg_backend_pid()"}).int32(0, 0);
    pg::Transaction kill(killer, pg::Access::read_write);
    kill.run({"test.kill", "SELECT pg_terminate_backend($1)"}, pid);
    kill.commit();
    EXPECT_THROW(transaction.commit(), pg::Error);
  }
  EXPECT_EQ(desk.count(count_rows), 0);
}

TEST_F(IntakeTaking, TwoAtOnceGetNumbersWithoutGaps) {
  constexpr int files = 12;
  const auto work = [&](const std::string& code) {
    Desk own(database.conninfo());
    for (int i = 0; i < files; ++i) {
      Sending sending("M" + std::to_string(i), {"ods", code, "Trust " + code});
      sending.person("PER-" + std::to_string(i), {{"sender", std::to_string(i)}});
      for (int r = 0; r < 50; ++r) {
        auto& review = sending.review("REV-" + std::to_string(i * 50 + r), first);
        review.subject = {{"sender", std::to_string(i)}};
      }
      const auto taken = own.send(sending, i % 3 != 0);  // every third is rolled back
      EXPECT_EQ(taken.stored, 51);
    }
  };
  std::thread one(work, "RH5"), two(work, "RJ1");
  one.join();
  two.join();
  EXPECT_EQ(desk.count(count_records), 2 * 8 * 51);
  EXPECT_EQ(desk.count(gaps), 0);
  EXPECT_EQ(desk.count(counter_behind), 0);
  // In commit order: each submission's numbers follow those of the one before, and so do the times.
  EXPECT_EQ(
      desk.count(
          {"test.order",
           "SELECT count(*) FROM answerable.submission a JOIN answerable.submission b ON b.submission > a.submission"
           " WHERE b.first_record <= a.last_record OR b.received_at < a.received_at"}),
      0);
}

TEST_F(IntakeTaking, TamperedBytesAreNoticedWhenGivenBack) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  const auto taken = desk.send(sending);
  pg::Connection owner(database.conninfo(), "tests");
  pg::Transaction tamper(owner, pg::Access::read_write);
  tamper.run({"test.tamper", "UPDATE answerable.record_body SET body = '<person id=\"PER-2\"/>'::bytea"});
  tamper.commit();
  EXPECT_THROW(desk.original(*taken.id), std::runtime_error);
}

TEST_F(IntakeTaking, TheIngestRoleCannotChangeWhatIsStored) {
  Sending sending("M1");
  sending.person("PER-1", {{"nhs-number", first}});
  desk.send(sending);
  pg::Transaction transaction(desk.connection, pg::Access::read_write);
  EXPECT_THROW(transaction.run({"test.update", "UPDATE answerable.record SET id = 'X'"}), pg::Error);
}

}  // namespace
}  // namespace answerable
