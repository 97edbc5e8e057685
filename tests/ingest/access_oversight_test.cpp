// Sign-off by a second person, the guardian's report of reading, and what a service refuses to serve from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "ingest/access/approvals.hpp"
#include "ingest/access/database_check.hpp"
#include "ingest/access/reading_report.hpp"
#include "ingest/pg/throw_away.hpp"
#include "tests/ingest/access_world.hpp"

namespace answerable::access {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::only;
using ::testing::SizeIs;

class AccessOversight : public testing::AccessTest {
 protected:
  template <class Work>
  auto acting(const std::string& token, const Work& work) {
    const Acting as(world.reports, token);
    pg::Transaction transaction(world.reports, pg::Access::read_write);
    auto answer = work(transaction);
    transaction.commit();
    return answer;
  }
  std::optional<std::int64_t> ask(const std::string& token, ApprovalOf what) {
    return acting(token, [&](auto& transaction) { return ask_approval(transaction, {what, "F-1", 1, "why Adam"}); });
  }
  bool decided(const std::string& token, std::int64_t number, bool yes = true) {
    return acting(token, [&](auto& transaction) { return decide(transaction, number, yes); });
  }
  std::vector<Approval> listed(const std::string& token) {
    return acting(token, [](auto& transaction) { return approvals(transaction); });
  }
  std::vector<Reading> reported(const std::string& token, const char* from, const char* to) {
    return acting(token, [&](auto& transaction) {
      return reading_report(transaction, parse_day(from).value(), parse_day(to).value());
    });
  }
};

TEST_F(AccessOversight, WhoAsksDoesNotDecide) {
  const std::string one = world.token("one@example.org", {only(Role::complaints_officer)}),
                    two = world.token("two@example.org", {only(Role::complaints_officer)}),
                    elsewhere = world.token("two@example.org", {only(Role::guardian)}, "906");
  const auto number = ask(one, ApprovalOf::set_aside);
  ASSERT_TRUE(number);
  EXPECT_FALSE(decided(one, *number));
  EXPECT_FALSE(decided(elsewhere, *number));
  EXPECT_FALSE(decided("", *number));
  EXPECT_THAT(listed(elsewhere), IsEmpty());
  ASSERT_THAT(listed(two), SizeIs(1));
  EXPECT_FALSE(listed(two).front().decision);
  EXPECT_TRUE(decided(two, *number));
  EXPECT_FALSE(decided(two, *number, false)) << "decided once";
  const auto approval = listed(one).front();
  EXPECT_EQ(approval.decision, "approved");
  EXPECT_EQ(approval.asked_by, "Made Up");
  EXPECT_EQ(approval.decided_by, "Made Up");
  // Not even somebody at the table itself.
  EXPECT_THROW(world.script("UPDATE answerable.approval SET decided_by = asked_by"), pg::Error);
}

TEST_F(AccessOversight, WhatWasReadAndSaidOfAPersonGoesWithTheirRecords) {
  const std::string cara = world.token("cara@example.org", {only(Role::complaints_officer)});
  ASSERT_TRUE(open(cara, 1, Purpose::complaint));
  ASSERT_TRUE(open(cara, 2, Purpose::complaint));
  ASSERT_TRUE(ask(cara, ApprovalOf::set_aside));
  world.script("DELETE FROM answerable.subject WHERE authority = '905' AND subject = 1");
  static constexpr pg::Statement left{"test.left",
                                      "SELECT string_agg(subject::text, ' ') || $1 FROM answerable.purpose"};
  EXPECT_EQ(sql(world.owner, left), "2");
  EXPECT_EQ(listed(cara).front().reason, "disposed of");
}

TEST_F(AccessOversight, RolesSayWhoMayAskAndDecide) {
  const struct {
    const char* who;
    std::vector<Grant> roles;
    std::vector<ApprovalOf> asks, decides;
    std::optional<std::string> organisation{};
  } cases[]{
      {"m@example.org", {only(Role::contract_monitoring_officer)}, {ApprovalOf::set_aside}, {ApprovalOf::set_aside}},
      {"c@example.org",
       {only(Role::complaints_officer)},
       {ApprovalOf::set_aside, ApprovalOf::bundle, ApprovalOf::disposal},
       {ApprovalOf::set_aside, ApprovalOf::bundle}},
      {"g@example.org",
       {only(Role::guardian)},
       {ApprovalOf::set_aside, ApprovalOf::bundle, ApprovalOf::disposal},
       {ApprovalOf::set_aside, ApprovalOf::bundle, ApprovalOf::disposal}},
      {"u@example.org", {only(Role::auditor)}, {ApprovalOf::disposal}, {ApprovalOf::disposal}},
      {"i@example.org", {only(Role::administrator)}, {}, {}},
      {"o@example.org", {testing::reader("COMP-1")}, {}, {}},
      {"p@example.org", {only(Role::provider_manager)}, {}, {}, "ods:RH5"},
  };
  const std::string asker = world.token("asker@example.org", {only(Role::guardian), only(Role::complaints_officer),
                                                              only(Role::contract_monitoring_officer)});
  for (const auto& it : cases) {
    const std::string token = world.token(it.who, it.roles, "905", it.organisation);
    for (const ApprovalOf what : {ApprovalOf::set_aside, ApprovalOf::bundle, ApprovalOf::disposal}) {
      const auto within = [&](const auto& all) { return std::ranges::find(all, what) != all.end(); };
      EXPECT_EQ(ask(token, what).has_value(), within(it.asks)) << it.who << " asks for " << word(what);
      EXPECT_EQ(decided(token, ask(asker, what).value()), within(it.decides)) << it.who << " decides " << word(what);
    }
  }
}

TEST_F(AccessOversight, TheGuardianSeesWhoReadWhomAndWhatStandsOut) {
  const auto steady = world.account("steady@example.org", {only(Role::complaints_officer)}, "Sam Steady"),
             curious = world.account("curious@example.org", {only(Role::complaints_officer)}, "Cora Madeup");
  assign(world.door, "905", steady, "complaint", "COMP-1");
  const std::string guardian = world.token("g@example.org", {only(Role::guardian)});
  // People 100 to 130; Tuesday 3 March 2026 is a working day. Both read one person a day in February.
  world.script(fmt::format(R"(SET LOCAL search_path TO answerable;
    INSERT INTO subject SELECT '905', g, 'person' FROM generate_series(100, 130) g;
    CREATE FUNCTION reads(who integer, name text, whom integer, why text, moment timestamptz) RETURNS void LANGUAGE sql AS $$
      WITH e AS (INSERT INTO event (authority, kind, at, subject, content) VALUES ('905', 'read', moment, whom,
        json_build_object('by', name, 'purpose', why)::text) RETURNING event)
      INSERT INTO purpose (authority, event, account, subject, purpose, reference, stated_at, until)
        SELECT '905', event, who, whom, why, '', moment, moment FROM e WHERE who > 0 $$;
    SELECT reads({0}, 'x', 1, 'complaint', d + time '10:00') FROM generate_series(timestamptz '2026-02-02', '2026-02-27', '1 day') d;
    SELECT reads({1}, 'x', 2, 'subject-access', d + time '10:00') FROM generate_series(timestamptz '2026-02-02', '2026-02-27', '1 day') d;
    SELECT reads({0}, 'x', 1, 'complaint', '2026-03-03 10:00');
    SELECT reads({0}, 'x', 100 + g, 'subject-access', '2026-03-03 11:00') FROM generate_series(1, 2) g;
    SELECT reads({1}, 'x', 100 + g, 'subject-access', '2026-03-03 11:00') FROM generate_series(1, 7) g;
    SELECT reads({1}, 'x', 100, 'complaint', '2026-03-03 17:59');
    SELECT reads({1}, 'x', 100, 'subject-access', '2026-03-03 18:00');
    SELECT reads({1}, 'x', 1, 'subject-access', '2026-03-07 12:00');
    SELECT reads(0, 'operator', 1, 'not-stated', '2026-03-04 12:00');
    INSERT INTO event (authority, kind, at, subject, content) VALUES ('906', 'read', '2026-03-04 12:00', 1, '{{"by":"elsewhere"}}'))",
                           steady, curious));
  const auto report = reported(guardian, "2026-03-01", "2026-03-31");
  ASSERT_THAT(report, SizeIs(3));
  const auto& cora = report[0];
  EXPECT_EQ(cora.reader, "Cora Madeup <curious@example.org>");
  EXPECT_EQ(cora.account, curious);
  EXPECT_TRUE(cora.stands_out());
  EXPECT_EQ(cora.people, 9);
  EXPECT_EQ(cora.purposes, (std::map<std::string, std::int64_t>{{"complaint", 1}, {"subject-access", 9}}));
  EXPECT_EQ(cora.busiest_day, 8);
  EXPECT_EQ(cora.usual_day, 1);
  EXPECT_EQ(cora.days_beyond_usual, 1);
  EXPECT_EQ(cora.outside_office_hours, 2) << "18:00, and a Saturday";
  EXPECT_EQ(cora.unassigned, 1) << "nobody gave her that complaint";
  EXPECT_EQ(cora.own_surname, 1) << "Adam Madeup";
  const auto& sam = report[1];
  EXPECT_EQ(sam.reader, "Sam Steady <steady@example.org>");
  EXPECT_FALSE(sam.stands_out());
  EXPECT_EQ(sam.people, 3);
  EXPECT_EQ(report[2].reader, "operator");
  EXPECT_FALSE(report[2].account);

  EXPECT_THAT(reported(guardian, "2026-04-01", "2026-04-30"), IsEmpty());
  for (const Role role : {Role::auditor, Role::complaints_officer, Role::administrator})
    EXPECT_THAT(
        reported(world.token(fmt::format("{}@example.org", word(role)), {only(role)}), "2026-03-01", "2026-03-31"),
        IsEmpty())
        << word(role);
}

TEST(AccessDatabase, IsRefusedWithASentence) {
  pg::TemporaryFolder folder("check");
  const auto data = folder.path() / "data";
  std::optional<pg::Database> database(pg::Database::open({}, data));
  const std::filesystem::path migrations = std::filesystem::path(ANSWERABLE_SOURCE) / "schemas/database";
  const auto as = [&](const std::string& user) { return database->conninfo() + " user=" + user; };
  const auto refused = [&](const std::string& user = "answerable_reports", std::filesystem::path known = {}) {
    pg::Connection connection(as(user), "test");
    return refuse_database(connection, "answerable_reports", known.empty() ? migrations : known).value_or("");
  };
  std::optional<pg::Connection> owner(std::in_place, database->conninfo(), "test");
  const auto script = [&](const std::string& sql) {
    pg::Transaction transaction(*owner, pg::Access::read_write);
    pg::Administration(*owner).run_script("test", sql);
    transaction.commit();
  };
  EXPECT_EQ(refused(), "");
  EXPECT_THAT(refused("answerable_owner"), HasSubstr("must be connected as the role answerable_reports"));
  EXPECT_THAT(refused("answerable_audit"), HasSubstr("is connected as answerable_audit"));
  const struct {
    const char *harm, *mend, *sentence;
  } cases[]{
      {"ALTER ROLE answerable_reports SUPERUSER", "ALTER ROLE answerable_reports NOSUPERUSER", "is a superuser"},
      {"ALTER ROLE answerable_reports BYPASSRLS", "ALTER ROLE answerable_reports NOBYPASSRLS", "NOBYPASSRLS"},
      {"ALTER ROLE answerable_reports CREATEROLE", "ALTER ROLE answerable_reports NOCREATEROLE", "NOCREATEROLE"},
      {"ALTER TABLE answerable.mark OWNER TO answerable_reports",
       "ALTER TABLE answerable.mark OWNER TO answerable_owner", "owns tables"},
      {"GRANT answerable_audit TO answerable_reports", "REVOKE answerable_audit FROM answerable_reports",
       "is a member of answerable_audit"},
      {"INSERT INTO answerable.migration VALUES (9999, '9999-later.sql', 'x')",
       "DELETE FROM answerable.migration WHERE number = 9999", "install the newer program"},
  };
  for (const auto& it : cases) {
    script(it.harm);
    EXPECT_THAT(refused(), HasSubstr(it.sentence)) << it.harm;
    script(it.mend);
    EXPECT_EQ(refused(), "") << it.mend;
  }
  std::filesystem::copy(migrations, folder.path() / "newer", std::filesystem::copy_options::recursive);
  std::ofstream(folder.path() / "newer/9998-later.sql") << "SELECT 1;";
  EXPECT_THAT(refused("answerable_reports", folder.path() / "newer"),
              HasSubstr("run `answerable status` as its owner"));

  const auto soon = [&](const char* sentence) {  // when the server has read its settings again
    script("SELECT pg_reload_conf()");
    for (int i = 0; i < 100 && refused().find(sentence) == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    return refused();
  };
  for (const auto& [setting, sentence] :
       {std::pair{"fsync", "has fsync off"}, std::pair{"full_page_writes", "a crash can damage pages"}}) {
    std::ofstream(data / "settings/postgresql.conf", std::ios::app) << setting << " = off\n";
    EXPECT_THAT(soon(sentence), HasSubstr(sentence));
    std::ofstream(data / "settings/postgresql.conf", std::ios::app) << setting << " = on\n";
    script("SELECT pg_reload_conf()");
    for (int i = 0; i < 100 && !refused().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{50});
    EXPECT_EQ(refused(), "") << setting;
  }
  owner.reset();
  database.reset();
  const std::string disable = "/usr/lib/postgresql/15/bin/pg_checksums --disable -D " + (data / "postgres").string();
  ASSERT_EQ(std::system(((::geteuid() == 0 ? "runuser -u postgres -- " : "") + disable + " >/dev/null").c_str()), 0);
  database.emplace(pg::Database::open({}, data));
  EXPECT_THAT(refused(), HasSubstr("keeps no checksums"));
}

}  // namespace
}  // namespace answerable::access
