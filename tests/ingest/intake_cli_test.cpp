#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "ingest/cli/receipt_output.hpp"
#include "ingest/intake/receipt.hpp"
#include "ingest/pg/connection.hpp"
#include "tests/support/database.hpp"

namespace answerable {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

struct Ran {
  int code{};
  std::string out, err;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string quoted(const std::string& argument) {
  std::string out{"'"};
  for (const char c : argument) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

std::string person(const std::string& id, const std::string& nhs) {
  return "\n    <person xmlns=\"urn:answerable:person:1\" id=\"" + id + "\"><person scheme=\"nhs-number\">" + nhs +
         "</person><name>Made Up</name></person>";
}

std::string review(const std::string& id, const std::string& completed) {
  return "\n    <review xmlns=\"urn:answerable:review:1\" id=\"" + id +
         "\"><person scheme=\"nhs-number\">9990000018</person><type>plan</type><completed>" + completed +
         "</completed></review>";
}

std::string head(const std::string& message, const std::string& sender = "RH5") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<submission xmlns=\"urn:answerable:submission:1\">\n  <header>\n "
         "   <messageId>" +
         message + "</messageId>\n    <sender scheme=\"ods\" code=\"" + sender +
         "\">Somerset Partnership</sender>\n    <authority scheme=\"cassr\" code=\"905\">Somerset</authority>\n"
         "    <createdAt>2026-11-01T09:00:00Z</createdAt>\n    <sourceSystem>RiO 21.4</sourceSystem>\n  </header>\n  "
         "<records>";
}

const std::string tail = "\n  </records>\n</submission>\n";

/// The program itself, on a database of its own.
struct IntakeCommands : ::testing::Test {
  IntakeCommands() {
    std::string name = (fs::temp_directory_path() / "answerable-cli-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder can be made");
    folder = name;
    chmod(name.c_str(), 0711);
  }
  ~IntakeCommands() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
    return (folder / name).string();
  }

  Ran run_bare(const std::vector<std::string>& arguments, const std::string& input = "/dev/null") const {
    static int runs = 0;
    const std::string base = (folder / ("run" + std::to_string(++runs) + "-" +
                                        std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id()))))
                                 .string();
    std::string command = quoted(ANSWERABLE_BIN "/answerable-ingest");
    for (const std::string& argument : arguments) command += " " + quoted(argument);
    command += " <" + quoted(input) + " >" + quoted(base + ".out") + " 2>" + quoted(base + ".err");
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(base + ".out"), read(base + ".err")};
  }

  Ran run(std::vector<std::string> arguments, const std::string& input = "/dev/null") const {
    arguments.insert(arguments.begin() + 1, {"--database", database.conninfo()});
    return run_bare(arguments, input);
  }

  json run_json(std::vector<std::string> arguments, int code = 0) const {
    arguments.insert(arguments.begin() + 1, {"--format", "json"});
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, code) << ran.err;
    return json::parse(ran.out);
  }

  std::string original(const char* receipt) {
    pg::Connection connection(database.conninfo(), "tests");
    std::ostringstream out;
    intake::original(connection, *intake::parse_receipt_id(receipt), out);
    return out.str();
  }

  std::int64_t records() {
    pg::Connection connection(database.conninfo(), "tests");
    pg::Transaction transaction(connection, pg::Access::read_only);
    return transaction.run_one({"test.records", "SELECT count(*) FROM answerable.record"}).int64(0, 0);
  }

  testing::TestDatabase database;
  fs::path folder;
};

TEST_F(IntakeCommands, SubmitGivesAReceiptThatStaysAndKeepsTheFileAsItWas) {
  const std::string name = file(
      "a.xml", head("M1") + person("PER-1", "9990000018") + "<!-- between -->" + review("REV-1", "2026-03-04") + tail);
  const Ran ran = run({"submit", name});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Receipt S905-1"));
  EXPECT_THAT(ran.out, HasSubstr("2 stored as numbers 0 to 1, 0 held"));
  EXPECT_EQ(ran.err, "");

  EXPECT_EQ(original("S905-1"), read(name));

  pg::Connection connection(database.conninfo(), "tests");
  json before = cli::receipt_json(*intake::find_receipt(connection, *intake::parse_receipt_id("S905-1")));
  json again = run_json({"submit", name})["files"][0];
  EXPECT_EQ(again["repeated"], true);
  before.erase("repeated");
  again.erase("repeated");
  again.erase("file");
  EXPECT_EQ(again, before);
  EXPECT_EQ(records(), 2);
  const json status = run_json({"status"});
  EXPECT_EQ(status["councils"][0]["records"], 2);
  EXPECT_EQ(status["councils"][0]["senders"][0]["sender"], "ods:RH5");
}

TEST_F(IntakeCommands, HoldsWhatIsWrongSaysWhereAndTakesItMended) {
  const std::string bad = file("bad.xml", head("M1") + person("PER-1", "9990000018") + review("REV-1", "2026-13-04") +
                                              review("REV-2", "2026-03-04") + tail);
  EXPECT_EQ(run_json({"check", bad})["files"][0]["would_hold"], 1);
  EXPECT_EQ(run({"check", "--exit-code", bad}).code, 1);
  EXPECT_EQ(records(), 0);
  const Ran ran = run({"submit", "--exit-code", bad});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr(bad + ":12:"));
  EXPECT_THAT(ran.out, HasSubstr("record REV-1, sent \"2026-13-04\""));
  EXPECT_THAT(ran.out, HasSubstr("To mend:"));
  EXPECT_EQ(records(), 2);
  const std::string mended = file("mended.xml", head("M2") + review("REV-1", "2026-12-04") + tail);
  EXPECT_EQ(run({"submit", "--exit-code", mended}).code, 0);
  EXPECT_EQ(records(), 3);
}

TEST_F(IntakeCommands, AFileIllFormedAtItsEndLeavesNothing) {
  std::string content = head("M1") + person("PER-1", "9990000018");
  for (int i = 0; i < 40'000; ++i) content += review("REV-" + std::to_string(i), "2026-03-04");
  const std::string name = file("long.xml", content + "<review" + tail);
  const json refused = run_json({"submit", name}, 3)["files"][0];
  EXPECT_EQ(refused["refused"], true);
  EXPECT_GE(refused["faults"].size(), 1U);
  EXPECT_EQ(records(), 0);
  EXPECT_TRUE(run_json({"status"})["councils"].empty());
}

TEST_F(IntakeCommands, OneRefusedFileDoesNotStopTheOthersAndTheWorstCodeCounts) {
  const std::string good = file("good.xml", head("M1") + person("PER-1", "9990000018") + tail);
  const std::string wrong = file("wrong.xml", "<submission");
  const std::string other = file("other.xml", head("M2") + review("REV-1", "2026-03-04") + tail);
  const json files = run_json({"submit", good, wrong, (folder / "none.xml").string(), other}, 3)["files"];
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0]["stored"], 1);
  EXPECT_EQ(files[1]["refused"], true);
  EXPECT_EQ(files[2]["unreadable"], true);
  EXPECT_EQ(files[3]["stored"], 1);
}

TEST_F(IntakeCommands, CapsRefuseWithTheirOwnReason) {
  const std::string name =
      file("a.xml", head("M1") + person("PER-1", "9990000018") + review("REV-1", "2026-03-04") + tail);
  for (const std::string option : {"--max-records=1", "--max-bytes=300"}) {
    const json refused = run_json({"submit", option, name}, 3)["files"][0];
    const std::string mend = refused["faults"][0]["mend"];
    EXPECT_THAT(mend, HasSubstr(option.substr(0, option.find('=')))) << option;
  }
  EXPECT_EQ(records(), 0);
}

TEST_F(IntakeCommands, ReadsStandardInput) {
  const std::string name = file("a.xml", head("M1") + person("PER-1", "9990000018") + tail);
  const Ran ran = run({"submit", "-"}, name);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("standard input"));
  EXPECT_EQ(original("S905-1"), read(name));
}

TEST_F(IntakeCommands, WritesEveryFaultToAFile) {
  const std::string bad = file("bad.xml", head("M1") + review("REV-1", "2026-13-04") + review("REV-2", "=1+1") + tail);
  const fs::path csv = folder / "all.csv", list = folder / "all.json";
  run({"check", "--faults", csv.string(), bad});
  EXPECT_THAT(read(csv), HasSubstr("file,line,column,record_id,severity,code,field,sent,problem,expected,mend\r\n"));
  EXPECT_THAT(read(csv), HasSubstr("\"value.date\""));
  EXPECT_THAT(read(csv), HasSubstr("\"person.unknown\""));
  run({"check", "--faults", list.string(), bad});
  EXPECT_EQ(json::parse(read(list)).size(), 4U);
  EXPECT_EQ(run({"check", "--faults", (folder / "all.txt").string(), bad}).code, 2);
}

TEST_F(IntakeCommands, SaysWhatIsWrongWithTheCommandOrTheDatabase) {
  EXPECT_EQ(run_bare({"--help"}).code, 0);
  EXPECT_EQ(run_bare({"submit", "--help"}).code, 0);
  EXPECT_THAT(run_bare({"--help"}).out, ::testing::Not(HasSubstr("parse-worker")));
  EXPECT_EQ(run_bare({}).code, 2);
  EXPECT_EQ(run_bare({"submit"}).code, 2);
  EXPECT_EQ(run_bare({"submit", "--nothing", "x.xml"}).code, 2);
  EXPECT_EQ(run({"receipt", "905"}).code, 2);
  EXPECT_EQ(run({"receipt", "S905-99"}).code, 2);
  const Ran unreachable = run_bare({"status", "--database", "postgresql:///answerable?host=/nowhere"});
  EXPECT_EQ(unreachable.code, 4);
  EXPECT_THAT(unreachable.err, HasSubstr("answerable: "));
}

TEST_F(IntakeCommands, ChecksWithAPrivateServerThatDidNotExist) {
  const std::string name = file("a.xml", head("M1") + person("PER-1", "9990000018") + tail);
  const std::string data = (folder / "data").string();
  const Ran ran = run_bare({"check", "--data", data, name});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("1 would be stored"));
  const Ran status = run_bare({"status", "--data", data});
  EXPECT_THAT(status.out, HasSubstr("Nothing has been taken in yet"));
}

TEST_F(IntakeCommands, KilledBeforeItsEndLeavesNothing) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[0], 0);
    close(ends[0]);
    close(ends[1]);
    execl(ANSWERABLE_BIN "/answerable-ingest", "answerable-ingest", "submit", "--database", database.conninfo().c_str(),
          "-", nullptr);
    _exit(127);
  }
  close(ends[0]);
  // More than one batch, so that rows have been sent to the server; the file's end never comes.
  std::string content = head("M1") + person("PER-1", "9990000018");
  for (int i = 0; i < 60'000; ++i) content += review("REV-" + std::to_string(i), "2026-03-04");
  for (std::size_t at = 0; at < content.size();) {
    const ssize_t n = write(ends[1], content.data() + at, content.size() - at);
    ASSERT_GT(n, 0);
    at += static_cast<std::size_t>(n);
  }
  ASSERT_EQ(kill(child, SIGKILL), 0);
  close(ends[1]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(records(), 0);
  const std::string whole = file("whole.xml", content + tail);
  EXPECT_EQ(run_json({"submit", whole})["files"][0]["first_record"], 0);
  EXPECT_EQ(records(), 60'001);
}

TEST_F(IntakeCommands, TwoProgramsAtOnceMakeNumbersWithoutGaps) {
  std::vector<std::thread> threads;
  for (const std::string sender : {"RH5", "RJ1"}) {
    threads.emplace_back([this, sender] {
      std::vector<std::string> arguments{"submit"};
      for (int i = 0; i < 5; ++i) {
        std::string content = head("M" + std::to_string(i), sender) + person("PER-" + std::to_string(i), "9990000018");
        for (int r = 0; r < 200; ++r) content += review("REV-" + std::to_string(i * 200 + r), "2026-03-04");
        arguments.push_back(file(sender + std::to_string(i) + ".xml", content + (i == 2 ? "<" : "") + tail));
      }
      arguments.insert(arguments.begin() + 1, {"--database", database.conninfo()});
      EXPECT_EQ(run_bare(arguments).code, 3);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(records(), 2 * 4 * 201);
  pg::Connection connection(database.conninfo(), "tests");
  pg::Transaction transaction(connection, pg::Access::read_only);
  EXPECT_EQ(transaction.run_one({"test.last", "SELECT max(number) FROM answerable.record"}).int64(0, 0),
            2 * 4 * 201 - 1);
}

}  // namespace
}  // namespace answerable
