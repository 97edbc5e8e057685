#include "ingest/cli/verbs.hpp"

#include <CLI/CLI.hpp>

namespace answerable::cli {

Verbs::Verbs(Program& program, const std::string& word, const std::string& description)
    : chosen_(std::make_shared<Program::Action>()) {
  command_ = &program.add(word, description, [chosen = chosen_](const Common& common) { return (*chosen)(common); });
  command_->require_subcommand(1);
}

CLI::App& Verbs::add(const std::string& verb, const std::string& description, Program::Action action) {
  CLI::App& command = *command_->add_subcommand(verb, description);
  command.fallthrough();
  command.callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
  return command;
}

}  // namespace answerable::cli
