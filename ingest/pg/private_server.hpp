#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace answerable::pg {

/// The PostgreSQL server that comes with the data folder: `data_dir/postgres` holds the cluster, made on first use
/// (data checksums, UTF-8, C collation). It listens on a Unix socket only, which only its own operating-system user and
/// root can reach. Started by root, it runs as `postgres`, or else `nobody`.
///
/// Any number of programs may have the same folder open: the first starts the server, the last one out stops it. A
/// program that was killed leaves it running for the next.
class PrivateServer {
 public:
  /// Makes the folder and the cluster when absent, and starts the server when no other program has.
  /// \throws std::runtime_error saying what to do: PostgreSQL not installed, folder not reachable, server did not start
  static PrivateServer open(const std::filesystem::path& data_dir);
  PrivateServer(PrivateServer&&) noexcept;
  PrivateServer& operator=(PrivateServer&&) noexcept;
  ~PrivateServer();

  /// Connects as the owner, `answerable_owner`, to the database `answerable`.
  std::string conninfo() const;

  /// Starts the server again when it was killed; nothing while it runs. For programs that stay open for long.
  /// \return whether it was gone \throws std::runtime_error when it does not start
  bool start_again();

 private:
  struct Opened;
  explicit PrivateServer(std::unique_ptr<Opened> opened);
  std::unique_ptr<Opened> opened_;
};

/// The database a program works on: yours when a URI is given, the private server's otherwise, migrated to what this
/// program knows.
class Database {
 public:
  /// \throws std::runtime_error as PrivateServer::open, MigrationError as migrate(), Error when yours cannot be reached
  static Database open(const std::optional<std::string>& uri, const std::filesystem::path& data_dir);

  const std::string& conninfo() const { return conninfo_; }
  /// As PrivateServer::start_again(); false for a server of yours, which is yours to start.
  bool start_again() { return server_ && server_->start_again(); }

 private:
  Database(std::optional<PrivateServer> server, std::string conninfo);
  std::optional<PrivateServer> server_;
  std::string conninfo_;
};

}  // namespace answerable::pg
