#include "audit/cli/replay_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "audit/replay/replay.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"

namespace answerable::cli {
namespace {

int run_replay(const Common& common, const std::vector<std::string>& files) {
  std::vector<replay::Chronology> cases;
  int code = done;
  for (const auto& file : files) {
    try {
      cases.push_back(replay::read_case(file));
    } catch (const replay::BadCase& error) {
      // The others are replayed all the same.
      fmt::print(stderr, "answerable: {}\n", printable(error.what()));
      code = refused;
    }
  }
  if (cases.empty()) return code;
  std::optional<ProgressBar> bar(std::in_place, "Replaying", cases.size());
  replay::Replayer replayer;
  nlohmann::ordered_json document{{"policy", replayer.policy_note()}, {"cases", nlohmann::ordered_json::array()}};
  std::string out;
  bool found = false;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    bar->show(i);
    const auto result = replayer.replay(cases[i]);
    found = found || !result.findings.empty();
    if (common.json) {
      document["cases"].push_back(replay::json(result));
    } else {
      out += replay::text(result) + '\n';
    }
  }
  bar.reset();
  if (common.json) {
    print_json(document);
  } else {
    print(printable(out + "Time targets: " + replayer.policy_note() + '\n'));
  }
  return code == done && common.exit_code && found ? ExitCode::findings : code;
}

}  // namespace

void add_replay_command(Program& program) {
  const auto files = std::make_shared<std::vector<std::string>>();
  auto& command =
      program.add("replay",
                  "Tell decided ombudsman cases again as records, in a private database that is thrown away, "
                  "and say what the audit finds in them and since when",
                  [files](const Common& common) { return run_replay(common, *files); });
  command.add_option("CASE", *files, "Case files (JSON); only people, parties, events, council and decided are read")
      ->required();
}

}  // namespace answerable::cli
