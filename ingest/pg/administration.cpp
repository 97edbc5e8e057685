#include "ingest/pg/administration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "ingest/pg/session.hpp"

namespace answerable::pg {
namespace {

struct FreeMemory {
  void operator()(char* text) const { PQfreemem(text); }
};

std::string quoted(PGconn* line, std::string_view identifier) {
  const std::unique_ptr<char, FreeMemory> text{PQescapeIdentifier(line, identifier.data(), identifier.size())};
  if (!text) throw std::invalid_argument("a database name that is not valid UTF-8");
  return text.get();
}

/// The line of the script on which the server stumbled, counted from 1; 0 when it did not say.
std::ptrdiff_t line_of(const PGresult* answer, const std::string& sql) {
  const char* text = PQresultErrorField(answer, PG_DIAG_STATEMENT_POSITION);
  if (!text) return 0;
  std::ptrdiff_t characters = 0;
  const std::string_view digits = text;
  std::from_chars(digits.data(), digits.data() + digits.size(), characters);
  std::ptrdiff_t line = 1;
  for (const char byte : sql) {
    const bool starts_character = (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    if (starts_character && --characters <= 0) break;
    if (byte == '\n') ++line;
  }
  return line;
}

}  // namespace

Administration::Administration(Connection& connection) : session_(*connection.session_) {}

void Administration::create_database(std::string_view name, std::string_view template_name) {
  const std::string sql = fmt::format("CREATE DATABASE {} TEMPLATE {}", quoted(session_.line.get(), name),
                                      quoted(session_.line.get(), template_name));
  session_.execute("create database", sql.c_str());
}

void Administration::drop_database(std::string_view name) {
  const std::string sql = fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(session_.line.get(), name));
  session_.execute("drop database", sql.c_str());
}

void Administration::run_script(std::string_view name, const std::string& sql) {
  if (!session_.in_transaction) throw std::logic_error("a script is run in a transaction");
  session_.check_not_copying(name);
  const Answer answer{PQexec(session_.line.get(), sql.c_str())};
  const auto line = answer ? line_of(answer.get(), sql) : 0;
  session_.check(line > 0 ? fmt::format("{}, line {}", name, line) : std::string(name), answer.get());
  if (PQtransactionStatus(session_.line.get()) != PQTRANS_INTRANS)
    throw std::logic_error(fmt::format("{} ended its transaction: take COMMIT and ROLLBACK out of it", name));
}

}  // namespace answerable::pg
