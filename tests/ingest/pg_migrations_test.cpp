#include "ingest/pg/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "ingest/pg/connection.hpp"
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

}  // namespace
}  // namespace answerable::pg
