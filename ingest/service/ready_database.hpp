#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "ingest/cli/program.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/service/log.hpp"

namespace CLI {
class App;
}

namespace answerable::service {

/// --door of a service that can be given a server of one's own.
void add_door_option(CLI::App& command, std::string& door);

/// The database a service works on, as each role logs in to it, and fit to be relied on. A private server that is
/// killed is started again while this lives.
class ReadyDatabase {
 public:
  /// \param door with --database: as answerable_door logs in
  /// \throws cli::Failure(database)
  ReadyDatabase(const cli::Common& common, std::string door, Log& log);

  /// The conninfo that logs in as a role. Checked: \throws cli::Failure(database) saying in a sentence why this
  /// database must not be served from, and what to do
  std::string as(std::string_view role) const;

 private:
  void keep_running(const std::stop_token& stop, Log& log);

  pg::Database database_;
  bool own_;  ///< the server is the user's: each service is given the URI of its role
  std::string door_;
  std::jthread keeper_;  // last: ends first
};

}  // namespace answerable::service
