#include "ingest/service/later.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "ingest/http/problem.hpp"
#include "ingest/http/virus_scanner.hpp"
#include "ingest/pg/pool.hpp"
#include "ingest/service/readers.hpp"
#include "ingest/service/spool.hpp"

namespace answerable::service {
namespace {

/// What a door that throws this is answered with; 0 when it goes on to whoever called.
template <class Thrown>
int status_of(const Thrown& thrown) {
  Log log("test", std::tmpfile());
  const auto door =
      unless_later({"GET", "/", http::Body::none, 0, [&](http::Request&) -> http::Response { throw thrown; }}, log);
  http::Request request;
  try {
    door.handle(request);
  } catch (const http::Problem& problem) {
    EXPECT_TRUE(problem.status != 503 || problem.headers.contains("Retry-After"));
    return problem.status;
  } catch (const std::exception&) {
    return 0;
  }
  return -1;
}

// Doors other than the intake's answered 500 when the database was away.
TEST(ServiceLater, WhatPassesIsAnsweredWith503AtEveryDoor) {
  EXPECT_EQ(status_of(pg::AllInUse("all in use")), 503);
  EXPECT_EQ(status_of(ReadersBusy("busy")), 503);
  EXPECT_EQ(status_of(NoRoom("full")), 503);
  EXPECT_EQ(status_of(http::ScannerAway("refused")), 503);
  EXPECT_EQ(status_of(pg::InDoubt("COMMIT", "08006", "nobody knows")), 503);
  for (const char* state : {"08001", "40001", "53100", "57P02", "58030", ""})
    EXPECT_EQ(status_of(pg::Error("statement", state, "")), 503) << state;
}

TEST(ServiceLater, AFaultOfOursIsNone) {
  EXPECT_EQ(status_of(pg::Error("statement", "42P01", "")), 0);
  EXPECT_EQ(status_of(pg::Error("statement", "XX000", "")), 0) << "nor a fault of the database's own";
  EXPECT_EQ(status_of(std::logic_error("ours")), 0);
  EXPECT_EQ(status_of(http::Problem{.status = 422}), 422);
}

}  // namespace
}  // namespace answerable::service
