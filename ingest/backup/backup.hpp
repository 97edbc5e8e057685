#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::pg {
class Connection;
}

/// Backups of a private server. A backup is a folder: base.tar.gz, pg_wal.tar.gz and backup_manifest as pg_basebackup
/// wrote them, about.json, and SHA256SUMS over these (`sha256sum -c SHA256SUMS` checks it anywhere). It holds people's
/// records and is readable by its owner alone. The signing keys and the checkpoints kept apart are never in it: they
/// are a folder of their own, to be copied to another place, or an older backup could be put back unseen.
namespace answerable::backup {

/// What a council held when the copying began; the copy may hold more.
struct Council {
  std::string authority;
  std::int64_t submissions{}, records{};
  std::int64_t leaves{};         ///< commitments to what came in, over all its ledgers
  std::int64_t signed_leaves{};  ///< of its newest checkpoint
};

struct About {
  Instant made_at{};
  int schema_version{};
  std::vector<Council> councils;
};
nlohmann::ordered_json to_json(const About& about);

/// The backup is not whole, or not as it was made; what() names the file.
struct Damaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Made {
  std::filesystem::path folder;
  About about;
  std::uint64_t bytes{};
};
/// Copies the private server of a data folder while it is used. Durable, under its name, when this returns; until then
/// its name begins with a full stop.
/// \param connection to the server, as its owner \param into where the backup's folder is made
/// \throws std::runtime_error
Made make(const std::filesystem::path& data_dir, pg::Connection& connection, const std::filesystem::path& into);

/// Compares every file with SHA256SUMS. \throws Damaged
About check(const std::filesystem::path& backup);

/// Puts a backup into a data folder that holds nothing. \throws Damaged, and then nothing stays there;
/// std::runtime_error
About restore(const std::filesystem::path& backup, const std::filesystem::path& data_dir);

}  // namespace answerable::backup
