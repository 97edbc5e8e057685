#include "ingest/pg/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "ingest/pg/throw_away.hpp"
#include "tests/support/database.hpp"

namespace answerable::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Statement create{"test/create", "CREATE TABLE thing (id bigint PRIMARY KEY, name text UNIQUE)"};
constexpr Statement insert{"test/insert", "INSERT INTO thing (id, name) VALUES ($1, $2)"};
constexpr Statement count{"test/count", "SELECT count(*) FROM thing"};
constexpr Statement one{"test/one", "SELECT 1"};

struct PgConnection : ::testing::Test {
  PgConnection() {
    Transaction transaction(connection, Access::read_write);
    transaction.run(create);
    transaction.commit();
  }
  std::int64_t things() {
    Transaction transaction(connection, Access::read_only);
    return transaction.run_one(count).int64(0, 0);
  }
  answerable::testing::TestDatabase database{answerable::testing::TestDatabase::empty()};
  Connection connection{database.conninfo(), "test"};
};

TEST(PgConnectionAlone, nothing_goes_to_another_machine_in_the_clear) {
  const auto refusal = [](const std::string& conninfo) -> std::string {
    try {
      const Connection connection(conninfo, "test");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  for (const char* elsewhere :
       {"postgresql://db.invalid/answerable", "postgresql://db.invalid/answerable?sslmode=prefer",
        "host=/run/postgresql,db.invalid dbname=x", "host=localhost hostaddr=192.0.2.1 connect_timeout=1"})
    EXPECT_THAT(refusal(elsewhere), HasSubstr("sslmode=verify-full")) << elsewhere;
  for (const char* well :
       {"postgresql://db.invalid/answerable?sslmode=verify-full", "postgresql://127.0.0.1:1/x", "host=/nowhere"})
    EXPECT_THAT(refusal(well), Not(HasSubstr("sslmode"))) << well;
}

TEST_F(PgConnection, dropping_a_transaction_rolls_it_back) {
  {
    Transaction transaction(connection, Access::read_write);
    EXPECT_EQ(transaction.run(insert, std::int64_t{1}, "kept?").affected(), 1);
  }
  EXPECT_EQ(things(), 0);
}

TEST_F(PgConnection, committing_keeps) {
  Transaction transaction(connection, Access::read_write);
  transaction.run(insert, std::int64_t{1}, "kept");
  transaction.commit();
  EXPECT_EQ(things(), 1);
}

TEST_F(PgConnection, commit_after_a_swallowed_error_throws) {
  Transaction transaction(connection, Access::read_write);
  transaction.run(insert, std::int64_t{1}, "a");
  EXPECT_THROW(transaction.run(insert, std::int64_t{1}, "b"), Error);
  try {
    transaction.commit();
    FAIL() << "the server answered ROLLBACK, and commit() returned";
  } catch (const InDoubt&) {
    FAIL() << "nothing is in doubt";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate, "25P02");
  }
  EXPECT_EQ(things(), 0);
}

TEST_F(PgConnection, a_line_that_dies_at_commit_leaves_doubt) {
  constexpr Statement whoami{"test/whoami", "SELECT pg_backend_pid()"};
  constexpr Statement terminate{"test/terminate", "SELECT pg_terminate_backend($1, 5000)"};
  Transaction transaction(connection, Access::read_write);
  transaction.run(insert, std::int64_t{1}, "a");
  const auto backend = transaction.run_one(whoami).int32(0, 0);
  Connection other(database.conninfo(), "other");
  Transaction killing(other, Access::read_write);
  ASSERT_TRUE(killing.run_one(terminate, backend).boolean(0, 0));
  try {
    transaction.commit();
    FAIL() << "committed on a dead line";
  } catch (const InDoubt& error) {
    EXPECT_TRUE(error.connection_lost());
    EXPECT_FALSE(error.worth_retrying());
  }
}

TEST_F(PgConnection, a_line_that_dies_before_commit_is_lost_without_doubt) {
  constexpr Statement suicide{"test/suicide", "SELECT pg_terminate_backend(pg_backend_pid())"};
  Transaction transaction(connection, Access::read_write);
  try {
    transaction.run(suicide);
    transaction.run(one);
    FAIL() << "answered after its death";
  } catch (const InDoubt&) {
    FAIL() << "nothing was being committed";
  } catch (const Error& error) {
    EXPECT_TRUE(error.connection_lost());
  }
}

TEST_F(PgConnection, errors_never_hold_a_value) {
  static constexpr Statement cast{"test/cast", "SELECT $1::text::int"};
  static constexpr Statement raise{
      "test/raise", "DO $$ BEGIN RAISE EXCEPTION 'Zebedee Sample lives here' USING DETAIL = 'Zebedee'; END $$"};
  const auto caught = [&](auto&& work) {
    Transaction transaction(connection, Access::read_write);
    try {
      work(transaction);
    } catch (const Error& error) {
      return std::optional(error);
    }
    return std::optional<Error>();
  };
  const auto broken_key = caught([](Transaction& t) {
    t.run(insert, std::int64_t{1}, "Zebedee");
    t.run(insert, std::int64_t{2}, "Zebedee");
  });
  ASSERT_TRUE(broken_key);
  EXPECT_EQ(broken_key->sqlstate, "23505");
  EXPECT_EQ(broken_key->constraint, "thing_name_key");
  EXPECT_EQ(broken_key->statement, "test/insert");
  EXPECT_THAT(broken_key->what(), HasSubstr("thing_name_key"));
  EXPECT_THAT(broken_key->what(), Not(HasSubstr("Zebedee")));

  const auto bad_cast = caught([](Transaction& t) { t.run(cast, "Zebedee"); });
  ASSERT_TRUE(bad_cast);
  EXPECT_EQ(bad_cast->sqlstate, "22P02");
  EXPECT_THAT(bad_cast->what(), Not(HasSubstr("Zebedee")));

  const auto raised = caught([](Transaction& t) { t.run(raise); });
  ASSERT_TRUE(raised);
  EXPECT_THAT(raised->what(), Not(HasSubstr("Zebedee")));
}

TEST_F(PgConnection, errors_name_the_missing_table) {
  constexpr Statement missing{"test/missing", "SELECT 1 FROM no_such_table"};
  Transaction transaction(connection, Access::read_only);
  try {
    transaction.run(missing);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no_such_table"));
    EXPECT_THAT(error.what(), HasSubstr("migrations"));
  }
}

TEST_F(PgConnection, an_unreadable_connection_string_is_not_repeated) {
  try {
    Connection bad("password=swordfish nonsense", "test");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("swordfish")));
    EXPECT_THAT(error.what(), Not(HasSubstr("nonsense")));
  }
}

TEST_F(PgConnection, a_read_only_transaction_cannot_write) {
  Transaction transaction(connection, Access::read_only);
  try {
    transaction.run(insert, std::int64_t{1}, "a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate, "25006");
  }
}

TEST_F(PgConnection, isolation_is_what_was_asked_for) {
  constexpr Statement isolation{"test/isolation", "SELECT current_setting('transaction_isolation')"};
  const auto with = [&](Isolation level) {
    Transaction transaction(connection, Access::read_only, level);
    return std::string(transaction.run_one(isolation).text(0, 0));
  };
  EXPECT_EQ(with(Isolation::read_committed), "read committed");
  EXPECT_EQ(with(Isolation::repeatable_read), "repeatable read");
  EXPECT_EQ(with(Isolation::serializable), "serializable");
}

TEST_F(PgConnection, a_serialization_failure_is_worth_retrying) {
  Connection other(database.conninfo(), "other");
  Transaction a(connection, Access::read_write, Isolation::serializable);
  Transaction b(other, Access::read_write, Isolation::serializable);
  a.run(count);
  b.run(count);
  a.run(insert, std::int64_t{1}, "a");
  b.run(insert, std::int64_t{2}, "b");
  a.commit();
  try {
    b.commit();
    FAIL() << "both serializable transactions committed";
  } catch (const Error& error) {
    EXPECT_TRUE(error.worth_retrying()) << error.what();
    EXPECT_FALSE(error.connection_lost());
  }
}

TEST_F(PgConnection, one_connection_has_one_transaction) {
  Transaction transaction(connection, Access::read_only);
  EXPECT_THROW(Transaction(connection, Access::read_only), std::logic_error);
}

TEST_F(PgConnection, a_name_stands_for_one_text) {
  constexpr Statement other{"test/one", "SELECT 2"};
  Transaction transaction(connection, Access::read_only);
  transaction.run(one);
  EXPECT_THROW(transaction.run(other), std::logic_error);
}

TEST_F(PgConnection, exactly_one_row_is_exactly_one) {
  constexpr Statement rows{"test/rows", "SELECT generate_series(1, $1)"};
  Transaction transaction(connection, Access::read_only);
  EXPECT_EQ(transaction.run_one(rows, 1).int32(0, 0), 1);
  const auto state = [&](int n) {
    try {
      transaction.run_one(rows, n);
    } catch (const Error& error) {
      return error.sqlstate;
    }
    return std::string("none");
  };
  EXPECT_EQ(state(0), "02000");
  EXPECT_EQ(state(2), "21000");
}

TEST_F(PgConnection, says_who_it_is_and_acts_as_its_role) {
  constexpr Statement make_role{"test/make-role", "CREATE ROLE reader_made_by_a_test"};
  constexpr Statement drop_role{"test/drop-role", "DROP ROLE reader_made_by_a_test"};
  constexpr Statement who{"test/who",
                          "SELECT current_user::text, current_setting('application_name'),"
                          " current_setting('TimeZone'), current_setting('client_encoding'),"
                          " current_setting('synchronous_commit')"};
  {
    Transaction transaction(connection, Access::read_write);
    transaction.run(make_role);
    transaction.commit();
  }
  {
    Connection reader(database.conninfo(), "reader", "reader_made_by_a_test");
    Transaction transaction(reader, Access::read_only);
    const Result row = transaction.run_one(who);
    EXPECT_EQ(row.text(0, 0), "reader_made_by_a_test");
    EXPECT_EQ(row.text(0, 1), "answerable reader");
    EXPECT_EQ(row.text(0, 2), "UTC");
    EXPECT_EQ(row.text(0, 3), "UTF8");
    EXPECT_EQ(row.text(0, 4), "on");
    EXPECT_THROW(transaction.run(count), Error) << "the role has no right to read";
  }
  Transaction transaction(connection, Access::read_write);
  transaction.run(drop_role);
  transaction.commit();
}

TEST_F(PgConnection, notices_stay_off_standard_error) {
  constexpr Statement notice{"test/notice", "DO $$ BEGIN RAISE WARNING 'Zebedee'; END $$"};
  Transaction transaction(connection, Access::read_only);
  ::testing::internal::CaptureStderr();
  transaction.run(notice);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(PgConnection, every_type_makes_the_round_trip) {
  constexpr Statement echo{"test/echo",
                           "SELECT $1::text, $2::bool, $3::int2, $4::int4, $5::int8, $6::date, $7::timestamptz,"
                           " $8::bytea, $9::jsonb, $10::text[], $6::date::text, $7::timestamptz::text"};
  const std::array<std::byte, 4> raw{std::byte{0}, std::byte{255}, std::byte{'\\'}, std::byte{1}};
  const Instant micro = Instant{std::chrono::sys_days{2024y / 2 / 29}} + 23h + 59min + 59s + 999999us;
  Transaction transaction(connection, Access::read_only);
  const Result row = transaction.run_one(echo, "Zoë O'Neill \\ $1'; DROP TABLE x; --", true, std::int16_t{-32768},
                                         std::int32_t{-2147483647}, std::int64_t{9007199254740993}, Day{1900y / 1 / 1},
                                         micro, raw, R"({"a": [1, "é"]})", R"({one,"two, three",""})");
  EXPECT_EQ(row.text(0, 0), "Zoë O'Neill \\ $1'; DROP TABLE x; --") << "a value, whatever it says";
  EXPECT_TRUE(row.boolean(0, 1));
  EXPECT_EQ(row.int16(0, 2), -32768);
  EXPECT_EQ(row.int32(0, 3), -2147483647);
  EXPECT_EQ(row.int64(0, 4), 9007199254740993);
  EXPECT_EQ(row.day(0, 5), Day{1900y / 1 / 1});
  EXPECT_EQ(row.instant(0, 6), micro);
  EXPECT_THAT(row.bytes(0, 7), ::testing::ElementsAreArray(raw));
  EXPECT_EQ(row.text(0, 8), R"({"a": [1, "é"]})");
  EXPECT_THAT(row.text_array(0, 9), ElementsAre("one", "two, three", ""));
  EXPECT_EQ(row.text(0, 10), "1900-01-01") << "the server must see the same day, not only give it back";
  EXPECT_EQ(row.text(0, 11), "2024-02-29 23:59:59.999999+00");
}

TEST_F(PgConnection, every_day_from_1900_to_2100_is_the_day_the_server_means) {
  constexpr Statement echo{"test/day", "SELECT $1::date, $1::date::text"};
  Transaction transaction(connection, Access::read_only);
  for (Day day{1900y / 1 / 1}; day <= Day{2100y / 12 / 31}; day += std::chrono::days{37}) {
    const Result row = transaction.run_one(echo, day);
    ASSERT_EQ(row.day(0, 0), day);
    ASSERT_EQ(row.text(0, 1), iso(day));
  }
}

TEST_F(PgConnection, instants_before_and_after_the_epochs_keep_their_microseconds) {
  constexpr Statement echo{"test/instant",
                           "SELECT $1::timestamptz, extract(microseconds FROM $1::timestamptz)::bigint"};
  Transaction transaction(connection, Access::read_only);
  for (const int year : {1900, 1969, 1970, 1999, 2000, 2026, 2100}) {
    const Instant at = Instant{std::chrono::sys_days{std::chrono::year{year} / 12 / 31}} + 1us;
    const Result row = transaction.run_one(echo, at);
    EXPECT_EQ(row.instant(0, 0), at);
    EXPECT_EQ(row.int64(0, 1), 1);
  }
}

TEST_F(PgConnection, null_is_null_in_every_type) {
  constexpr Statement echo{"test/null",
                           "SELECT $1::text, $2::bool, $3::int2, $4::int4, $5::int8, $6::date, $7::timestamptz,"
                           " $8::bytea, $9::text"};
  Transaction transaction(connection, Access::read_only);
  const Result none =
      transaction.run_one(echo, std::optional<std::string>(), std::optional<bool>(), std::optional<std::int16_t>(),
                          std::optional<std::int32_t>(), std::optional<std::int64_t>(), std::optional<Day>(),
                          std::optional<Instant>(), std::optional<std::span<const std::byte>>(), nullptr);
  for (int column = 0; column < 9; ++column) EXPECT_TRUE(none.is_null(0, column)) << column;
  EXPECT_THROW(none.text(0, 0), std::logic_error);
  const Result some =
      transaction.run_one(echo, std::optional<std::string>(""), std::optional(false), std::optional(std::int16_t{7}),
                          std::optional(8), std::optional(std::int64_t{9}), std::optional(Day{}),
                          std::optional(Instant{}), std::optional(std::span<const std::byte>()), "x");
  for (int column = 0; column < 9; ++column) EXPECT_FALSE(some.is_null(0, column)) << column;
  EXPECT_EQ(some.text(0, 0), "");
  EXPECT_EQ(some.int32(0, 3), 8);
  EXPECT_EQ(some.day(0, 5), Day{});
}

TEST_F(PgConnection, one_statement_takes_each_type_it_is_given) {
  constexpr Statement same{"test/same", "SELECT id FROM thing WHERE id = $1"};
  Transaction transaction(connection, Access::read_write);
  transaction.run(insert, std::int64_t{5}, nullptr);
  EXPECT_EQ(transaction.run_one(same, std::int16_t{5}).int64(0, 0), 5);
  EXPECT_EQ(transaction.run_one(same, 5).int64(0, 0), 5);
  EXPECT_EQ(transaction.run_one(same, std::int64_t{5}).int64(0, 0), 5);
  EXPECT_EQ(transaction.run(same, nullptr).rows(), 0);
}

TEST_F(PgConnection, reading_a_column_as_another_type_is_a_mistake) {
  constexpr Statement mixed{"test/mixed", "SELECT 1::int4, 'a'::text, now(), 'infinity'::date"};
  Transaction transaction(connection, Access::read_only);
  const Result row = transaction.run_one(mixed);
  EXPECT_THROW(row.int64(0, 0), std::logic_error);
  EXPECT_THROW(row.text(0, 0), std::logic_error);
  EXPECT_THROW(row.bytes(0, 1), std::logic_error);
  EXPECT_THROW(row.day(0, 2), std::logic_error);
  EXPECT_THROW(row.day(0, 3), std::range_error);
  EXPECT_THROW(row.int32(1, 0), std::out_of_range);
  EXPECT_THROW(row.int32(0, 4), std::out_of_range);
}

TEST_F(PgConnection, text_with_a_nul_is_refused_rather_than_cut) {
  Transaction transaction(connection, Access::read_write);
  EXPECT_THROW(transaction.run(insert, std::int64_t{1}, std::string("a\0b", 3)), std::invalid_argument);
}

/// The private server of somebody whose backends are killed: the others of this program have their own.
struct PgCrash : ::testing::Test {
  std::int32_t backend(Connection& connection) {
    static constexpr Statement pid{"test/pid", "SELECT pg_backend_pid()"};
    Transaction transaction(connection, Access::read_only);
    return transaction.run_one(pid).int32(0, 0);
  }
  /// Kills another backend, whereupon the postmaster ends all of them: each says a warning, and closes its line.
  void crash(Connection& other, std::int32_t awaited) {
    ::kill(backend(other), SIGKILL);
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (::kill(awaited, 0) == 0 && std::chrono::steady_clock::now() < patience) std::this_thread::sleep_for(5ms);
    ASSERT_NE(::kill(awaited, 0), 0) << "the backend is still there";
  }
  TemporaryFolder folder{"crash"};
  Database database{Database::open({}, folder.path() / "data")};
  Connection connection{database.conninfo(), "test"}, other{database.conninfo(), "test"};
};

// Seen as XX000 at the first statement after a backend was killed: the write fails, the warning is still to be read,
// and so libpq complains without an SQLSTATE while it holds the line for a good one.
TEST_F(PgCrash, a_line_that_died_behind_a_warning_is_a_line_that_died) {
  const auto pid = backend(connection);
  Transaction transaction(connection, Access::read_write);
  crash(other, pid);
  try {
    transaction.run(one);
    FAIL() << "nobody was there to answer";
  } catch (const Error& error) {
    EXPECT_TRUE(error.connection_lost()) << error.sqlstate << ": " << error.what();
  }
  EXPECT_FALSE(connection.alive());
}

TEST_F(PgCrash, a_commit_on_such_a_line_is_in_doubt) {
  const auto pid = backend(connection);
  Transaction transaction(connection, Access::read_write);
  crash(other, pid);
  EXPECT_THROW(transaction.commit(), InDoubt);
}

}  // namespace
}  // namespace answerable::pg
