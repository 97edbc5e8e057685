#include "reports/demo/demo_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "reports/demo/demo.hpp"

namespace answerable::cli {
namespace {

nlohmann::ordered_json json(const demo::Result& result) {
  nlohmann::ordered_json out{{"files", result.files},
                             {"records", result.records},
                             {"findings", result.findings},
                             {"data", result.data.string()}};
  for (const demo::Trail& trail : result.trails) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const auto& finding : trail.findings)
      findings.push_back({{"rule", finding.rule}, {"outcome", finding.outcome}, {"sentence", finding.sentence}});
    out["trails"].push_back(
        {{"title", trail.title}, {"folder", trail.folder.string()}, {"findings", std::move(findings)}});
  }
  const demo::Comparison& c = result.comparison;
  out["generated"] = {{"planted", c.planted}, {"found", c.found}, {"missed", c.missed}, {"unplanted", c.unplanted}};
  return out;
}

}  // namespace

void add_demo_command(Program& program) {
  auto settings = std::make_shared<demo::Settings>();
  settings->output = "answerable-demo";
  CLI::App& command = program.add(
      "demo",
      "Takes in made-up records, as if on the days they would have come, audits them and writes their trails. "
      "Its database is made anew each time below the output folder; --data and --database are not used.",
      [settings](const Common& common) -> int {
        settings->as_of = london_day(now());
        const auto result = demo::run(*settings, std::cerr);
        if (common.json) {
          print_json(json(result));
        } else {
          std::ostringstream text;
          demo::print(result, *settings, text);
          print(text.str());
        }
        return done;
      });
  command.add_option("--output", settings->output, "Where the trails and the database go")
      ->type_name("DIR")
      ->capture_default_str();
  command.add_option("--people", settings->people, "People in the generated council; 0 for none")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
}

}  // namespace answerable::cli
