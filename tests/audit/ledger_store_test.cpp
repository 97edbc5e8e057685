// The ledger of a real database: leaves of everything in commit order, signed trees, and every change found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <malloc.h>

#include <sstream>
#include <thread>

#include "audit/engine/decisions.hpp"
#include "audit/engine/store.hpp"
#include "audit/ledger/disclose.hpp"
#include "audit/ledger/finding_fields.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/verify.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/throw_away.hpp"
#include "ingest/xml/kinds.hpp"
#include "tests/support/database.hpp"

namespace answerable::ledger {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

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
  Keys keys{keys_folder.path() / "keys"};
  std::vector<StoredKey> signing = [this] {
    (void)keys.make("905");
    return keys.of("905");
  }();

  static Shared& one() {
    static Shared shared;
    return shared;
  }
};

class LedgerStore : public ::testing::Test {
 protected:
  LedgerStore()
      : owner_(database_.conninfo(), "test"),
        audit_(database_.conninfo(), "test", "answerable_audit"),
        ingest_(database_.conninfo(), "test", "answerable_ingest") {}

  intake::Receipt send(const std::string& records) {
    std::istringstream file(
        fmt::format("<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-{}</messageId>"
                    "<sender scheme=\"ods\" code=\"RH5\">Made-up Trust</sender><authority scheme=\"cassr\" "
                    "code=\"905\">Somerset County Council</authority><createdAt>2026-01-01T09:00:00Z</createdAt>"
                    "<sourceSystem>test</sourceSystem></header><records>\n{}\n</records></submission>",
                    ++messages_, records));
    return std::get<intake::Receipt>(intake::submit(ingest_, shared_.reader, file, {}));
  }
  static std::string person(int n) {
    return fmt::format(
        "<person xmlns=\"urn:answerable:person:1\" id=\"PER-{0}\"><person scheme=\"council\">P{0}</person>"
        "<name>Made Up</name></person>\n",
        n);
  }
  static std::string review(int n, int of) {
    return fmt::format(
        "<review xmlns=\"urn:answerable:review:1\" id=\"REV-{}\"><person scheme=\"council\">P{}</person>"
        "<type>plan</type><completed>2024-03-0{}</completed><evidence><item>review-record</item>"
        "<state>present</state><is>review-record</is><covers>needs risks</covers></evidence></review>\n",
        n, of, n % 9 + 1);
  }
  /// Five records, one held, a fault; an audit with findings; a decision.
  void live() {
    send(person(1) + person(2) + review(1, 1) + review(2, 1) + review(3, 2) +
         "<review xmlns=\"urn:answerable:review:1\" id=\"REV-9\"><type>wrong</type></review>");
    engine::audit(audit_, shared_.catalogue, "905", day("2026-06-01"));
    pg::Transaction transaction(audit_, pg::Access::read_write);
    engine::FindingFilter filter;
    filter.outcomes = {engine::Outcome::breached, engine::Outcome::not_evidenced, engine::Outcome::unknown};
    const auto all = engine::findings(transaction, "905", filter);
    ASSERT_FALSE(all.empty());
    engine::set_aside(transaction, "905", all.front().id, "Made Up", "told by telephone", {}, day("2026-06-01"));
    transaction.commit();
  }
  Sealed sealed() { return seal(audit_, "905", shared_.signing); }
  Verification verified(VerifyOptions options = {}) {
    return verify_ledgers(
        audit_, [this] { return pg::Connection(database_.conninfo(), "test", "answerable_audit"); }, shared_.reader,
        "905", options);
  }
  void change(const std::string& sql) {
    pg::Transaction transaction(owner_, pg::Access::read_write);
    pg::Administration(owner_).run_script("tampering", sql);
    transaction.commit();
  }
  /// Rows that the server has looked at in the tables a verification reads most of. It counts them when a connection is
  /// closed, and this one's when it is asked to.
  std::int64_t rows_looked_at() {
    constexpr pg::Statement count_now{"test.count_now", "SELECT pg_stat_force_next_flush()::text"};
    constexpr pg::Statement looked_at{
        "test.looked_at",
        "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_all_tables"
        " WHERE schemaname = 'answerable' AND relname IN ('record', 'record_body', 'entry', 'evidence')"};
    {
      pg::Transaction transaction(audit_, pg::Access::read_only);
      transaction.run(count_now);
      transaction.commit();
    }
    pg::Transaction transaction(audit_, pg::Access::read_only);
    return transaction.run_one(looked_at).int64(0, 0);
  }
  static std::vector<std::string> told(const Verification& verification) {
    std::vector<std::string> all;
    for (const auto& d : verification.differences)
      all.push_back(fmt::format("{}|{}|{}|{}|{}", d.what, d.field, d.found, d.expected, d.signed_at_size));
    return all;
  }
  std::vector<std::string> kinds_in_order() {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    std::vector<std::string> all;
    for (const auto& segment : segments_of(transaction, "905", 1))
      all.push_back(fmt::format("{} {}", segment.kind, segment.count));
    return all;
  }

  Shared& shared_ = Shared::one();
  testing::TestDatabase database_;
  pg::Connection owner_, audit_, ingest_;
  int messages_{};
};

TEST_F(LedgerStore, holds_everything_that_matters_in_commit_order) {
  live();
  const auto result = sealed();
  const auto kinds = kinds_in_order();
  ASSERT_EQ(kinds.size(), 9U) << ::testing::PrintToString(kinds);
  EXPECT_EQ(kinds[0], "record 5");
  EXPECT_EQ(kinds[1], "held 1");
  EXPECT_EQ(kinds[2], "faults 1");
  EXPECT_EQ(kinds[3], "submission 1");
  EXPECT_EQ(kinds[4], "event 1") << "the rule set";
  EXPECT_TRUE(kinds[5].starts_with("finding ")) << kinds[5];
  EXPECT_EQ(kinds[6], "run 1");
  EXPECT_EQ(kinds[7], "event 1") << "the decision";
  EXPECT_EQ(kinds[8], "event 1") << "the key";
  ASSERT_TRUE(result.checkpoint);
  EXPECT_EQ(result.checkpoint->size, result.added);
  EXPECT_EQ(parse_checkpoint(parse_note(result.checkpoint->note).text).origin, "answerable/905/1");
  EXPECT_EQ(sealed().added, 0) << "nothing new, nothing signed";
  const auto verification = verified();
  EXPECT_THAT(told(verification), IsEmpty());
  EXPECT_EQ(verification.records, 5);
  EXPECT_GT(verification.facts, 10);
  EXPECT_EQ(verification.ledgers.front().leaves, result.added);
  // Judged once more, no finding is otherwise than it is stored: what names a changed one's fields names no others.
  std::vector<std::string> findings;
  {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    for (const auto& segment : segments_of(transaction, "905", 1))
      if (segment.kind == "finding")
        each_leaf(transaction, "905", segment, [&](const Leaf& leaf) { findings.emplace_back(leaf.content); });
  }
  ASSERT_FALSE(findings.empty());
  FindingFields fields(audit_, "905");
  for (const auto& content : findings) {
    const auto wrong = fields.wrong(content);
    EXPECT_FALSE(wrong) << content << ": " << wrong->fields << ", " << wrong->expected;
  }
}

TEST_F(LedgerStore, grows_by_what_is_new_and_stays_consistent) {
  send(person(1));
  const auto first = sealed().checkpoint.value();
  std::string more;
  for (int i = 2; i < 700; ++i) more += person(i);
  send(more);
  EXPECT_EQ(verified().waiting, 699);
  const auto second = sealed();
  EXPECT_EQ(second.added, 699);
  pg::Transaction transaction(audit_, pg::Access::read_only);
  TileReader tiles(tile_source(transaction, "905", 1));
  const auto proof = consistency_proof(static_cast<std::uint64_t>(first.size),
                                       static_cast<std::uint64_t>(second.checkpoint->size), std::ref(tiles));
  EXPECT_TRUE(verify_consistency(static_cast<std::uint64_t>(first.size),
                                 static_cast<std::uint64_t>(second.checkpoint->size), proof, first.root,
                                 second.checkpoint->root));
  EXPECT_EQ(find_checkpoint(transaction, "905", 1, first.size)->note, first.note);
}

TEST_F(LedgerStore, shows_long_records_one_at_a_time) {
  constexpr std::size_t many = 12, long_text = 1 << 20;
  std::string records = person(1);
  for (std::size_t i = 0; i < many; ++i)
    records += fmt::format(
        "<document xmlns=\"urn:answerable:document:1\" id=\"DOC-{}\"><person scheme=\"council\">P1</person>"
        "<is>image</is><title>Scan</title><created>2024-09-03</created><mediaType>image/jpeg</mediaType><content>{}"
        "</content></document>\n",
        i, std::string(long_text, 'A'));
  ASSERT_EQ(send(records).stored, static_cast<std::int64_t>(many + 1));
  records = {};
  const auto checkpoint = sealed().checkpoint.value();
  std::vector<LeafName> names;
  for (std::size_t i = 0; i < many; ++i) names.push_back({"record", static_cast<std::int64_t>(i + 1), 0});
  pg::Transaction transaction(audit_, pg::Access::read_only);
  Disclosure disclosure(transaction, "905", checkpoint);
  const auto in_use = [] {
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
  };
  const auto before = in_use();
  std::size_t highest = 0, shown = 0;
  disclosure.each(names, [&](Disclosed&& leaf) {
    EXPECT_GT(leaf.content.size(), long_text);
    highest = std::max(highest, in_use() - std::min(before, in_use()));
    ++shown;
  });
  EXPECT_EQ(shown, many);
  EXPECT_LT(highest, 5 * long_text);
}

TEST_F(LedgerStore, looks_at_each_row_a_few_times_however_many_there_are) {
  // More than six batches: from the sixth on, the server plans without looking at what is asked for.
  constexpr int many = 20000;
  std::string records = person(1);
  for (int i = 1; i < many; ++i) records += review(i, 1);
  send(records);
  sealed();
  const auto before = rows_looked_at();
  EXPECT_THAT(told(verified()), IsEmpty());
  // For the leaf, for the bytes and for the rows.
  for (int tries = 0; tries < 100 && rows_looked_at() - before < 4 * many; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto looked_at = rows_looked_at() - before;
  EXPECT_GE(looked_at, 4 * many) << "the server has not counted yet";
  EXPECT_LT(looked_at, 12 * many);
}

TEST_F(LedgerStore, proves_every_leaf_to_a_stranger) {
  live();
  const auto checkpoint = sealed().checkpoint.value();
  pg::Transaction transaction(audit_, pg::Access::read_only);
  const Trust trust{.origin = "answerable/905/1", .log = known_keys(transaction, "905", 1)};
  std::vector<LeafName> names;
  for (const auto& segment : segments_of(transaction, "905", 1))
    each_leaf(transaction, "905", segment, [&](const Leaf& leaf) {
      names.push_back({segment.kind, leaf.key, leaf.finding});
    });
  ASSERT_EQ(static_cast<std::int64_t>(names.size()), checkpoint.size);
  Disclosure disclosure(transaction, "905", checkpoint);
  EXPECT_EQ(disclosure.records(), 5);
  std::int64_t next = 0;
  intake::LeafHasher hasher;
  disclosure.each(names, [&](Disclosed&& leaf) {
    EXPECT_EQ(leaf.index, next++);
    EXPECT_NO_THROW((void)verify_proof(parse_proof(leaf.proof), hasher.hash(leaf.text), trust));
    EXPECT_TRUE(
        leaf.text.ends_with(fmt::format("commitment {}\n", hex(hasher.commitment(leaf.salt.value(), leaf.content)))));
  });
  EXPECT_EQ(next, checkpoint.size);
}

TEST_F(LedgerStore, names_what_was_changed) {
  live();
  const auto size = sealed().checkpoint->size;
  const auto finds = [&](const std::string& sql, const std::string& what, const std::string& field) {
    SCOPED_TRACE(sql);
    change(sql);
    const auto verification = verified();
    const auto& all = verification.differences;
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Difference& d) { return d.what == what && d.field == field; }))
        << ::testing::PrintToString(told(verification));
    for (const auto& d : all) {
      EXPECT_GE(d.index, 0);
      EXPECT_EQ(d.signed_at_size, size) << "since which checkpoint";
    }
  };
  const std::string set = "UPDATE answerable.";
  // Each is put right again before the next.
  finds(set + "entry SET first = first + 1, last = last + 1 WHERE number = 2 AND ordinal = 0", "record 2",
        "entry 0: happened");
  change(set + "entry SET first = first - 1, last = last - 1 WHERE number = 2 AND ordinal = 0");
  finds(set + "evidence SET state = 'absent' WHERE number = 3", "record 3", "evidence 0: state");
  change(set + "evidence SET state = 'present' WHERE number = 3");
  finds(set + "record SET worker = 'Somebody' WHERE number = 4", "record 4", "worker");
  change(set + "record SET worker = NULL WHERE number = 4");
  finds(set + "record SET id = 'REV-X' WHERE number = 4", "record 4", "bytes, salt, or a column of its leaf");
  change(set + "record SET id = 'REV-3' WHERE number = 4");
  finds(set + "record_body SET body = body || '\\x20' WHERE number = 1", "record 1",
        "bytes, salt, or a column of its leaf");
  change(set + "record_body SET body = substr(body, 1, length(body) - 1) WHERE number = 1");
  finds(set + "record SET leaf = sha256('x') WHERE number = 0", "record 0", "leaf");
  change(
      set +
      "record SET leaf = (SELECT substr(hashes, 1, 32) FROM answerable.ledger_tile WHERE level = 0) WHERE number = 0");
  finds(set +
            "finding_step SET outcome = 'met' WHERE finding = (SELECT min(finding) FROM answerable.finding_step WHERE "
            "outcome <> 'met')",
        fmt::format("finding {}/1",
                    [&] {
                      pg::Transaction transaction(audit_, pg::Access::read_only);
                      std::string id;
                      for (const auto& segment : segments_of(transaction, "905", 1))
                        if (segment.kind == "finding")
                          each_leaf(transaction, "905", segment, [&](const Leaf& leaf) {
                            if (id.empty() && leaf.content.find("\"outcome\":\"met\"") == std::string_view::npos)
                              id = std::string(leaf.text.substr(leaf.text.find("finding ") + 8, 16));
                          });
                      return id;
                    }()),
        "outcome");
  const auto after = verified();
  const auto finding =
      std::ranges::find_if(after.differences, [](const Difference& d) { return d.what.starts_with("finding "); });
  ASSERT_NE(finding, after.differences.end());
  EXPECT_EQ(finding->found, "met");
  EXPECT_EQ(finding->expected, "not-evidenced");
}

TEST_F(LedgerStore, finds_what_was_taken_away_or_put_in_another_place) {
  live();
  sealed();
  send(person(3) + person(4));
  const auto second = sealed().checkpoint.value();
  const auto differs = [&](const std::string& sql) {
    SCOPED_TRACE(sql);
    change(
        "CREATE TABLE answerable.saved_a AS TABLE answerable.ledger_tile; CREATE TABLE answerable.saved_b AS TABLE "
        "answerable.checkpoint");
    change(sql);
    EXPECT_FALSE(verified().differences.empty());
  };
  differs("UPDATE answerable.checkpoint SET root = sha256('x') WHERE size = " + std::to_string(second.size));
  change(
      "UPDATE answerable.checkpoint c SET root = s.root FROM answerable.saved_b s WHERE s.size = c.size; DROP TABLE "
      "answerable.saved_a, answerable.saved_b");
  ASSERT_THAT(told(verified()), IsEmpty());
  differs(
      "UPDATE answerable.ledger_tile SET hashes = substr(hashes, 33, 32) || substr(hashes, 1, 32) || substr(hashes, "
      "65) WHERE level = 0");
  change(
      "UPDATE answerable.ledger_tile t SET hashes = s.hashes FROM answerable.saved_a s WHERE s.level = t.level AND "
      "s.tile = t.tile; DROP TABLE answerable.saved_a, answerable.saved_b");
  ASSERT_THAT(told(verified()), IsEmpty());
  differs("DELETE FROM answerable.finding_step WHERE finding = (SELECT min(finding) FROM answerable.finding_step)");
}

TEST_F(LedgerStore, an_older_database_put_back_does_not_pass) {
  send(person(1));
  sealed();
  testing::TestDatabase older;  // the same beginning, another history behind it
  send(person(2));
  const auto newest = sealed().checkpoint->note;
  VerifyOptions options;
  options.kept_apart = {newest};
  EXPECT_THAT(told(verified(options)), IsEmpty());
  change(
      "DELETE FROM answerable.receipt_proof WHERE submission = 2; DELETE FROM answerable.checkpoint WHERE size > 3; "
      "DELETE FROM answerable.ledger_segment WHERE first > 2;"
      "UPDATE answerable.ledger_tile SET hashes = substr(hashes, 1, 96) WHERE level = 0;"
      "DELETE FROM answerable.to_ledger WHERE key >= 1 AND kind = 'record' OR key = 2 AND kind = 'submission'");
  const auto verification = verified(options);
  EXPECT_THAT(told(verification), Contains(::testing::HasSubstr("the checkpoint kept apart")));
  // Another history of the same length is found too.
  send(person(3));
  sealed();
  EXPECT_THAT(told(verified(options)), Contains(::testing::HasSubstr("another history")));
}

TEST_F(LedgerStore, begins_a_new_ledger_where_the_old_one_ended) {
  send(person(1));
  sealed();
  const auto begun = close_ledger(audit_, "905", shared_.signing).checkpoint.value();
  EXPECT_EQ(begun.ledger, 2);
  EXPECT_EQ(begun.size, 1);
  send(person(2));
  EXPECT_EQ(sealed().checkpoint->ledger, 2);
  pg::Transaction transaction(audit_, pg::Access::read_only);
  const auto last = find_checkpoint(transaction, "905", 1).value();
  Disclosure disclosure(transaction, "905", find_checkpoint(transaction, "905").value());
  EXPECT_EQ(disclosure.records(), 2);
  std::string opened;
  for (const auto& segment : segments_of(transaction, "905", 2))
    if (segment.first == 0) each_leaf(transaction, "905", segment, [&](const Leaf& leaf) { opened = leaf.content; });
  std::string named;
  for (const char c : last.note) named += c == '\n' ? std::string("\\u000a") : std::string(1, c);
  EXPECT_NE(opened.find(named), std::string::npos) << opened;
}

TEST_F(LedgerStore, keys_are_changed_with_both_valid_in_between) {
  pg::TemporaryFolder folder("rotation");
  const Keys keys(folder.path() / "keys");
  (void)keys.make("905");
  send(person(1));
  seal(audit_, "905", keys.of("905"));
  (void)keys.make("905");
  send(person(2));
  const auto both = seal(audit_, "905", keys.of("905")).checkpoint->note;
  EXPECT_EQ(parse_note(both).signatures.size(), 2U);
  keys.retire_former("905");
  send(person(3));
  EXPECT_EQ(parse_note(seal(audit_, "905", keys.of("905")).checkpoint->note).signatures.size(), 1U);
  EXPECT_THAT(told(verified()), IsEmpty()) << "old checkpoints are signed by an old key that is still known";
  VerifyOptions strangers;
  strangers.trusted = {PrivateKey::generate().public_key()};
  EXPECT_FALSE(verified(strangers).differences.empty());
}

TEST_F(LedgerStore, many_hands_at_once_leave_no_gap) {
  send(person(0));
  std::vector<std::thread> hands;
  for (int hand = 0; hand < 4; ++hand)
    hands.emplace_back([this, hand] {
      pg::Connection own(database_.conninfo(), "test", "answerable_audit");
      for (int i = 0; i < 25; ++i) {
        constexpr pg::Statement add{"test.event", "SELECT answerable.append_event($1, 'reminder', NULL, $2)"};
        {
          pg::Transaction transaction(own, pg::Access::read_write);
          transaction.run(add, "905", fmt::format("{{\"hand\":{},\"i\":{}}}", hand, i));
          if (i % 5 != 4) transaction.commit();
        }
        if (i % 10 == hand) (void)seal(own, "905", shared_.signing);
      }
    });
  for (auto& hand : hands) hand.join();
  sealed();
  const auto verification = verified();
  EXPECT_THAT(told(verification), IsEmpty());
  EXPECT_EQ(verification.ledgers.front().leaves, 2 + 80 + 1)
      << "record, submission, reminders that were committed, key";
}

TEST_F(LedgerStore, receipts_keep_the_proof_of_their_first_checkpoint) {
  send(person(1));
  sealed();
  constexpr pg::Statement proof_of{"test.proof", "SELECT proof FROM answerable.receipt_proof WHERE submission = 1"};
  const auto proof = [&] {
    pg::Transaction transaction(audit_, pg::Access::read_only);
    return std::string(transaction.run_one(proof_of).text(0, 0));
  };
  const auto before = proof();
  send(person(2));
  sealed();
  EXPECT_EQ(proof(), before);
  EXPECT_EQ(parse_proof(before).index, 1U);
}

}  // namespace
}  // namespace answerable::ledger
