#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"
#include "ingest/pg/copy.hpp"
#include "ingest/pg/error.hpp"
#include "ingest/pg/params.hpp"
#include "ingest/pg/result.hpp"

namespace answerable::pg {

/// One SQL statement under a name. Both must be known when the program is compiled: SQL glued together at run time does
/// not compile. The name is what errors and the server show; a name stands for one SQL text only.
struct Statement {
  const char* name;
  const char* sql;
  consteval Statement(const char* statement_name, const char* statement_sql)
      : name(statement_name), sql(statement_sql) {}
};

/// One connection to PostgreSQL. Used by one thread at a time. It only makes transactions: everything is said in one.
class Connection {
 public:
  /// \param conninfo keyword/value string or URI; never glued, never logged
  /// \param purpose shown by the server as application_name "answerable <purpose>"
  /// \param role when given, the role everything is done as (SET ROLE)
  /// \throws Error when the server cannot be reached or refuses
  Connection(const std::string& conninfo, std::string_view purpose, std::string_view role = "");
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// As far as this end knows, without asking: false once the server was seen to go, or while a transaction is open.
  bool alive() const;

  /// From here on every transaction begins by giving the setting this value until its own end. Nothing: no longer.
  void in_each_transaction(const std::string& setting, std::optional<std::string> value);

 private:
  friend class Transaction;
  friend class Administration;
  friend class Listener;
  std::unique_ptr<Session> session_;
};

enum class Access { read_only, read_write };
enum class Isolation { read_committed, repeatable_read, serializable };

/// BEGIN when made, ROLLBACK when dropped. One at a time on a connection, which must outlive it.
class Transaction {
 public:
  Transaction(Connection& connection, Access access, Isolation isolation = Isolation::read_committed);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Runs a statement with its values ($1, $2 … see Params). Prepared once a connection.
  /// \throws Error from the server; std::logic_error when the statement's name already stands for other SQL
  Result run(const Statement& statement, const Params& params);
  Result run(const Statement& statement, const auto&... values) { return run(statement, Params(values...)); }

  /// As run(), for exactly one row. \throws Error with SQLSTATE 02000 for none, 21000 for more than one
  Result run_one(const Statement& statement, const Params& params);
  Result run_one(const Statement& statement, const auto&... values) { return run_one(statement, Params(values...)); }

  /// \param statement `COPY table (columns) FROM STDIN (FORMAT binary)`
  CopyIn copy_in(const Statement& statement);

  /// COPY takes no parameters. Each value is therefore set, until the transaction ends, as the setting answerable.p1,
  /// answerable.p2 …, and the SQL reads it back and casts it:
  /// `COPY (SELECT … WHERE authority = current_setting('answerable.p1') AND due <
  /// current_setting('answerable.p2')::date) TO STDOUT (FORMAT binary)`. Values are bools, signed integers, Days and
  /// short texts such as an authority's code.
  CopyOut copy_out(const Statement& statement, const auto&... values) {
    return open_copy_out(statement, {setting(values)...});
  }

  /// Durable when this returns.
  /// \throws InDoubt when the connection died; Error (SQLSTATE 25P02) when an earlier error had already doomed the
  /// transaction and the server answered ROLLBACK
  void commit();

 private:
  void roll_back() noexcept;
  static std::string setting(std::same_as<bool> auto value) { return value ? "true" : "false"; }
  static std::string setting(std::signed_integral auto value) { return std::to_string(value); }
  static std::string setting(Day value) { return iso(value); }
  static std::string setting(std::string_view value) { return std::string(value); }
  CopyOut open_copy_out(const Statement& statement, const std::vector<std::string>& settings);

  Session* session_;
  bool open_{true};
};

}  // namespace answerable::pg
