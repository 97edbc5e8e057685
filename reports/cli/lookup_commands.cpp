#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/pages/lookups.hpp"
#include "reports/pages/wording.hpp"
#include "reports/render/terminal.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

struct LookupOptions {
  std::string authority, text, sender;
};

/// What a lookup answers with, in both forms.
struct Answer {
  std::vector<render::TerminalColumn> columns;
  Rows rows;
  ordered_json json = ordered_json::array();
  std::string one, many;
};

ordered_json maybe(const std::optional<Happened>& when) {
  return when ? ordered_json(iso(*when)) : ordered_json(nullptr);
}

int print_answer(const Common& common, const Answer& answer) {
  if (common.json) {
    print_json(answer.json);
  } else {
    print(render::table(answer.columns, answer.rows, 120));
    print(pages::capital(pages::count_of(static_cast<std::int64_t>(answer.rows.size()), answer.one, answer.many)) +
          ".\n");
  }
  return done;
}

Answer people(pg::Connection& connection, const LookupOptions& options) {
  Answer out{
      .columns = {{"Council"}, {"Name"}, {"Records", true}, {"Need attention", true}, {"Last received"}, {"Known by"}},
      .rows = {},
      .one = "person",
      .many = "people"};
  for (const auto& it : pages::people(connection, pages::councils(connection, options.authority), options.text)) {
    std::vector<std::string> numbers;
    auto identifiers = ordered_json::array();
    for (const auto& identifier : it.identifiers) {
      numbers.push_back(fmt::format("{}:{}", identifier.scheme, identifier.value));
      identifiers.push_back({{"scheme", identifier.scheme}, {"value", identifier.value}});
    }
    out.rows.push_back({it.authority, it.name, grouped(it.records), grouped(it.needing_attention),
                        fmt::format("{} (record {})", words(it.last_received), it.last_record),
                        fmt::format("{}", fmt::join(numbers, ", "))});
    out.json.push_back({{"authority", it.authority},
                        {"name", it.name},
                        {"identifiers", identifiers},
                        {"records", it.records},
                        {"findings_needing_attention", it.needing_attention},
                        {"last_record", it.last_record},
                        {"last_received_on", iso(it.last_received)}});
  }
  return out;
}

Answer agreements(pg::Connection& connection, const LookupOptions& options) {
  Answer out{.columns = {{"Council"},
                         {"Reference"},
                         {"Type"},
                         {"Party"},
                         {"In force"},
                         {"Reports agreed"},
                         {"Received", true},
                         {"Acts", true},
                         {"Functions"}},
             .rows = {},
             .one = "agreement",
             .many = "agreements and versions of agreements"};
  for (const auto& it : pages::agreements(connection, pages::councils(connection, options.authority))) {
    const auto& agreement = it.agreement;
    out.rows.push_back({it.authority, agreement.reference, agreement.type, agreement.party_name,
                        fmt::format("{} to {}{}", iso(agreement.from), agreement.until ? iso(*agreement.until) : "",
                                    agreement.revoked ? ", revoked" : ""),
                        agreement.reports.empty() ? "none" : agreement.reports, grouped(it.reports_received),
                        grouped(it.acts), fmt::format("{}", fmt::join(it.functions, ", "))});
    out.json.push_back({{"authority", it.authority},
                        {"reference", agreement.reference},
                        {"type", agreement.type},
                        {"parties", agreement.parties},
                        {"party_name", agreement.party_name},
                        {"functions", it.functions},
                        {"extent", agreement.extent},
                        {"from", iso(agreement.from)},
                        {"until", maybe(agreement.until)},
                        {"revoked", agreement.revoked},
                        {"monitoring", agreement.monitoring},
                        {"reports", agreement.reports},
                        {"reports_received", it.reports_received},
                        {"acts", it.acts},
                        {"record", agreement.number}});
  }
  return out;
}

Answer submissions(pg::Connection& connection, const LookupOptions& options) {
  Answer out{
      .columns =
          {{"Receipt"}, {"Sender"}, {"Received"}, {"Stored", true}, {"Held", true}, {"Bytes", true}, {"Message"}},
      .rows = {},
      .one = "submission",
      .many = "submissions"};
  for (const auto& it :
       pages::submissions(connection, pages::councils(connection, options.authority), options.sender)) {
    out.rows.push_back({it.id, fmt::format("{} ({})", it.sender_name, it.sender), pages::moment_words(it.received_at),
                        grouped(it.stored), grouped(it.held), grouped(it.bytes), it.message_id});
    out.json.push_back({{"receipt", it.id},
                        {"sender", it.sender},
                        {"sender_name", it.sender_name},
                        {"message_id", it.message_id},
                        {"received_at", iso(it.received_at)},
                        {"stored", it.stored},
                        {"held", it.held},
                        {"already_held", it.already_held},
                        {"bytes", it.bytes},
                        {"sha256", hex(it.sha256)}});
  }
  return out;
}

using Lookup = Answer (*)(pg::Connection&, const LookupOptions&);

CLI::App& add(Program& program, const char* name, const char* description, Lookup lookup,
              const std::shared_ptr<LookupOptions>& options) {
  auto& command = program.add(name, description, [options, lookup](const Common& common) {
    const auto database = open_database(common);
    pg::Connection connection(database.conninfo(), "reports", "answerable_desk");
    return print_answer(common, lookup(connection, *options));
  });
  command.add_option("--authority", options->authority, "Only this council, by its code")->type_name("CODE");
  return command;
}

}  // namespace

void add_lookup_commands(Program& program) {
  const auto options = std::make_shared<LookupOptions>();
  add(program, "people", "Lists people: numbers, records, findings that need attention", people, options)
      .add_option("TEXT", options->text, "Part of a name or number");
  add(program, "agreements", "Lists agreements: party, functions, time in force, reports, acts under them", agreements,
      options);
  add(program, "submissions", "Lists the files taken in", submissions, options)
      .add_option("--sender", options->sender, "Only this sender: ods:RH5")
      ->type_name("KEY");
}

}  // namespace answerable::cli
