#include "audit/service/jobs.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "audit/ledger/keys.hpp"
#include "audit/service/worker.hpp"
#include "ingest/pg/administration.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/listener.hpp"
#include "tests/journeys/journey.hpp"
#include "tests/support/database.hpp"

namespace answerable::service {
namespace {

using namespace std::chrono_literals;

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() { by_sql("INSERT INTO answerable.authority VALUES ('905', 'Somerset'), ('355', 'Salford')"); }
  void by_sql(const std::string& sql) {
    pg::Transaction transaction(owner_, pg::Access::read_write);
    pg::Administration(owner_).run_script("test", sql);
    transaction.commit();
  }
  bool busy() {
    static constexpr pg::Statement open{
        "test.open_jobs",
        "SELECT EXISTS (SELECT FROM answerable.job WHERE lease_by IS NOT NULL OR due_at <= clock_timestamp())"};
    pg::Transaction transaction(owner_, pg::Access::read_only);
    return transaction.run_one(open).boolean(0, 0);
  }
  pg::Connection as_audit() { return {database_.conninfo(), "test", "answerable_audit"}; }

  ::answerable::testing::TestDatabase database_;
  pg::Connection owner_{database_.conninfo(), "test"};
  pg::Connection one_ = as_audit(), other_ = as_audit();
  Jobs mine_{one_, "mine"}, theirs_{other_, "theirs"};
};

TEST_F(JobsTest, NoTwoDoTheSameAtOnceAndSealingGoesFirst) {
  EXPECT_FALSE(mine_.take());
  mine_.want("905", JobKind::audit);
  mine_.want("905", JobKind::seal);
  const auto first = mine_.take();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, JobKind::seal);
  const auto second = theirs_.take();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kind, JobKind::audit);
  EXPECT_FALSE(theirs_.take());
  mine_.done(*first, std::nullopt);
  EXPECT_FALSE(mine_.take());
}

TEST_F(JobsTest, WhatIsAskedForWhileItIsDoneIsDueAgain) {
  mine_.want("905", JobKind::audit);
  const auto job = mine_.take();
  theirs_.want("905", JobKind::audit);
  EXPECT_FALSE(theirs_.take());
  mine_.done(*job, now() + 24h);
  EXPECT_TRUE(theirs_.take());
}

TEST_F(JobsTest, AKilledWorkersJobIsTakenUpOnceItsLeaseIsOver) {
  mine_.want("905", JobKind::audit);
  const auto job = mine_.take();
  EXPECT_TRUE(mine_.renew(*job));
  by_sql("UPDATE answerable.job SET lease_until = clock_timestamp() - interval '1 second'");
  EXPECT_FALSE(mine_.renew(*job)) << "too late";
  const auto taken_up = theirs_.take();
  ASSERT_TRUE(taken_up);
  EXPECT_EQ(taken_up->attempt, 2);
  mine_.done(*job, std::nullopt);
  EXPECT_TRUE(theirs_.renew(*taken_up)) << "who lost the lease ends nothing";
}

TEST_F(JobsTest, AFailureIsTriedAgainLaterEachTimeLater) {
  const auto due_in = [this] { return *mine_.next_due() - now(); };
  mine_.want("905", JobKind::seal);
  mine_.failed(*mine_.take(), "no key");
  EXPECT_GT(due_in(), 8s);
  EXPECT_LT(due_in(), 11s);
  by_sql("UPDATE answerable.job SET due_at = clock_timestamp()");
  const auto again = mine_.take();
  EXPECT_EQ(again->attempt, 2);
  mine_.failed(*again, "no key");
  EXPECT_GT(due_in(), 18s);
}

TEST_F(JobsTest, APlanIsNeverLaterThanWhatIsDue) {
  mine_.plan("905", JobKind::verify, now() + 1h);
  mine_.plan("905", JobKind::verify, now() + 2h);
  EXPECT_LT(*mine_.next_due(), now() + 61min);
  mine_.plan("905", JobKind::verify, now());
  EXPECT_TRUE(mine_.take());
}

TEST_F(JobsTest, AskingWakesWhoListens) {
  pg::Listener listener(database_.conninfo(), "test", "answerable_audit", "answerable_work");
  EXPECT_FALSE(listener.wait(1ms));
  mine_.want("905", JobKind::audit);
  EXPECT_TRUE(listener.wait(5s));
  EXPECT_FALSE(listener.wait(1ms));
}

TEST_F(JobsTest, TwoWorkersDoEveryJobOnceAndPlanTheNight) {
  const ::answerable::testing::Folder folder;
  std::FILE* const out = std::fopen((folder / "log").c_str(), "w");
  {
    Log log("test", out);
    Metrics metrics;
    mine_.want("905", JobKind::audit);
    mine_.want("355", JobKind::audit);
    const Worker worker(database_.conninfo(), "answerable_audit", ledger::Keys(folder / "keys"), log, metrics);
    const Worker second(database_.conninfo(), "answerable_audit", ledger::Keys(folder / "keys"), log, metrics);
    for (int i = 0; i < 400 && busy(); ++i) std::this_thread::sleep_for(50ms);
  }
  std::fclose(out);
  const std::string told = ::answerable::testing::slurp(folder / "log");
  const auto times = [&](const std::string& text) {
    int n = 0;
    for (auto at = told.find(text); at != told.npos; at = told.find(text, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(times("\"event\":\"audited\",\"authority\":\"905\""), 1) << told;
  EXPECT_EQ(times("\"event\":\"audited\",\"authority\":\"355\""), 1) << told;
  EXPECT_EQ(times("job-failed"), 0) << told;
  EXPECT_GT(*mine_.next_due(), now());
}

}  // namespace
}  // namespace answerable::service
