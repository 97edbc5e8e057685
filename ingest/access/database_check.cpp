#include "ingest/access/database_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace answerable::access {
namespace {

constexpr pg::Statement look_at_role{
    "database_check.role",
    "SELECT r.rolname::text, r.rolsuper, r.rolbypassrls, r.rolcreaterole OR r.rolcreatedb OR r.rolreplication,"
    " EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = "
    "r.oid),"
    " (SELECT min(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid),"
    " current_user::text FROM pg_roles r WHERE r.rolname = session_user"};
constexpr pg::Statement look_at_server{
    "database_check.server",
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('data_checksums')"};
constexpr pg::Statement has_schema{
    "database_check.has_schema",
    "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'answerable' AND tablename = 'migration')"};
constexpr pg::Statement version{"database_check.version", "SELECT coalesce(max(number), 0) FROM answerable.migration"};

std::optional<std::string> refuse_role(pg::Transaction& transaction, std::string_view wanted) {
  const auto row = transaction.run_one(look_at_role);
  const std::string_view name = row.text(0, 0);
  if (name != wanted || row.text(0, 6) != wanted)
    return fmt::format(
        "This service must be connected as the role {}, and is connected as {}: put user={} into its "
        "connection string.",
        wanted, name, wanted);
  if (row.boolean(0, 1))
    return fmt::format("The role {0} is a superuser, and would see everything: ALTER ROLE {0} NOSUPERUSER.", wanted);
  if (row.boolean(0, 2))
    return fmt::format("The role {0} is not held by row-level security: ALTER ROLE {0} NOBYPASSRLS.", wanted);
  if (row.boolean(0, 3))
    return fmt::format(
        "The role {0} may make roles or databases, or replicate: ALTER ROLE {0} NOCREATEROLE NOCREATEDB "
        "NOREPLICATION.",
        wanted);
  if (row.boolean(0, 4))
    return fmt::format(
        "The role {0} owns tables or functions, and could change who sees what: REASSIGN OWNED BY {0} TO "
        "the role that ran the migrations.",
        wanted);
  if (!row.is_null(0, 5))
    return fmt::format("The role {0} is a member of {1}, and has its rights too: REVOKE {1} FROM {0}.", wanted,
                       row.text(0, 5));
  return std::nullopt;
}

std::optional<std::string> refuse_server(pg::Transaction& transaction) {
  const auto row = transaction.run_one(look_at_server);
  if (row.text(0, 0) != "on")
    return "The server has fsync off, so that what it acknowledges can be lost: set fsync = on and start it again.";
  if (row.text(0, 1) != "on")
    return "The server has full_page_writes off, so that a crash can damage pages: set full_page_writes = on and "
           "reload "
           "it.";
  if (row.text(0, 2) != "on")
    return "The server keeps no checksums, so that a damaged disk is not noticed: stop it and run pg_checksums "
           "--enable.";
  return std::nullopt;
}

int newest_in(const std::filesystem::path& migrations) {
  int newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(migrations)) {
    const std::string name = entry.path().filename().string();
    int number = 0;
    if (entry.path().extension() == ".sql" && name.size() > 4 &&
        std::from_chars(name.data(), name.data() + 4, number).ptr == name.data() + 4)
      newest = std::max(newest, number);
  }
  return newest;
}

std::optional<std::string> refuse_version(pg::Transaction& transaction, const std::filesystem::path& migrations) {
  const int newest = newest_in(migrations);
  const int there = transaction.run_one(has_schema).boolean(0, 0) ? transaction.run_one(version).int32(0, 0) : 0;
  if (there < newest)
    return fmt::format(
        "The database is of version {} and this program of version {}: run `answerable status` as its "
        "owner, which brings it up to date.",
        there, newest);
  if (there > newest)
    return fmt::format("The database is of version {}, newer than this program's {}: install the newer program.", there,
                       newest);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refuse_database(pg::Connection& connection, std::string_view role,
                                           const std::filesystem::path& migrations) {
  pg::Transaction transaction(connection, pg::Access::read_only);
  if (auto sentence = refuse_role(transaction, role)) return sentence;
  if (auto sentence = refuse_server(transaction)) return sentence;
  return refuse_version(transaction, migrations);
}

}  // namespace answerable::access
