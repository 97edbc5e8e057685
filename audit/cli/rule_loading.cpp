#include "audit/cli/rule_loading.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "audit/cli/rules_command.hpp"
#include "audit/engine/council_rules.hpp"
#include "audit/trial/trial.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/document.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::cli {
namespace {

using engine::Catalogue;
using nlohmann::ordered_json;

/// The shipped rules with these files added, or in the place of the rule of that name. \throws Failure(refused)
Catalogue with_files(const std::vector<Catalogue::File>& added, const xml::Kinds& kinds) {
  auto files = Catalogue::shipped();
  for (const auto& file : added) {
    std::erase_if(files, [&](const auto& other) { return other.id == file.id; });
    files.push_back(file);
  }
  try {
    return Catalogue::from(std::move(files), kinds);
  } catch (const std::runtime_error& problem) {
    throw Failure(refused, problem.what());
  }
}

std::vector<Catalogue::File> read_files(const std::vector<std::string>& paths) {
  std::vector<Catalogue::File> files;
  for (const auto& path : paths) {
    try {
      files.push_back(Catalogue::read(path));
    } catch (const std::runtime_error& problem) {
      throw Failure(usage, problem.what());
    }
  }
  return files;
}

/// Tries every example of the files. \throws Failure(refused) for a file that is no rule
std::vector<trial::Result> try_files(const std::vector<Catalogue::File>& files, const xml::Kinds& kinds) {
  auto catalogue = with_files(files, kinds);
  std::vector<std::string> ids;
  for (const auto& file : files) ids.push_back(file.id);
  return trial::run(kinds, catalogue, ids);
}

std::string results_text(const std::vector<trial::Result>& results) {
  std::string out, rule;
  for (const auto& result : results) {
    if (result.rule != rule) out += fmt::format("{}{}\n", out.empty() ? "" : "\n", rule = result.rule);
    out += fmt::format("  {:<5} {} ({})\n", result.held() ? "ok" : "NOT", result.example, word(result.expected));
    std::string problem = result.problem;
    for (std::size_t at = 0; (at = problem.find('\n', at)) != std::string::npos; at += 9)
      problem.insert(at + 1, 8, ' ');
    if (!result.held()) out += fmt::format("        {}\n", problem);
  }
  return out;
}

int test_rules(const Common& common, const std::vector<std::string>& paths) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  const auto results = try_files(read_files(paths), kinds);
  const auto held = std::count_if(results.begin(), results.end(), [](const auto& result) { return result.held(); });
  const bool all = static_cast<std::size_t>(held) == results.size();
  if (common.json) {
    ordered_json document{{"examples", ordered_json::array()}};
    for (const auto& result : results)
      document["examples"].push_back({{"rule", result.rule},
                                      {"example", result.example},
                                      {"expected", word(result.expected)},
                                      {"held", result.held()},
                                      {"problem", result.problem}});
    print_json(document);
  } else {
    print(printable(results_text(results) +
                    fmt::format("\n{} of {} examples came to what they say.\n", held, results.size())));
  }
  return all ? done : refused;
}

struct Decision {
  std::string authority, by, reason;

  void add_to(CLI::App& command) {
    command.add_option("--authority", authority, "The council's CASSR code")->required()->type_name("CODE");
    command.add_option("--by", by, "Who decides it")->required()->type_name("NAME");
    command.add_option("--reason", reason, "Why")->required()->type_name("TEXT");
  }
};

int load_rules(const Common& common, const Decision& decision, const std::vector<std::string>& paths) {
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  const auto files = read_files(paths);
  const auto results = try_files(files, kinds);
  if (std::any_of(results.begin(), results.end(), [](const auto& result) { return !result.held(); }))
    throw Failure(refused,
                  "nothing was loaded: a rule must do what its own examples say\n" + printable(results_text(results)));
  const auto database = open_database(common);
  pg::Connection connection(database.conninfo(), "rules", "answerable_audit");
  pg::Transaction transaction(connection, pg::Access::read_write);
  try {
    for (const auto& file : files)
      engine::load_rule(transaction, decision.authority, file, decision.by, decision.reason);
  } catch (const std::invalid_argument& problem) {
    throw Failure(refused, problem.what());
  }
  transaction.commit();
  if (common.json) {
    ordered_json document{{"authority", decision.authority}, {"loaded", ordered_json::array()}};
    for (const auto& file : files) document["loaded"].push_back({{"id", file.id}, {"sha256", hex(file.digest)}});
    print_json(document);
  } else {
    for (const auto& file : files)
      print(fmt::format("{} is loaded for {}; the next audit judges by it.\n", file.id, decision.authority));
  }
  return done;
}

int withdraw(const Common& common, const Decision& decision, const std::string& id) {
  const auto database = open_database(common);
  pg::Connection connection(database.conninfo(), "rules", "answerable_audit");
  pg::Transaction transaction(connection, pg::Access::read_write);
  try {
    engine::withdraw_rule(transaction, decision.authority, id, decision.by, decision.reason);
  } catch (const std::invalid_argument& problem) {
    throw Failure(usage, problem.what());
  }
  transaction.commit();
  if (common.json) {
    print_json({{"authority", decision.authority}, {"withdrawn", id}});
  } else {
    print(fmt::format("{} is withdrawn for {}; what it found stays on record, and the next audit judges without it.\n",
                      id, decision.authority));
  }
  return done;
}

}  // namespace

void add_rule_loading(Verbs& rules) {
  const auto tested = std::make_shared<std::vector<std::string>>();
  rules
      .add("test", "Try rule files on their own examples, through the real intake, in a database that is thrown away",
           [tested](const Common& common) { return test_rules(common, *tested); })
      .add_option("files", *tested, "Rule files, each named by its rule's id")
      ->required()
      ->type_name("FILE");

  const auto loaded = std::make_shared<std::vector<std::string>>();
  const auto loading = std::make_shared<Decision>();
  auto& load = rules.add("load", "Load rules of a council's own, once their examples hold",
                         [loaded, loading](const Common& common) { return load_rules(common, *loading, *loaded); });
  load.add_option("files", *loaded, "Rule files, each named by its rule's id")->required()->type_name("FILE");
  loading->add_to(load);

  const auto id = std::make_shared<std::string>();
  const auto withdrawing = std::make_shared<Decision>();
  auto& withdraw_command =
      rules.add("withdraw", "Judge no longer by a rule that the council loaded",
                [id, withdrawing](const Common& common) { return withdraw(common, *withdrawing, *id); });
  withdraw_command.add_option("rule", *id, "The rule's id")->required()->type_name("ID");
  withdrawing->add_to(withdraw_command);
}

}  // namespace answerable::cli
