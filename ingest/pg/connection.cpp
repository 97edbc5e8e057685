#include "ingest/pg/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "ingest/pg/session.hpp"
#include "ingest/this_machine.hpp"

namespace answerable::pg {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// As libpq finds it: in the string, else in the environment.
std::string_view said(const PQconninfoOption& option) {
  if (option.val) return option.val;
  const char* elsewhere = option.envvar ? std::getenv(option.envvar) : nullptr;
  return elsewhere ? elsewhere : "";
}

bool on_this_machine(std::string_view hosts) {
  for (std::size_t from = 0; from <= hosts.size();) {
    const auto end = std::min(hosts.find(',', from), hosts.size());
    const auto host = hosts.substr(from, end - from);
    if (!host.empty() && host.front() != '/' && !is_this_machine(host)) return false;
    from = end + 1;
  }
  return true;
}

/// Records of people cross no network in the clear.
void must_be_private(const PQconninfoOption* options) {
  std::string_view host, address, mode;
  for (const auto* option = options; option->keyword; ++option) {
    const std::string_view keyword = option->keyword;
    if (keyword == "host") host = said(*option);
    if (keyword == "hostaddr") address = said(*option);
    if (keyword == "sslmode") mode = said(*option);
  }
  if (on_this_machine(address.empty() ? host : address) || mode == "require" || mode.starts_with("verify-")) return;
  throw Error("connect", "08004",
              "the database is on another machine, and nothing says that the way there is to be encrypted");
}

std::unique_ptr<PGconn, FinishConnection> connect(const std::string& conninfo, const std::string& application) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> options{PQconninfoParse(conninfo.c_str(), nullptr)};
  // libpq's own sentence would quote the string, password and all.
  if (!options) throw Error("connect", "08001", "the connection string cannot be read: give a postgresql:// URI");
  must_be_private(options.get());
  std::vector<const char*> keywords, values;
  const auto add = [&](const char* keyword, const char* value) {
    keywords.push_back(keyword);
    values.push_back(value);
  };
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->val) add(option->keyword, option->val);
  add("application_name", application.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  return std::unique_ptr<PGconn, FinishConnection>{PQconnectdbParams(keywords.data(), values.data(), 0)};
}

constexpr Statement settings{"connect/settings",
                             "SELECT set_config('DateStyle', 'ISO, YMD', false), set_config('TimeZone', 'UTC', false),"
                             " CASE WHEN $1 <> '' THEN set_config('role', $1, false) END"};

constexpr Statement copy_parameter{"copy-out/parameter",
                                   "SELECT set_config('answerable.p' || $1::int4::text, $2, true)"};

constexpr Statement local_setting{"begin/setting", "SELECT set_config($1, $2, true)"};

const char* begin_sql(Access access, Isolation isolation) {
  static constexpr std::array<std::array<const char*, 2>, 3> texts{{
      {"BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
      {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"},
      {"BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY", "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"},
  }};
  return texts.at(static_cast<std::size_t>(isolation)).at(static_cast<std::size_t>(access));
}

}  // namespace

Connection::Connection(const std::string& conninfo, std::string_view purpose, std::string_view role)
    : session_(std::make_unique<Session>()) {
  session_->line = connect(conninfo, fmt::format("answerable {}", purpose));
  PGconn* line = session_->line.get();
  if (PQstatus(line) != CONNECTION_OK) {
    std::string message = line ? PQerrorMessage(line) : "out of memory";
    while (!message.empty() && message.back() == '\n') message.pop_back();
    throw Error("connect", "08001", message);
  }
  // Notices may quote rows; libpq would print them on standard error.
  PQsetNoticeReceiver(
      line, [](void*, const PGresult*) {}, nullptr);
  session_->run_prepared(settings, Params(role));
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

bool Connection::alive() const {
  return !session_->in_transaction && !session_->line_is_dead();
}

void Connection::in_each_transaction(const std::string& setting, std::optional<std::string> value) {
  if (value)
    session_->in_each_transaction.insert_or_assign(setting, std::move(*value));
  else
    session_->in_each_transaction.erase(setting);
}

Transaction::Transaction(Connection& connection, Access access, Isolation isolation)
    : session_(connection.session_.get()) {
  if (session_->in_transaction)
    throw std::logic_error("a transaction is already open on this connection: end it first, or use another connection");
  session_->execute("BEGIN", begin_sql(access, isolation));
  session_->in_transaction = true;
  try {
    for (const auto& [setting, value] : session_->in_each_transaction)
      session_->run_prepared(local_setting, Params(setting, value));
  } catch (...) {
    roll_back();
    throw;
  }
}

void Transaction::roll_back() noexcept {
  // Whatever happens here, the server rolls back: at the latest when it sees the line is gone.
  const Answer ignored{PQexec(session_->line.get(), "ROLLBACK")};
  session_->in_transaction = false;
}

Transaction::~Transaction() {
  if (open_) roll_back();
}

Result Transaction::run(const Statement& statement, const Params& params) {
  if (!open_) throw std::logic_error(fmt::format("statement \"{}\" was run after commit", statement.name));
  return Result{session_->run_prepared(statement, params).release()};
}

Result Transaction::run_one(const Statement& statement, const Params& params) {
  Result result = run(statement, params);
  if (result.rows() == 0) throw Error(statement.name, "02000", "no row");
  if (result.rows() > 1) throw Error(statement.name, "21000", fmt::format("{} rows", result.rows()));
  return result;
}

CopyIn Transaction::copy_in(const Statement& statement) {
  if (!open_) throw std::logic_error(fmt::format("statement \"{}\" was run after commit", statement.name));
  const Answer answer = session_->execute(statement.name, statement.sql);
  if (PQresultStatus(answer.get()) != PGRES_COPY_IN || PQbinaryTuples(answer.get()) != 1)
    throw std::logic_error(fmt::format("statement \"{}\" is not a binary COPY FROM STDIN", statement.name));
  return {*session_, statement.name};
}

CopyOut Transaction::open_copy_out(const Statement& statement, const std::vector<std::string>& settings_given) {
  if (!open_) throw std::logic_error(fmt::format("statement \"{}\" was run after commit", statement.name));
  for (std::size_t i = 0; i < settings_given.size(); ++i)
    session_->run_prepared(copy_parameter, Params(static_cast<std::int32_t>(i + 1), settings_given[i]));
  const Answer answer = session_->execute(statement.name, statement.sql);
  if (PQresultStatus(answer.get()) != PGRES_COPY_OUT || PQbinaryTuples(answer.get()) != 1)
    throw std::logic_error(fmt::format("statement \"{}\" is not a binary COPY TO STDOUT", statement.name));
  return {*session_, statement.name};
}

void Transaction::commit() {
  if (!open_) throw std::logic_error("commit was called twice");
  session_->check_not_copying("COMMIT");
  const Answer answer{PQexec(session_->line.get(), "COMMIT")};
  open_ = false;
  session_->in_transaction = false;
  const bool done = answer && PQresultStatus(answer.get()) == PGRES_COMMAND_OK;
  if (!done && session_->line_is_dead()) {
    const char* state = answer ? PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE) : nullptr;
    throw InDoubt("COMMIT", state ? state : "", "the line died while committing: nobody knows whether it was done");
  }
  session_->check("COMMIT", answer.get());
  // COMMIT after an error that was swallowed succeeds, with this tag: nothing was stored.
  if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT")
    throw Error("COMMIT", "25P02", "the server answered ROLLBACK");
}

}  // namespace answerable::pg
