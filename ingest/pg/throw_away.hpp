#pragma once

#include <filesystem>
#include <string>

#include "ingest/pg/private_server.hpp"

namespace answerable::pg {

/// A folder that goes with its owner. Other users of the machine can pass through it and not list it: started by root,
/// the private server runs as another.
class TemporaryFolder {
 public:
  /// \param purpose becomes part of its name
  explicit TemporaryFolder(const std::string& purpose);
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A migrated database on a private server of its own, gone when its owner goes: for trying things out.
class ThrowAwayDatabase {
 public:
  /// \throws as Database::open
  explicit ThrowAwayDatabase(const std::string& purpose);

  /// Commits do not wait for the disk: nobody relies on what is stored here.
  const std::string& conninfo() const { return conninfo_; }

 private:
  TemporaryFolder folder_;
  Database database_;
  std::string conninfo_;
};

}  // namespace answerable::pg
