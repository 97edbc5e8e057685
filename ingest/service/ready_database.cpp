#include "ingest/service/ready_database.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "ingest/access/database_check.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::service {

using namespace std::chrono_literals;

void add_door_option(CLI::App& command, std::string& door) {
  command
      .add_option("--door", door,
                  "With --database: the URI that logs in as answerable_door, which knows accounts and no records")
      ->type_name("URI");
}

ReadyDatabase::ReadyDatabase(const cli::Common& common, std::string door, Log& log)
    : database_(cli::open_database(common)), own_(common.database.has_value()), door_(std::move(door)) {
  if (!own_) keeper_ = std::jthread([this, &log](const std::stop_token& stop) { keep_running(stop, log); });
}

void ReadyDatabase::keep_running(const std::stop_token& stop, Log& log) {
  std::mutex access;
  std::unique_lock lock(access);
  std::condition_variable_any ending;
  while (!ending.wait_for(lock, stop, 1s, [&] { return stop.stop_requested(); })) try {
      if (database_.start_again()) log.warning("database-started-again");
    } catch (const std::exception& error) {
      log.error("database-not-started", error);
    }
}

std::string ReadyDatabase::as(std::string_view role) const {
  const bool is_door = role == "answerable_door";
  if (own_ && is_door && door_.empty())
    throw cli::Failure(cli::usage, "--database needs --door too: the URI that logs in as answerable_door");
  // libpq takes the last word on a setting.
  std::string conninfo = !own_     ? fmt::format("{} user={}", database_.conninfo(), role)
                         : is_door ? door_
                                   : database_.conninfo();
  pg::Connection connection(conninfo, "service, checking");
  if (const auto why = access::refuse_database(connection, role, share_folder() / "schemas" / "database"))
    throw cli::Failure(cli::database, *why);
  return conninfo;
}

}  // namespace answerable::service
