#include <gtest/gtest.h>

#include "ingest/pg/connection.hpp"
#include "tests/support/database.hpp"

namespace answerable::pg {
namespace {

TEST(PgTestDatabase, each_is_migrated_and_its_own) {
  constexpr Statement newest{"test-database/newest", "SELECT max(number) FROM answerable.migration"};
  constexpr Statement mark{"test-database/mark", "CREATE TABLE mark (id int)"};
  const answerable::testing::TestDatabase first, second;
  for (const auto* database : {&first, &second}) {
    Connection connection(database->conninfo(), "test");
    Transaction transaction(connection, Access::read_write);
    EXPECT_GE(transaction.run_one(newest).int32(0, 0), 1);
    EXPECT_NO_THROW(transaction.run(mark)) << "the other database's table is seen here";
    transaction.commit();
  }
}

}  // namespace
}  // namespace answerable::pg
