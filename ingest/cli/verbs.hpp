#pragma once

#include <memory>
#include <string>

#include "ingest/cli/program.hpp"

namespace answerable::cli {

/// A word of the command line that has verbs: `answerable rules list`.
class Verbs {
 public:
  Verbs(Program& program, const std::string& word, const std::string& description);

  /// Adds a verb, which takes the common options too; `action` returns an exit code. Add its own options to what is
  /// returned.
  CLI::App& add(const std::string& verb, const std::string& description, Program::Action action);

 private:
  CLI::App* command_;
  std::shared_ptr<Program::Action> chosen_;
};

}  // namespace answerable::cli
