#include "ingest/cli/serve_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/locations.hpp"
#include "ingest/service/intake_doors.hpp"
#include "ingest/service/ready_database.hpp"
#include "ingest/service/service.hpp"

namespace answerable::cli {
namespace {

struct IntakeServeOptions : service::ServeOptions {
  std::string authority, spool, door, scanner;
  std::size_t at_once{2};
  int per_minute{600};
};

int serve_intake(const Common& common, const IntakeServeOptions& options) {
  service::Service service("ingest");
  const service::ReadyDatabase database(common, options.door, service.log());
  service::IntakeDoors doors(
      {.conninfo = database.as("answerable_ingest"),
       .door = database.as("answerable_door"),
       .authority = options.authority,
       .spool = options.spool.empty() ? (common.data.empty() ? default_data_folder() : common.data) / "spool"
                                      : std::filesystem::path(options.spool),
       .at_once = options.at_once,
       .per_minute = options.per_minute,
       .need_second_factor = options.need_second_factor(),
       .scanner = options.scanner},
      service.log(), service.metrics());
  service.run(
      options.listening(), doors.routes(), [&] { return doors.ready(); },
      [](const std::string& address) { print_at_once(fmt::format("Intake answers at {}\n", address)); });
  return done;
}

}  // namespace

void add_intake_serve_command(Program& program) {
  const auto options = std::make_shared<IntakeServeOptions>();
  auto& command = program.add("serve", "Take files in over HTTP: the API of schemas/api/openapi.json.",
                              [options](const Common& common) { return serve_intake(common, *options); });
  options->add_to(command, "127.0.0.1:8081");
  command.add_option("--authority", options->authority, "Whose accounts client certificates belong to: a CASSR code")
      ->type_name("CODE");
  command
      .add_option("--spool", options->spool, "Where files wait while they come in (default: spool in the data folder)")
      ->type_name("DIR");
  command.add_option("--at-once", options->at_once, "Files read at once")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command.add_option("--per-minute", options->per_minute, "Files that one account may send in a minute")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  add_scanner_option(command, options->scanner);
  service::add_door_option(command, options->door);
}

}  // namespace answerable::cli
