#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace answerable::engine {

/// An obligation of the legal catalogue that is not judged, and why.
struct NotChecked {
  std::string id, reason;
};

/// Reads a CSV file (RFC 4180) headed `id,reason`, sorted by id on return.
/// \throws std::runtime_error naming file and line: another heading, a row of other than two fields, an id or a reason
///   that is empty, an id met twice, a quote that is never closed
std::vector<NotChecked> read_not_checked(const std::filesystem::path& file);
/// What ships with the program: share_folder()'s rules/not-checked.csv.
std::vector<NotChecked> read_not_checked();

}  // namespace answerable::engine
