#include "reports/cli/serve_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "audit/ledger/keys.hpp"
#include "audit/service/ledger_doors.hpp"
#include "audit/service/worker.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/locations.hpp"
#include "ingest/service/intake_doors.hpp"
#include "ingest/service/later.hpp"
#include "ingest/service/ready_database.hpp"
#include "ingest/service/service.hpp"
#include "reports/demo/demo_accounts.hpp"
#include "reports/service/first_administrator.hpp"
#include "reports/service/people_doors.hpp"

namespace answerable::cli {
namespace {

struct ReportsServeOptions : service::ServeOptions {
  std::string authority, door;
  service::PeopleOptions people;
};

struct ServeAllOptions : service::ServeOptions {
  std::string authority, scanner;
  std::filesystem::path keys, spool;
  service::PeopleOptions people;
  bool demo{};
};

std::optional<service::FirstAdministrator> first_administrator(const std::string& door, const std::string& authority) {
  pg::Connection connection(door, "first administrator", "answerable_door");
  return service::first_administrator(connection, authority);
}

std::string first_words(const std::optional<service::FirstAdministrator>& first, const std::string& address) {
  if (!first) return "";
  return fmt::format(
      "Nobody has an account yet. Whoever opens this link and gives the code becomes the administrator of accounts of "
      "{}, chooses a password, and signs in as {}. It holds once, for a day:\n{}/link\nCode: {}\n",
      first->council, service::first_administrator_email, address, first->code);
}

int serve_reports(const Common& common, const ReportsServeOptions& options) {
  service::Service service("reports");
  const service::ReadyDatabase database(common, options.door, service.log());
  const std::string door = database.as("answerable_door");
  const auto first = first_administrator(door, options.authority);
  auto people = options.people;
  people.need_second_factor = options.need_second_factor();
  service::PeopleDoors doors(database.as("answerable_reports"), door, people, service.log());
  service.show_problems([&](const auto& problem, const auto& request) { return doors.problem_page(problem, request); });
  service.run(
      options.listening(), doors.routes(), [&] { return doors.ready(); },
      [&](const std::string& address) {
        print_at_once(fmt::format("Reports answer at {}\n{}", address, first_words(first, address)));
      });
  return done;
}

std::string demonstration_accounts(const std::string& door) {
  pg::Connection connection(door, "demonstration", "answerable_door");
  return demo::account_words(demo::accounts(connection));
}

std::vector<http::Route> joined(std::vector<http::Route> routes, std::vector<http::Route> more) {
  std::ranges::move(more, std::back_inserter(routes));
  return routes;
}

/// What people send from the pages goes the way everything goes; here at an address of this machine that only these
/// pages know, whatever certificate the service itself shows.
http::Server way_in_for_pages(service::IntakeDoors& intake, service::Log& log) {
  std::vector<http::Route> routes;
  for (auto& route : intake.routes()) routes.push_back(service::unless_later(std::move(route), log));
  return http::Server({.addresses = {"127.0.0.1:0"}}, http::Router(std::move(routes)),
                      {.failed = [&log](const std::exception& error) { log.error("request-failed", error); }});
}

int serve_all(const Common& common, const ServeAllOptions& options) {
  if (common.database)
    throw Failure(usage,
                  "`answerable serve` uses the private server. With one of your own each service logs in under its own "
                  "role: run answerable-ingest serve, answerable-audit serve and answerable-reports serve.");
  const auto keys = !options.keys.empty() ? options.keys : options.demo ? common.data / "keys" : default_keys_folder();
  if (options.demo) demo::prepare(common.data, keys, std::cerr);
  service::Service service("answerable");
  const service::ReadyDatabase database(common, "", service.log());
  const std::string door = database.as("answerable_door");
  const std::string shown = options.demo ? demonstration_accounts(door) : "";
  const auto first = options.demo ? std::nullopt : first_administrator(door, options.authority);
  // Of a demonstration's accounts some have one; nobody has to set one up to look round.
  const auto need_second_factor =
      options.demo && !options.second_factor ? std::vector<access::Role>{} : options.need_second_factor();
  const std::string audit = database.as("answerable_audit");
  service::IntakeDoors intake({.conninfo = database.as("answerable_ingest"),
                               .door = door,
                               .authority = options.authority,
                               .spool = options.spool.empty() ? common.data / "spool" : options.spool,
                               .need_second_factor = need_second_factor,
                               .scanner = options.scanner},
                              service.log(), service.metrics());
  service::LedgerDoors ledger(audit, door, options.authority, need_second_factor, service.log());
  const http::Server inside = way_in_for_pages(intake, service.log());
  auto people_options = options.people;
  people_options.intake = "http://" + inside.address();
  people_options.need_second_factor = need_second_factor;
  service::PeopleDoors people(database.as("answerable_reports"), door, people_options, service.log());
  const service::Worker worker(audit, "answerable_audit", ledger::Keys(keys), service.log(), service.metrics());
  service.show_problems(
      [&](const auto& problem, const auto& request) { return people.problem_page(problem, request); });
  service.run(
      options.listening(), joined(joined(intake.routes(), ledger.routes()), people.routes()),
      [&] { return intake.ready() && ledger.ready() && people.ready(); },
      [&](const std::string& address) {
        print_at_once(fmt::format("Answerable answers at {}\n{}{}", address, shown, first_words(first, address)));
      });
  return done;
}

constexpr const char* authority_help =
    "In which council the first administrator is made, and whose accounts client certificates belong to: a CASSR code";

void add_people_options(CLI::App& command, service::PeopleOptions& people) {
  command.add_flag("--single-sign-on", people.single_sign_on,
                   "Believe whom the proxy on the Unix socket says it is; it must let nobody else say so");
  command
      .add_option("--security-contact", people.security_contact,
                  "Whom to tell of a weakness, for /.well-known/security.txt (RFC 9116)")
      ->type_name("URI");
}

void add_reports_alone(Program& program) {
  const auto options = std::make_shared<ReportsServeOptions>();
  auto& command = program.add("serve", "Pages for people: sign in, findings, trails, approvals, accounts.",
                              [options](const Common& common) { return serve_reports(common, *options); });
  options->add_to(command, "127.0.0.1:8083");
  add_people_options(command, options->people);
  command
      .add_option("--authority", options->authority, "In which council the first administrator is made: a CASSR code")
      ->type_name("CODE");
  options->people.intake = "http://127.0.0.1:8081";
  command
      .add_option("--intake", options->people.intake,
                  "Where the intake answers, to which what people send from the pages goes: an address of this machine")
      ->type_name("URL|unix:FILE")
      ->capture_default_str();
  service::add_door_option(command, options->door);
}

void add_all_together(Program& program) {
  const auto options = std::make_shared<ServeAllOptions>();
  auto& command = program.add("serve-all", "Intake, audit and pages for people, together in one process.",
                              [options](const Common& common) { return serve_all(common, *options); });
  options->add_to(command, "127.0.0.1:8080");
  add_people_options(command, options->people);
  command.add_flag("--demo", options->demo,
                   "With made-up records and an account for each role, printed with its password; --data must be new, "
                   "or a demonstration's");
  command.add_option("--authority", options->authority, authority_help)->type_name("CODE");
  command.add_option("--keys", options->keys, "Folder with the signing keys (default: under the XDG config folder)")
      ->type_name("DIR");
  command
      .add_option("--spool", options->spool, "Where files wait while they come in (default: spool in the data folder)")
      ->type_name("DIR");
  add_scanner_option(command, options->scanner);
}

}  // namespace

void add_reports_serve_commands(Program& program) {
  add_reports_alone(program);
  add_all_together(program);
}

}  // namespace answerable::cli
