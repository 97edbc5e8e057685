#pragma once

#include <filesystem>
#include <stdexcept>

namespace answerable::pg {

class Connection;

/// The folder of migrations and the database do not fit together; says which file and what to do.
struct MigrationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Newest migration before and after. Equal when there was nothing to do.
struct MigrationReport {
  int from;
  int to;
};

/// Brings the database to the newest `NNNN-name.sql` of the folder, starting at 0001 without a gap, each file in a
/// transaction of its own (so a file holds no BEGIN or COMMIT). Makes the schema `answerable` and the table
/// `answerable.migration` (number, name, sha256, applied_at) itself, before the first file. Several programs may call
/// it at once: one works, the others wait. \throws MigrationError for a gap, a recorded file that has changed, or a
/// database newer than the folder; Error when a file's SQL fails, naming the file and the line
MigrationReport migrate(Connection& connection, const std::filesystem::path& folder);

}  // namespace answerable::pg
