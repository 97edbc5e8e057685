#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/cli/reading.hpp"
#include "audit/engine/council_rules.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/cli/report_commands.hpp"
#include "reports/cli/whom.hpp"
#include "reports/pages/gather.hpp"
#include "reports/pages/lookups.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::cli {
namespace {

struct TrailOptions {
  std::string person, complaint, output, as_of, known_at, authority;
  Reading reading;
};

std::int64_t gaps(const pages::Trail& trail) {
  return std::ranges::count_if(trail.chronology, [](const pages::ChronologyRow& row) {
    const auto* gap = std::get_if<pages::Gap>(&row);
    return gap != nullptr && gap->missing;
  });
}

std::string told(const pages::Trail& trail, const std::vector<std::filesystem::path>& files) {
  std::string out = fmt::format("Audit trail of {}, {}, as of {}, {} known.\n", printable(trail.person.name()),
                                printable(trail.council), words(trail.horizon.as_of),
                                pages::count_of(trail.horizon.known_at, "record", "records"));
  const auto lines =
      std::ranges::count_if(trail.chronology, [](const auto& row) { return std::holds_alternative<pages::Line>(row); });
  out += fmt::format("  {} in the chronology, {}\n", pages::count_of(lines, "line", "lines"),
                     pages::count_of(gaps(trail), "gap", "gaps"));
  for (const auto& [outcome, count] : trail.outcomes())
    out += fmt::format("  {:>6}  {}\n", count, pages::outcome_words(outcome));
  for (const auto& file : files) out += fmt::format("{}\n", file.string());
  return out;
}

nlohmann::ordered_json json(const pages::Trail& trail, const std::vector<std::filesystem::path>& files) {
  nlohmann::ordered_json out{{"authority", trail.authority},
                             {"as_of", iso(trail.horizon.as_of)},
                             {"known_at", trail.horizon.known_at},
                             {"rule_set", hex(trail.rule_set)},
                             {"case", trail.case_reference}};
  out["lines"] =
      std::ranges::count_if(trail.chronology, [](const auto& row) { return std::holds_alternative<pages::Line>(row); });
  out["gaps"] = gaps(trail);
  out["outcomes"] = nlohmann::ordered_json::object();
  for (const auto& [outcome, count] : trail.outcomes()) out["outcomes"][std::string(engine::word(outcome))] = count;
  out["files"] = nlohmann::ordered_json::array();
  for (const auto& file : files) out["files"].push_back(file.string());
  return out;
}

int write_trail(const Common& common, const TrailOptions& options) {
  const Day as_of = options.as_of.empty() ? london_day(now()) : parse_as_of(options.as_of);
  std::optional<std::variant<std::int64_t, Instant>> known;
  if (!options.known_at.empty()) known = parse_known_at(options.known_at);
  const auto database = open_database(common);
  pg::Connection connection(database.conninfo(), "reports", "answerable_desk");
  const auto found =
      find_one(connection,
               options.complaint.empty() ? parse_person(options.person) : engine::Identifier{"case", options.complaint},
               options.authority);
  pages::TrailRequest request{.authority = found.council.authority,
                              .subject = found.subject,
                              .case_reference = options.complaint,
                              .as_of = as_of,
                              .known_at = {}};
  if (known) request.known_at = known_number(connection, request.authority, *known);

  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  auto catalogue = [&] {
    pg::Transaction transaction(connection, pg::Access::read_only);
    return engine::catalogue_for(transaction, request.authority, kinds);
  }();
  options.reading.note(connection, request.authority, request.subject, "trail");
  const auto trail = pages::gather(connection, catalogue, kinds, request);
  const auto files = pages::write(trail, options.output);
  if (common.json) {
    print_json(json(trail, files));
  } else {
    print(told(trail, files));
  }
  const bool wrong =
      std::ranges::any_of(trail.findings, [](const auto& it) { return engine::needs_attention(it.why.outcome); });
  return common.exit_code && wrong ? findings : done;
}

}  // namespace

void add_trail_command(Program& program) {
  const auto options = std::make_shared<TrailOptions>();
  auto& command = program.add("trail", "Writes the audit trail of a person or a complaint: HTML, PDF, CSV and XML",
                              [options](const Common& common) { return write_trail(common, *options); });
  auto* whom = command.add_option_group("whom");
  whom->add_option("--person", options->person, "NHS number, council:NUMBER or sender:SCHEME:CODE/NUMBER")
      ->type_name("ID");
  whom->add_option("--case", options->complaint, "A complaint's reference: its lines come first, then its person's")
      ->type_name("ID");
  whom->require_option(1);
  command.add_option("--output", options->output, "Folder for the files; made when absent")
      ->type_name("DIR")
      ->required();
  command.add_option("--as-of", options->as_of, "Look from this day (default: today)")->type_name("DATE");
  command
      .add_option("--known-at", options->known_at,
                  "Use only the first N records, or those received by a moment or the end of a day")
      ->type_name("N|TIME");
  command.add_option("--authority", options->authority, "Council's code, where more than one holds the person")
      ->type_name("CODE");
  options->reading.add_to(command);
}

}  // namespace answerable::cli
