#include "ingest/pg/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "ingest/pg/connection.hpp"
#include "ingest/pg/error.hpp"

namespace answerable::pg {
namespace {

std::string_view diagnostic(const PGresult* answer, int field) {
  const char* text = answer ? PQresultErrorField(answer, field) : nullptr;
  return text ? std::string_view(text) : std::string_view();
}

}  // namespace

bool Session::line_is_dead() const {
  return PQstatus(line.get()) != CONNECTION_OK || PQconsumeInput(line.get()) != 1;
}

void Session::check(std::string_view name, const PGresult* answer) const {
  switch (answer ? PQresultStatus(answer) : PGRES_FATAL_ERROR) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
      return;
    default: {
      std::string_view state = diagnostic(answer, PG_DIAG_SQLSTATE);
      // libpq's own complaints have no SQLSTATE, and neither has a dead line: only the latter may pass for one.
      if (state.empty() && !line_is_dead()) state = "XX000";
      throw Error(name, state, diagnostic(answer, PG_DIAG_MESSAGE_PRIMARY),
                  diagnostic(answer, PG_DIAG_CONSTRAINT_NAME));
    }
  }
}

void Session::check_not_copying(std::string_view name) const {
  if (copying)
    throw std::logic_error(
        fmt::format("statement \"{}\" was run while a copy is under way: finish the copy first", name));
}

Answer Session::execute(std::string_view name, const char* sql) {
  check_not_copying(name);
  Answer answer{PQexec(line.get(), sql)};
  check(name, answer.get());
  return answer;
}

void Session::drain(std::string_view name, std::int64_t* affected) {
  std::optional<Error> first;
  while (Answer answer{PQgetResult(line.get())}) {
    try {
      check(name, answer.get());
      const std::string_view count = PQcmdTuples(answer.get());
      if (affected && !count.empty()) std::from_chars(count.data(), count.data() + count.size(), *affected);
    } catch (const Error& error) {
      if (!first) first = error;
    }
    if (PQstatus(line.get()) == CONNECTION_BAD) break;
  }
  if (first) throw *first;
}

std::string Session::prepare(const Statement& statement, const std::vector<Oid>& types) {
  auto known = prepared_.find(std::string_view(statement.name));
  if (known == prepared_.end()) known = prepared_.emplace(statement.name, Prepared{statement.sql, {}}).first;
  auto& [sql, type_lists] = known->second;
  if (sql != statement.sql)
    throw std::logic_error(fmt::format("statement name \"{}\" stands for two different SQL texts", statement.name));
  const auto same = std::find(type_lists.begin(), type_lists.end(), types);
  std::string name = fmt::format("{}#{}", statement.name, same - type_lists.begin());
  if (same == type_lists.end()) {
    const Answer answer{
        PQprepare(line.get(), name.c_str(), statement.sql, static_cast<int>(types.size()), types.data())};
    check(statement.name, answer.get());
    type_lists.push_back(types);
  }
  return name;
}

Answer Session::run_prepared(const Statement& statement, const Params& params) {
  check_not_copying(statement.name);
  const auto count = params.slots_.size();
  std::vector<Oid> types(count);
  std::vector<const char*> values(count);
  std::vector<int> lengths(count), formats(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& slot = params.slots_[i];
    types[i] = slot.type;
    values[i] = slot.length < 0 ? nullptr : params.storage_.data() + slot.offset;
    lengths[i] = slot.length;
    formats[i] = slot.format;
  }
  const std::string name = prepare(statement, types);
  constexpr int binary_rows = 1;
  Answer answer{PQexecPrepared(line.get(), name.c_str(), static_cast<int>(count), values.data(), lengths.data(),
                               formats.data(), binary_rows)};
  check(statement.name, answer.get());
  return answer;
}

}  // namespace answerable::pg
