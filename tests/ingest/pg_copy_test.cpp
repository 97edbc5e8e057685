#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"
#include "tests/support/database.hpp"

namespace answerable::pg {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Statement create{"copy/create",
                           "CREATE TABLE wide (id bigint, small smallint, middle int, flag boolean, on_day date,"
                           " at timestamptz, raw bytea, doc jsonb, words text[], name text)"};
constexpr Statement in{"copy/in", "COPY wide FROM STDIN (FORMAT binary)"};
constexpr Statement out{"copy/out", "COPY (SELECT * FROM wide ORDER BY id) TO STDOUT (FORMAT binary)"};
constexpr Statement count{"copy/count", "SELECT count(*) FROM wide"};
constexpr std::int64_t many = 100'000;

struct PgCopy : ::testing::Test {
  PgCopy() {
    Transaction transaction(connection, Access::read_write);
    transaction.run(create);
    transaction.commit();
  }
  static Instant instant_of(std::int64_t i) { return Instant{Day{1900y / 1 / 1}} + 61min * i + 1us * i; }
  static Day day_of(std::int64_t i) { return Day{1900y / 1 / 1} + std::chrono::days{i % 73'000}; }
  static void put(CopyIn& copy, std::int64_t i) {
    copy.row(10);
    copy.int64(i);
    copy.int16(static_cast<std::int16_t>(i % 30'000));
    copy.int32(static_cast<std::int32_t>(-i));
    copy.boolean(i % 2 == 0);
    copy.day(day_of(i));
    copy.instant(instant_of(i));
    copy.bytes(sha256(as_bytes(std::to_string(i))));
    copy.jsonb(R"({"n": )" + std::to_string(i) + "}");
    copy.text_array(i % 3 == 0 ? std::vector<std::string>{} : std::vector<std::string>{"a", std::to_string(i), ""});
    if (i % 5 == 0)
      copy.null();
    else
      copy.text(i % 7 == 0 ? "" : "Zoë " + std::to_string(i));
  }
  std::int64_t fill(Transaction& transaction, std::int64_t rows) {
    CopyIn copy = transaction.copy_in(in);
    for (std::int64_t i = 0; i < rows; ++i) put(copy, i);
    return copy.finish();
  }
  answerable::testing::TestDatabase database{answerable::testing::TestDatabase::empty()};
  Connection connection{database.conninfo(), "test"};
};

TEST_F(PgCopy, a_hundred_thousand_rows_make_the_round_trip) {
  Transaction transaction(connection, Access::read_write);
  ASSERT_EQ(fill(transaction, many), many);
  CopyOut copy = transaction.copy_out(out);
  std::int64_t i = 0;
  for (; copy.next(); ++i) {
    ASSERT_EQ(copy.columns(), 10U);
    ASSERT_EQ(copy.int64(0), i);
    ASSERT_EQ(copy.int16(1), i % 30'000);
    ASSERT_EQ(copy.int32(2), -i);
    ASSERT_EQ(copy.boolean(3), i % 2 == 0);
    ASSERT_EQ(copy.day(4), day_of(i));
    ASSERT_EQ(copy.instant(5), instant_of(i));
    const Digest digest = sha256(as_bytes(std::to_string(i)));
    ASSERT_TRUE(std::equal(digest.begin(), digest.end(), copy.bytes(6).begin(), copy.bytes(6).end()));
    ASSERT_EQ(copy.jsonb(7), R"({"n": )" + std::to_string(i) + "}");
    ASSERT_EQ(copy.text_array(8).size(), i % 3 == 0 ? 0U : 3U);
    ASSERT_EQ(copy.is_null(9), i % 5 == 0);
    if (i % 5 != 0) {
      ASSERT_EQ(copy.text(9), i % 7 == 0 ? "" : "Zoë " + std::to_string(i));
    }
  }
  EXPECT_EQ(i, many);
  EXPECT_FALSE(copy.next());
  transaction.commit();
}

TEST_F(PgCopy, the_server_means_the_same_by_what_was_copied_in) {
  constexpr Statement seen{
      "copy/seen", "SELECT on_day::text, at::text, encode(raw, 'hex'), doc->>'n', words::text FROM wide WHERE id = 1"};
  Transaction transaction(connection, Access::read_write);
  fill(transaction, 2);
  const Result row = transaction.run_one(seen);
  EXPECT_EQ(row.text(0, 0), "1900-01-02");
  EXPECT_EQ(row.text(0, 1), "1900-01-01 01:01:00.000001+00");
  EXPECT_EQ(row.text(0, 2), hex(sha256(as_bytes("1"))));
  EXPECT_EQ(row.text(0, 3), "1");
  EXPECT_EQ(row.text(0, 4), R"({a,1,""})");
}

TEST_F(PgCopy, dropped_without_finish_nothing_is_stored_and_the_connection_lives) {
  {
    Transaction transaction(connection, Access::read_write);
    CopyIn copy = transaction.copy_in(in);
    for (std::int64_t i = 0; i < 10'000; ++i) put(copy, i);
  }
  Transaction transaction(connection, Access::read_only);
  EXPECT_EQ(transaction.run_one(count).int64(0, 0), 0);
}

TEST_F(PgCopy, a_copy_out_dropped_early_leaves_the_connection_alive) {
  {
    Transaction transaction(connection, Access::read_write);
    fill(transaction, many);
    transaction.commit();
  }
  {
    Transaction transaction(connection, Access::read_only);
    CopyOut copy = transaction.copy_out(out);
    ASSERT_TRUE(copy.next());
  }
  Transaction transaction(connection, Access::read_only);
  EXPECT_EQ(transaction.run_one(count).int64(0, 0), many);
}

TEST_F(PgCopy, nothing_else_is_run_while_copying) {
  Transaction transaction(connection, Access::read_write);
  CopyIn copy = transaction.copy_in(in);
  EXPECT_THROW(transaction.run(count), std::logic_error);
  EXPECT_THROW(transaction.commit(), std::logic_error);
}

TEST_F(PgCopy, a_row_must_have_the_fields_it_said) {
  Transaction transaction(connection, Access::read_write);
  CopyIn copy = transaction.copy_in(in);
  copy.row(2);
  copy.null();
  EXPECT_THROW(copy.row(2), std::logic_error);
  EXPECT_THROW(copy.finish(), std::logic_error);
  copy.null();
  EXPECT_THROW(copy.null(), std::logic_error);
}

TEST_F(PgCopy, a_refused_row_comes_out_at_finish_without_its_values) {
  constexpr Statement narrow{"copy/narrow", "CREATE TABLE narrow (name text PRIMARY KEY)"};
  constexpr Statement narrow_in{"copy/narrow-in", "COPY narrow FROM STDIN (FORMAT binary)"};
  Transaction transaction(connection, Access::read_write);
  transaction.run(narrow);
  CopyIn copy = transaction.copy_in(narrow_in);
  for (int i = 0; i < 2; ++i) {
    copy.row(1);
    copy.text("Zebedee");
  }
  try {
    copy.finish();
    FAIL() << "a doubled key was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate, "23505");
    EXPECT_EQ(error.statement, "copy/narrow-in");
    EXPECT_THAT(error.what(), Not(HasSubstr("Zebedee")));
  }
}

TEST_F(PgCopy, values_reach_a_copy_out_as_settings) {
  constexpr Statement chosen{"copy/chosen",
                             "COPY (SELECT id, name FROM wide WHERE flag = current_setting('answerable.p1')::boolean"
                             " AND middle = current_setting('answerable.p2')::int"
                             " AND on_day = current_setting('answerable.p3')::date"
                             " AND name = current_setting('answerable.p4')) TO STDOUT (FORMAT binary)"};
  Transaction transaction(connection, Access::read_write);
  fill(transaction, 100);
  CopyOut copy = transaction.copy_out(chosen, true, -22, day_of(22), "Zoë 22");
  ASSERT_TRUE(copy.next());
  EXPECT_EQ(copy.int64(0), 22);
  EXPECT_FALSE(copy.next());
  CopyOut none = transaction.copy_out(chosen, true, -22, day_of(22), "Zoë '; DROP TABLE wide; --");
  EXPECT_FALSE(none.next());
}

TEST_F(PgCopy, a_failure_in_the_middle_of_a_copy_out_is_an_error) {
  constexpr Statement failing{
      "copy/failing", "COPY (SELECT 1 / (50000 - n) FROM generate_series(1, 60000) n) TO STDOUT (FORMAT binary)"};
  Transaction transaction(connection, Access::read_only);
  CopyOut copy = transaction.copy_out(failing);
  const auto read_all = [&] {
    while (copy.next()) continue;
  };
  EXPECT_THROW(read_all(), Error);
}

TEST_F(PgCopy, getters_check_width_and_null) {
  constexpr Statement one{"copy/one", "COPY (SELECT 1::int4, NULL::text) TO STDOUT (FORMAT binary)"};
  Transaction transaction(connection, Access::read_only);
  CopyOut copy = transaction.copy_out(one);
  ASSERT_TRUE(copy.next());
  EXPECT_EQ(copy.int32(0), 1);
  EXPECT_THROW(copy.int64(0), std::logic_error);
  EXPECT_THROW(copy.text(1), std::logic_error);
  EXPECT_THROW(copy.int32(2), std::out_of_range);
}

TEST_F(PgCopy, only_binary_copies_are_copies) {
  constexpr Statement no_copy{"copy/no", "SELECT 1"};
  constexpr Statement as_text{"copy/as-text", "COPY wide TO STDOUT"};
  {
    Transaction transaction(connection, Access::read_only);
    EXPECT_THROW(transaction.copy_in(no_copy), std::logic_error);
    EXPECT_THROW(transaction.copy_out(as_text), std::logic_error);
  }
  Transaction transaction(connection, Access::read_only);
  EXPECT_EQ(transaction.run_one(count).int64(0, 0), 0);
}

TEST_F(PgCopy, copying_out_takes_flat_memory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer keeps what was freed";
#endif
  constexpr Statement big{"copy/big",
                          "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 300000)) TO STDOUT (FORMAT binary)"};
  const auto peak_kib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  Transaction transaction(connection, Access::read_only);
  const auto before = peak_kib();
  CopyOut copy = transaction.copy_out(big);
  std::size_t bytes = 0;
  while (copy.next()) bytes += copy.text(0).size();
  EXPECT_EQ(bytes, 300'000'000U);
  EXPECT_LT(peak_kib() - before, 16 * 1024) << "300 MB went through";
}

}  // namespace
}  // namespace answerable::pg
