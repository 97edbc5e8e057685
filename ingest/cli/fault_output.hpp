#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "ingest/parsed.hpp"

namespace answerable::cli {

/// Grouped for people: what is wrong how often, where, the value as sent, what was expected and how to mend it.
std::string fault_text(const std::string& file, std::span<const Fault> faults);

nlohmann::ordered_json fault_json(const Fault& fault);
/// Groups with counts and first examples.
nlohmann::ordered_json fault_groups_json(std::span<const Fault> faults);

/// The columns of fault_csv_row(), as a header row (RFC 4180).
extern const std::string_view fault_csv_header;
/// A cell that a spreadsheet might run (what a sender wrote may begin with = + - @) gets a single quote in front.
std::string fault_csv_row(const std::string& file, const Fault& fault);

/// Every fault, written as it is found: CSV (RFC 4180) or a JSON array, as the file's name ends.
class FaultFile {
 public:
  /// \throws Failure(usage) for another ending or a file that cannot be written
  explicit FaultFile(const std::filesystem::path& path);
  void add(const std::string& file, const Fault& fault);
  /// \throws Failure(internal) when not everything could be written
  void close();

 private:
  std::filesystem::path path_;
  std::ofstream out_;
  bool json_;
  bool first_{true};
};

}  // namespace answerable::cli
