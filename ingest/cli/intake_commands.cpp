#include "ingest/cli/intake_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ingest/cli/fault_output.hpp"
#include "ingest/cli/intake_desk.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/cli/receipt_output.hpp"
#include "ingest/cli/watch_command.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/xml/worker.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

constexpr const char* intake_role = "answerable_ingest";

/// \return the option of the files
CLI::Option* add_file_options(CLI::App& command, FileOptions& options) {
  auto* files = command.add_option("FILE", options.files, "Submissions, in order; - is standard input");
  command.add_option("--max-bytes", options.limits.max_bytes, "Refuse a larger file (2GB, 500MB …)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command.add_option("--max-records", options.limits.max_records, "Refuse a file with more records")
      ->capture_default_str();
  command.add_option("--max-seconds", options.max_seconds, "Refuse a file that takes longer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--faults", options.faults, "Write the full list of faults to a .csv or .json file")
      ->type_name("FILE");
  add_scanner_option(command, options.scanner);
  return files;
}

/// What a file came to.
struct Outcome {
  std::string text;
  ordered_json json;
  int code{};
};

/// One file after another, each in a transaction of its own. What was done is told even when a later file breaks off.
class Files {
 public:
  using One = std::function<Outcome(const std::string& name, std::istream& file, const intake::Options& options)>;

  Files(const Common& common, const FileOptions& options) : common_(common), options_(options) {
    if (!options.faults.empty()) fault_file_.emplace(options.faults);
  }

  int run(const One& one) {
    std::exception_ptr broken;
    try {
      for (const std::string& name : options_.files) take(name, one);
    } catch (...) {
      broken = std::current_exception();
    }
    if (common_.json) print_json({{"files", results_}});
    if (broken) std::rethrow_exception(broken);
    if (fault_file_) fault_file_->close();
    return worst_;
  }

 private:
  void take(const std::string& name, const One& one) {
    const std::string shown = name == "-" ? "standard input" : name;
    std::ifstream opened;
    std::error_code error;
    std::uint64_t size = 0;
    if (name != "-") {
      opened.open(name, std::ios::binary);
      if (!opened || std::filesystem::is_directory(name, error))
        return tell(shown, {fmt::format("{} cannot be read: check its name and permissions.\n", shown),
                            {{"unreadable", true}},
                            usage});
      if (std::filesystem::is_regular_file(name, error)) size = std::filesystem::file_size(name, error);
    }
    auto bar = std::make_unique<ProgressBar>(shown, size);
    intake::Options options;
    options.progress = [&bar](std::uint64_t bytes) { bar->show(bytes); };
    if (fault_file_) options.on_fault = [&](const Fault& fault) { fault_file_->add(shown, fault); };
    Outcome outcome = one(shown, name == "-" ? std::cin : opened, options);
    bar.reset();
    tell(shown, std::move(outcome));
  }

  void tell(const std::string& name, Outcome&& outcome) {
    worst_ = std::max(worst_, outcome.code);
    ordered_json result{{"file", name}};
    result.update(outcome.json);
    results_.push_back(std::move(result));
    if (!common_.json) print(outcome.text);
  }

  const Common& common_;
  const FileOptions& options_;
  std::optional<FaultFile> fault_file_;
  ordered_json results_ = ordered_json::array();
  int worst_{done};
};

int submit_files(const Common& common, const FileOptions& options) {
  if (options.files.empty()) throw Failure(usage, "name the files to take in, or a folder with --watch");
  Files files(common, options);
  IntakeDesk desk(common, options);
  return files.run([&](const std::string& name, std::istream& file, const intake::Options& given) -> Outcome {
    const intake::Answer answer = desk.submit(file, given);
    if (const auto* refusal = std::get_if<intake::Refusal>(&answer))
      return {refusal_text(name, *refusal), refusal_json(*refusal), refused};
    const auto& receipt = std::get<intake::Receipt>(answer);
    return {receipt_text(name, receipt), receipt_json(receipt), common.exit_code && receipt.held > 0 ? findings : done};
  });
}

int check_files(const Common& common, const FileOptions& options) {
  Files files(common, options);
  IntakeDesk desk(common, options);
  return files.run([&](const std::string& name, std::istream& file, const intake::Options& given) -> Outcome {
    const intake::CheckReport report = desk.check(file, given);
    return {check_text(name, report), check_json(report),
            report.refused                              ? refused
            : common.exit_code && report.would_hold > 0 ? findings
                                                        : done};
  });
}

int show_status(const Common& common) {
  const pg::Database database = open_database(common);
  pg::Connection connection(database.conninfo(), "ingest", intake_role);
  const auto councils = intake::council_status(connection);
  const int version = intake::schema_version(connection);
  const std::string where =
      common.database ? "given with --database" : common.data.string();  // a URI may hold a password
  common.json ? print_json(status_json(where, version, councils)) : print(status_text(where, version, councils));
  return done;
}

}  // namespace

void add_intake_commands(Program& program) {
  const auto checked = std::make_shared<FileOptions>(), submitted = std::make_shared<FileOptions>();
  const auto watched = std::make_shared<std::string>();
  add_file_options(program.add("check", "Judge files as submit would, and store nothing.",
                               [checked](const Common& common) { return check_files(common, *checked); }),
                   *checked)
      ->required();
  auto& submit = program.add(
      "submit", "Take files in: checked, numbered, stored, receipted.", [submitted, watched](const Common& common) {
        return watched->empty() ? submit_files(common, *submitted) : watch_folder(common, *submitted, *watched);
      });
  auto* files = add_file_options(submit, *submitted);
  submit
      .add_option("--watch", *watched,
                  "Take in the *.xml files that are put into this folder, until told to end; each goes to its done or "
                  "refused, with its receipt and faults beside it")
      ->type_name("DIR")
      ->excludes(files)
      ->excludes("--faults");
  program.add("status", "What is held, by council and sender.", show_status);
  program.add_hidden("parse-worker", xml::parse_worker_main);
}

}  // namespace answerable::cli
