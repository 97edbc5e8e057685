#pragma once

#include <filesystem>
#include <stdexcept>

namespace answerable::pg {

/// A copy that is not whole, or not as it was made; what() names the file.
struct DamagedCopy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Copies the private server of a data folder, which must be running, while others use it: everything committed before
/// this began, and what is committed meanwhile or not. With pg_basebackup (PostgreSQL manual): base.tar.gz,
/// pg_wal.tar.gz and backup_manifest, durable when this returns.
/// \param to an empty folder \throws std::runtime_error
void copy_cluster(const std::filesystem::path& data_dir, const std::filesystem::path& to);

/// Puts such a copy where a data folder has no cluster yet, compared file by file with its backup_manifest
/// (pg_verifybackup). \throws DamagedCopy, and then nothing was put there; std::runtime_error
void put_cluster_back(const std::filesystem::path& copy, const std::filesystem::path& data_dir);

}  // namespace answerable::pg
