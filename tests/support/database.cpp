#include "tests/support/database.hpp"

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/migrations.hpp"
#include "ingest/pg/private_server.hpp"
#include "ingest/pg/throw_away.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;

class Server {
 public:
  static Server& one() {
    static Server server;
    return server;
  }

  /// The connection string for another database of the same server.
  /// libpq takes the last word on a setting.
  std::string conninfo(const std::string& name) const { return server_.conninfo() + " dbname='" + name + "'"; }

  pg::Connection administrator() const { return {conninfo("postgres"), "tests"}; }
  std::string next_name() { return "test_" + std::to_string(++made_); }

  const std::string& migrated() {
    static const std::string name = [this] {
      auto connection = administrator();
      pg::Administration(connection).create_database("migrated");
      pg::Connection fresh(conninfo("migrated"), "tests");
      pg::migrate(fresh, fs::path(ANSWERABLE_SOURCE) / "schemas/database");
      return std::string("migrated");
    }();
    return name;
  }

 private:
  pg::TemporaryFolder folder_{"test"};
  pg::PrivateServer server_{pg::PrivateServer::open(folder_.path() / "data")};
  std::atomic<int> made_{0};
};

}  // namespace

TestDatabase::TestDatabase() : TestDatabase(Server::one().migrated()) {}

TestDatabase TestDatabase::empty() {
  return TestDatabase("template1");
}

TestDatabase::TestDatabase(const std::string& template_name)
    : name_(Server::one().next_name()), conninfo_(Server::one().conninfo(name_)) {
  auto connection = Server::one().administrator();
  pg::Administration(connection).create_database(name_, template_name);
}

TestDatabase::~TestDatabase() {
  auto connection = Server::one().administrator();
  pg::Administration(connection).drop_database(name_);
}

}  // namespace answerable::testing
