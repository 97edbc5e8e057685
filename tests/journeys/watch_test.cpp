// A folder that files are put into: the real program, killed, told to end, and with its database away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string watched_file(const std::string& message, const std::string& record) {
  return fmt::format(
      "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
      "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
      "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
      "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>"
      "<person xmlns=\"urn:answerable:person:1\" id=\"{}\"><person scheme=\"council\">P1</person>"
      "<name>Example Person</name></person></records></submission>",
      message, record);
}

class Watch : public ::testing::Test {
 protected:
  Watch() { fs::create_directory(in_); }
  ~Watch() override { end(SIGKILL); }

  void start() {
    const auto before = watching();
    process_ = ::fork();
    if (process_ == 0) {
      const std::string command = fmt::format("exec {}/answerable-ingest submit --watch {} --data {} >>{} 2>&1",
                                              ANSWERABLE_BIN, in_.string(), data_.string(), (folder_ / "log").string());
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    wait_until([&] { return watching() > before; }, "watching");
  }
  /// What it ended with, or -1 for a signal.
  int end(int signal) {
    if (process_ < 0) return -1;
    ::kill(process_, signal);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void wait_until(const std::function<bool()>& is, const std::string& what) {
    const auto patience = std::chrono::steady_clock::now() + 90s;
    while (!is() && std::chrono::steady_clock::now() < patience) std::this_thread::sleep_for(20ms);
    ASSERT_TRUE(is()) << what << "\n" << slurp(folder_ / "log");
  }
  void wait_for(const fs::path& file) {
    wait_until([&] { return fs::exists(file); }, file.string());
  }
  std::ptrdiff_t watching() const {
    const std::string log = slurp(folder_ / "log");
    return std::ranges::count(log, 'W');  // "Watching", once each time it starts
  }
  nlohmann::ordered_json receipt(const fs::path& file) {
    return nlohmann::ordered_json::parse(slurp(file.string() + ".receipt.json"));
  }
  std::string status() { return run(program + " status --data " + data_.string(), true).out; }

  Folder folder_;
  const fs::path in_ = folder_ / "in", data_ = folder_ / "data", done_ = in_ / "done", refused_ = in_ / "refused";
  pid_t process_{-1};
};

TEST_F(Watch, a_file_goes_to_done_with_its_receipt_and_a_bad_one_to_refused_with_its_faults) {
  spill(in_ / "good.xml", watched_file("M-1", "R-1"));
  spill(in_ / "bad.xml", "<submission>");
  spill(in_ / ".unfinished.xml", watched_file("M-2", "R-2"));
  spill(in_ / "note.txt", "not for us");
  start();
  wait_for(done_ / "good.xml");
  wait_for(refused_ / "bad.xml");
  EXPECT_EQ(receipt(done_ / "good.xml")["receipt"], "S999-1");
  EXPECT_THAT(slurp(done_ / "good.xml.receipt.txt"), HasSubstr("Receipt S999-1"));
  EXPECT_FALSE(fs::exists(done_ / "good.xml.faults.csv"));
  EXPECT_THAT(slurp(refused_ / "bad.xml.refusal.txt"), HasSubstr("Nothing of it was stored"));
  EXPECT_THAT(slurp(refused_ / "bad.xml.faults.csv"), HasSubstr("bad.xml"));
  // Another file of the same name is kept beside it.
  spill(in_ / "good.xml", watched_file("M-3", "R-3"));
  wait_for(done_ / "good-2.xml");
  EXPECT_EQ(receipt(done_ / "good-2.xml")["receipt"], "S999-2");
  EXPECT_TRUE(fs::exists(in_ / ".unfinished.xml"));
  EXPECT_TRUE(fs::exists(in_ / "note.txt"));
  const auto second = run(fmt::format("{} submit --watch {} --data {}", program, in_.string(), data_.string()), true);
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.out, HasSubstr("another program watches this folder already"));
  EXPECT_EQ(end(SIGTERM), 0) << slurp(folder_ / "log");
}

TEST_F(Watch, a_file_that_grows_is_left_alone_until_it_is_whole) {
  start();
  const std::string whole = watched_file("M-1", "R-1");
  for (std::size_t written = 0; written < whole.size(); written += 100) {
    std::ofstream(in_ / "slow.xml", std::ios::app | std::ios::binary) << whole.substr(written, 100);
    std::this_thread::sleep_for(700ms);
  }
  wait_for(done_ / "slow.xml");
  EXPECT_EQ(receipt(done_ / "slow.xml")["stored"], 1);
  EXPECT_EQ(end(SIGINT), 0);
}

TEST_F(Watch, what_was_taken_in_before_a_kill_gets_the_same_receipt) {
  // As a kill between taking in and moving leaves it: stored, and still in the folder.
  spill(in_ / "one.xml", watched_file("M-1", "R-1"));
  ASSERT_EQ(run(fmt::format("{} submit {} --data {}", program, (in_ / "one.xml").string(), data_.string())).code, 0);
  start();
  wait_for(done_ / "one.xml");
  EXPECT_EQ(receipt(done_ / "one.xml")["receipt"], "S999-1");
  for (int n = 0; n < 5; ++n) {  // and at moments nobody chose
    const std::string name = fmt::format("kill-{}.xml", n);
    spill(in_ / name, watched_file(fmt::format("K-{}", n), fmt::format("K-{}", n)));
    std::this_thread::sleep_for(2s + n * 150ms);
    end(SIGKILL);
    start();
    wait_for(done_ / name);
    EXPECT_EQ(receipt(done_ / name)["receipt"], fmt::format("S999-{}", n + 2));
  }
  EXPECT_EQ(end(SIGTERM), 0);
}

TEST_F(Watch, it_goes_on_when_the_database_was_away) {
  start();
  spill(in_ / "one.xml", watched_file("M-1", "R-1"));
  wait_for(done_ / "one.xml");
  ::kill(std::stoi(slurp(data_ / "postgres/postmaster.pid")), SIGKILL);
  spill(in_ / "two.xml", watched_file("M-2", "R-2"));
  wait_for(done_ / "two.xml");
  EXPECT_EQ(receipt(done_ / "two.xml")["receipt"], "S999-2");
  EXPECT_EQ(end(SIGTERM), 0);
}

}  // namespace
}  // namespace answerable::testing
