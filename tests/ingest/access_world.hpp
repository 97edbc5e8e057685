#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/access/accounts.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/migrations.hpp"
#include "tests/support/database.hpp"

namespace answerable::testing {

/// Two councils with one row or more in every table. In 905 the trust ods:RH5 sent Adam's record under A-1 and the
/// agency ods:AGY sent Bea's under A-2; the council itself (cassr:905) sent the agreement. In 906 the same trust sent
/// as much.
class AccessWorld {
 public:
  /// \param owner_role who runs the migrations and owns everything; "" is the private server's superuser
  explicit AccessWorld(const char* owner_role = "")
      : database_(*owner_role ? TestDatabase::empty() : TestDatabase()),
        owner(migrated(owner_role)),
        door(as("answerable_door"), "test"),
        reports(as("answerable_reports"), "test") {
    script(rows);
    script(looking);
  }

  /// Logged in as the role, as services are.
  std::string as(const char* role) const { return database_.conninfo() + " user=" + role; }
  const std::string& conninfo() const { return database_.conninfo(); }

  void script(const std::string& sql) {
    pg::Transaction transaction(owner, pg::Access::read_write);
    pg::Administration(owner).run_script("test", sql);
    transaction.commit();
  }

  std::int32_t account(const std::string& email, const std::vector<access::Grant>& roles, const std::string& name = "",
                       const char* authority = "905", std::optional<std::string> organisation = {}) {
    return access::add_account(door, {.authority = authority,
                                      .email = email,
                                      .name = name.empty() ? "Made Up" : name,
                                      .organisation = std::move(organisation),
                                      .roles = roles});
  }
  /// A session of a new account.
  std::string token(const std::string& email, const std::vector<access::Grant>& roles, const char* authority = "905",
                    std::optional<std::string> organisation = {}) {
    return token_of(account(email, roles, "", authority, std::move(organisation)), authority);
  }
  std::string token_of(std::int32_t account_number, const char* authority = "905") {
    return access::sign_in_by_link(door, authority, account_number).token;
  }

  /// "record 2, subject 1": the tables with rows that whoever the token stands for sees. Rows of another council than
  /// 905 are told as "record! 1".
  std::string seen(std::string_view token) {
    const access::Acting acting(reports, token);
    pg::Transaction transaction(reports, pg::Access::read_only);
    static constexpr pg::Statement look{"test.seen", "SELECT answerable.seen()"};
    return std::string(transaction.run_one(look).text(0, 0));
  }

 private:
  pg::Connection migrated(const char* owner_role) {
    if (*owner_role) {
      {
        pg::Connection superuser(database_.conninfo(), "test");
        pg::Transaction transaction(superuser, pg::Access::read_write);
        pg::Administration(superuser).run_script("test", R"(DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plain_owner') THEN CREATE ROLE plain_owner CREATEROLE; END IF;
          EXECUTE format('ALTER DATABASE %I OWNER TO plain_owner', current_database()); END $$)");
        transaction.commit();
      }
      pg::Connection connection(database_.conninfo(), "test", owner_role);
      pg::migrate(connection, ANSWERABLE_SOURCE "/schemas/database");
    }
    return {database_.conninfo(), "test", owner_role};
  }

  static constexpr const char* looking = R"(
    CREATE FUNCTION answerable.seen() RETURNS text LANGUAGE plpgsql AS $$
    DECLARE t text; n bigint; o bigint; told text[] := '{}'; BEGIN
      FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'authority'
          WHERE c.relnamespace = 'answerable'::regnamespace AND c.relkind IN ('r', 'v') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE authority = ''905''), count(*) FILTER (WHERE authority <> ''905'') FROM answerable.%I', t) INTO n, o;
        IF n > 0 THEN told := told || (t || ' ' || n); END IF;
        IF o > 0 THEN told := told || (t || '! ' || o); END IF;
      END LOOP;
      RETURN array_to_string(told, ', '); END $$;
    GRANT EXECUTE ON FUNCTION answerable.seen() TO PUBLIC;
  )";
  static constexpr const char* rows = R"(
    SET LOCAL search_path TO answerable;
    INSERT INTO authority VALUES ('905', 'Somerset'), ('906', 'Elsewhere');
    INSERT INTO counter (authority) VALUES ('905'), ('906');
    INSERT INTO organisation VALUES ('905', 1, 'ods', 'RH5', 'A trust'), ('905', 2, 'ods', 'AGY', 'An agency'), ('905', 3, 'cassr', '905', 'Somerset'),
      ('906', 1, 'ods', 'RH5', 'A trust');
    INSERT INTO subject VALUES ('905', 1, 'person'), ('905', 2, 'person'), ('905', 3, 'agreement'), ('906', 1, 'person');
    INSERT INTO identifier VALUES ('905', 'nhs-number', '9990000018', 1, 0), ('905', 'case', 'COMP-1', 1, 0), ('905', 'nhs-number', '9990000026', 2, 1),
      ('905', 'case', 'COMP-2', 2, 1), ('905', 'agreement', 'A-1', 3, 2), ('906', 'case', 'COMP-1', 1, 0), ('906', 'nhs-number', '9990000018', 1, 0);
    INSERT INTO submission (authority, submission, sender, message_id, sha256, bytes, received_at, created_at, source_system, agreement, stored, held,
        already_held, first_record, last_record)
      SELECT a, s, s, 'M' || s, sha256('x'), 1, now(), now(), 'test', CASE s WHEN 1 THEN 'A-1' WHEN 2 THEN 'A-2' END, 1, 1, 0, s - 1, s - 1
      FROM (VALUES ('905', 1), ('905', 2), ('905', 3), ('906', 1)) v (a, s);
    INSERT INTO record (authority, number, submission, kind, version, id, sender, subject, agreement, performer, received_on, position, line, leaf)
      SELECT authority, submission - 1, submission, CASE sender WHEN 3 THEN 'agreement' ELSE 'person' END, 1, 'R' || submission, sender, sender, agreement, sender, '2026-01-01', 0, 1, sha256('x') FROM submission;
    INSERT INTO record_body SELECT authority, number, '0123456789abcdef'::bytea, '', 'body' FROM record;
    INSERT INTO entry (authority, number, ordinal, subject, act, first, last, precision, performer, attributes)
      SELECT authority, number, 0, subject, CASE subject WHEN 3 THEN 'agreement.made' ELSE 'person.registered' END, '2026-01-01', '2026-01-01', 'd', sender,
        json_build_object('name', 'Adam Madeup')::text FROM record;
    INSERT INTO evidence (authority, number, ordinal, target, subject, item, state) SELECT authority, number, 0, number, subject, 'note', 'supplied' FROM record;
    INSERT INTO submission_part SELECT authority, submission, 0, 'part' FROM submission;
    INSERT INTO held_record (authority, held, submission, position, line, bytes) SELECT authority, submission, submission, 0, 1, 'held' FROM submission;
    INSERT INTO fault SELECT authority, submission, 0, 'error', 'value', 1, 1, '', '', 'sent', 'problem', '', '' FROM submission;
    INSERT INTO receipt_proof SELECT authority, submission, 'proof' FROM submission;
    INSERT INTO audit_run (authority, run, as_of, known_at, rule_set, engine, started_at, judged, judgements, steps, why)
      SELECT a, 1, '2026-01-01', 3, sha256('rules'), 1, now(), 2, 3, 3, '{}' FROM (VALUES ('905'), ('906')) v (a);
    INSERT INTO finding_step (authority, finding, run, withdrawn, subject, rule, duty, edition_from, trigger_record, trigger_ordinal, trigger_act, trigger_first,
        trigger_last, trigger_precision, occurrence, outcome, state, actor, agreement, sentence)
      SELECT authority, 10 + submission, 1, false, submission, 'r', 'd', '2026-01-01', submission - 1, 0, 'a', '2026-01-01', '2026-01-01', 'd', 0, 'breached', '',
        o.scheme || ':' || o.code, coalesce(agreement, ''), 'sentence' FROM submission JOIN organisation o USING (authority) WHERE o.organisation = sender;
    INSERT INTO finding_current SELECT authority, finding, run, subject, 1 FROM finding_step;
    INSERT INTO finding_decision SELECT authority, finding, 1, 'set-aside', now(), 'Made Up', 'why', NULL, 'breached' FROM finding_step;
    INSERT INTO subject_judged SELECT authority, subject, '2026-01-01', 3 FROM subject WHERE type = 'person';
    INSERT INTO mark (authority, subject, number, act, happened, since, attributes) SELECT authority, subject, 0, 'a', '2026-01-01', 1, '{}' FROM subject WHERE type = 'person';
    SELECT append_event(authority, 'reminder', subject, '{}') FROM subject WHERE type = 'person';
    INSERT INTO ledger_key SELECT authority, sha256('k'), now(), 1 FROM authority;
    INSERT INTO disposed_leaf SELECT authority, 'record', 99, 0, sha256('c'), 1 FROM authority;
    INSERT INTO verification SELECT authority, now(), 1, 1, 0 FROM authority;
  )";

  TestDatabase database_;

 public:
  pg::Connection owner, door, reports;
};

inline Day day_after_tomorrow() {
  return london_day(now()) + std::chrono::days{2};
}
inline access::Grant only(access::Role role) {
  return {.role = role};
}
inline access::Grant reader(const char* reference, Day until = day_after_tomorrow()) {
  return {.role = access::Role::outside_reader, .case_reference = reference, .until = until};
}

class AccessTest : public ::testing::Test {
 protected:
  std::string sql(pg::Connection& connection, const pg::Statement& statement, std::string_view value = "") {
    pg::Transaction transaction(connection, pg::Access::read_write);
    const auto row = transaction.run_one(statement, value);
    std::string text(row.is_null(0, 0) ? "NULL" : row.text(0, 0));
    transaction.commit();
    return text;
  }
  /// As answerable_reports for the token. The SQLSTATE when it is refused.
  std::string asked(std::string_view token, const pg::Statement& statement, std::string_view value = "") {
    const access::Acting acting(world.reports, token);
    try {
      return sql(world.reports, statement, value);
    } catch (const pg::Error& error) {
      return error.sqlstate;
    }
  }
  std::optional<std::int64_t> open(std::string_view token, std::int32_t subject, access::Purpose purpose) {
    const access::Acting acting(world.reports, token);
    return access::open_record(world.reports, {subject, purpose, "COMP-1", "record"});
  }

  AccessWorld world;
};

}  // namespace answerable::testing
