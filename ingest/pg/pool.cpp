#include "ingest/pg/pool.hpp"

#include <chrono>
#include <utility>

namespace answerable::pg {
namespace {

constexpr Statement anything{"pool.anything", "SELECT 1"};

}  // namespace

Pool::Pool(std::string conninfo, std::string purpose, std::string role, std::size_t most)
    : conninfo_(std::move(conninfo)), purpose_(std::move(purpose)), role_(std::move(role)), most_(most) {}

Pool::Lent Pool::lend() {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(access_);
    if (!free_.wait_for(lock, std::chrono::seconds{5}, [this] { return lent_ < most_; }))
      throw AllInUse("every connection to the database is in use");
    ++lent_;
    while (!idle_.empty() && !connection) {
      connection = std::move(idle_.back());
      idle_.pop_back();
      if (!connection->alive()) connection.reset();
    }
  }
  if (!connection) {
    try {
      connection = std::make_unique<Connection>(conninfo_, purpose_, role_);
    } catch (...) {
      take_back(nullptr);
      throw;
    }
  }
  return {*this, std::move(connection)};
}

bool Pool::answers() {
  const auto connection = lend();
  Transaction transaction(*connection, Access::read_only);
  return transaction.run(anything).rows() == 1;
}

void Pool::take_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(access_);
    --lent_;
    if (connection && connection->alive()) idle_.push_back(std::move(connection));
  }
  free_.notify_one();
}

Pool::Lent::~Lent() {
  if (connection_) pool_->take_back(std::move(connection_));
}

}  // namespace answerable::pg
