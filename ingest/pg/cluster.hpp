#pragma once

// Private to ingest/pg: one PostgreSQL cluster in a data folder. Knows nothing of locks: its caller holds them.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "ingest/pg/process.hpp"

namespace answerable::pg {

class Cluster {
 public:
  /// Makes the folder when absent. \throws std::runtime_error when it is another user's, or the server's user cannot
  /// enter it
  explicit Cluster(const std::filesystem::path& data_dir);

  const std::filesystem::path& folder() const { return folder_; }
  std::string conninfo(const std::string& database) const;
  /// Whom the server runs as.
  const User& user() const { return user_; }
  /// Where a program of PostgreSQL is, of the cluster's version when there is one.
  std::filesystem::path program(const std::string& name) const;

  bool running() const { return running_postmaster().has_value(); }
  /// Runs initdb when there is no cluster yet, then starts the server and waits until it takes connections.
  void start();
  /// Fast shutdown; waits for it.
  void stop() noexcept;

 private:
  std::optional<pid_t> running_postmaster() const;
  bool is_postmaster(pid_t process) const;
  std::filesystem::path socket_folder() const;
  void make_socket_folder() const;
  void make_cluster() const;
  void write_settings() const;
  void wait_for_orphans() const;
  void forget_stale_postmaster() const;
  [[noreturn]] void did_not_start() const;

  std::filesystem::path folder_;
  std::filesystem::path cluster_;
  std::string id_;  ///< tells this folder's processes and sockets from others'
  User user_;
};

}  // namespace answerable::pg
