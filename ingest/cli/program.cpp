#include "ingest/cli/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "ingest/locations.hpp"
#include "ingest/pg/error.hpp"
#include "ingest/pg/migrations.hpp"
#include "ingest/pg/private_server.hpp"

namespace answerable::cli {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 done; 1 findings or held records, with --exit-code; 2 wrong usage; 3 input refused, nothing of it "
    "stored;\n"
    "4 database; 5 internal error.";

}  // namespace

struct Program::Parts {
  CLI::App app;
  Common common;
  std::string format{"text"}, data, database;
  std::function<int()> chosen;

  int guarded(int argc, char** argv);
};

Program::Program(const std::string& name, const std::string& description) : parts_(std::make_unique<Parts>()) {
  parts_->app.name(name);
  parts_->app.description(description);
  parts_->app.footer(exit_codes);
  parts_->app.require_subcommand(1);
}

Program::~Program() = default;

CLI::App& Program::add(const std::string& name, const std::string& description, Action action) {
  Parts& parts = *parts_;
  CLI::App& command = *parts.app.add_subcommand(name, description);
  command.footer(exit_codes);
  const char* const group = "Common options";
  command.add_option("--data", parts.data, "Folder with the private database (default: under the XDG data folder)")
      ->type_name("DIR")
      ->group(group);
  command.add_option("--database", parts.database, "Another PostgreSQL database instead: postgresql://…")
      ->type_name("URI")
      ->group(group);
  command.add_option("--format", parts.format, "text for people, json for machines")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str()
      ->group(group);
  command.add_flag("--exit-code", parts.common.exit_code, "End with 1 when there are findings or held records")
      ->group(group);
  command.callback(
      [&parts, action = std::move(action)] { parts.chosen = [&parts, action] { return action(parts.common); }; });
  return command;
}

void Program::add_hidden(const std::string& name, std::function<int()> action) {
  Parts& parts = *parts_;
  parts.app.add_subcommand(name)->group("")->callback([&parts, action = std::move(action)] { parts.chosen = action; });
}

int Program::Parts::guarded(int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : usage;
  }
  common.json = format == "json";
  if (!database.empty()) common.database = database;
  common.data = data.empty() && !common.database ? default_data_folder() : std::filesystem::path(data);
  return chosen();
}

int Program::run(int argc, char** argv) {
  const auto fail = [](int code, const char* message) {
    fmt::print(stderr, "answerable: {}\n", message);
    return code;
  };
  try {
    const int code = parts_->guarded(argc, argv);
    if (std::fflush(stdout) != 0) return fail(internal, "the output could not be written");
    return code;
  } catch (const Failure& error) {
    return fail(error.code, error.what());
  } catch (const pg::Error& error) {
    return fail(cli::database, error.what());
  } catch (const pg::MigrationError& error) {
    return fail(cli::database, error.what());
  } catch (const std::exception& error) {
    return fail(internal, error.what());
  }
}

void add_scanner_option(CLI::App& command, std::string& scanner) {
  command
      .add_option("--scanner", scanner,
                  "ClamAV's clamd on this machine, which looks at every document before it is stored")
      ->type_name("unix:FILE|HOST:PORT");
}

pg::Database open_database(const Common& common) {
  try {
    return pg::Database::open(common.database, common.data);
  } catch (const pg::Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Failure(database, error.what());
  }
}

}  // namespace answerable::cli
