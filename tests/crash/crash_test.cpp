// The way in is killed, loses its database and its disk, under eight senders that never give up: what was acknowledged
// is stored, once and whole, and nothing has to be mended by hand. ANSWERABLE_KILLS says how often (./run bench crash).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "ingest/access/accounts.hpp"
#include "ingest/access/keys.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "tests/crash/intake_process.hpp"
#include "tests/crash/senders.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using namespace std::chrono_literals;

/// Long enough for a machine that is busy with other things, or that stops us for a while.
constexpr auto patience = 10min;

constexpr pg::Statement stored{
    "crash.stored",
    "SELECT s.message_id, s.submission, s.stored, s.held, s.already_held, count(r.number), count(b.body)"
    " FROM answerable.submission s LEFT JOIN answerable.record r USING (authority, submission)"
    " LEFT JOIN answerable.record_body b USING (authority, number) GROUP BY s.authority, s.submission"};
constexpr pg::Statement numbers{
    "crash.numbers", "SELECT count(*), coalesce(max(number) + 1, 0), count(DISTINCT id) FROM answerable.record"};

int asked_for(const char* variable, int usual) {
  const char* value = std::getenv(variable);
  return value ? std::stoi(value) : usual;
}

std::string last_lines(const std::string& text) {
  return text.substr(text.size() - std::min<std::size_t>(text.size(), 4000));
}

class Crash : public ::testing::Test {
 protected:
  Crash() {
    RecordProperty("seed", std::to_string(seed_));
    pg::Connection door(database_.conninfo() + " user=answerable_door", "test");
    access::add_council(door, "999", "Demonstration Council");
    for (int sender = 0; sender < Senders::how_many; ++sender) {
      const auto account = access::add_account(door, {.authority = "999",
                                                      .email = fmt::format("machine{}@example.org", sender),
                                                      .name = "Machine",
                                                      .organisation = Senders::organisation(sender),
                                                      .roles = {{.role = access::Role::provider_submitter}}});
      keys_.push_back(access::add_key(door, "999", account, {"submit"}, now() + 24h));
    }
  }

  std::chrono::milliseconds at_most(int milliseconds) {
    return std::chrono::milliseconds{std::uniform_int_distribution<int>(0, milliseconds)(random_)};
  }
  pid_t postmaster() const { return std::stoi("0" + slurp(folder_ / "data/postgres/postmaster.pid")); }
  std::vector<pid_t> backends() const {
    const pid_t parent = postmaster();
    std::vector<pid_t> found;
    std::istringstream children(slurp(fmt::format("/proc/{0}/task/{0}/children", parent)));
    for (pid_t child{}; children >> child;) found.push_back(child);
    return found;
  }

  /// Waits until something is acknowledged that was not before: it goes on by itself.
  void goes_on(const Senders& senders, const char* after, std::size_t files = Senders::how_many) {
    const auto before = senders.files();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (senders.files() < before + files && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(10ms);
    ASSERT_GE(senders.files(), before + files) << "nothing came in any more after " << after << "\n"
                                               << last_lines(intake_.log());
  }

  /// 0 acknowledged lost, 0 stored twice, 0 half-stored, and the ledger holds.
  void everything_acknowledged_is_stored_once_and_whole(const Senders& senders) {
    EXPECT_THAT(senders.unexpected(), ::testing::IsEmpty());
    const auto acknowledged = senders.acknowledged();
    EXPECT_FALSE(acknowledged.empty());
    pg::Connection connection(database_.conninfo(), "test");
    pg::Transaction transaction(connection, pg::Access::read_only);
    const auto rows = transaction.run(stored);
    std::set<std::string> seen;
    for (int row = 0; row < rows.rows(); ++row) {
      const std::string message(rows.text(row, 0));
      EXPECT_TRUE(seen.insert(message).second) << message << " is stored twice";
      const auto receipt = acknowledged.find(message);
      ASSERT_NE(receipt, acknowledged.end()) << message << " is stored, and nobody was told at the end";
      EXPECT_EQ(receipt->second, fmt::format("S999-{}", rows.int64(row, 1)));
      EXPECT_EQ(rows.int32(row, 2), Senders::records_each) << message;
      EXPECT_EQ(rows.int32(row, 3) + rows.int32(row, 4), 0) << message << ": records held, or held already";
      EXPECT_EQ(rows.int64(row, 5), Senders::records_each) << message << " is half-stored";
      EXPECT_EQ(rows.int64(row, 6), Senders::records_each) << message << " is half-stored";
    }
    EXPECT_EQ(seen.size(), acknowledged.size()) << "acknowledged and lost";
    const auto count = transaction.run_one(numbers);
    EXPECT_EQ(count.int64(0, 0), static_cast<std::int64_t>(acknowledged.size() * Senders::records_each));
    EXPECT_EQ(count.int64(0, 1), count.int64(0, 0)) << "numbers have gaps";
    EXPECT_EQ(count.int64(0, 2), count.int64(0, 0));
    const std::string where =
        fmt::format(" --data {} --keys {}", (folder_ / "data").string(), (folder_ / "keys").string());
    EXPECT_EQ(run(program + " checkpoint" + where, true).code, 0);
    const auto verified = run(program + " verify --ledger" + where, true);
    EXPECT_EQ(verified.code, 0) << verified.out;
    fmt::print("{} files acknowledged, {} told to come later, seed {}\n", acknowledged.size(), senders.sent_later(),
               seed_);
  }

  const unsigned seed_{std::random_device{}()};
  std::mt19937 random_{seed_};
  Folder folder_;
  pg::Database database_{pg::Database::open({}, folder_ / "data")};
  std::vector<std::string> keys_;
  IntakeProcess intake_{folder_.path()};
};

TEST_F(Crash, the_way_in_is_killed_at_any_moment) {
  const int kills = asked_for("ANSWERABLE_KILLS", 200);
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  std::chrono::duration<double, std::milli> starting{};
  for (int n = 0; n < kills; ++n) {
    // Half of them while it is still starting to work, half in the middle of storing.
    if (n % 2 == 0) goes_on(senders, "a kill", 1);
    std::this_thread::sleep_for(at_most(n % 2 == 0 ? 30 : 250));
    intake_.kill();
    const auto begun = std::chrono::steady_clock::now();
    intake_.start();
    starting += std::chrono::steady_clock::now() - begun;
  }
  goes_on(senders, "the last kill");
  senders.finish();
  everything_acknowledged_is_stored_once_and_whole(senders);
  fmt::print("{} kills; a start takes {:.0f} ms\n", kills, starting.count() / kills);
}

TEST_F(Crash, the_databases_processes_are_killed) {
  const int kills = asked_for("ANSWERABLE_DATABASE_KILLS", 10);
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  for (int n = 0; n < kills; ++n) {
    std::this_thread::sleep_for(at_most(300));
    const auto all = backends();
    if (!all.empty()) ::kill(all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(random_)], SIGKILL);
  }
  goes_on(senders, "the last kill");
  EXPECT_TRUE(intake_.running());
  senders.finish();
  EXPECT_GT(senders.sent_later(), 0);
  everything_acknowledged_is_stored_once_and_whole(senders);
}

TEST_F(Crash, the_database_is_killed_and_started_again_by_the_service) {
  const int kills = asked_for("ANSWERABLE_SERVER_KILLS", 3);
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  for (int n = 0; n < kills; ++n) {
    std::this_thread::sleep_for(at_most(300));
    ::kill(postmaster(), SIGKILL);
    goes_on(senders, "the database was killed");
  }
  EXPECT_TRUE(intake_.running());
  senders.finish();
  EXPECT_GT(senders.sent_later(), 0);
  everything_acknowledged_is_stored_once_and_whole(senders);
}

TEST_F(Crash, a_backup_is_taken_while_files_come_in) {
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  goes_on(senders, "the start");
  const auto before = senders.acknowledged();
  const std::string keys = " --keys " + (folder_ / "keys").string();
  const auto made = run(fmt::format("{} backup --format json --output {} --data {}", program,
                                    (folder_ / "backups").string(), (folder_ / "data").string()));
  ASSERT_EQ(made.code, 0) << made.out;
  senders.finish();
  const auto restored = run(fmt::format("{} restore {} --data {}{}", program, made.json()["backup"].get<std::string>(),
                                        (folder_ / "new").string(), keys),
                            true);
  EXPECT_EQ(restored.code, 0) << restored.out;
  const auto database = pg::Database::open({}, folder_ / "new");
  pg::Connection connection(database.conninfo(), "test");
  pg::Transaction transaction(connection, pg::Access::read_only);
  const auto rows = transaction.run(stored);
  std::set<std::string> there;
  for (int row = 0; row < rows.rows(); ++row) {
    there.emplace(rows.text(row, 0));
    EXPECT_EQ(rows.int64(row, 6), Senders::records_each);
  }
  for (const auto& [message, receipt] : before) EXPECT_TRUE(there.contains(message)) << message;
  everything_acknowledged_is_stored_once_and_whole(senders);
}

TEST_F(Crash, the_disk_of_the_way_in_is_full_or_fails) {
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  goes_on(senders, "the start");
  for (const char* what : {"write,writev:error=ENOSPC:when=1+3", "write,writev:error=EIO:when=2+2"}) {
    {
      const Failing failing({intake_.process()}, what);
      std::this_thread::sleep_for(1s);
    }
    EXPECT_TRUE(intake_.running()) << what;
    goes_on(senders, what);
  }
  senders.finish();
  EXPECT_GT(senders.sent_later(), 0);
  everything_acknowledged_is_stored_once_and_whole(senders);
}

TEST_F(Crash, the_databases_disk_is_full_or_fails) {
  intake_.start();
  Senders senders(keys_, [this] { return intake_.port(); });
  goes_on(senders, "the start");
  for (const char* what : {"pwrite64,pwritev:error=ENOSPC:when=3+", "pwrite64,pwritev:error=EIO:when=20+5",
                           "fdatasync,fsync:error=EIO:when=2+"}) {
    {
      auto processes = backends();
      processes.push_back(postmaster());
      const Failing failing(processes, what);
      std::this_thread::sleep_for(1s);
    }
    EXPECT_TRUE(intake_.running()) << what;
    goes_on(senders, what);
  }
  senders.finish();
  EXPECT_GT(senders.sent_later(), 0);
  everything_acknowledged_is_stored_once_and_whole(senders);
}

// 202 says that the file stays: it is said when the disk has said so, and not before.
TEST_F(Crash, what_the_disk_does_not_keep_is_not_promised) {
  intake_.start();
  std::set<std::string> promised;
  int files = 0;
  const auto send = [&] {
    const auto message = fmt::format("LATER-{}", files++);
    const int status = Senders::send_for_later(intake_.port(), keys_.front(), 0, message);
    if (status == 202) promised.insert(message);
    return status;
  };
  {
    const Failing failing({intake_.process()}, "fsync,fdatasync:error=EIO");
    for (int n = 0; n < 500 && send() != 503; ++n) std::this_thread::sleep_for(10ms);  // strace takes hold in a moment
    for (int n = 0; n < 5; ++n) EXPECT_EQ(send(), 503);
  }
  {
    const Failing failing({intake_.process()}, "fsync,fdatasync:error=EIO:when=2+5");
    for (int n = 0; n < 20; ++n) EXPECT_THAT(send(), ::testing::AnyOf(202, 503));
  }
  EXPECT_GT(promised.size(), 0U);
  EXPECT_EQ(send(), 202) << "the disk is well again";
  intake_.kill();
  intake_.start();
  pg::Connection connection(database_.conninfo(), "test");
  std::set<std::string> there;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (there != promised && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(50ms);
    there.clear();
    pg::Transaction transaction(connection, pg::Access::read_only);
    const auto rows = transaction.run(stored);
    for (int row = 0; row < rows.rows(); ++row) there.emplace(rows.text(row, 0));
  }
  EXPECT_EQ(there, promised) << last_lines(intake_.log());
}

}  // namespace
}  // namespace answerable::testing
