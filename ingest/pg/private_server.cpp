#include "ingest/pg/private_server.hpp"

#include <unistd.h>

#include <utility>

#include "ingest/locations.hpp"
#include "ingest/lock_file.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/cluster.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/migrations.hpp"

namespace answerable::pg {
namespace {

constexpr const char* database_name = "answerable";
constexpr Statement is_there{"private-server/database-is-there",
                             "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'answerable')"};

void ensure_database(const Cluster& cluster) {
  Connection connection(cluster.conninfo("postgres"), "private server");
  {
    Transaction transaction(connection, Access::read_only);
    if (transaction.run_one(is_there).boolean(0, 0)) return;
  }
  Administration(connection).create_database(database_name);
}

}  // namespace

struct PrivateServer::Opened {
  explicit Opened(const std::filesystem::path& data_dir)
      : cluster(data_dir), in_use(cluster.folder() / "in-use.lock"), opener(getpid()) {
    in_use.lock_shared();
    try {
      const LockFile alone = one_at_a_time();
      start_unless_running();
      ensure_database(cluster);
    } catch (...) {
      leave();
      throw;
    }
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    const bool forked_copy = getpid() != opener;
    if (!forked_copy) leave();
  }

  LockFile one_at_a_time() const {
    LockFile lock(cluster.folder() / "start.lock");
    lock.lock_exclusive();
    return lock;
  }

  /// \pre nobody else is about it: one_at_a_time() is held
  bool start_unless_running() {
    if (cluster.running()) return false;
    cluster.start();
    return true;
  }

  /// Stops the server unless others use it. New ones wait for the lock meanwhile.
  void leave() noexcept {
    try {
      if (in_use.try_exclusive()) cluster.stop();
    } catch (const std::exception&) {
      // Left running: the next program to open the folder uses it.
    }
  }

  Cluster cluster;
  LockFile in_use;
  pid_t opener;
};

PrivateServer::PrivateServer(std::unique_ptr<Opened> opened) : opened_(std::move(opened)) {}
PrivateServer::PrivateServer(PrivateServer&&) noexcept = default;
PrivateServer& PrivateServer::operator=(PrivateServer&&) noexcept = default;
PrivateServer::~PrivateServer() = default;

PrivateServer PrivateServer::open(const std::filesystem::path& data_dir) {
  return PrivateServer(std::make_unique<Opened>(data_dir));
}

std::string PrivateServer::conninfo() const {
  return opened_->cluster.conninfo(database_name);
}

bool PrivateServer::start_again() {
  if (opened_->cluster.running()) return false;
  const LockFile alone = opened_->one_at_a_time();
  return opened_->start_unless_running();
}

Database::Database(std::optional<PrivateServer> server, std::string conninfo)
    : server_(std::move(server)), conninfo_(std::move(conninfo)) {}

Database Database::open(const std::optional<std::string>& uri, const std::filesystem::path& data_dir) {
  std::optional<PrivateServer> server;
  if (!uri) server = PrivateServer::open(data_dir);
  std::string conninfo = uri ? *uri : server->conninfo();
  Database database(std::move(server), std::move(conninfo));
  Connection connection(database.conninfo_, "migrations");
  migrate(connection, share_folder() / "schemas/database");
  return database;
}

}  // namespace answerable::pg
