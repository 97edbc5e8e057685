// What needs a second person's name is not done without it, and what changes about accounts is on the ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "ingest/access/approvals.hpp"
#include "ingest/access/keys.hpp"
#include "tests/ingest/access_world.hpp"

namespace answerable::access {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::only;

/// Finding 11 of the world, as people write it.
constexpr const char* finding = "F-0000-0000-000B";
constexpr const char* without =
    "INSERT INTO answerable.finding_decision (authority, finding, ordinal, decision, "
    "decided_at, decided_by, reason, outcome) VALUES ('905', 11, 7, 'set-aside', now(), "
    "'Made Up', 'why', 'breached')";

class AccessSignOff : public testing::AccessTest {
 protected:
  std::int64_t approved(ApprovalOf what, const char* about, bool yes = true) {
    std::int64_t number{};
    {
      const Acting as(world.reports, asker);
      pg::Transaction transaction(world.reports, pg::Access::read_write);
      number = ask_approval(transaction, {what, about, 1, "why Adam"}).value();
      transaction.commit();
    }
    const Acting as(world.reports, decider);
    pg::Transaction transaction(world.reports, pg::Access::read_write);
    EXPECT_TRUE(decide(transaction, number, yes));
    transaction.commit();
    return number;
  }
  std::optional<UsedApproval> used(const std::string& token, std::int64_t number) {
    const Acting as(world.reports, token);
    pg::Transaction transaction(world.reports, pg::Access::read_write);
    auto it = use_approval(transaction, number);
    transaction.commit();
    return it;
  }
  /// "" when it was done, else the constraint that stood in the way.
  std::string done(const std::string& script) {
    try {
      world.script(script);
      return "";
    } catch (const pg::Error& error) {
      return error.constraint;
    }
  }
  std::string set_aside_with(std::int64_t number, const char* approver = "Made Up <decider@example.org>",
                             int its_finding = 11) {
    return fmt::format(
        "SELECT answerable.use_approval('905', {0}); INSERT INTO answerable.finding_decision (authority, finding, "
        "ordinal, decision, decided_at, decided_by, reason, outcome, approval, approved_by) VALUES ('905', {1}, 7, "
        "'set-aside', now(), 'Made Up', 'why', 'breached', {0}, '{2}')",
        number, its_finding, approver);
  }
  std::string newest(const char* kind) {
    static constexpr pg::Statement look{
        "test.newest",
        "SELECT content FROM answerable.event WHERE authority = '905' AND kind = $1 ORDER BY event DESC LIMIT 1"};
    return sql(world.owner, look, kind);
  }

  std::string asker = world.token("asker@example.org", {only(Role::guardian)}),
              decider = world.token("decider@example.org", {only(Role::guardian)});
};

TEST_F(AccessSignOff, AnApprovalIsUsedOnceByOneOfItsTwoPeople) {
  const auto number = approved(ApprovalOf::bundle, "COMP-1");
  const std::string third = world.token("third@example.org", {only(Role::guardian)}),
                    elsewhere = world.token("asker@example.org", {only(Role::guardian)}, "906");
  for (const std::string& token : {third, elsewhere, std::string()}) EXPECT_FALSE(used(token, number));
  const auto it = used(asker, number);
  ASSERT_TRUE(it);
  EXPECT_EQ(it->what, "bundle");
  EXPECT_EQ(it->about, "COMP-1");
  EXPECT_EQ(it->subject, 1);
  EXPECT_EQ(it->asked_by, "Made Up <asker@example.org>");
  EXPECT_EQ(it->approved_by, "Made Up <decider@example.org>");
  EXPECT_FALSE(used(asker, number)) << "once";
  EXPECT_TRUE(used(decider, approved(ApprovalOf::bundle, "COMP-1")));
  EXPECT_FALSE(used(asker, approved(ApprovalOf::bundle, "COMP-1", false))) << "refused";
}

TEST_F(AccessSignOff, NothingIsSetAsideWithoutIt) {
  EXPECT_EQ(done(without), "sign_off");
  EXPECT_EQ(done(set_aside_with(approved(ApprovalOf::set_aside, "F-0000-0000-000C"))), "sign_off") << "another finding";
  EXPECT_EQ(done(set_aside_with(approved(ApprovalOf::bundle, finding))), "sign_off") << "another act";
  EXPECT_EQ(done(set_aside_with(approved(ApprovalOf::set_aside, finding, false))), "sign_off") << "refused";
  const auto number = approved(ApprovalOf::set_aside, finding);
  EXPECT_EQ(done(set_aside_with(number, "Somebody Else")), "sign_off") << "another name";
  EXPECT_EQ(done(set_aside_with(number)), "");
  EXPECT_THAT(newest("decision"), HasSubstr(fmt::format("\"signed_off\" : true, \"approval\" : {}, \"approved_by\" : "
                                                        "\"Made Up <decider@example.org>\"",
                                                        number)));
  EXPECT_EQ(done(set_aside_with(number, "Made Up <decider@example.org>", 11)), "sign_off") << "used already";
}

TEST_F(AccessSignOff, NoBundleAndNoDisposalGetsOnTheLedgerWithoutIt) {
  const auto event = [](const char* kind, std::int64_t number, const char* reference) {
    return fmt::format(
        "SELECT answerable.use_approval('905', {0}); SELECT answerable.append_event('905', '{1}', {2}, "
        "'{{\"by\":\"x\",\"case\":\"{3}\",\"approval\":{0},\"approved_by\":\"Made Up "
        "<decider@example.org>\"}}')",
        number, kind, std::string_view(kind) == "bundle" ? "1" : "NULL", reference);
  };
  EXPECT_EQ(done("SELECT answerable.append_event('905', 'bundle', 1, '{\"by\":\"x\"}')"), "sign_off");
  EXPECT_EQ(done("SELECT answerable.append_event('905', 'disposal', NULL, '{\"by\":\"x\"}')"), "sign_off");
  EXPECT_EQ(done(event("bundle", approved(ApprovalOf::bundle, "COMP-1"), "COMP-2")), "sign_off") << "another case";
  EXPECT_EQ(done(event("bundle", approved(ApprovalOf::bundle, "COMP-1"), "COMP-1")), "");
  EXPECT_EQ(done(event("bundle", approved(ApprovalOf::bundle, "COMP-1"), "")), "") << "of the person";
  EXPECT_EQ(done(event("disposal", approved(ApprovalOf::disposal, "1"), "")), "");
  EXPECT_EQ(done("SELECT answerable.dispose('905', 2, format('{\"by\":\"x\",\"approved_by\":\"y\",\"approval\":%s}', "
                 "(SELECT max(approval) FROM answerable.approval)), '{}', '{}', '{}', '{}')"),
            "sign_off")
      << "another person";
}

TEST_F(AccessSignOff, WhereNobodyCanSignOffTheLedgerSaysSo) {
  world.script("UPDATE answerable.account SET disabled_at = now()");
  EXPECT_EQ(done(without), "");
  EXPECT_THAT(newest("decision"), HasSubstr("\"signed_off\" : false, \"approval\" : null"));
}

TEST_F(AccessSignOff, WhatChangesAboutAccountsIsOnTheLedgerByNumber) {
  const auto administrator = world.account("admin@example.org", {only(Role::administrator)});
  const std::string token = world.token_of(administrator);
  std::int32_t made{};
  {
    const Acting as(world.door, token);
    made = world.account("new@example.org", {only(Role::auditor)}, "Nora New");
    take_away(world.door, "905", made, Role::auditor);
    disable(world.door, "905", made);
    enable(world.door, "905", made);
    set_password(world.door, "905", made, "three words together");
    new_link(world.door, "905", made, LinkPurpose::password_reset, std::chrono::hours{1});
    const std::string key = add_key(world.door, "905", made, {"submit"}, now() + std::chrono::hours{1});
    revoke_key(world.door, "905", keys(world.door, "905").front().key);
  }
  grant(world.door, "905", made, only(Role::auditor));
  static constexpr pg::Statement told{
      "test.told",
      "SELECT string_agg(content::json->>'what' || coalesce(' by ' || (content::json->>'by'), ''), ', ' ORDER BY event)"
      " FROM answerable.event WHERE kind = 'account' AND authority = '905' AND content::json->>'account' = $1"};
  const auto line = sql(world.owner, told, std::to_string(made));
  const std::string its = fmt::format(" by {}", administrator);
  EXPECT_EQ(line, fmt::format("made{0}, role-given{0}, role-taken{0}, disabled{0}, enabled{0}, password-chosen{0}, "
                              "link-made{0}, key-made{0}, key-revoked{0}, role-given",
                              its));
  static constexpr pg::Statement all{"test.all_said",
                                     "SELECT string_agg(content, '') FROM answerable.event WHERE kind = $1"};
  const auto said = sql(world.owner, all, "account");
  for (const char* personal : {"Nora", "example.org", "argon"}) EXPECT_THAT(said, Not(HasSubstr(personal)));
  EXPECT_THAT(world.seen(token), HasSubstr("event "));
  static constexpr pg::Statement seen{"test.seen_accounts",
                                      "SELECT count(*)::text FROM answerable.event WHERE kind = $1"};
  EXPECT_NE(asked(world.token("u@example.org", {only(Role::auditor)}), seen, "account"), "0");
  EXPECT_EQ(asked(world.token("m@example.org", {only(Role::contract_monitoring_officer)}), seen, "account"), "0");
  EXPECT_EQ(asked(world.token("p@example.org", {only(Role::provider_manager)}, "905", "ods:RH5"), seen, "account"),
            "0");
}

TEST_F(AccessSignOff, AnAssignmentTakenAwayClosesWhomItOpened) {
  static constexpr pg::Statement look{"test.open_people",
                                      "SELECT coalesce(string_agg(subject::text, ' ' ORDER BY subject), '') FROM "
                                      "answerable.record WHERE subject < 3 AND $1 = ''"};
  const auto monitor = world.account("m@example.org", {only(Role::contract_monitoring_officer)}),
             complaints = world.account("c@example.org", {only(Role::complaints_officer)});
  for (const char* agreement : {"A-1", "A-2"}) assign(world.door, "905", monitor, "agreement", agreement);
  assign(world.door, "905", complaints, "complaint", "COMP-1");
  const std::string m = world.token_of(monitor), c = world.token_of(complaints);
  for (const int person : {1, 2}) ASSERT_TRUE(open(m, person, Purpose::monitoring));
  ASSERT_TRUE(open(c, 1, Purpose::complaint));
  ASSERT_TRUE(open(c, 2, Purpose::subject_access));
  ASSERT_EQ(asked(m, look), "1 2");
  ASSERT_EQ(asked(c, look), "1 2");
  unassign(world.door, "905", monitor, "agreement", "A-1");
  EXPECT_EQ(asked(m, look), "2");
  EXPECT_FALSE(open(m, 1, Purpose::monitoring));
  unassign(world.door, "905", complaints, "complaint", "COMP-1");
  EXPECT_EQ(asked(c, look), "2") << "for what she was assigned";
}

TEST_F(AccessSignOff, ARuleOfACouncilsOwnIsSeenThereAlone) {
  world.script(R"(SET LOCAL search_path TO answerable;
    INSERT INTO rule_file VALUES (sha256('own'), 'own', 'own'), (sha256('law'), 'law', 'law'), (sha256('new'), 'new', 'new');
    INSERT INTO rule_set VALUES (sha256('rules'), 'law', sha256('law')), (sha256('theirs'), 'law', sha256('law')), (sha256('theirs'), 'own', sha256('own'));
    UPDATE audit_run SET rule_set = sha256('theirs') WHERE authority = '906';
    INSERT INTO council_rule VALUES ('906', 'new', 1, sha256('new'), now(), 'Made Up', 'why'))");
  static constexpr pg::Statement files{
      "test.rule_files",
      "SELECT coalesce(string_agg(id, ' ' ORDER BY id), '') FROM answerable.rule_file WHERE $1 = ''"};
  static constexpr pg::Statement sets{
      "test.rule_sets", "SELECT coalesce(string_agg(id, ' ' ORDER BY id), '') FROM answerable.rule_set WHERE $1 = ''"};
  const std::string abroad = world.token("g@example.org", {only(Role::guardian)}, "906");
  EXPECT_EQ(asked(asker, files), "law");
  EXPECT_EQ(asked(asker, sets), "law");
  EXPECT_EQ(asked(abroad, files), "law new own");
  EXPECT_EQ(asked(abroad, sets), "law own");
  EXPECT_EQ(asked("", files), "");
}

}  // namespace
}  // namespace answerable::access
