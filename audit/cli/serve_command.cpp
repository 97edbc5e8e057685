#include "audit/cli/serve_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "audit/ledger/keys.hpp"
#include "audit/service/ledger_doors.hpp"
#include "audit/service/worker.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/locations.hpp"
#include "ingest/service/ready_database.hpp"
#include "ingest/service/service.hpp"

namespace answerable::cli {
namespace {

struct AuditServeOptions : service::ServeOptions {
  std::filesystem::path keys;
  std::string door, authority;
};

int serve_audit(const Common& common, const AuditServeOptions& options) {
  service::Service service("audit");
  const service::ReadyDatabase database(common, options.door, service.log());
  const std::string conninfo = database.as("answerable_audit");
  service::LedgerDoors doors(conninfo, database.as("answerable_door"), options.authority, options.need_second_factor(),
                             service.log());
  const service::Worker worker(conninfo, "answerable_audit",
                               ledger::Keys(options.keys.empty() ? default_keys_folder() : options.keys), service.log(),
                               service.metrics());
  service.run(
      options.listening(), doors.routes(), [&] { return doors.ready(); },
      [](const std::string& address) { print_at_once(fmt::format("The audit answers at {}\n", address)); });
  return done;
}

}  // namespace

void add_audit_serve_command(Program& program) {
  const auto options = std::make_shared<AuditServeOptions>();
  auto& command = program.add(
      "serve", "Judge what comes in and what falls due, sign the ledger, verify it each night; give receipts out.",
      [options](const Common& common) { return serve_audit(common, *options); });
  options->add_to(command, "127.0.0.1:8082");
  command.add_option("--keys", options->keys, "Folder with the signing keys (default: under the XDG config folder)")
      ->type_name("DIR");
  command.add_option("--authority", options->authority, "Whose accounts client certificates belong to: a CASSR code")
      ->type_name("CODE");
  service::add_door_option(command, options->door);
}

}  // namespace answerable::cli
