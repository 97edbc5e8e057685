#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

namespace answerable::pg {
class Database;
}

/// What the command lines of the three programs share.
namespace answerable::cli {

/// What the programs end with. Scripts rely on them.
enum ExitCode : int {
  done = 0,
  findings = 1,  ///< findings or held records, where asked for with --exit-code
  usage = 2,
  refused = 3,  ///< the input was refused; nothing of it was stored
  database = 4,
  internal = 5,
};

/// An error that says what the program ends with.
struct Failure : std::runtime_error {
  Failure(ExitCode exit_code, const std::string& message) : std::runtime_error(message), code(exit_code) {}
  ExitCode code;
};

/// The options every subcommand has.
struct Common {
  std::filesystem::path data;           ///< --data
  std::optional<std::string> database;  ///< --database
  bool json{};                          ///< --format json
  bool exit_code{};                     ///< --exit-code
};

/// A program with subcommands: parses the command line, runs the subcommand named, and turns errors into a sentence on
/// standard error and an exit code.
class Program {
 public:
  using Action = std::function<int(const Common&)>;

  /// \param name as the user typed it: "answerable"
  Program(const std::string& name, const std::string& description);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Adds a subcommand with the common options; `action` returns an exit code. Add its own options to what is returned.
  CLI::App& add(const std::string& name, const std::string& description, Action action);
  /// One that is not shown in the help and has no common options.
  void add_hidden(const std::string& name, std::function<int()> action);

  int run(int argc, char** argv);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// --scanner: where documents sent with records are looked at, as http::VirusScanner has it.
void add_scanner_option(CLI::App& command, std::string& scanner);

/// Opens the database that --database or --data names. \throws Failure(database)
pg::Database open_database(const Common& common);

}  // namespace answerable::cli
