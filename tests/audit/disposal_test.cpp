// Erasure under retention on a real ledger: what is held about a person goes, every proof still holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "audit/engine/again.hpp"
#include "audit/engine/decisions.hpp"
#include "audit/engine/ledger_reader.hpp"
#include "audit/events/disposal.hpp"
#include "audit/events/event.hpp"
#include "audit/events/holds.hpp"
#include "audit/events/reads.hpp"
#include "audit/events/reminders.hpp"
#include "audit/ledger/disclose.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/verify.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/throw_away.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/support/database.hpp"

namespace answerable::events {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Day day(std::string_view text) {
  return parse_day(text).value();
}

/// Costly things that no test changes.
struct Shared {
  xml::Kinds kinds{xml::Kinds::load(share_folder() / "schemas")};
  engine::Catalogue catalogue{engine::Catalogue::load(kinds)};
  xml::FileReader reader{kinds, [] {
                           xml::Limits limits;
                           limits.workers = 1;
                           return limits;
                         }()};
  pg::TemporaryFolder keys_folder{"keys"};
  ledger::Keys keys{keys_folder.path() / "keys"};
  std::vector<ledger::StoredKey> signing = [this] {
    (void)keys.make("905");
    return keys.of("905");
  }();

  static Shared& one() {
    static Shared shared;
    return shared;
  }
};

constexpr const char* adam = "<person scheme=\"nhs-number\">9990000018</person>";
constexpr const char* bea = "<person scheme=\"council\">B2002</person>";

class Disposals : public ::testing::Test {
 protected:
  Disposals()
      : owner_(database_.conninfo(), "test"),
        audit_(database_.conninfo(), "test", "answerable_audit"),
        beside_(database_.conninfo(), "test", "answerable_audit"),
        ingest_(database_.conninfo(), "test", "answerable_ingest") {
    change(R"(CREATE FUNCTION answerable.traces(needle text) RETURNS SETOF text LANGUAGE plpgsql AS $$
      DECLARE t text; many bigint; BEGIN
        FOR t IN SELECT table_name FROM information_schema.tables WHERE table_schema = 'answerable' AND table_type = 'BASE TABLE' AND table_name <> 'rule_file' LOOP
          EXECUTE format('SELECT count(*) FROM answerable.%I t WHERE t::text ILIKE $1 OR t::text ILIKE $2', t) INTO many
            USING '%' || needle || '%', '%' || encode(convert_to(needle, 'UTF8'), 'hex') || '%';
          IF many > 0 THEN RETURN NEXT t || ' ' || many; END IF;
        END LOOP; END $$)");
  }

  intake::Receipt send(const std::string& records) {
    std::istringstream file(
        fmt::format("<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>"
                    "<sender scheme=\"cassr\" code=\"905\">Somerset County Council</sender><authority scheme=\"cassr\" "
                    "code=\"905\">Somerset County Council</authority><createdAt>2026-01-01T09:00:00Z</createdAt>"
                    "<sourceSystem>test</sourceSystem></header><records>\n{}\n</records></submission>",
                    ++messages_, records));
    intake::Options options;
    options.received_at = Instant(day("2012-03-01")) + std::chrono::hours(12 + messages_);
    return std::get<intake::Receipt>(intake::submit(ingest_, shared_.reader, file, options));
  }
  static std::string review(const std::string& id, const char* person, const std::string& more = "") {
    return fmt::format(
        "<review xmlns=\"urn:answerable:review:1\" id=\"{}\">{}<performedBy><organisation scheme=\"cassr\" "
        "code=\"905\">Somerset County Council</organisation><worker>Wanda "
        "Worker</worker></performedBy><type>plan</type>{}"
        "<completed>2010-03-05</completed><outcome>Adam Erased goes on as before.</outcome></review>\n",
        id, person, more);
  }
  static std::string policy(const char* years) {
    return fmt::format(
        "<policy xmlns=\"urn:answerable:policy:1\" id=\"POL-1\"><type>retention</type><title>Case records</title>"
        "<adopted>2012-01-16</adopted><from>2012-02-01</from><value>{}</value><unit>year</unit>"
        "<target>records-retention</target></policy>\n",
        years);
  }
  /// Adam and Bea; a relation of Bea's that names him; one of his records sent twice; two records that are held.
  void live(const char* years = "8") {
    const auto first =
        send(fmt::format("<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\">{}<identifier "
                         "scheme=\"council\">A1001</identifier><name>Adam Erased</name></person>\n"
                         "<person xmlns=\"urn:answerable:person:1\" id=\"PER-2\">{}<name>Bea Kept</name></person>\n",
                         adam, bea) +
             review("REV-1", adam) +
             fmt::format("<relationship xmlns=\"urn:answerable:relationship:1\" id=\"REL-1\">{}<role>carer</role>"
                         "<otherPerson scheme=\"council\">A1001</otherPerson><from>2009</from></relationship>\n",
                         bea) +
             review("REV-2", bea) + policy(years));
    ASSERT_EQ(first.held, 0) << first.faults.front().field << ": " << first.faults.front().problem;
    const auto second = send(
        review("REV-1", adam) + review("REV-8", adam, "<wrong/>") +
        fmt::format("<relationship xmlns=\"urn:answerable:relationship:1\" id=\"REL-9\">{}<role>nobody</role>"
                    "<otherPerson scheme=\"nhs-number\">9990000018</otherPerson><from>2009</from></relationship>\n",
                    bea) +
        review("REV-3", adam));
    ASSERT_EQ(second.stored, 1);
    ASSERT_EQ(second.held, 2);
    ASSERT_EQ(second.already_held, 1);
    engine::audit(audit_, shared_.catalogue, "905", day("2025-06-01"));
    adam_ = subject("nhs-number", "9990000018");
    pg::Transaction transaction(audit_, pg::Access::read_write);
    engine::FindingFilter filter;
    filter.subject = adam_;
    filter.outcomes = {engine::Outcome::breached, engine::Outcome::not_evidenced, engine::Outcome::unknown};
    const auto all = engine::findings(transaction, "905", filter);
    ASSERT_FALSE(all.empty());
    engine::set_aside(transaction, "905", all.front().id, "Made Up", "Adam Erased telephoned", {}, day("2025-06-01"));
    add_reminder(transaction, "905",
                 {.subject = adam_,
                  .to = "ods:RH5",
                  .about = "Adam Erased's plan",
                  .sent = day("2020-01-01"),
                  .how = "letter",
                  .delivered = "no",
                  .by = "Made Up"});
    transaction.commit();
    add_read(audit_, "905", adam_, "reader", "complaint", "trail");
    change("SELECT answerable.read_words('905', 1000)");
  }
  std::int32_t subject(const char* scheme, const char* value) {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    engine::Vocabulary words;
    return engine::LedgerReader(transaction, "905", words).find_subject(scheme, value).value_or(0);
  }
  DisposalRequest request() const {
    return {"905", adam_, "retention schedule, adult care records", "D. Isposer", "A. Pprover", day("2026-06-01")};
  }
  Disposal plan() {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    return plan_disposal(transaction, request());
  }
  std::int64_t disposed() {
    pg::Transaction transaction(audit_, pg::Access::read_write);
    const auto disposal = plan_disposal(transaction, request());
    EXPECT_THAT(disposal.refusals, IsEmpty());
    const auto number = dispose(transaction, disposal);
    transaction.commit();
    return number;
  }
  ledger::KeptCheckpoint sealed() { return ledger::seal(audit_, "905", shared_.signing).checkpoint.value(); }
  std::vector<std::string> differences() {
    std::vector<std::string> all;
    for (const auto& d :
         ledger::verify_ledgers(audit_,
                                [this] { return pg::Connection(database_.conninfo(), "test", "answerable_audit"); },
                                shared_.reader, "905", {})
             .differences)
      all.push_back(fmt::format("{}|{}|{}|{}", d.what, d.field, d.found, d.expected));
    return all;
  }
  std::map<std::int64_t, ledger::Disclosed> disclosed(const ledger::KeptCheckpoint& checkpoint) {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    std::vector<ledger::LeafName> names;
    for (const auto& segment : ledger::segments_of(transaction, "905", 1))
      ledger::each_leaf(transaction, "905", segment, [&](const ledger::Leaf& leaf) {
        names.push_back({segment.kind, leaf.key, leaf.finding});
      });
    std::map<std::int64_t, ledger::Disclosed> all;
    ledger::Disclosure disclosure(transaction, "905", checkpoint);
    disclosure.each(names, [&](ledger::Disclosed&& leaf) {
      const auto index = leaf.index;
      all.emplace(index, std::move(leaf));
    });
    return all;
  }
  std::vector<std::string> traces(const char* needle) {
    constexpr pg::Statement ask{"test.traces", "SELECT answerable.traces($1) ORDER BY 1"};
    pg::Transaction transaction(owner_, pg::Access::read_only);
    const auto rows = transaction.run(ask, needle);
    std::vector<std::string> all;
    for (int i = 0; i < rows.rows(); ++i) all.emplace_back(rows.text(i, 0));
    return all;
  }
  void change(const std::string& sql) {
    pg::Transaction transaction(owner_, pg::Access::read_write);
    pg::Administration(owner_).run_script("test", sql);
    transaction.commit();
  }

  Shared& shared_ = Shared::one();
  testing::TestDatabase database_;
  pg::Connection owner_, audit_, beside_, ingest_;
  int messages_{};
  std::int32_t adam_{};
};

TEST_F(Disposals, leave_nothing_of_the_person_but_what_others_records_say) {
  live();
  EXPECT_THAT(traces("Adam Erased"), ElementsAre("entry 3", "event 2", "finding_decision 1", "held_record 1",
                                                 "record_body 4", "submission_part 1"));
  EXPECT_THAT(traces("'eras'"), ElementsAre("record_words 4")) << "to search for";
  disposed();
  EXPECT_THAT(traces("Adam Erased"), ElementsAre("entry 1", "record_body 1")) << "the review of Bea speaks of him";
  EXPECT_THAT(traces("'eras'"), ElementsAre("record_words 1"));
  EXPECT_THAT(traces("9990000018"), ElementsAre("held_record 1")) << "a held relation of Bea's";
  EXPECT_THAT(traces("A1001"), ElementsAre("entry 1", "record_body 1", "record_words 1")) << "a relation of Bea's";
  EXPECT_THAT(traces("Wanda Worker"), ElementsAre("record 1", "record_body 1")) << "of Bea's review";
  EXPECT_THAT(traces("'wanda'"), ElementsAre("record_words 1"));
  EXPECT_EQ(subject("nhs-number", "9990000018"), 0);
}

/// What others shared with the person they share no longer, and nothing new has come in.
TEST_F(Disposals, let_what_others_had_in_common_with_the_person_be_asked_again) {
  const auto document = [](const char* id, const char* person) {
    return fmt::format(
        "<document xmlns=\"urn:answerable:document:1\" id=\"{}\">{}<is>review-record</is>"
        "<created>2010-03-05</created><sha256>{:064}</sha256></document>",
        id, person, 7);
  };
  const auto shared = [this] {
    engine::audit(audit_, shared_.catalogue, "905", day("2025-06-01"));
    engine::FindingFilter filter;
    filter.rule = "records.shared_document";
    filter.subject = subject("council", "B2002");
    pg::Transaction transaction(audit_, pg::Access::read_only);
    std::vector<engine::Outcome> all;
    for (const auto& finding : engine::findings(transaction, "905", filter)) all.push_back(finding.outcome);
    return all;
  };
  live();
  ASSERT_EQ(send(document("DOC-1", adam) + document("DOC-2", bea)).stored, 2);
  EXPECT_THAT(shared(), ElementsAre(engine::Outcome::contradicted));
  disposed();
  EXPECT_THAT(shared(), ElementsAre(engine::Outcome::met));
}

TEST_F(Disposals, keep_every_leaf_and_every_proof) {
  live();
  const auto before_size = sealed();
  const auto before = disclosed(before_size);
  const auto number = disposed();
  EXPECT_THAT(differences(), IsEmpty());
  const auto after_size = sealed();
  EXPECT_THAT(differences(), IsEmpty());
  const auto after = disclosed(after_size);
  ASSERT_EQ(after.size(), before.size() + 1) << "the certificate";
  pg::Transaction transaction(audit_, pg::Access::read_only);
  const ledger::Trust trust{.origin = "answerable/905/1", .log = ledger::known_keys(transaction, "905", 1)};
  std::map<std::string, int> gone;
  for (const auto& [index, leaf] : before) {
    const auto& now = after.at(index);
    EXPECT_EQ(now.text, leaf.text);
    EXPECT_EQ(now.hash, leaf.hash);
    EXPECT_NO_THROW((void)ledger::verify_proof(ledger::parse_proof(now.proof), now.hash, trust));
    EXPECT_NO_THROW((void)ledger::verify_proof(ledger::parse_proof(leaf.proof), now.hash, trust))
        << "proofs from before";
    if (now.salt) {
      EXPECT_EQ(now.content, leaf.content);
    } else {
      EXPECT_EQ(now.content, "");
      ++gone[now.name.kind];
    }
  }
  EXPECT_EQ(gone["record"], 3);
  EXPECT_EQ(gone["held"], 1);
  EXPECT_EQ(gone["faults"], 1);
  EXPECT_EQ(gone["event"], 3) << "decision, reminder, read";
  EXPECT_GT(gone["finding"], 0);
  const auto& last = std::prev(after.end())->second;
  EXPECT_EQ(last.name.key, number);
  EXPECT_THAT(last.text, HasSubstr(fmt::format("event disposal/{}", number)));
  const auto certificate = nlohmann::json::parse(last.content);
  EXPECT_EQ(certificate["records"], (nlohmann::json{"0", "2", "6"}));
  EXPECT_EQ(certificate["records_of_others_naming"], (nlohmann::json{"3"}));
  EXPECT_EQ(certificate["held_records_naming"], (nlohmann::json{"2"}));
  EXPECT_EQ(certificate["approved_by"], "A. Pprover");
}

TEST_F(Disposals, do_not_hide_what_is_changed_or_taken_away_later) {
  live();
  sealed();
  disposed();
  sealed();
  change("UPDATE answerable.disposed_leaf SET commitment = sha256('x') WHERE kind = 'record' AND key = 2");
  EXPECT_THAT(differences(), Contains(HasSubstr("record 2|")));
  change("DELETE FROM answerable.disposed_leaf WHERE kind = 'record' AND key = 2");
  EXPECT_THAT(differences(), Contains(HasSubstr("no disposal tells of it")));
}

TEST_F(Disposals, audits_judge_without_the_person_and_say_so_of_older_ones) {
  live();
  disposed();
  send(review("REV-5", bea));  // without anything new there is no new audit
  engine::audit(audit_, shared_.catalogue, "905", day("2026-06-01"));
  {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    for (const auto& finding : engine::findings(transaction, "905", {})) EXPECT_NE(finding.subject, adam_);
    for (const auto& finding : engine::findings(transaction, "905", {})) EXPECT_NE(finding.subject, 0);
  }
  EXPECT_THAT(differences(), IsEmpty());
  const auto again = engine::judge_again(audit_, shared_.kinds, "905", 1);
  EXPECT_THAT(again.differences, IsEmpty());
  ASSERT_THAT(again.disposed, SizeIs(1));
  EXPECT_GT(again.disposed.front().findings, 0);
  EXPECT_GT(again.compared, 0) << "Bea's";
  EXPECT_THAT(engine::judge_again(audit_, shared_.kinds, "905", 2).disposed, SizeIs(1));
}

TEST_F(Disposals, records_come_in_after_it_as_if_nothing_had_been) {
  live();
  disposed();
  const auto back = send(review("REV-1", adam) +
                         fmt::format("<person xmlns=\"urn:answerable:person:1\" id=\"PER-7\">{}"
                                     "<name>Adam Erased</name></person>\n",
                                     adam) +
                         review("REV-7", adam));
  EXPECT_EQ(back.stored, 2);
  ASSERT_EQ(back.held, 1);
  EXPECT_EQ(back.faults.front().code, "id.disposed-of");
  const auto corrected = send(fmt::format(
      "<review xmlns=\"urn:answerable:review:1\" id=\"REV-9\" corrects=\"REV-1\">{}<type>plan</type></review>", adam));
  EXPECT_EQ(corrected.faults.front().code, "corrects.disposed-of");
  EXPECT_GT(subject("nhs-number", "9990000018"), adam_) << "somebody new";
  engine::audit(audit_, shared_.catalogue, "905", day("2026-06-01"));
  EXPECT_THAT(differences(), IsEmpty());
  adam_ = subject("nhs-number", "9990000018");
  disposed();
  EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(Disposals, are_refused_while_anything_stands_in_the_way) {
  live("20");
  std::int64_t hold = 0;
  {
    pg::Transaction transaction(audit_, pg::Access::read_write);
    hold = place_hold(transaction, "905", adam_, "L. Awyer", "litigation");
    transaction.commit();
  }
  send(fmt::format(
      "<complaint xmlns=\"urn:answerable:complaint:1\" id=\"CMP-1\">{0}<reference>C-1</reference><from>carer</from>"
      "<concerns>council-function</concerns><received><on>2010-03-06</on></received></complaint>"
      "<ombudsman xmlns=\"urn:answerable:ombudsman:1\" id=\"OMB-1\">{0}<case>C-1</case><body>lgsco</body>"
      "<contacted>2010-05-01</contacted></ombudsman>",
      adam));
  const auto refusals = plan().refusals;
  EXPECT_THAT(refusals, ElementsAre(HasSubstr("Legal hold"), HasSubstr("Complaint C-1"),
                                    HasSubstr("ombudsman's case on"), HasSubstr("until 1 May 2030")));
  auto same = request();
  same.by = same.approved_by;
  same.basis = "asked by 999 000 0018";
  {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    EXPECT_THAT(plan_disposal(transaction, same).refusals, Contains(HasSubstr("two people")));
    EXPECT_THAT(plan_disposal(transaction, same).refusals, Contains(HasSubstr("numbers")));
  }
  // Past the command, the database itself keeps the hold.
  {
    pg::Transaction transaction(audit_, pg::Access::read_write);
    EXPECT_THROW(dispose(transaction, plan_disposal(transaction, request())), pg::Error);
  }
  send(fmt::format(
      "<complaint xmlns=\"urn:answerable:complaint:1\" id=\"CMP-2\" corrects=\"CMP-1\">{0}<reference>C-1</reference>"
      "<from>carer</from><concerns>council-function</concerns><received><on>2010-03-06</on></received>"
      "<responded><on>2010-04-24</on><to>carer</to></responded></complaint>"
      "<ombudsman xmlns=\"urn:answerable:ombudsman:1\" id=\"OMB-2\" corrects=\"OMB-1\">{0}<case>C-1</case>"
      "<body>lgsco</body><contacted>2010-05-01</contacted><decision><on>2011-01-15</on>"
      "<outcome>upheld</outcome></decision></ombudsman>",
      adam));
  {
    pg::Transaction transaction(audit_, pg::Access::read_write);
    lift_hold(transaction, "905", hold, "L. Awyer", "settled");
    EXPECT_THROW(lift_hold(transaction, "905", hold, "L. Awyer", "settled"), std::invalid_argument);
    transaction.commit();
  }
  EXPECT_THAT(plan().refusals, ElementsAre(HasSubstr("until 15 January 2031")));
}

TEST_F(Disposals, see_what_comes_in_meanwhile) {
  live();
  pg::Transaction transaction(audit_, pg::Access::read_write);
  const auto disposal = plan_disposal(transaction, request());
  add_read(beside_, "905", adam_, "reader", "audit", "trail");
  EXPECT_THROW(dispose(transaction, disposal), pg::Error);
}

TEST_F(Disposals, are_the_only_way_to_remove_anything) {
  live();
  for (pg::Connection* connection : {&audit_, &ingest_}) {
    pg::Transaction transaction(*connection, pg::Access::read_write);
    constexpr pg::Statement remove{"test.remove", "DELETE FROM answerable.record_body"};
    EXPECT_THROW(transaction.run(remove), pg::Error);
  }
  pg::Transaction transaction(ingest_, pg::Access::read_write);
  constexpr pg::Statement call{"test.call", "SELECT answerable.dispose('905', 1, '{}', '{}', '{}', '{}', '{}')"};
  EXPECT_THROW(transaction.run(call), pg::Error);
}

TEST_F(Disposals, refuse_the_files_exact_bytes_and_keep_its_receipt) {
  live();
  disposed();
  std::ostringstream out;
  try {
    intake::original(audit_, {"905", 1}, out);
    FAIL() << "it is not whole";
  } catch (const std::runtime_error& refusal) {
    EXPECT_THAT(refusal.what(), HasSubstr("2 of its records"));
    EXPECT_THAT(refusal.what(), HasSubstr("certificate"));
  }
  EXPECT_EQ(out.str(), "");
  const auto receipt = intake::find_receipt(ingest_, {"905", 2});
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->stored, 1);
  EXPECT_THAT(fmt::format("{}", receipt->faults.front().problem), Not(HasSubstr("wrong")));
}

TEST_F(Disposals, reminders_are_listed_by_whom_and_what) {
  live();
  pg::Transaction transaction(audit_, pg::Access::read_write);
  Reminder other{
      .to = "ods:RH5", .finding = 77, .sent = day("2019-01-01"), .how = "email", .delivered = "unknown", .by = "B"};
  add_reminder(transaction, "905", other);
  const auto all = reminders(transaction, "905", {});
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all.front().finding, 77) << "by day sent";
  EXPECT_FALSE(all.front().subject);
  EXPECT_THAT(reminders(transaction, "905", {.to = "ods:XXX"}), IsEmpty());
  EXPECT_THAT(reminders(transaction, "905", {.finding = 77}), SizeIs(1));
  const auto about = reminders(transaction, "905", {.subject = adam_});
  ASSERT_THAT(about, SizeIs(1));
  EXPECT_EQ(about.front().about, "Adam Erased's plan");
  EXPECT_EQ(about.front().delivered, "no");
}

TEST_F(Disposals, reads_are_shown_up_to_the_newest_record_known) {
  live();
  const auto shown = [&](std::int64_t known_at) {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    return reads_before(transaction, "905", adam_, known_at);
  };
  EXPECT_THAT(shown(7), IsEmpty()) << "read after the newest record";
  send(review("REV-5", bea));
  EXPECT_THAT(shown(7), IsEmpty()) << "the same question, the same answer";
  ASSERT_THAT(shown(8), SizeIs(1));
  EXPECT_EQ(shown(8).front().by, "reader");
  EXPECT_EQ(shown(8).front().purpose, "complaint");
  add_read(audit_, "905", adam_, "another", "audit", "loss");
  {
    pg::Transaction transaction(audit_, pg::Access::read_write);
    append(transaction, "905", "bundle", adam_, R"({"bundle":"B-1","by":"","purpose":""})");
    transaction.commit();
  }
  EXPECT_THAT(shown(8), SizeIs(1));
  add_read(audit_, "905", subject("council-itself", "905"), "nobody", "audit", "explain");
  send(review("REV-6", bea));
  ASSERT_THAT(shown(9), SizeIs(3));
  EXPECT_EQ(shown(9).back().what, "bundle B-1");
  EXPECT_EQ(shown(9).back().purpose, "not-stated");
}

}  // namespace
}  // namespace answerable::events
