#include "ingest/pg/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/error.hpp"
#include "tests/support/database.hpp"

namespace answerable::pg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Statement tables{"migrations-test/tables",
                           "SELECT count(*) FROM pg_class WHERE relname IN ('first', 'second') AND relkind = 'r'"};

struct PgMigrations : ::testing::Test {
  PgMigrations() {
    std::string name = (fs::temp_directory_path() / "answerable-migrations-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder = name;
    write("0001-first.sql", "CREATE TABLE first (id int);\nINSERT INTO first VALUES (1);\n");
    write("0002-second.sql", "CREATE TABLE second (id int);\n");
  }
  ~PgMigrations() override { fs::remove_all(folder); }

  void write(const std::string& name, const std::string& sql) const { std::ofstream(folder / name) << sql; }
  std::int64_t made() {
    Transaction transaction(connection, Access::read_only);
    return transaction.run_one(tables).int64(0, 0);
  }
  /// What migrate() says when it refuses; empty when it does not.
  template <class Kind = MigrationError>
  std::string refusal() {
    try {
      migrate(connection, folder);
    } catch (const Kind& error) {
      return error.what();
    }
    return "";
  }

  fs::path folder;
  answerable::testing::TestDatabase database{answerable::testing::TestDatabase::empty()};
  Connection connection{database.conninfo(), "test"};
};

TEST_F(PgMigrations, an_empty_database_gets_all_of_them_once) {
  const auto first = migrate(connection, folder);
  EXPECT_EQ(first.from, 0);
  EXPECT_EQ(first.to, 2);
  EXPECT_EQ(made(), 2);
  const auto again = migrate(connection, folder);
  EXPECT_EQ(again.from, 2);
  EXPECT_EQ(again.to, 2);
  write("0003-third.sql", "DROP TABLE second;");
  const auto later = migrate(connection, folder);
  EXPECT_EQ(later.from, 2);
  EXPECT_EQ(later.to, 3);
  EXPECT_EQ(made(), 1);
}

TEST_F(PgMigrations, a_gap_is_named) {
  write("0004-fourth.sql", "SELECT 1;");
  EXPECT_THAT(refusal(), HasSubstr("migration 0003 is missing"));
  EXPECT_EQ(made(), 0);
}

TEST_F(PgMigrations, a_number_twice_is_refused) {
  write("0002-twin.sql", "SELECT 1;");
  EXPECT_THAT(refusal(), HasSubstr("0002-twin.sql"));
}

TEST_F(PgMigrations, a_file_changed_after_it_was_applied_is_refused) {
  migrate(connection, folder);
  write("0002-second.sql", "CREATE TABLE second (id bigint);\n");
  EXPECT_THAT(refusal(), HasSubstr("0002-second.sql"));
}

TEST_F(PgMigrations, a_file_renamed_after_it_was_applied_is_refused) {
  migrate(connection, folder);
  fs::rename(folder / "0002-second.sql", folder / "0002-other.sql");
  EXPECT_THAT(refusal(), HasSubstr("0002-other.sql"));
}

TEST_F(PgMigrations, a_database_newer_than_the_program_is_refused) {
  migrate(connection, folder);
  fs::remove(folder / "0002-second.sql");
  EXPECT_THAT(refusal(), HasSubstr("this program is older than the database"));
}

TEST_F(PgMigrations, a_failing_file_leaves_nothing_and_names_its_line) {
  write("0002-second.sql", "CREATE TABLE second (id int);\n-- é\nCREATE TABEL third (id int);\n");
  EXPECT_THAT(refusal<Error>(), HasSubstr("0002-second.sql, line 3"));
  EXPECT_EQ(made(), 1) << "the first stays, nothing of the second";
  write("0002-second.sql", "CREATE TABLE second (id int);\n");
  EXPECT_EQ(migrate(connection, folder).from, 1);
}

TEST_F(PgMigrations, a_file_that_commits_is_refused) {
  write("0002-second.sql", "CREATE TABLE second (id int); COMMIT;\n");
  EXPECT_THAT(refusal<std::logic_error>(), HasSubstr("0002-second.sql"));
}

TEST_F(PgMigrations, another_name_in_the_folder_is_refused) {
  write("later.sql", "SELECT 1;");
  EXPECT_THAT(refusal(), HasSubstr("later.sql"));
}

TEST_F(PgMigrations, two_programs_at_once_apply_each_once) {
  Connection other(database.conninfo(), "other");
  std::exception_ptr failure;
  std::thread second([&] {
    try {
      migrate(other, folder);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  EXPECT_NO_THROW(migrate(connection, folder));
  second.join();
  EXPECT_FALSE(failure);
  EXPECT_EQ(made(), 2);
}

/// The folder of our own migrations up to and with one, applied to a database of its own.
struct OurMigrations : ::testing::Test {
  OurMigrations() {
    std::string name = (fs::temp_directory_path() / "answerable-migrations-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder = name;
  }
  ~OurMigrations() override { fs::remove_all(folder); }

  void migrate_to(int number) {
    for (const auto& file : fs::directory_iterator(share_folder() / "schemas/database"))
      if (std::stoi(file.path().filename().string()) <= number)
        fs::copy_file(file.path(), folder / file.path().filename(), fs::copy_options::overwrite_existing);
    ASSERT_EQ(migrate(connection, folder).to, number);
  }
  void run(const Statement& statement) {
    Transaction transaction(connection, Access::read_write);
    transaction.run(statement);
    transaction.commit();
  }

  fs::path folder;
  answerable::testing::TestDatabase database{answerable::testing::TestDatabase::empty()};
  Connection connection{database.conninfo(), "test"};
};

TEST_F(OurMigrations, entries_held_before_0003_stay_and_read_as_those_after_it) {
  constexpr Statement before{
      "ours-test/before",
      "INSERT INTO answerable.entry (authority, number, ordinal, subject, act, first, last, precision, performer, "
      "attributes) VALUES ('905', 7, 0, 3, 'review.started', '2024-01-05', '2024-01-05', 'd', 1, "
      R"('{"to": "adult", "note": "a \"b\" \u0007 é"}'), ('905', 7, 1, 3, 'review.done', '2024-01-06', '2024-01-06', )"
      "'d', 1, '{}')"};
  constexpr Statement after{
      "ours-test/after",
      "INSERT INTO answerable.entry (authority, number, ordinal, subject, act, first, last, precision, performer, "
      "attributes) VALUES ('905', 8, 0, 3, 'review.done', '2024-01-06', '2024-01-06', 'd', 1, "
      R"('{"note":"a \"b\" \u0007 é","to":"adult"}'))"};
  constexpr Statement again{
      "ours-test/again",
      "INSERT INTO answerable.entry (authority, number, ordinal, subject, act, first, last, precision, performer, "
      "attributes) VALUES ('905', 7, 1, 4, 'review.done', '2024-01-06', '2024-01-06', 'd', 1, '{}')"};
  constexpr Statement all{
      "ours-test/all",
      "SELECT number, ordinal::int, subject, act, attributes::jsonb = (SELECT attributes::jsonb FROM "
      "answerable.entry WHERE number = 8) FROM answerable.entry ORDER BY number, ordinal"};
  migrate_to(2);
  run(before);
  migrate_to(3);
  run(after);
  EXPECT_THROW(run(again), Error) << "a record's ordinal is given once, whoever the entry is about";
  Transaction transaction(connection, Access::read_only);
  const Result rows = transaction.run(all);
  ASSERT_EQ(rows.rows(), 3);
  EXPECT_EQ(rows.int64(0, 0), 7);
  EXPECT_EQ(rows.int32(0, 2), 3);
  EXPECT_EQ(rows.text(0, 3), "review.started");
  EXPECT_TRUE(rows.boolean(0, 4)) << "the same attributes, however they are written";
  EXPECT_EQ(rows.int32(1, 1), 1);
  EXPECT_FALSE(rows.boolean(1, 4));
}

// Nobody comes in without a second factor because theirs is of another kind now.
TEST_F(OurMigrations, an_app_set_up_before_0018_opens_nothing_and_recovery_codes_go_on) {
  migrate_to(17);
  run({"ours-test/council", "INSERT INTO answerable.authority (authority, name) VALUES ('905', 'A council')"});
  run({"ours-test/accounts",
       "INSERT INTO answerable.account (authority, email, name) VALUES ('905', 'a@example.org', 'A'), ('905', "
       "'b@example.org', 'B')"});
  run({"ours-test/factors",
       "INSERT INTO answerable.second_factor (authority, account, secret, offered) SELECT authority, account,"
       " CASE email WHEN 'a@example.org' THEN decode(repeat('ab', 20), 'hex') END, decode(repeat('cd', 20), 'hex')"
       " FROM answerable.account"});
  run({"ours-test/codes",
       "INSERT INTO answerable.recovery_code (authority, account, sha256) SELECT authority, account, sha256('code') "
       "FROM "
       "answerable.account"});
  migrate_to(18);
  constexpr Statement left{
      "ours-test/left",
      "SELECT a.email, octet_length(f.secret), f.offered IS NULL, (SELECT count(*) FROM answerable.recovery_code c "
      "WHERE"
      " c.account = a.account) FROM answerable.second_factor f JOIN answerable.account a USING (authority, account)"
      " ORDER BY 1"};
  Transaction transaction(connection, Access::read_only);
  const Result rows = transaction.run(left);
  ASSERT_EQ(rows.rows(), 2);
  EXPECT_EQ(rows.int32(0, 1), 32) << "another key, that no app has";
  EXPECT_TRUE(rows.is_null(1, 1)) << "who had none has none";
  for (int row : {0, 1}) {
    EXPECT_TRUE(rows.boolean(row, 2));
    EXPECT_EQ(rows.int64(row, 3), 1);
  }
}

}  // namespace
}  // namespace answerable::pg
