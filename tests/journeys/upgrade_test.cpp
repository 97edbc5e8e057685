// A database as the release with migration 0006 left it, opened by today's programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/migrations.hpp"
#include "ingest/pg/private_server.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int released = 6;

constexpr pg::Statement old_tables{
    "upgrade.tables",
    "SELECT coalesce(string_agg(' --table=answerable.' || relname, ''), '') FROM pg_class"
    " WHERE relnamespace = 'answerable'::regnamespace AND relkind = 'r' AND relname <> "
    "'migration'"};
constexpr pg::Statement columns{
    "upgrade.columns",
    "SELECT coalesce(array_agg(c.relname || ' DROP COLUMN ' || a.attname), '{}') FROM pg_class c JOIN pg_attribute a "
    "ON "
    "a.attrelid = c.oid WHERE c.relnamespace = 'answerable'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT "
    "a.attisdropped"};
constexpr pg::Statement applied{"upgrade.applied", "SELECT count(*)::int, max(number) FROM answerable.migration"};
constexpr pg::Statement unforced{
    "upgrade.unforced",
    "SELECT coalesce(string_agg(c.relname, ' '), '') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND "
    "a.attname = 'authority' WHERE c.relnamespace = 'answerable'::regnamespace AND c.relkind = 'r' AND NOT "
    "(c.relrowsecurity AND c.relforcerowsecurity)"};

class Upgrade : public ::testing::Test {
 protected:
  /// What today's programs made of a file, moved table by table into a database with the tables of then.
  void make_old_database() {
    const auto file = fs::path(ANSWERABLE_SOURCE) / "schemas/records/review/1/examples/good-full.xml";
    ASSERT_EQ(answer("submit " + file.string()).code, 0);
    ASSERT_EQ(answer("audit --as-of 2026-06-01").code, 0);
    ASSERT_EQ(answer("audit").code, 0);
    ASSERT_EQ(answer("checkpoint" + keys_).code, 0);
    findings_ = answer("findings --format json").out;
    fs::create_directory(then_);
    for (const auto& entry : fs::directory_iterator(fs::path(ANSWERABLE_SOURCE) / "schemas/database"))
      if (entry.path().extension() == ".sql" && std::stoi(entry.path().filename().string()) <= released)
        fs::copy(entry.path(), then_ / entry.path().filename());
    pg::Connection administrator(named("postgres"), "test");
    pg::Administration(administrator).create_database("then");
    std::string tables;
    std::vector<std::string> columns_then;
    {
      pg::Connection old(named("then"), "test");
      EXPECT_EQ(pg::migrate(old, then_).to, released);
      pg::Transaction transaction(old, pg::Access::read_only);
      tables = transaction.run_one(old_tables).text(0, 0);
      columns_then = transaction.run_one(columns).text_array(0, 0);
    }
    forget_columns_since(tables, columns_then);
    const std::string where = fmt::format("--host={} --username=answerable_owner", (folder_ / "data/run").string());
    const auto moved = run(fmt::format("pg_dump {0} --data-only --disable-triggers{1} answerable | psql {0} --quiet "
                                       "--set=ON_ERROR_STOP=1 --single-transaction --dbname=then && "
                                       "psql {0} --dbname=postgres --command='DROP DATABASE answerable' "
                                       "--command='ALTER DATABASE \"then\" RENAME TO answerable'",
                                       where, tables),
                           true);
    ASSERT_EQ(moved.code, 0) << moved.out;
  }
  /// What later migrations added to the tables of then has nowhere to go.
  void forget_columns_since(const std::string& tables, const std::vector<std::string>& columns_then) {
    pg::Connection now(named("answerable"), "test");
    std::string script;
    {
      pg::Transaction transaction(now, pg::Access::read_only);
      for (const auto& column : transaction.run_one(columns).text_array(0, 0))
        if ((tables + ' ').find(" --table=answerable." + column.substr(0, column.find(' ')) + ' ') != tables.npos &&
            std::ranges::find(columns_then, column) == columns_then.end())
          script += fmt::format("ALTER TABLE answerable.{} CASCADE;", column);
    }
    pg::Transaction transaction(now, pg::Access::read_write);
    pg::Administration(now).run_script("upgrade.forget", script);
    transaction.commit();
  }
  std::string named(const char* database) const { return server_.conninfo() + " dbname=" + database; }
  Ran answer(const std::string& words) {
    return run(fmt::format("{} {} --data {}", program, words, (folder_ / "data").string()), true);
  }

  Folder folder_;
  const fs::path then_ = folder_ / "then";
  pg::PrivateServer server_{pg::PrivateServer::open(folder_ / "data")};
  std::string keys_ = " --keys " + (folder_ / "keys").string();
  std::string findings_;
};

TEST_F(Upgrade, todays_programs_take_over_the_database_of_the_release_before) {
  ASSERT_NO_FATAL_FAILURE(make_old_database());
  // Two programs are started at once, and one of them does the work.
  auto other = std::async(std::launch::async, [&] { return answer("status"); });
  EXPECT_EQ(answer("status").code, 0);
  EXPECT_EQ(other.get().code, 0);
  const auto verified = answer("verify --ledger" + keys_);
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_EQ(answer("findings --format json").out, findings_);
  EXPECT_THAT(findings_, HasSubstr("\"finding\""));
  const auto next = fs::path(ANSWERABLE_SOURCE) / "schemas/records/review/1/examples/good-smallest.xml";
  EXPECT_EQ(answer("submit " + next.string()).code, 0);
  EXPECT_EQ(answer("checkpoint" + keys_).code, 0);
  EXPECT_EQ(answer("verify --ledger" + keys_).code, 0);
  pg::Connection connection(server_.conninfo(), "test");
  {
    pg::Transaction transaction(connection, pg::Access::read_only);
    const auto rows = transaction.run_one(applied);
    EXPECT_EQ(rows.int32(0, 0), rows.int32(0, 1)) << "each once";
    EXPECT_GT(rows.int32(0, 1), released);
    EXPECT_EQ(transaction.run_one(unforced).text(0, 0), "") << "tables of a council without forced row security";
  }
  // The older program does not touch what it does not know.
  try {
    pg::migrate(connection, then_);
    ADD_FAILURE() << "an older program took the newer database";
  } catch (const pg::MigrationError& refused) {
    EXPECT_THAT(refused.what(), HasSubstr("this program is older than the database"));
    EXPECT_THAT(refused.what(), HasSubstr("Install the newer program"));
  }
}

}  // namespace
}  // namespace answerable::testing
