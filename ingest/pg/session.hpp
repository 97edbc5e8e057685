#pragma once

// Private to ingest/pg: what Connection, Transaction, CopyIn and CopyOut share.

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/pg/params.hpp"
#include "ingest/pg/result.hpp"

namespace answerable::pg {

struct Statement;

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

struct Session {
  std::unique_ptr<PGconn, FinishConnection> line;
  bool in_transaction{false};
  bool copying{false};
  std::map<std::string, std::string> in_each_transaction;

  /// Simple query protocol, for the statements that take no parameters and are not prepared.
  Answer execute(std::string_view name, const char* sql);
  Answer run_prepared(const Statement& statement, const Params& params);

  /// Whether nobody is at the other end any more. libpq's own word for it comes late: where a write failed and a last
  /// warning of the server's was still to be read, it holds the line for a good one until it reads again.
  bool line_is_dead() const;
  /// \throws Error unless the answer is one of success
  void check(std::string_view name, const PGresult* answer) const;
  /// \throws std::logic_error while a copy is under way
  void check_not_copying(std::string_view name) const;
  /// Reads answers until there are no more; throws the first error.
  void drain(std::string_view name, std::int64_t* affected = nullptr);

 private:
  struct Prepared {
    std::string sql;
    std::vector<std::vector<Oid>> type_lists;  ///< one server-side statement for each list of parameter types met
  };
  std::string prepare(const Statement& statement, const std::vector<Oid>& types);

  std::map<std::string, Prepared, std::less<>> prepared_;
};

}  // namespace answerable::pg
