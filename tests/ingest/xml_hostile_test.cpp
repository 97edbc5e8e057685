#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "ingest/xml/splitter.hpp"
#include "ingest/xml/wire.hpp"
#include "ingest/xml/worker_process.hpp"
#include "xml_reading.hpp"

namespace answerable::xml {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::read;
using testing::review;
using testing::submission;
namespace fs = std::filesystem;

const fs::path worker_program = fs::path(ANSWERABLE_BIN) / "answerable-ingest";

/// A program of its own in a folder of its own, gone again at the end.
class Script {
 public:
  Script(const std::string& name, const std::string& text)
      : folder_(fs::temp_directory_path() / (name + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(program()) << text;
    fs::permissions(program(), fs::perms::owner_all);
  }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script() { fs::remove_all(folder_); }
  fs::path program() const { return folder_ / "worker"; }
  fs::path folder() const { return folder_; }

 private:
  fs::path folder_;
};

/// What one worker answers; nothing when it hangs up.
std::optional<WorkerProcess::Frame> answer(WorkerProcess& worker) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (WorkerProcess::Frame frame; std::chrono::steady_clock::now() < until;) {
    if (worker.take(frame)) return frame;
    if (!worker.alive()) return std::nullopt;
    pollfd at{worker.socket(), static_cast<short>(POLLIN | (worker.has_to_write() ? POLLOUT : 0)), 0};
    ::poll(&at, 1, 1000);
    worker.write_some();
    worker.read_some();
  }
  throw std::runtime_error("the worker says nothing");
}

void start(WorkerProcess& worker) {
  worker.send(wire::setup((fs::path(ANSWERABLE_SOURCE) / "schemas").string(), 60, false));
  const auto ready = answer(worker);
  ASSERT_TRUE(ready);
  ASSERT_EQ(ready->kind, wire::FrameKind::ready) << ready->content;
}

/// Past the splitter, straight to the parser: what it would do if a DOCTYPE ever reached it.
std::optional<wire::Result> parse_whole(WorkerProcess& worker, const std::string& document) {
  worker.send(wire::whole(1, document));
  const auto frame = answer(worker);
  if (!frame) return std::nullopt;
  return wire::read_result(frame->content);
}

TEST(XmlHostile, EntitiesAndDoctypesAreRefusedWhole) {
  const std::string records = submission(review("R", "<type>plan</type>"));
  std::string laughs = "<!DOCTYPE a [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 10; ++i)
    laughs += fmt::format("<!ENTITY a{} '&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};&a{};'>", i, i - 1, i - 1, i - 1,
                          i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
  laughs += "]>";
  for (const auto& doctype : {laughs, std::string("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>"),
                              std::string("<!DOCTYPE a [<!ENTITY x SYSTEM '/etc/passwd'>]>"),
                              std::string("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>"),
                              std::string("<!DOCTYPE a [<!ATTLIST review id CDATA 'x'>]>")}) {
    const auto made = read(doctype + records);
    EXPECT_TRUE(made.outcome.refused);
    EXPECT_TRUE(made.has("xml.doctype")) << doctype;
    EXPECT_TRUE(made.heard.records.empty());
  }
}

TEST(XmlHostile, TheParserItselfRefusesDoctypesToo) {
  WorkerProcess worker(worker_program);
  start(worker);
  for (const auto* document :
       {"<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<!DOCTYPE a SYSTEM '/etc/passwd'><a/>"}) {
    const auto result = parse_whole(worker, document);
    ASSERT_TRUE(result) << document;
    EXPECT_TRUE(result->fatal) << document;
  }
  EXPECT_FALSE(parse_whole(worker, "<a/>")->fatal);
}

/// Runs strace around a worker and gives what it saw after the worker said that it was ready.
std::string traced(const std::string& document, bool through_splitter) {
  const Script strace("xml-strace-", "");
  const auto log = strace.folder() / "log";
  std::ofstream(strace.program()) << "#!/bin/sh\nexec strace -f -qq -e trace=openat,open,socket,connect,execve -o "
                                  << log.string() << " " << worker_program.string() << " \"$@\"\n";
  {
    WorkerProcess worker(strace.program());
    start(worker);
    std::ofstream(log, std::ios::app) << "READY\n";
    const auto at = fs::file_size(log);
    if (through_splitter) {
      worker.send(wire::head({document, "", Day{}}));
      worker.send(wire::tail(1, true, {}, ""));
      answer(worker);
    } else {
      parse_whole(worker, document);
    }
    EXPECT_GE(fs::file_size(log), at);
  }
  std::ifstream in(log);
  const std::string all(std::istreambuf_iterator<char>(in), {});
  const auto ready = all.find("READY\n");
  EXPECT_NE(ready, std::string::npos);
  EXPECT_THAT(all.substr(0, ready), HasSubstr("record.xsd"));  // strace does see what is opened
  return all.substr(ready + 6);
}

TEST(XmlHostile, NothingIsOpenedAndNothingConnectedTo) {
  const auto secret = fs::temp_directory_path() / ("xml-secret-" + std::to_string(::getpid()));
  std::ofstream(secret) << "secret";
  const auto doctypes = {fmt::format("<!DOCTYPE a SYSTEM 'file://{}'><a/>", secret.string()),
                         fmt::format("<!DOCTYPE a [<!ENTITY x SYSTEM '{}'>]><a>&x;</a>", secret.string()),
                         std::string("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x'><a/>")};
  for (const auto& document : doctypes) {
    const auto seen = traced(document, false);
    EXPECT_THAT(seen, Not(HasSubstr("openat"))) << seen;
    EXPECT_THAT(seen, Not(HasSubstr("socket"))) << seen;
    EXPECT_THAT(seen, Not(HasSubstr("connect"))) << seen;
  }
  const auto located = fmt::format(
      "<submission xmlns=\"urn:answerable:submission:1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:schemaLocation=\"urn:x {} urn:answerable:submission:1 http://127.0.0.1:9/x\"><records><x "
      "xmlns='urn:x'/></records></submission>",
      secret.string());
  const auto seen = traced(located, true);
  EXPECT_THAT(seen, Not(HasSubstr("openat"))) << seen;
  EXPECT_THAT(seen, Not(HasSubstr("socket"))) << seen;
  fs::remove(secret);
}

TEST(XmlHostile, SchemaLocationsAreIgnored) {
  const auto file = submission(
      "<x xmlns=\"urn:x\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:x "
      "/etc/passwd\"/>");
  EXPECT_TRUE(read(file).has("namespace.unknown-kind"));
  EXPECT_FALSE(read(file).outcome.refused);
}

TEST(XmlHostile, BombsOfDepthAttributesAndSizeAreRefused) {
  std::string deep, shut, wide = "<a";
  for (int i = 0; i < 100'000; ++i) {
    deep += "<a>";
    shut += "</a>";
  }
  for (int i = 0; i < 100'000; ++i) wide += fmt::format(" a{}='1'", i);
  EXPECT_TRUE(read(submission(deep + shut)).has("cap.depth"));
  EXPECT_TRUE(read(deep + shut).has("cap.depth"));
  EXPECT_TRUE(read(submission(wide + "/>")).has("cap.attributes"));
  EXPECT_TRUE(read(submission("<review xmlns='urn:answerable:review:1' id='R'><note>" + std::string(100 << 20, 'x') +
                              "</note></review>"))
                  .has("cap.record"));
}

TEST(XmlHostile, ManyEntriesInOneRecordAreRefusedNotMultiplied) {
  std::string copies;
  for (int i = 0; i < 60'000; ++i) copies += "<copy><to>adult</to><on>2013-12-09</on></copy>";
  const auto made =
      read(submission(review("R", "<type>plan</type><outcome>" + std::string(250, 'x') + "</outcome>" + copies)));
  EXPECT_FALSE(made.outcome.refused);
  EXPECT_TRUE(made.has("cap.entries"));
}

TEST(XmlHostile, AKilledWorkerRefusesTheFileAndTheNextIsRead) {
  // It says it is ready as a worker does, and dies with the first piece of a file.
  const Script dies("xml-dies-",
                    "#!/usr/bin/python3\nimport "
                    "os,socket,time\ns=socket.socket(fileno=0)\ns.recv(4096)\ns.send(b'\\x01\\0\\0\\0Y')\ntime.sleep(0."
                    "3)\nos.kill(os.getpid(),9)\n");
  auto limits = testing::limits();
  limits.worker_program = dies.program();
  limits.workers = 1;
  FileReader reader(testing::kinds(), limits);
  for (int i = 0; i < 2; ++i) {
    const auto made = read(submission(review("R", "<type>plan</type>")), reader);
    EXPECT_TRUE(made.outcome.refused);
    ASSERT_TRUE(made.has("file.unsafe"));
    EXPECT_THAT(made.outcome.faults[0].problem, HasSubstr("bytes "));
    EXPECT_TRUE(made.heard.records.empty());
  }
}

TEST(XmlHostile, AWorkerThatLiesIsNotBelieved) {
  const Script lies(
      "xml-lies-",
      "#!/usr/bin/python3\nimport "
      "socket,struct,time\ns=socket.socket(fileno=0)\ns.recv(4096)\ns.send(b'\\x01\\0\\0\\0Y')\ntime.sleep(0.3)\n"
      "body=struct.pack('<QBB',1,0,0)+struct.pack('<I',0)+struct.pack('<I',0xFFFFFFFF)\ns.send(struct.pack('<I',len("
      "body)+1)+b'R'+body)\ntime.sleep(60)\n");
  auto limits = testing::limits();
  limits.worker_program = lies.program();
  FileReader reader(testing::kinds(), limits);
  const auto made = read(submission(review("R", "<type>plan</type>")), reader);
  EXPECT_TRUE(made.has("file.unsafe"));
}

TEST(XmlHostile, AWorkerThatHangsIsEndedByTheTimeCap) {
  const Script hangs(
      "xml-hangs-",
      "#!/usr/bin/python3\nimport "
      "socket,time\ns=socket.socket(fileno=0)\ns.recv(4096)\ns.send(b'\\x01\\0\\0\\0Y')\ntime.sleep(60)\n");
  auto limits = testing::limits();
  limits.worker_program = hangs.program();
  limits.max_time = std::chrono::seconds(1);
  FileReader reader(testing::kinds(), limits);
  EXPECT_TRUE(read(submission(review("R", "<type>plan</type>")), reader).has("cap.time"));
}

TEST(XmlHostile, NoWorkerIsAClearError) {
  auto limits = testing::limits();
  limits.worker_program = "/nowhere/answerable-ingest";
  EXPECT_THROW(FileReader(testing::kinds(), limits), std::system_error);
  const Script fails("xml-fails-", "#!/bin/sh\nexit 3\n");
  limits.worker_program = fails.program();
  FileReader reader(testing::kinds(), limits);
  EXPECT_THROW(read(submission(""), reader), std::runtime_error);
}

TEST(XmlHostile, TheWorkerInheritsNothingAndMayNothing) {
  WorkerProcess worker(worker_program);
  start(worker);
  const auto of = fs::path("/proc") / std::to_string(worker.process());
  std::ifstream in(of / "status");
  const std::string status(std::istreambuf_iterator<char>(in), {});
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_THAT(status, HasSubstr("Seccomp:\t2"));
#endif
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
  if (::geteuid() == 0) {
    int open = 0;
    for (const auto& it : fs::directory_iterator(of / "fd")) open += it.exists() || fs::is_symlink(it.symlink_status());
    EXPECT_LE(open, 3);
  }
}

TEST(XmlHostile, FilesWithRandomBytesChangedNeitherCrashNorLoseBytes) {
  const auto file = submission(review("R1", "<type>plan</type><due>2013-11</due>") + "<!-- x -->" +
                               review("R2", "<type>plan</type><plan>CSP-1</plan>"));
  std::mt19937 random(7);
  int taken = 0, refused = 0;
  for (int i = 0; i < 1500; ++i) {
    auto changed = file;
    const auto changes = 1 + random() % 3;
    for (unsigned k = 0; k < changes; ++k) {
      static constexpr std::string_view bytes = "<>&'\"/!-[] =x\n\x80?";
      changed[random() % changed.size()] = bytes[random() % bytes.size()];
    }
    const auto made = read(changed);
    EXPECT_FALSE(made.has("file.unsafe")) << changed;
    (made.outcome.refused ? refused : taken)++;
    if (!made.outcome.refused) {
      ASSERT_EQ(made.heard.bytes, changed);
    }
  }
  EXPECT_GT(taken, 50);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace answerable::xml
