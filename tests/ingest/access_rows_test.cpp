// Who sees which rows: real SQL as answerable_reports with a token, as the services do it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/access/keys.hpp"
#include "tests/ingest/access_world.hpp"

namespace answerable::access {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::only;
using testing::reader;

class AccessRows : public testing::AccessTest {};

struct Case {
  const char* who;
  std::vector<Grant> roles;
  const char* organisation;
  const char* agreement;  ///< assigned: "" none, "*" all
  const char* complaint;  ///< assigned
  std::string seen;       ///< but for council_tables
};

/// Tables that hold neither a person's nor a sender's data, or the actor's own account.
const std::vector<std::string> council_tables{"account",   "account_role",  "assignment", "audit_run",  "authority",
                                              "counter",   "disposed_leaf", "ledger",     "ledger_key", "organisation",
                                              "to_ledger", "verification",  "purpose",    "approval",   "job"};

std::string without_council_tables(const std::string& seen) {
  std::string rest;
  for (std::size_t at = 0; at < seen.size();) {
    const auto end = std::min(seen.find(", ", at), seen.size());
    const std::string one = seen.substr(at, end - at);
    if (std::ranges::find(council_tables, one.substr(0, one.find(' '))) == council_tables.end())
      rest += (rest.empty() ? "" : ", ") + one;
    at = end + 2;
  }
  return rest;
}

TEST_F(AccessRows, EachRoleSeesItsOwnAndNothingElse) {
  const std::string provider =
      "entry 1, evidence 1, fault 1, finding 1, finding_current 1, finding_step 1, finding_tally 1, held_record 1, "
      "held_state 1, "
      "open_finding 1, receipt_proof 1, record 1, record_body 1, run_change 1, submission 1, submission_part 1";
  // The agreement is about no person: its record (number 2) is seen by everybody who works for the council.
  const std::vector<Case> cases{
      {"submitter", {only(Role::provider_submitter)}, "ods:RH5", "", "", provider},
      {"manager", {only(Role::provider_manager)}, "ods:AGY", "", "", provider},
      {"unheard-of", {only(Role::provider_manager)}, "ods:NEW", "", "", ""},
      {"monitoring, nothing assigned",
       {only(Role::contract_monitoring_officer)},
       nullptr,
       "",
       "",
       "entry 1, event 2, evidence 1, finding 1, finding_current 1, finding_decision 1, finding_step 1, identifier 1, "
       "open_finding 1, receipt_proof 1, record 1, record_body 1, subject 1, submission 1"},
      {"monitoring A-1",
       {only(Role::contract_monitoring_officer)},
       nullptr,
       "A-1",
       "",
       "entry 1, event 2, evidence 1, finding 2, finding_current 2, finding_decision 2, finding_step 2, finding_tally "
       "1, identifier 1, open_finding 2, receipt_proof 1, record 1, record_body 1, run_change 1, subject 1, submission "
       "2"},
      {"monitoring all",
       {only(Role::contract_monitoring_officer)},
       nullptr,
       "*",
       "",
       "entry 1, event 2, evidence 1, finding 3, finding_current 3, finding_decision 3, finding_step 3, finding_tally "
       "3, identifier 1, open_finding 3, receipt_proof 1, record 1, record_body 1, run_change 3, subject 1, submission "
       "3"},
      {"complaints COMP-2",
       {only(Role::complaints_officer)},
       nullptr,
       "",
       "COMP-2",
       "entry 1, event 2, evidence 1, finding 2, finding_current 2, finding_decision 2, finding_step 2, identifier 3, "
       "open_finding 2, receipt_proof 1, record 1, record_body 1, subject 2, submission 1"},
      {"auditor",
       {only(Role::auditor)},
       nullptr,
       "",
       "",
       "entry 1, event 2, evidence 1, finding 3, finding_current 3, finding_decision 3, finding_step 3, finding_tally "
       "3, identifier 1, open_finding 3, receipt_proof 1, record 1, record_body 1, run_change 3, subject 3, submission "
       "3"},
      {"guardian",
       {only(Role::guardian)},
       nullptr,
       "",
       "",
       "entry 1, event 6, evidence 1, finding 3, finding_current 3, finding_decision 3, finding_step 3, finding_tally "
       "3, identifier 1, open_finding 3, receipt_proof 1, record 1, record_body 1, run_change 3, subject 3, submission "
       "3"},
      {"administrator", {only(Role::administrator)}, nullptr, "", "", ""},
      {"outside reader",
       {reader("COMP-1")},
       nullptr,
       "",
       "",
       "entry 1, event 2, evidence 1, finding 2, finding_current 2, finding_decision 2, finding_step 2, identifier 3, "
       "open_finding 2, receipt_proof 1, record 1, record_body 1, subject 2, submission 1"},
      {"no role", {}, nullptr, "", "", ""},
  };
  for (const auto& it : cases) {
    SCOPED_TRACE(it.who);
    const auto number = world.account(std::string(it.who) + "@example.org", it.roles, "", "905",
                                      it.organisation ? std::optional<std::string>(it.organisation) : std::nullopt);
    if (*it.agreement) assign(world.door, "905", number, "agreement", *it.agreement == '*' ? "" : it.agreement);
    if (*it.complaint) assign(world.door, "905", number, "complaint", it.complaint);
    world.script("DELETE FROM answerable.event WHERE kind = 'account'");  // AccessSignOff tells of those
    const std::string seen = world.seen(world.token_of(number));
    EXPECT_EQ(without_council_tables(seen), it.seen);
    EXPECT_THAT(seen, Not(HasSubstr("!"))) << "of another council";
  }
}

/// Only what was asked, what came back and what was done about findings.
std::string of_asking(const std::string& seen) {
  std::string rest;
  for (std::size_t at = 0; at < seen.size();) {
    const auto end = std::min(seen.find(", ", at), seen.size());
    const std::string one = seen.substr(at, end - at), table = one.substr(0, one.find(' '));
    for (const char* its : {"action", "action_plan", "action_plan_issue", "complaint_link", "escalation", "late_review",
                            "reminder", "request", "request_reply", "sample"})
      if (table == its) rest += (rest.empty() ? "" : ", ") + one;
    at = end + 2;
  }
  return rest;
}

TEST_F(AccessRows, WhatWasAskedIsSeenByWhoIsConcerned) {
  world.script(R"(SET LOCAL search_path TO answerable;
    INSERT INTO account (authority, email, name) VALUES ('905', 'old@example.org', 'Old'), ('906', 'old@example.org', 'Old');
    CREATE TEMPORARY TABLE f ON COMMIT DROP AS SELECT s.authority, s.finding, s.subject, s.agreement, s.actor, a.account
      FROM finding_step s JOIN account a ON a.authority = s.authority AND a.email = 'old@example.org';
    INSERT INTO request (authority, letter, asked_of, finding, subject, agreement, what, account, asked_by, until, event)
      SELECT authority, 1, actor, finding, subject, agreement, 'what', account, 'Old', '2030-01-01', 1 FROM f;
    INSERT INTO request_reply (authority, request, words, account, replied_by, event) SELECT authority, request, 'w', account, 'x', 1 FROM request;
    INSERT INTO reminder (authority, event, request, reminded_by) SELECT authority, request, request, 'x' FROM request;
    INSERT INTO action_plan (authority, asked_of, title, account, made_by, sent_at)
      SELECT authority, actor, 't', account, 'x', CASE WHEN subject < 3 THEN now() END FROM f;
    INSERT INTO action_plan_issue (authority, plan, finding, subject, agreement) SELECT p.authority, p.plan, f.finding, f.subject, f.agreement
      FROM action_plan p JOIN f ON f.authority = p.authority AND f.actor = p.asked_of;
    INSERT INTO action SELECT authority, plan, finding, 1, 'what', '2030-01-01' FROM action_plan_issue;
    INSERT INTO escalation (authority, event, finding, subject, agreement, escalated_to, reason, escalated_by) SELECT authority, finding, finding, subject, agreement, 'h', 'r', 'x' FROM f;
    INSERT INTO complaint_link (authority, finding, case_reference, subject, agreement, linked_by, event) SELECT authority, finding, 'C', subject, agreement, 'x', 1 FROM f;
    INSERT INTO sample (authority, event, agreement, known_at, seed, subjects, drawn_by) SELECT authority, finding, agreement, 1, 's', '{1}', 'x' FROM f;
    INSERT INTO late_review SELECT authority, finding, actor, agreement, 3 FROM f;)");
  const std::string all =
      "action 3, action_plan 2, action_plan_issue 3, complaint_link 3, escalation 3, late_review 3, reminder 3, "
      "request 3, "
      "request_reply 3, sample 3";
  const std::string theirs =
      "action 1, action_plan 1, action_plan_issue 1, late_review 1, reminder 1, request 1, request_reply 1";
  // What is about an agreement, not a person, is everybody's of the council; plans and figures go by agreements alone.
  const std::vector<Case> cases{
      {"submitter", {only(Role::provider_submitter)}, "ods:RH5", "", "", theirs},
      {"manager", {only(Role::provider_manager)}, "ods:AGY", "", "", theirs},
      {"unheard-of", {only(Role::provider_manager)}, "ods:NEW", "", "", ""},
      {"monitoring A-1",
       {only(Role::contract_monitoring_officer)},
       nullptr,
       "A-1",
       "",
       "action 1, action_plan 1, action_plan_issue 1, complaint_link 2, escalation 2, late_review 1, reminder 2, "
       "request 2, "
       "request_reply 2, sample 1"},
      {"monitoring all", {only(Role::contract_monitoring_officer)}, nullptr, "*", "", all},
      {"complaints COMP-2",
       {only(Role::complaints_officer)},
       nullptr,
       "",
       "COMP-2",
       "complaint_link 2, escalation 2, reminder 2, request 2, request_reply 2"},
      {"auditor", {only(Role::auditor)}, nullptr, "", "", all},
      {"guardian", {only(Role::guardian)}, nullptr, "", "", all},
      {"administrator", {only(Role::administrator)}, nullptr, "", "", ""},
      {"no role", {}, nullptr, "", "", ""},
  };
  for (const auto& it : cases) {
    SCOPED_TRACE(it.who);
    const auto number = world.account(std::string(it.who) + "@example.org", it.roles, "", "905",
                                      it.organisation ? std::optional<std::string>(it.organisation) : std::nullopt);
    if (*it.agreement) assign(world.door, "905", number, "agreement", *it.agreement == '*' ? "" : it.agreement);
    if (*it.complaint) assign(world.door, "905", number, "complaint", it.complaint);
    const std::string seen = world.seen(world.token_of(number));
    EXPECT_EQ(of_asking(seen), it.seen);
    EXPECT_THAT(seen, Not(HasSubstr("!"))) << "of another council";
  }
}

TEST_F(AccessRows, WithoutATokenThatHoldsNobodyIsNobody) {
  const auto number = world.account("a@example.org", {only(Role::guardian)});
  const std::string holds = world.token_of(number);
  ASSERT_THAT(world.seen(holds), HasSubstr("finding 3"));
  EXPECT_EQ(world.seen(""), "");
  EXPECT_EQ(world.seen("0000000000000000000000000000000000000000000000000000000000000000"), "");
  EXPECT_EQ(world.seen(holds + "0"), "");

  const auto over = [&](const char* what, const std::string& change) {
    SCOPED_TRACE(what);
    const std::string token = world.token_of(number);
    ASSERT_NE(world.seen(token), "");
    world.script(change);
    EXPECT_EQ(world.seen(token), "");
  };
  over("ended", "UPDATE answerable.session SET ends_at = now() - interval '1 second'");
  over("idle", "UPDATE answerable.session SET seen_at = now() - interval '31 minutes'");
  const std::string key = add_key(world.door, "905", number, {"receipts"}, now() + std::chrono::hours{1});
  EXPECT_THAT(world.seen(key), HasSubstr("finding 3"));
  world.script("UPDATE answerable.api_key SET ends_at = now()");
  EXPECT_EQ(world.seen(key), "");
  const std::string revoked = add_key(world.door, "905", number, {"receipts"}, now() + std::chrono::hours{1});
  ASSERT_NE(world.seen(revoked), "");
  EXPECT_TRUE(revoke_key(world.door, "905", revoked.substr(4, 12)));
  EXPECT_EQ(world.seen(revoked), "");
  over("disabled", "UPDATE answerable.account SET disabled_at = now()");
}

TEST_F(AccessRows, IdentityIsProvedAndNeverClaimed) {
  const std::string token = world.token("a@example.org", {only(Role::administrator)});
  static constexpr pg::Statement claim{
      "test.claim",
      "SELECT set_config('answerable.account', '1', true) || set_config('answerable.authority', '905', true)"
      " || set_config('answerable.roles', '{guardian}', true) || (SELECT count(*) FROM answerable.record)::text || $1"};
  EXPECT_THAT(asked(token, claim), ::testing::EndsWith("}0"));
  static constexpr pg::Statement other_role{"test.other_role",
                                            "SELECT set_config('role', 'answerable_audit', true) || $1"};
  EXPECT_EQ(asked(token, other_role), "42501");
  static constexpr pg::Statement other_user{
      "test.other_user", "SELECT set_config('session_authorization', 'answerable_owner', true) || $1"};
  EXPECT_EQ(asked(token, other_user), "42501");
  // With row security off the server refuses to answer, instead of answering with everything.
  static constexpr pg::Statement no_rls{"test.no_rls", "SELECT set_config('row_security', 'off', true) || $1"};
  const Acting acting(world.reports, token);
  pg::Transaction transaction(world.reports, pg::Access::read_write);
  transaction.run(no_rls, "");
  static constexpr pg::Statement count{"test.count_records", "SELECT count(*)::text || $1 FROM answerable.record"};
  EXPECT_THROW(transaction.run(count, ""), pg::Error);
}

TEST_F(AccessRows, ARecordIsOpenedForAPurposeWithALeafOnTheLedger) {
  const std::string token = world.token("cara@example.org", {only(Role::complaints_officer)});
  static constexpr pg::Statement records{
      "test.records_of",
      "SELECT count(*)::text FROM answerable.record r JOIN answerable.record_body USING (authority, number)"
      " JOIN answerable.entry e USING (authority, number) WHERE r.subject = $1::int"};
  EXPECT_EQ(asked(token, records, "1"), "0");
  const auto event = open(token, 1, Purpose::complaint);
  ASSERT_TRUE(event);
  EXPECT_EQ(asked(token, records, "1"), "1");
  EXPECT_EQ(asked(token, records, "2"), "0");
  static constexpr pg::Statement leaf{
      "test.leaf",
      "SELECT (e.content::json->>'by') || ' ' || (e.content::json->>'purpose') || ' ' || (e.content::json->>'what')"
      " FROM answerable.event e JOIN answerable.to_ledger t ON t.authority = e.authority AND t.kind = 'event' AND "
      "t.key = e.event"
      " WHERE e.event = $1::bigint AND e.kind = 'read' AND e.subject = 1"};
  EXPECT_EQ(sql(world.owner, leaf, std::to_string(*event)), "Made Up <cara@example.org> complaint record");
  world.script("UPDATE answerable.purpose SET until = now()");
  EXPECT_EQ(asked(token, records, "1"), "0");
}

TEST_F(AccessRows, NobodyReadsFirstAndRollsTheLeafBack) {
  const std::string token = world.token("cara@example.org", {only(Role::complaints_officer)});
  const Acting acting(world.reports, token);
  pg::Transaction transaction(world.reports, pg::Access::read_write);
  static constexpr pg::Statement open_and_read{"test.open_now",
                                               "SELECT answerable.open_record(1, 'complaint', '', $1)"};
  static constexpr pg::Statement read{"test.read_now", "SELECT count(*) FROM answerable.record WHERE subject = 1"};
  EXPECT_FALSE(transaction.run_one(open_and_read, "record").is_null(0, 0));
  EXPECT_EQ(transaction.run_one(read).int64(0, 0), 0);
}

TEST_F(AccessRows, APurposeFitsTheRole) {
  const auto monitoring = world.account("m@example.org", {only(Role::contract_monitoring_officer)});
  assign(world.door, "905", monitoring, "agreement", "A-1");
  const struct {
    const char* who;
    std::string token;
    std::vector<std::pair<int, Purpose>> may;
  } cases[]{
      {"monitoring", world.token_of(monitoring), {{1, Purpose::monitoring}}},
      {"complaints",
       world.token("c@example.org", {only(Role::complaints_officer)}),
       {{1, Purpose::complaint}, {1, Purpose::subject_access}, {2, Purpose::complaint}, {2, Purpose::subject_access}}},
      {"auditor", world.token("u@example.org", {only(Role::auditor)}), {{1, Purpose::audit}, {2, Purpose::audit}}},
      {"guardian",
       world.token("g@example.org", {only(Role::guardian)}),
       {{1, Purpose::complaint},
        {1, Purpose::monitoring},
        {1, Purpose::audit},
        {1, Purpose::subject_access},
        {2, Purpose::complaint},
        {2, Purpose::monitoring},
        {2, Purpose::audit},
        {2, Purpose::subject_access}}},
      {"administrator", world.token("i@example.org", {only(Role::administrator)}), {}},
      {"provider", world.token("p@example.org", {only(Role::provider_manager)}, "905", "ods:RH5"), {}},
      {"outside reader", world.token("o@example.org", {reader("COMP-1")}), {{1, Purpose::complaint}}},
      {"another council's",
       world.token("x@example.org", {only(Role::complaints_officer)}, "906"),
       {{1, Purpose::complaint}, {1, Purpose::subject_access}}},
      {"nobody", "", {}},
  };
  for (const auto& it : cases)
    for (const int subject : {1, 2, 3})  // 3 is an agreement
      for (const Purpose purpose : {Purpose::complaint, Purpose::monitoring, Purpose::audit, Purpose::subject_access})
        EXPECT_EQ(open(it.token, subject, purpose).has_value(),
                  std::ranges::find(it.may, std::pair(subject, purpose)) != it.may.end())
            << it.who << " opens " << subject << " for " << word(purpose);
  // The other council's person of the same number is opened, and theirs is what is seen.
  EXPECT_THAT(world.seen(cases[7].token), ::testing::AllOf(HasSubstr("record! 1"), Not(HasSubstr("record 1"))));
}

TEST_F(AccessRows, AnOutsideReaderIsOutWhenTheDayIsOver) {
  const auto number = world.account("o@example.org", {reader("COMP-1", london_day(now()))});
  const std::string token = world.token_of(number);
  ASSERT_TRUE(open(token, 1, Purpose::complaint));
  EXPECT_THAT(world.seen(token), HasSubstr("record 2"));
  world.script("UPDATE answerable.account_role SET until = (now() AT TIME ZONE 'Europe/London')::date - 1");
  EXPECT_EQ(without_council_tables(world.seen(token)), "");
  EXPECT_FALSE(open(token, 1, Purpose::complaint));
}

TEST_F(AccessRows, AnIdentifierIsFoundByThoseWhoMayOpenAndExactly) {
  const auto found = [&](const std::string& token, const char* value) {
    const Acting acting(world.reports, token);
    pg::Transaction transaction(world.reports, pg::Access::read_only);
    return find_person(transaction, "nhs-number", value).value_or(0);
  };
  const std::string cara = world.token("c@example.org", {only(Role::complaints_officer)});
  EXPECT_EQ(found(cara, "9990000026"), 2);
  EXPECT_EQ(found(cara, "999000002"), 0);
  EXPECT_EQ(found(world.token("m@example.org", {only(Role::contract_monitoring_officer)}), "9990000026"), 0);
  EXPECT_EQ(found(world.token("i@example.org", {only(Role::administrator)}), "9990000026"), 0);
  EXPECT_EQ(found(world.token("p@example.org", {only(Role::provider_manager)}, "905", "ods:AGY"), "9990000026"), 0);
  EXPECT_EQ(found(world.token("x@example.org", {only(Role::complaints_officer)}, "906"), "9990000026"), 0);
}

}  // namespace
}  // namespace answerable::access
