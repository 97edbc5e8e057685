#include "ingest/pg/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::pg {
namespace {

// Not to_regclass: it answers from the backend's cache, which is stale after waiting for the lock.
constexpr Statement is_new{"migrate/is-new",
                           "SELECT NOT EXISTS (SELECT FROM pg_tables"
                           " WHERE schemaname = 'answerable' AND tablename = 'migration')"};
constexpr Statement recorded{"migrate/recorded",
                             "SELECT number, name, sha256 FROM answerable.migration ORDER BY number"};
constexpr Statement lock{"migrate/lock", "SELECT pg_advisory_xact_lock(hashtextextended('answerable.migration', 0))"};
constexpr Statement create_schema{"migrate/create-schema", "CREATE SCHEMA IF NOT EXISTS answerable"};
constexpr Statement create_table{"migrate/create-table",
                                 "CREATE TABLE IF NOT EXISTS answerable.migration ("
                                 " number int PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL,"
                                 " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"};
constexpr Statement record{"migrate/record",
                           "INSERT INTO answerable.migration (number, name, sha256) VALUES ($1, $2, $3)"};

struct Migration {
  int number;
  std::string name;
  Digest digest;
  std::string sql;
};

Migration read_migration(int number, const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string sql{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw MigrationError(fmt::format("{} cannot be read: check its permissions", file.string()));
  const Digest digest = sha256(as_bytes(sql));
  return {number, file.filename().string(), digest, std::move(sql)};
}

std::vector<Migration> read_folder(const std::filesystem::path& folder) {
  static const std::regex pattern("([0-9]{4})-[a-z0-9-]+\\.sql");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Migration> migrations;
  for (const auto& file : files) {
    std::smatch parts;
    const std::string name = file.filename().string();
    if (!std::regex_match(name, parts, pattern))
      throw MigrationError(fmt::format("{} is no name for a migration: it must be like 0007-what-it-does.sql", name));
    const int number = std::stoi(parts[1]);
    const int expected = static_cast<int>(migrations.size()) + 1;
    if (number != expected)
      throw MigrationError(fmt::format("migration {:04} is missing or there twice: {} comes where it should be, in {}",
                                       expected, name, folder.string()));
    migrations.push_back(read_migration(number, file));
  }
  if (migrations.empty())
    throw MigrationError(fmt::format("{} holds no migrations: install the program again", folder.string()));
  return migrations;
}

/// How many of the migrations the database has. \throws MigrationError when it has others
int applied(Transaction& transaction, const std::vector<Migration>& migrations) {
  if (transaction.run_one(is_new).boolean(0, 0)) return 0;
  const Result rows = transaction.run(recorded);
  for (int row = 0; row < rows.rows(); ++row) {
    const auto number = rows.int32(row, 0);
    if (number != row + 1)
      throw MigrationError(
          fmt::format("the database has no record of migration {:04}: restore it from a backup", row + 1));
    if (number > static_cast<int>(migrations.size()))
      throw MigrationError(
          fmt::format("this program is older than the database: it knows migrations up to {:04}, the database has {} "
                      "({}). Install the newer program",
                      migrations.size(), rows.rows(), rows.text(rows.rows() - 1, 1)));
    const auto& file = migrations[static_cast<std::size_t>(row)];
    const auto digest = rows.bytes(row, 2);
    if (rows.text(row, 1) != file.name ||
        !std::equal(digest.begin(), digest.end(), file.digest.begin(), file.digest.end()))
      throw MigrationError(
          fmt::format("migration {} is not the one the database was made with ({}, SHA-256 {}): a migration is never "
                      "edited once released; put the old file back and write a new one",
                      file.name, rows.text(row, 1), hex(digest)));
  }
  return rows.rows();
}

}  // namespace

MigrationReport migrate(Connection& connection, const std::filesystem::path& folder) {
  const auto migrations = read_folder(folder);
  const int newest = static_cast<int>(migrations.size());
  MigrationReport report{0, newest};
  {
    // Nearly always there is nothing to do; then this must work with the right to read alone, and without waiting.
    Transaction transaction(connection, Access::read_only);
    report.from = applied(transaction, migrations);
    if (report.from == newest) return report;
  }
  for (;;) {
    Transaction transaction(connection, Access::read_write);
    transaction.run(lock);
    const int next = applied(transaction, migrations);
    if (next == newest) return report;
    if (next == 0) {
      transaction.run(create_schema);
      transaction.run(create_table);
    }
    const auto& migration = migrations[static_cast<std::size_t>(next)];
    Administration(connection).run_script(migration.name, migration.sql);
    transaction.run(record, migration.number, migration.name, migration.digest);
    transaction.commit();
  }
}

}  // namespace answerable::pg
