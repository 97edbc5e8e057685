// What keeps the rows shut: rights, forced policies, the order in which a query asks them, and what errors let slip.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ingest/access_world.hpp"

namespace answerable::access {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::only;

class AccessGuard : public testing::AccessTest {};

TEST_F(AccessGuard, PeopleThroughTheServicesChangeNothing) {
  static constexpr pg::Statement writable{"test.writable",
                                          "SELECT coalesce(string_agg(c.relname, ', '), '') || $1 FROM pg_class c "
                                          "WHERE c.relnamespace IN ('answerable'::regnamespace,"
                                          " 'answerable_in'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND "
                                          "(has_table_privilege('answerable_reports', c.oid,"
                                          " 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR "
                                          "has_any_column_privilege('answerable_reports', c.oid, 'INSERT, UPDATE'))"};
  // Their own: when they last looked, and the views of the findings they keep.
  EXPECT_EQ(sql(world.owner, writable), "last_looked, saved_view");
  const std::string token = world.token("g@example.org", {only(Role::guardian)});
  static constexpr pg::Statement add{
      "test.add",
      "INSERT INTO answerable.purpose (authority, event, account, subject, purpose, reference, until)"
      " VALUES ('905', 1, 1, 1, 'audit', $1, now() + interval '1 day') RETURNING 'added'"};
  EXPECT_EQ(asked(token, add), "42501");
  static constexpr pg::Statement change{
      "test.change", "UPDATE answerable.account_role SET role = 'guardian' WHERE role <> $1 RETURNING 'changed'"};
  EXPECT_EQ(asked(token, change), "42501");
  static constexpr pg::Statement remove{"test.remove",
                                        "DELETE FROM answerable.event WHERE kind <> $1 RETURNING 'gone'"};
  EXPECT_EQ(asked(token, remove), "42501");
  static constexpr pg::Statement forge{"test.forge", "SELECT answerable.append_event('905', 'read', 1, $1)::text"};
  EXPECT_EQ(asked(token, forge), "42501");
  static constexpr pg::Statement secrets{"test.secrets", "SELECT hash || $1 FROM answerable.password"};
  EXPECT_EQ(asked(token, secrets), "42501");
  static constexpr pg::Statement tokens{"test.tokens", "SELECT count(*)::text || $1 FROM answerable.session"};
  EXPECT_EQ(asked(token, tokens), "42501");
  static constexpr pg::Statement make{
      "test.make", "SELECT has_schema_privilege('answerable_reports', 'answerable', 'CREATE')::text || $1"};
  EXPECT_EQ(asked(token, make), "false");
}

TEST_F(AccessGuard, NothingIsLeftOpen) {
  static constexpr pg::Statement open_tables{
      "test.open_tables",
      "SELECT coalesce(string_agg(relname, ', '), '') || $1 FROM pg_class WHERE relnamespace = "
      "'answerable'::regnamespace"
      " AND relkind = 'r' AND relname <> 'migration' AND NOT (relrowsecurity AND relforcerowsecurity)"};
  EXPECT_EQ(sql(world.owner, open_tables), "");
  static constexpr pg::Statement keys_without_council{
      "test.keys_without_council",
      "SELECT coalesce(string_agg(c.relname, ', '), '') || $1 FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid "
      "AND i.indisprimary"
      " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE c.relnamespace = "
      "'answerable'::regnamespace"
      " AND c.relkind = 'r' AND a.attname <> 'authority' AND c.relname NOT IN ('migration', 'rule_file', 'rule_set')"};
  EXPECT_EQ(sql(world.owner, keys_without_council), "");
  static constexpr pg::Statement views{
      "test.views",
      "SELECT coalesce(string_agg(relname, ', '), '') || $1 FROM pg_class WHERE relnamespace = "
      "'answerable'::regnamespace"
      " AND relkind = 'v' AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}'))"};
  EXPECT_EQ(sql(world.owner, views), "");
  static constexpr pg::Statement functions{
      "test.functions",
      "SELECT coalesce(string_agg(proname, ', '), '') || $1 FROM pg_proc WHERE pronamespace = "
      "'answerable'::regnamespace AND proname <> 'seen'"
      " AND ((prosecdef AND NOT 'search_path=answerable, pg_temp' = ANY (coalesce(proconfig, '{}')))"
      "   OR proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))"};
  EXPECT_EQ(sql(world.owner, functions), "");
  static constexpr pg::Statement readers_of_doors{
      "test.readers_of_doors",
      "SELECT coalesce(string_agg(c.relname || ' ' || r.rolname, ', '), '') || $1 FROM pg_class c, pg_roles r"
      " WHERE c.relnamespace = 'answerable_in'::regnamespace AND r.rolname LIKE 'answerable_%' AND r.rolname <> "
      "'answerable_owner'"
      " AND has_table_privilege(r.oid, c.oid, 'SELECT, UPDATE, DELETE')"};
  EXPECT_EQ(sql(world.owner, readers_of_doors), "");
}

TEST_F(AccessGuard, ProgramsHaveTheLeastTheyNeed) {
  pg::Connection ingest(world.as("answerable_ingest"), "test"), audit(world.as("answerable_audit"), "test");
  const auto refused = [&](pg::Connection& connection, const pg::Statement& statement) {
    try {
      return sql(connection, statement);
    } catch (const pg::Error& error) {
      return error.sqlstate;
    }
  };
  static constexpr pg::Statement bodies{"test.bodies", "SELECT count(body)::text || $1 FROM answerable.record_body"};
  static constexpr pg::Statement entries{"test.entries", "SELECT string_agg(act, ' ') || $1 FROM answerable.entry"};
  static constexpr pg::Statement evidence{"test.evidence", "SELECT count(item)::text || $1 FROM answerable.evidence"};
  static constexpr pg::Statement held{"test.held", "SELECT count(bytes)::text || $1 FROM answerable.held_record"};
  static constexpr pg::Statement findings{"test.findings", "SELECT count(*)::text || $1 FROM answerable.finding"};
  static constexpr pg::Statement passwords{"test.passwords", "SELECT count(*)::text || $1 FROM answerable.password"};
  for (const auto* statement : {&bodies, &evidence, &held, &findings, &passwords})
    EXPECT_EQ(refused(ingest, *statement), "42501") << statement->name;
  EXPECT_EQ(refused(ingest, entries), "agreement.made");
  EXPECT_EQ(refused(world.door, bodies), "42501");
  EXPECT_EQ(refused(world.door, entries), "42501");
  EXPECT_EQ(refused(audit, passwords), "42501");
  EXPECT_EQ(refused(audit, bodies), "4");
}

TEST_F(AccessGuard, AFunctionInTheQueryIsShownNoHiddenRow) {
  // Cheap and not leakproof: were the policy not asked first, it would be called on every row.
  world.script(R"(CREATE FUNCTION answerable.peek(value text) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$ BEGIN
    PERFORM set_config('answerable.peeked', coalesce(current_setting('answerable.peeked', true), '') || value || ' ', true); RETURN true; END $$;
    GRANT EXECUTE ON FUNCTION answerable.peek(text) TO answerable_reports)");
  const std::string token = world.token("c@example.org", {only(Role::complaints_officer)});
  const Acting acting(world.reports, token);
  pg::Transaction transaction(world.reports, pg::Access::read_only);
  static constexpr pg::Statement peek{"test.peek",
                                      "SELECT count(*) FROM answerable.identifier WHERE answerable.peek(value)"};
  static constexpr pg::Statement peeked{"test.peeked",
                                        "SELECT coalesce(current_setting('answerable.peeked', true), '')"};
  EXPECT_EQ(transaction.run_one(peek).int64(0, 0), 1);
  EXPECT_EQ(transaction.run_one(peeked).text(0, 0), "A-1 ");
}

TEST_F(AccessGuard, APersonsPageIsFoundByIndex) {
  world.script(R"(SET LOCAL search_path TO answerable;
    INSERT INTO subject SELECT '905', g, 'person' FROM generate_series(100, 20000) g;
    INSERT INTO record (authority, number, submission, kind, version, id, sender, subject, agreement, performer, received_on, position, line, leaf)
      SELECT '905', g, 1, 'review', 1, 'B' || g, 1, g, 'A-1', 1, '2026-01-01', 0, 1, sha256('x') FROM generate_series(100, 20000) g;
    INSERT INTO entry (authority, number, ordinal, subject, act, first, last, precision, performer, attributes)
      SELECT '905', g, 0, g, 'review.completed', '2026-01-01', '2026-01-01', 'd', 1, '{}' FROM generate_series(100, 20000) g;
    INSERT INTO finding_step SELECT authority, g, run, withdrawn, g, rule, duty, edition_from, g, 0, trigger_act, trigger_first, trigger_last, trigger_precision,
        occurrence, outcome, state, due, flagged_since, actor, agreement, sentence, severity FROM finding_step, generate_series(100, 20000) g WHERE finding = 11 AND authority = '905';
    INSERT INTO finding_current SELECT authority, finding, run, subject, 1 FROM finding_step WHERE finding > 99;
    ANALYZE;
    CREATE FUNCTION answerable.plan(query text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE line text; told text := ''; BEGIN
      FOR line IN EXECUTE 'EXPLAIN ' || query LOOP told := told || line || E'\n'; END LOOP; RETURN told; END $$;
    GRANT EXECUTE ON FUNCTION answerable.plan(text) TO answerable_reports)");
  const std::string token = world.token("c@example.org", {only(Role::complaints_officer)});
  ASSERT_TRUE(open(token, 5000, Purpose::complaint));
  static constexpr pg::Statement plan{"test.plan", "SELECT answerable.plan($1)"};
  for (const char* query : {"SELECT * FROM answerable.record r JOIN answerable.entry e USING (authority, number) WHERE "
                            "r.authority = '905' AND r.subject = 5000",
                            "SELECT * FROM answerable.record r JOIN answerable.record_body b USING (authority, number) "
                            "WHERE r.authority = '905' AND r.subject = 5000",
                            "SELECT * FROM answerable.finding f WHERE f.authority = '905' AND f.finding = 5000",
                            "SELECT * FROM answerable.event WHERE authority = '905' AND subject = 5000"}) {
    const std::string text = asked(token, plan, query);
    for (const char* table : {"record ", "record r", "entry", "record_body", "finding_step", "finding_current"})
      EXPECT_THAT(text, Not(HasSubstr(std::string("Seq Scan on ") + table))) << query;
  }
  EXPECT_EQ(
      asked(token,
            {"test.of_5000",
             "SELECT count(*)::text || $1 FROM answerable.record r JOIN answerable.entry e USING (authority, number)"
             " WHERE r.subject = 5000"}),
      "1");
}

TEST_F(AccessGuard, WhatIsTakenAlreadyIsToldWithoutItsValue) {
  world.account("taken@example.org", {});
  try {
    pg::Transaction transaction(world.door, pg::Access::read_write);
    static constexpr pg::Statement again{
        "test.again", "INSERT INTO answerable.account (authority, email, name) VALUES ('905', $1, 'x')"};
    transaction.run(again, "taken@example.org");
    FAIL();
  } catch (const pg::Error& error) {
    EXPECT_EQ(error.sqlstate, "23505");
    EXPECT_THAT(error.what(), Not(HasSubstr("taken@")));
  }
  // The same address in another council is another account.
  EXPECT_NO_THROW(world.account("taken@example.org", {}, "", "906"));
}

// Ours is a superuser, whom no policy holds; an owner on a server of one's own is none, and FORCE holds it too.
TEST(AccessOwner, NeedsToBeNoSuperuser) {
  testing::AccessWorld world("plain_owner");
  const std::string cara = world.token("cara@example.org", {only(Role::complaints_officer)});
  EXPECT_THAT(world.seen(cara), HasSubstr("record 1"));
  {
    const Acting acting(world.reports, cara);
    ASSERT_TRUE(open_record(world.reports, {1, Purpose::complaint, "COMP-1", "record"}));
  }
  EXPECT_THAT(world.seen(cara), ::testing::AllOf(HasSubstr("record 2"), Not(HasSubstr("!"))));
  EXPECT_EQ(world.seen(""), "");
}

}  // namespace
}  // namespace answerable::access
