#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ingest/access/accounts.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/verbs.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"

namespace answerable::cli {

/// Whose account a command is about.
struct Whose {
  std::string authority, email;

  void add_to(CLI::App& command);
};

/// What the commands about accounts work at: the database, as the role that knows accounts and no records.
struct AccountDesk {
  explicit AccountDesk(const Common& common)
      : database(open_database(common)), door(database.conninfo(), "accounts", "answerable_door") {}

  /// \throws Failure(usage) when there is none
  access::Account account(const Whose& whose);

  pg::Database database;
  pg::Connection door;
};

/// Adds a verb whose options live with it. What access::Refused says becomes wrong usage.
template <class Options>
CLI::App& add_account_verb(Verbs& verbs, const std::string& verb, const std::string& description,
                           std::shared_ptr<Options> options,
                           int (*action)(const Common&, AccountDesk&, const Options&)) {
  return verbs.add(verb, description, [options = std::move(options), action](const Common& common) {
    try {
      AccountDesk desk(common);
      return action(common, desk, *options);
    } catch (const access::Refused& refused) {
      throw Failure(usage, refused.what());
    }
  });
}

/// A day that an option gave, to its end in London. \throws Failure(usage)
Instant end_of_day(const std::string& text);

}  // namespace answerable::cli
