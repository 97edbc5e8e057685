#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace answerable::pg {

/// Something the database refused or could not do. what() names the statement and the SQLSTATE, and says what to do. It
/// never holds a value: parameters are people's data, so DETAIL is dropped, and the server's own sentence is kept only
/// for the classes of error whose sentences hold names of tables and columns and nothing else.
struct Error : std::runtime_error {
  Error(std::string_view statement_name, std::string_view state, std::string_view message,
        std::string_view violated_constraint = {});

  std::string sqlstate;  ///< five characters (PostgreSQL manual, appendix A); empty when the line died before an answer
  std::string statement;   ///< the statement's name
  std::string constraint;  ///< the constraint that was broken, or empty

  /// Serialization failure or deadlock: the same work, done again from BEGIN, may well succeed.
  bool worth_retrying() const;
  /// The server went away or closed the line. The transaction is lost, unless this is an InDoubt.
  bool connection_lost() const;
};

/// The connection died at COMMIT: nobody knows whether it was done. Look for its effects; never repeat blindly.
struct InDoubt : Error {
  using Error::Error;
};

}  // namespace answerable::pg
