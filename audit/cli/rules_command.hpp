#pragma once

#include <memory>
#include <string>

#include "ingest/cli/program.hpp"

namespace answerable::cli {

/// The word `rules`, and its verbs: `answerable rules list`.
class RulesCommand {
 public:
  explicit RulesCommand(Program& program);

  /// Adds a verb, which takes the common options too; `action` returns an exit code. Add its own options to what is
  /// returned.
  CLI::App& add(const std::string& verb, const std::string& description, Program::Action action);

 private:
  CLI::App* command_;
  std::shared_ptr<Program::Action> chosen_;
};

/// list, explain.
void add_rule_words(RulesCommand& rules);

}  // namespace answerable::cli
