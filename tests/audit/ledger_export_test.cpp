// The export of a real database's ledger: what leaves holds for both verifiers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <sstream>

#include "audit/engine/store.hpp"
#include "audit/ledger/disclose.hpp"
#include "audit/ledger/export.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "audit/ledger/proof_file.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/audit/bag_kit.hpp"
#include "tests/support/database.hpp"

namespace answerable::ledger {
namespace {

using bag::testing::Folder;
using bag::testing::slurp;
namespace fs = std::filesystem;

class LedgerExport : public ::testing::Test {
 protected:
  LedgerExport()
      : owner_(database_.conninfo(), "test"),
        audit_(database_.conninfo(), "test", "answerable_audit"),
        ingest_(database_.conninfo(), "test", "answerable_ingest") {
    (void)keys_.make("905");
  }

  void send(const std::string& records) {
    sent_ = fmt::format(
        "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>"
        "<sender scheme=\"ods\" code=\"RH5\">Made-up Trust</sender><authority scheme=\"cassr\" "
        "code=\"905\">Somerset County Council</authority><createdAt>2026-01-01T09:00:00Z</createdAt>"
        "<sourceSystem>test</sourceSystem></header><records>\n{}\n</records></submission>",
        ++messages_, records);
    std::istringstream file(sent_);
    (void)intake::submit(ingest_, reader_, file, {});
  }
  static std::string person(int n) {
    return fmt::format(
        "<person xmlns=\"urn:answerable:person:1\" id=\"PER-{0}\"><person scheme=\"council\">P{0}</person>"
        "<name>Made Up</name></person>\n",
        n);
  }
  /// Records, one held, a fault, an audit with findings, two keys, two checkpoints.
  void live() {
    send(person(1) +
         "<review xmlns=\"urn:answerable:review:1\" id=\"REV-1\"><person scheme=\"council\">P1</person>"
         "<type>plan</type><completed>2024-03-01</completed></review>" +
         "<review xmlns=\"urn:answerable:review:1\" id=\"REV-9\"><type>wrong</type></review>");
    (void)seal(audit_, "905", keys_.of("905"));
    auto catalogue = engine::Catalogue::load(kinds_);
    engine::audit(audit_, catalogue, "905", parse_day("2026-06-01").value());
    (void)keys_.make("905");
    (void)seal(audit_, "905", keys_.of("905"));
  }
  KeptCheckpoint exported(const fs::path& file, int ledger = 0) {
    pg::Transaction transaction(audit_, pg::Access::read_only, pg::Isolation::repeatable_read);
    bag::SealedZipWriter zip(file, "answerable-905-ledger");
    return export_ledger(transaction, "905", ledger, zip);
  }
  std::vector<VerifierKey> published() {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    return known_keys(transaction, "905", 1);
  }
  static std::string told(const Judgement& judgement) {
    std::string all;
    for (const auto& f : judgement.findings)
      all += fmt::format("{}: {} [{} | {}]\n", f.path, f.problem, f.expected, f.found);
    return all;
  }
  static void holds_for_the_other_verifier(const std::string& arguments) {
    const auto ran =
        bag::testing::run(fmt::format("python3 {}/reports/bundle/verify.py {}", ANSWERABLE_SOURCE, arguments));
    EXPECT_EQ(ran.code, 0) << ran.out;
  }

  testing::TestDatabase database_;
  pg::Connection owner_, audit_, ingest_;
  Folder folder_;
  Keys keys_{folder_ / "keys"};
  xml::Kinds kinds_{xml::Kinds::load(share_folder() / "schemas")};
  xml::FileReader reader_{kinds_, [] {
                            xml::Limits limits;
                            limits.workers = 1;
                            return limits;
                          }()};
  int messages_{};
  std::string sent_;
};

TEST_F(LedgerExport, of_a_real_database_holds_for_both_verifiers) {
  live();
  const auto file = folder_ / "ledger.zip";
  const auto checkpoint = exported(file);
  const auto result = judge_bundle(file, {.trusted = published(), .kept_apart = {checkpoint.note}});
  EXPECT_EQ(told(result), "");
  EXPECT_EQ(result.council, "Somerset");
  EXPECT_EQ(result.identifier, "answerable-905-ledger-1");
  EXPECT_EQ(result.leaves, static_cast<std::uint64_t>(checkpoint.size));
  EXPECT_GT(result.leaves, 8U);
  EXPECT_EQ(result.checkpoints, 2U);
  EXPECT_EQ(result.signed_by.size(), 2U);
  holds_for_the_other_verifier(fmt::format("{} --key '{}'", file.string(), format_vkey(published().front())));
  const auto again = folder_ / "again.zip";
  exported(again);
  EXPECT_EQ(slurp(again), slurp(file)) << "the same ledger, the same bytes";
}

TEST_F(LedgerExport, is_of_one_ledger_each_when_a_year_was_closed) {
  live();
  (void)close_ledger(audit_, "905", keys_.of("905"));
  for (const int ledger : {1, 2}) {
    const auto file = folder_ / fmt::format("ledger-{}.zip", ledger);
    exported(file, ledger);
    const auto result = judge_bundle(file);
    EXPECT_EQ(told(result), "");
    EXPECT_EQ(result.checkpoint->origin, fmt::format("answerable/905/{}", ledger));
    holds_for_the_other_verifier(file.string());
  }
}

TEST_F(LedgerExport, is_refused_when_the_leaves_are_no_longer_those_that_were_signed) {
  EXPECT_THROW(exported(folder_ / "none.zip"), std::runtime_error) << "nothing is signed yet";
  live();
  {
    pg::Transaction transaction(owner_, pg::Access::read_write);
    pg::Administration(owner_).run_script("tampering",
                                          "ALTER TABLE answerable.submission DISABLE TRIGGER USER;"
                                          "UPDATE answerable.submission SET message_id = 'M-7'");
    transaction.commit();
  }
  try {
    exported(folder_ / "ledger.zip");
    FAIL() << "it was exported";
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), ::testing::HasSubstr("no longer give the root that was signed"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "ledger.zip"));
}

/// A receipt made of what the database holds says the same as its leaf's content, as receipt.md has it.
TEST_F(LedgerExport, the_receipt_of_a_real_submission_holds_for_both_verifiers) {
  live();
  pg::Transaction transaction(audit_, pg::Access::read_only, pg::Isolation::repeatable_read);
  constexpr pg::Statement proof_of{"test.proof", "SELECT proof FROM answerable.receipt_proof WHERE submission = 1"};
  const std::string proof(transaction.run_one(proof_of).text(0, 0));
  std::string receipt;
  Disclosure disclosure(transaction, "905", find_checkpoint(transaction, "905").value());
  disclosure.each({{"submission", 1, 0}}, [&](Disclosed&& leaf) {
    const auto at = leaf.text.find("\nat ") + 4;
    receipt = fmt::format(
        "answerable-receipt/1\nreceipt S905-1\nstate sequenced\nsha256 {}\nbytes {}\nreceived {}\nsender ods:RH5\n"
        "message M-1\nrecords 2 stored, 1 held, 0 held already\nsalt {}\ncontent {}\n\n{}\n{}",
        hex(sha256(as_bytes(sent_))), sent_.size(), leaf.text.substr(at, leaf.text.find('\n', at) - at),
        hex(leaf.salt.value()), leaf.content, leaf.text, proof);
  });
  std::istringstream file(sent_);
  const auto keys = known_keys(transaction, "905", 1);
  EXPECT_EQ(told(judge_receipt(receipt, &file, keys)), "");
  bag::testing::spit(folder_ / "receipt.txt", receipt);
  bag::testing::spit(folder_ / "sent.xml", sent_);
  holds_for_the_other_verifier(fmt::format("--receipt {0}/receipt.txt --file {0}/sent.xml --key '{1}'",
                                           folder_.path().string(), format_vkey(keys.front())));
}

}  // namespace
}  // namespace answerable::ledger
