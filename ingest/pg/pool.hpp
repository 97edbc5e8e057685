#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "ingest/pg/connection.hpp"

namespace answerable::pg {

/// Every connection of a pool was in use for as long as somebody would wait.
struct AllInUse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Connections that the threads of a service share. Made when first needed; one that died is not handed out again.
/// Used by many threads at once; outlives what it lends.
class Pool {
 public:
  /// \param conninfo, purpose, role as Connection \param most at once
  Pool(std::string conninfo, std::string purpose, std::string role, std::size_t most);

  /// A connection of one's own, given back when dropped.
  class Lent {
   public:
    Lent(Lent&& other) noexcept = default;
    Lent& operator=(Lent&&) = delete;
    ~Lent();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    friend class Pool;
    Lent(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };
  /// Waits up to five seconds for one. \throws AllInUse; Error as Connection
  Lent lend();
  /// Whether the database answers. \throws as lend()
  bool answers();

 private:
  void take_back(std::unique_ptr<Connection> connection);

  const std::string conninfo_, purpose_, role_;
  const std::size_t most_;
  std::mutex access_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_{};
};

}  // namespace answerable::pg
