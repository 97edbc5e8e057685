#include "ingest/pg/private_server.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "ingest/pg/connection.hpp"
#include "ingest/pg/migrations.hpp"
#include "ingest/pg/process.hpp"

namespace answerable::pg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Statement create{"server-test/create", "CREATE TABLE kept (id int)"};
constexpr Statement insert{"server-test/insert", "INSERT INTO kept VALUES ($1)"};
constexpr Statement count{"server-test/count", "SELECT count(*) FROM kept"};
constexpr Statement setting{"server-test/setting", "SELECT current_setting($1)"};

template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

/// Another process that has the folder open until told to leave.
class OtherProgram {
 public:
  explicit OtherProgram(const fs::path& data) {
    std::array<int, 2> up, down;
    if (pipe2(up.data(), O_CLOEXEC) != 0 || pipe2(down.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      char byte = 'x';
      try {
        const auto server = PrivateServer::open(data);
        byte = 'o';
        if (write(up[1], &byte, 1) != 1 || read(down[0], &byte, 1) != 1) _exit(2);
      } catch (const std::exception& error) {
        fprintf(stderr, "%s\n", error.what());
        if (write(up[1], &byte, 1) != 1) _exit(2);
      }
      _exit(0);
    }
    close(up[1]);
    close(down[0]);
    from_ = up[0];
    to_ = down[1];
  }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;
  ~OtherProgram() {
    if (process_ > 0) leave();
    close(from_);
    close(to_);
  }
  bool is_open() const {
    char byte = 0;
    return read(from_, &byte, 1) == 1 && byte == 'o';
  }
  void leave() {
    if (write(to_, "l", 1) != 1) ADD_FAILURE() << "the other program is gone";
    waitpid(std::exchange(process_, 0), nullptr, 0);
  }
  void kill_it() {
    kill(process_, SIGKILL);
    waitpid(std::exchange(process_, 0), nullptr, 0);
  }

 private:
  pid_t process_;
  int from_, to_;
};

struct PgPrivateServer : ::testing::Test {
  PgPrivateServer() {
    std::string name = (fs::temp_directory_path() / "answerable-server-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    top = name;
    chmod(name.c_str(), 0711);
    data = top / "data";
  }
  ~PgPrivateServer() override {
    if (const pid_t left = postmaster()) kill(left, SIGQUIT);
    fs::remove_all(top);
  }

  /// Process number of the server that runs in the folder; 0 when none does.
  pid_t postmaster() const {
    pid_t process = 0;
    std::ifstream(data / "postgres/postmaster.pid") >> process;
    return process > 0 && kill(process, 0) == 0 ? process : 0;
  }
  static void keep(const PrivateServer& server) {
    Connection connection(server.conninfo(), "test");
    Transaction transaction(connection, Access::read_write);
    transaction.run(create);
    transaction.run(insert, 1);
    transaction.commit();
  }
  static std::int64_t kept(const PrivateServer& server) {
    Connection connection(server.conninfo(), "test");
    Transaction transaction(connection, Access::read_only);
    return transaction.run_one(count).int64(0, 0);
  }

  fs::path top, data;
};

TEST_F(PgPrivateServer, is_made_on_first_use_and_stops_with_its_only_program) {
  {
    const auto server = PrivateServer::open(data);
    EXPECT_NE(postmaster(), 0);
    Connection connection(server.conninfo(), "test");
    Transaction transaction(connection, Access::read_only);
    const auto value = [&](const char* name) { return std::string(transaction.run_one(setting, name).text(0, 0)); };
    EXPECT_EQ(value("data_checksums"), "on");
    EXPECT_EQ(value("server_encoding"), "UTF8");
    EXPECT_EQ(value("lc_collate"), "C");
    EXPECT_EQ(value("listen_addresses"), "");
    EXPECT_EQ(value("fsync"), "on");
    EXPECT_EQ(value("full_page_writes"), "on");
    EXPECT_EQ(value("synchronous_commit"), "on");
    EXPECT_EQ(value("wal_level"), "replica");
    const long quarter = sysconf(_SC_PHYS_PAGES) / (1'048'576 / sysconf(_SC_PAGESIZE)) / 4;
    EXPECT_EQ(value("shared_buffers"), std::to_string(std::clamp(quarter, 64L, 512L)) + "MB");
    EXPECT_EQ(value("wal_buffers"), "32MB");
    EXPECT_EQ(value("max_wal_size"), "2GB");
    EXPECT_EQ(value("max_connections"), "100");
  }
  EXPECT_EQ(postmaster(), 0);
  EXPECT_FALSE(fs::exists(data / "postgres/postmaster.pid")) << "a fast shutdown removes it, a crash does not";
}

TEST_F(PgPrivateServer, its_files_are_its_users_alone) {
  const auto server = PrivateServer::open(data);
  for (const auto* folder : {"postgres", "run"})
    EXPECT_EQ(fs::status(data / folder).permissions() & fs::perms{0077}, fs::perms::none) << folder;
  std::ifstream ways_in(data / "settings/pg_hba.conf");
  int lines = 0;
  for (std::string line; std::getline(ways_in, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    EXPECT_TRUE(line.starts_with("local ") && line.find(" peer") != line.npos)
        << line << ": by the operating system's word";
    ++lines;
  }
  EXPECT_GT(lines, 0);
}

TEST_F(PgPrivateServer, the_last_program_out_stops_it) {
  std::optional<PrivateServer> here = PrivateServer::open(data);
  const pid_t server = postmaster();
  OtherProgram other(data);
  ASSERT_TRUE(other.is_open());
  EXPECT_EQ(postmaster(), server) << "the second program uses the first one's server";
  keep(*here);
  here.reset();
  EXPECT_EQ(postmaster(), server) << "stopped while another program used it";
  other.leave();
  EXPECT_EQ(postmaster(), 0) << "left running by the last program out";
  EXPECT_EQ(kept(PrivateServer::open(data)), 1);
}

TEST_F(PgPrivateServer, programs_that_start_at_once_share_one) {
  OtherProgram a(data), b(data), c(data);
  EXPECT_TRUE(a.is_open());
  EXPECT_TRUE(b.is_open());
  EXPECT_TRUE(c.is_open());
  EXPECT_NE(postmaster(), 0);
  a.leave();
  b.leave();
  EXPECT_NE(postmaster(), 0);
  c.leave();
  EXPECT_EQ(postmaster(), 0);
}

TEST_F(PgPrivateServer, coming_and_going_never_meets_a_stopped_server) {
  { const auto make = PrivateServer::open(data); }
  const auto come_and_go = [&] {
    for (int i = 0; i < 5; ++i) {
      const auto server = PrivateServer::open(data);
      Connection connection(server.conninfo(), "test");
      Transaction transaction(connection, Access::read_only);
      transaction.run_one(setting, "fsync");
    }
  };
  std::string mine, other;
  std::thread second([&] { other = refusal(come_and_go); });
  mine = refusal(come_and_go);
  second.join();
  EXPECT_EQ(mine, "");
  EXPECT_EQ(other, "");
  EXPECT_EQ(postmaster(), 0);
}

TEST_F(PgPrivateServer, a_killed_program_leaves_it_to_the_next) {
  OtherProgram other(data);
  ASSERT_TRUE(other.is_open());
  const pid_t server = postmaster();
  other.kill_it();
  EXPECT_EQ(postmaster(), server);
  {
    const auto here = PrivateServer::open(data);
    EXPECT_EQ(postmaster(), server);
  }
  EXPECT_EQ(postmaster(), 0);
}

TEST_F(PgPrivateServer, survives_kill_9_of_everything) {
  {
    const auto server = PrivateServer::open(data);
    keep(server);
    kill(postmaster(), SIGKILL);
  }
  ASSERT_TRUE(fs::exists(data / "postgres/postmaster.pid"));
  EXPECT_EQ(kept(PrivateServer::open(data)), 1);
}

TEST(PgProcess, a_command_line_is_read_while_its_process_ends) {
  std::atomic<pid_t> newest = 0;
  std::jthread others([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      newest = child;
      waitpid(child, nullptr, 0);
    }
  });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  EXPECT_EQ(refusal([&] {
              while (std::chrono::steady_clock::now() < until) command_line(newest);
            }),
            "");
  EXPECT_THAT(command_line(getpid()), HasSubstr("test-ingest"));
}

TEST_F(PgPrivateServer, survives_a_stale_file_that_names_another_living_process) {
  {
    const auto server = PrivateServer::open(data);
    kill(postmaster(), SIGKILL);
  }
  const fs::path file = data / "postgres/postmaster.pid";
  std::ifstream in(file);
  std::string old, rest;
  std::getline(in, old);
  std::getline(in, rest, '\0');
  std::ofstream(file) << getppid() << '\n' << rest;
  EXPECT_NO_THROW(PrivateServer::open(data));
}

TEST_F(PgPrivateServer, an_initdb_cut_short_is_done_again) {
  fs::create_directories(data / "postgres.new/base");
  chmod(data.c_str(), 0711);
  EXPECT_NO_THROW(PrivateServer::open(data));
}

TEST_F(PgPrivateServer, a_deep_folder_gets_a_short_socket) {
  const fs::path deep = top / std::string(120, 'd');
  fs::create_directory(deep);
  chmod(deep.c_str(), 0711);
  const auto server = PrivateServer::open(deep / "data");
  EXPECT_THAT(server.conninfo(), ::testing::Not(HasSubstr("dddd")));
  keep(server);
  EXPECT_EQ(kept(server), 1);
}

TEST_F(PgPrivateServer, hands_none_of_our_files_to_the_server) {
  const fs::path secret = top / "secret";
  const int leaky = open(secret.c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(leaky, 0);
  const auto server = PrivateServer::open(data);
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(postmaster()) + "/fd"))
    files.insert(fs::read_symlink(entry.path()).filename().string());
  close(leaky);
  EXPECT_FALSE(files.contains("in-use.lock"));
  EXPECT_FALSE(files.contains("start.lock"));
  EXPECT_FALSE(files.contains("secret"));
  EXPECT_TRUE(files.contains("postgres.log"));
}

TEST_F(PgPrivateServer, the_programs_own_surroundings_do_not_matter) {
  setenv("LC_ALL", "xx_YY.nonsense", 1);
  setenv("PGDATA", "/nowhere", 1);
  setenv("PGPORT", "1", 1);
  sigset_t blocked, before;
  sigfillset(&blocked);
  sigprocmask(SIG_SETMASK, &blocked, &before);
  const std::string trouble = refusal([&] { keep(PrivateServer::open(data)); });
  sigprocmask(SIG_SETMASK, &before, nullptr);
  for (const auto* name : {"LC_ALL", "PGDATA", "PGPORT"}) unsetenv(name);
  EXPECT_EQ(trouble, "");
  EXPECT_EQ(postmaster(), 0) << "a server that was started with signals blocked does not hear that it is to stop";
}

TEST_F(PgPrivateServer, its_log_holds_no_values) {
  constexpr Statement cast{"server-test/cast", "SELECT $1::text::int"};
  {
    const auto server = PrivateServer::open(data);
    Connection connection(server.conninfo(), "test");
    Transaction transaction(connection, Access::read_only);
    EXPECT_THROW(transaction.run(cast, "Zebedee"), Error);
  }
  std::ifstream log(data / "postgres.log");
  const std::string text{std::istreambuf_iterator<char>(log), {}};
  EXPECT_THAT(text, HasSubstr("ready to accept connections"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("Zebedee")));
}

TEST_F(PgPrivateServer, says_why_it_did_not_start) {
  { const auto make = PrivateServer::open(data); }
  fs::remove(data / "postgres/global/pg_control");
  EXPECT_THAT(refusal([&] { PrivateServer::open(data); }), HasSubstr("pg_control"));
}

TEST_F(PgPrivateServer, says_which_version_is_missing) {
  { const auto make = PrivateServer::open(data); }
  std::ofstream(data / "postgres/PG_VERSION") << "99\n";
  const std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  EXPECT_THAT(refusal([&] { PrivateServer::open(data); }), HasSubstr("postgresql-99"));
  setenv("PATH", path.c_str(), 1);
}

TEST_F(PgPrivateServer, root_is_told_which_folder_the_server_cannot_enter) {
  if (geteuid() != 0) GTEST_SKIP() << "only root starts the server as another user";
  const fs::path closed = top / "closed";
  fs::create_directory(closed);
  chmod(closed.c_str(), 0700);
  EXPECT_THAT(refusal([&] { PrivateServer::open(closed / "data"); }), HasSubstr("chmod o+x " + closed.string()));
}

TEST_F(PgPrivateServer, root_does_not_take_over_another_users_folder) {
  if (geteuid() != 0) GTEST_SKIP() << "only root could";
  fs::create_directory(data);
  ASSERT_EQ(chown(data.c_str(), 65534, 65534), 0);
  EXPECT_THAT(refusal([&] { PrivateServer::open(data); }), HasSubstr("belongs to the user nobody"));
}

struct PgDatabase : PgPrivateServer {
  PgDatabase() {
    fs::create_directories(top / "share/schemas/database");
    std::ofstream(top / "share/schemas/database/0001-kept.sql") << "CREATE TABLE kept (id int);";
    setenv("ANSWERABLE_SHARE", (top / "share").c_str(), 1);
  }
  ~PgDatabase() override { unsetenv("ANSWERABLE_SHARE"); }
  static std::int64_t rows(const std::string& conninfo) {
    Connection connection(conninfo, "test");
    Transaction transaction(connection, Access::read_only);
    return transaction.run_one(count).int64(0, 0);
  }
};

TEST_F(PgDatabase, is_private_and_migrated_when_none_is_named) {
  {
    const auto database = Database::open(std::nullopt, data);
    EXPECT_EQ(rows(database.conninfo()), 0);
    EXPECT_NE(postmaster(), 0);
  }
  EXPECT_EQ(postmaster(), 0);
}

TEST_F(PgDatabase, is_yours_and_migrated_when_you_name_one) {
  const auto server = PrivateServer::open(data);
  const auto database = Database::open(server.conninfo(), top / "unused");
  EXPECT_EQ(database.conninfo(), server.conninfo());
  EXPECT_EQ(rows(database.conninfo()), 0);
  EXPECT_FALSE(fs::exists(top / "unused"));
}

TEST_F(PgDatabase, a_program_too_old_for_it_leaves_no_server_behind) {
  { const auto made = Database::open(std::nullopt, data); }
  fs::rename(top / "share/schemas/database/0001-kept.sql", top / "share/schemas/database/0001-other.sql");
  EXPECT_THROW(Database::open(std::nullopt, data), MigrationError);
  EXPECT_EQ(postmaster(), 0);
}

}  // namespace
}  // namespace answerable::pg
