#include "ingest/pg/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace answerable::pg {
namespace {

/// Longest prefix first. SQLSTATEs: PostgreSQL manual, appendix A.
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> advice{{
    {"08004", "add sslmode=verify-full (or require) to the connection string"},  // of connection.cpp alone
    {"25006", "a read-only transaction was asked to write: this is a fault in the program, please report it"},
    {"25P02", "an earlier statement of the transaction had failed: nothing was stored, begin again"},
    {"28", "check the user, the password and pg_hba.conf of the server"},
    {"3D000", "create the database, or correct its name in --database"},
    {"40001", "others changed the same rows meanwhile: do the whole transaction again"},
    {"40P01", "two transactions waited for each other: do the whole transaction again"},
    {"42501", "the role lacks the right to do this: grant it, or connect as the role this program is meant to have"},
    {"42P01", "the database does not have the tables this program expects: run its migrations"},
    {"42703", "the database does not have the columns this program expects: run its migrations"},
    {"42883", "the database does not have the functions this program expects: run its migrations"},
    {"42", "the statement does not fit the database: check that program and migrations are of the same version"},
    {"53100", "make room on the database's disk, then do it again"},
    {"53300", "too many connections: stop some programs, or raise max_connections"},
    {"53", "the server is short of resources: wait and do it again"},
    {"55P03", "another transaction holds the lock: wait and do it again"},
    {"57014", "the statement was cancelled or ran into a time limit: do it again"},
    {"57", "the server is stopping or restarting: wait until it is back, then do it again"},
    {"08", "the server cannot be reached or closed the line: check that it is running, then do it again"},
    {"58", "the server met an error of its operating system: read the server's log"},
    {"XX", "the server is damaged or has a fault: read its log, and check the data before going on"},
    {"02000", "exactly one row was expected and there is none"},
    {"21000", "exactly one row was expected and there are more"},
    {"22", "a value does not fit its column; it is not repeated here because it may be personal data"},
    {"23505", "it is already there; the value is not repeated here because it may be personal data"},
    {"23503", "it refers to something that is not there, or something still refers to it"},
    {"23", "it breaks a constraint of the database"},
    {"", "look the SQLSTATE up in appendix A of the PostgreSQL manual"},
}};

std::string_view advice_for(std::string_view state) {
  if (state.empty()) state = "08";
  return std::find_if(advice.begin(), advice.end(), [&](const auto& entry) { return state.starts_with(entry.first); })
      ->second;
}

/// Data exceptions, broken constraints and what routines raise themselves: their sentences may quote values.
bool may_hold_data(std::string_view state) {
  constexpr std::array<std::string_view, 5> quoting{"22", "23", "38", "39", "P0"};
  return std::any_of(quoting.begin(), quoting.end(), [&](auto prefix) { return state.starts_with(prefix); });
}

std::string sentence(std::string_view statement, std::string_view state, std::string_view message,
                     std::string_view constraint) {
  std::string text = fmt::format("database: statement \"{}\" failed (SQLSTATE {}", statement,
                                 state.empty() ? "none: the line is dead" : state);
  if (!constraint.empty()) text += fmt::format(", constraint \"{}\"", constraint);
  text += ')';
  if (!message.empty() && !may_hold_data(state)) text += fmt::format(": {}", message);
  return text + ". What to do: " + std::string(advice_for(state)) + '.';
}

}  // namespace

Error::Error(std::string_view statement_name, std::string_view state, std::string_view message,
             std::string_view violated_constraint)
    : std::runtime_error(sentence(statement_name, state, message, violated_constraint)),
      sqlstate(state),
      statement(statement_name),
      constraint(violated_constraint) {}

bool Error::worth_retrying() const {
  return sqlstate == "40001" || sqlstate == "40P01";
}

bool Error::connection_lost() const {
  return sqlstate.empty() || sqlstate.starts_with("08") || sqlstate == "57P01" || sqlstate == "57P02" ||
         sqlstate == "57P03" || sqlstate == "57P05" || sqlstate == "25P03";
}

}  // namespace answerable::pg
