// The services as their programs run them, over real HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include "ingest/base64.hpp"
#include "ingest/digest.hpp"
#include "tests/journeys/service.hpp"

namespace answerable::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string submission(const std::string& message, const std::string& records) {
  return fmt::format(
      "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
      "<sender scheme=\"ods\" code=\"RH5\">Example Trust</sender>"
      "<authority scheme=\"cassr\" code=\"905\">Somerset</authority>"
      "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records>"
      "</submission>",
      message, records);
}

std::string person(const std::string& id) {
  return fmt::format(
      "<person xmlns=\"urn:answerable:person:1\" id=\"PER-{0}\"><person scheme=\"sender\">{0}</person>"
      "<name>Example Person</name></person>",
      id);
}

/// A data folder with a trust's machine in it, and the services over it.
struct Council {
  Council() {
    const auto account = run(program + " account add machine --authority 905 --name Machine --organisation ods:RH5" +
                                 " --role provider-submitter" + data,
                             true);
    if (account.code != 0) throw std::runtime_error(account.out);
    key = new_key();
  }
  std::string new_key(const std::string& options = "") const {
    const std::string told = run(program + " key add machine --authority 905 --until 2099-01-01" + options + data).out;
    const auto at = told.find("ans_");
    if (at == told.npos) throw std::runtime_error("no key was made: " + told);
    return told.substr(at, told.find_first_of(" \n", at) - at);
  }
  std::unique_ptr<RunningService> serve(const std::string& room, std::vector<std::string> words = {}) const {
    std::vector<std::string> command{std::string(ANSWERABLE_BIN) + "/answerable-" + room, "serve", "--data",
                                     (folder / "data").string()};
    std::ranges::move(words, std::back_inserter(command));
    return std::make_unique<RunningService>(std::move(command), folder / (room + ".log"));
  }
  RunningService::Answer send(const RunningService& service, const std::string& body,
                              const std::string& fields = "") const {
    return service.ask("POST", "/submissions", as_machine() + "Content-Type: application/xml\r\n" + fields, body);
  }
  std::string as_machine() const { return "Authorization: Bearer " + key + "\r\n"; }

  Folder folder;
  std::string data = " --data " + (folder / "data").string();
  std::string key;
};

template <class Ready>
bool within_seconds(int seconds, const Ready& ready) {
  for (int i = 0; i < seconds * 20; ++i) {
    if (ready()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return false;
}

TEST(PublishedApi, EveryExampleIsAnsweredAsItSays) {
  const Council council;
  const auto service = council.serve("ingest");
  const auto ran = run(fmt::format("node {0}/tests/outside/openapi.mjs {0}/schemas/api/openapi.json {1} {2}",
                                   ANSWERABLE_SOURCE, service->url(), council.key),
                       true);
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("16 examples sent, 0 wrong"));
}

/// One council for all: each test sends files of its own.
class ServeJourney : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { council_ = std::make_unique<Council>(); }
  static void TearDownTestSuite() { council_.reset(); }

  std::unique_ptr<RunningService> serve(const std::string& room, std::vector<std::string> words = {}) const {
    return council_->serve(room, std::move(words));
  }
  static RunningService::Answer send(const RunningService& service, const std::string& body,
                                     const std::string& fields = "") {
    return council_->send(service, body, fields);
  }
  static std::string as_machine() { return council_->as_machine(); }

  static inline std::unique_ptr<Council> council_;
  const Folder& folder_ = council_->folder;
  const std::string& data_ = council_->data;
};

TEST_F(ServeJourney, FaultsComeAsAPageOrATableWhenAskedFor) {
  const auto service = serve("ingest");
  const auto file =
      submission("M-11", "<person xmlns=\"urn:answerable:person:1\" id=\"=1+1\"><person scheme=\"no\"/></person>");
  const auto page = send(*service, file, "Accept: text/html\r\n");
  EXPECT_EQ(page.status, 422);
  EXPECT_THAT(page.body, HasSubstr("<h1>Some records are held</h1>"));
  EXPECT_THAT(page.body, ::testing::Not(HasSubstr("<no")));
  const auto table = service->ask("POST", "/checks", as_machine() + "Content-Type: text/xml\r\nAccept: text/csv\r\n",
                                  submission("M-12", "<person xmlns=\"urn:answerable:person:1\" id=\"=2+2\"/>"));
  EXPECT_EQ(table.status, 200);
  EXPECT_THAT(table.body, StartsWith("file,line,column,record_id"));
  EXPECT_THAT(table.body, HasSubstr("\"'=2+2\"")) << "a spreadsheet would run it";
}

TEST_F(ServeJourney, WhatComesInIsJudgedSignedAndReceipted) {
  const auto ingest = serve("ingest");
  const auto audit = serve("audit", {"--keys", (folder_ / "keys").string()});
  EXPECT_EQ(audit->ask("GET", "/ready").status, 200);
  const auto sent = send(*ingest, submission("M-21", person("2-1")));
  ASSERT_EQ(sent.status, 201) << sent.body;
  const std::string id = sent.json()["receipt"];
  RunningService::Answer receipt;
  ASSERT_TRUE(within_seconds(20,
                             [&] {
                               receipt = audit->ask("GET", "/receipts/" + id, as_machine());
                               return receipt.field("Answerable-Receipt-State") == "sequenced";
                             }))
      << receipt.head << slurp(folder_ / "audit.log");
  spill(folder_ / "sent.xml", submission("M-21", person("2-1")));
  spill(folder_ / "receipt.txt", receipt.body);
  const auto checkpoint = audit->ask("GET", "/checkpoints/905");
  EXPECT_THAT(checkpoint.body, StartsWith("answerable/905/1\n"));
  const auto vkey = run(program + " ledger show --format json --keys " + (folder_ / "keys").string() + data_)
                        .json()["councils"][0]["keys"][0]
                        .get<std::string>();
  const auto judged = run(fmt::format("{} verify --receipt {} --file {} --key '{}'", program,
                                      (folder_ / "receipt.txt").string(), (folder_ / "sent.xml").string(), vkey),
                          true);
  EXPECT_EQ(judged.code, 0) << judged.out;
  EXPECT_TRUE(within_seconds(
      20, [&] { return run("grep -c '\"event\":\"audited\"' " + (folder_ / "audit.log").string()).code == 0; }));
  const auto shown = ingest->ask("GET", "/submissions/" + id, as_machine());
  EXPECT_EQ(shown.json()["state"], "sequenced");
  EXPECT_EQ(audit->ask("GET", "/receipts/" + id).status, 401);
  EXPECT_EQ(audit->ask("GET", "/receipts/S905-77", as_machine()).status, 404);
}

TEST_F(ServeJourney, AFileAcknowledgedWith202IsTakenInAlthoughTheServiceWasKilled) {
  auto service = serve("ingest", {"--at-once", "1"});
  std::string records;
  for (int i = 0; i < 3000; ++i) records += person(fmt::format("many-{}", i));
  const auto sent = send(*service, submission("M-31", records), "Prefer: respond-async\r\n");
  ASSERT_EQ(sent.status, 202) << sent.body;
  service->kill(SIGKILL);
  const auto spool = folder_ / "data/spool";
  constexpr auto run_by_anybody = std::filesystem::perms{0111}, others = std::filesystem::perms{0077};
  int waiting = 0;
  for (const auto& entry : std::filesystem::directory_iterator(spool)) {
    ++waiting;
    EXPECT_EQ(entry.status().permissions() & run_by_anybody, std::filesystem::perms::none) << entry;
  }
  EXPECT_GE(waiting, 1);
  EXPECT_EQ(std::filesystem::status(spool).permissions() & others, std::filesystem::perms::none);
  service = serve("ingest");
  nlohmann::ordered_json upload;
  ASSERT_TRUE(within_seconds(30, [&] {
    upload = service->ask("GET", sent.field("Location"), as_machine()).json();
    return upload["state"] == "done";
  })) << upload.dump();
  EXPECT_EQ(upload["outcome"], "stored");
  EXPECT_EQ(upload["receipt"]["stored"], 3000);
  EXPECT_EQ(send(*service, submission("M-31", records)).status, 200);
}

/// ASVS 5.0, 15.3.1: no more than a sender needs, who knows its own ids.
TEST_F(ServeJourney, WhatIsWantedIsToldByTheSendersOwnIdsAndNothingElseOfThePerson) {
  const auto ingest = serve("ingest");
  const auto audit = serve("audit", {"--keys", (folder_ / "keys").string()});
  const auto records = person("8-1") +
                       "<review xmlns=\"urn:answerable:review:1\" id=\"REV-8\"><person scheme=\"sender\">8-1</person>"
                       "<type>plan</type><completed>2020-01-14</completed></review>"
                       "<review xmlns=\"urn:answerable:review:1\" id=\"REV-9\"><person scheme=\"sender\">8-1</person>"
                       "<type>plan</type><completed>yesterday</completed></review>";
  ASSERT_EQ(send(*ingest, submission("M-81", records)).status, 422);
  const std::set<std::string> told{"what", "reference", "rule", "outcome", "sentence", "your_id", "due", "asked_on"};
  const auto wanted = [&](const std::string& what, const std::string& id) {
    const auto answer = ingest->ask("GET", "/wanted", as_machine());
    EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("Example Person")));
    const auto listed = answer.json();
    bool found = false;
    for (const auto& item : listed["wanted"]) {
      std::set<std::string> fields;
      for (const auto& [name, value] : item.items()) fields.insert(name);
      EXPECT_EQ(fields, told);
      found |= item["what"] == what && item["your_id"] == id;
    }
    return found;
  };
  EXPECT_TRUE(wanted("held-record", "REV-9"));
  EXPECT_TRUE(within_seconds(30, [&] { return wanted("finding", "8-1"); }));
}

TEST_F(ServeJourney, ABodyThatIsCutOffIsNeverTakenForAWholeOne) {
  const auto service = serve("ingest");
  const std::string body = submission("M-41", person("4-1"));
  {
    RawConnection line(service->port());
    line.send(
        fmt::format("POST /submissions HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/xml\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    as_machine(), body.size() + 10, body));
    line.end();
    EXPECT_THAT(line.rest(), HasSubstr("400"));
  }
  EXPECT_EQ(send(*service, body).status, 201) << "nothing was held of it";
}

/// The real clamd of ClamAV, with one virus in its list: a made-up one. Gone with this.
class Scanner {
 public:
  explicit Scanner(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder / "list");
    std::string signature;
    for (const unsigned char c : std::string(virus)) signature += fmt::format("{:02x}", c);
    spill(folder / "list/made-up.ndb", "Made.Up:0:*:" + signature + "\n");
    spill(folder / "clamd.conf",
          fmt::format("LocalSocket {0}/clamd\nDatabaseDirectory {0}/list\nPidFile {0}/pid\n", folder.string()));
    const auto started = run("clamd -c " + (folder / "clamd.conf").string(), true);
    if (started.code != 0) throw std::runtime_error("clamd: " + started.out);
  }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner() {
    run(fmt::format("kill $(cat {0}/pid); for i in $(seq 100); do [ -e {0}/clamd ] || break; sleep 0.05; done",
                    folder_.string()));
  }
  std::string address() const { return "unix:" + (folder_ / "clamd").string(); }

  static constexpr const char* virus = "this is what the made-up virus looks like";

 private:
  std::filesystem::path folder_;
};

std::string document(const std::string& id, const std::string& text) {
  return fmt::format(
      "<document xmlns=\"urn:answerable:document:1\" id=\"DOC-{0}\"><person scheme=\"sender\">9-1</person>"
      "<is>clinic-letter</is><content>{1}</content></document>",
      id, base64(as_bytes(text)));
}

TEST_F(ServeJourney, DocumentsAreScannedForVirusesOrNothingIsTakenIn) {
  auto scanner = std::make_unique<Scanner>(folder_ / "scanner");
  const auto service = serve("ingest", {"--scanner", scanner->address()});
  std::string large(3 << 20, 'x');
  large += Scanner::virus;
  const auto file =
      submission("M-91", person("9-1") + document("1", "a letter like any other") +
                             document("2", std::string("Dear all, ") + Scanner::virus) + document("3", large));
  const auto sent = send(*service, file);
  ASSERT_EQ(sent.status, 422) << sent.body;
  EXPECT_THAT(sent.body, HasSubstr("\"code\": \"content.virus\""));
  EXPECT_THAT(sent.body, HasSubstr("The virus scanner finds Made.Up.UNOFFICIAL in the document"));
  const auto receipt = sent.json();
  EXPECT_EQ(receipt["stored"], 2) << "the person, and the letter in which there is nothing: " << sent.body;
  EXPECT_EQ(receipt["held"], 2) << sent.body;
  const std::string name = (folder_ / "clean.xml").string();
  spill(name, submission("M-92", document("4", Scanner::virus)));
  const std::string check = program + " check --exit-code" + data_ + " " + name + " --scanner ";
  const auto held = run(check + scanner->address(), true);
  EXPECT_EQ(held.code, 1) << held.out;
  EXPECT_THAT(held.out, HasSubstr("Made.Up"));
  scanner.reset();
  const auto later = send(*service, submission("M-93", document("5", "another letter")));
  EXPECT_EQ(later.status, 503) << later.body;
  EXPECT_EQ(later.field("Retry-After"), "60");
  EXPECT_EQ(send(*service, submission("M-94", person("9-2"))).status, 201) << "nothing in it needs the scanner";
  const auto away = run(check + "unix:" + (folder_ / "scanner/clamd").string(), true);
  EXPECT_EQ(away.code, 5) << away.out;
  EXPECT_THAT(away.out, HasSubstr("the virus scanner at unix:"));
  EXPECT_THAT(run(check + "scanner.example.org:3310", true).out,
              HasSubstr("no address of a virus scanner on this machine"));
}

TEST_F(ServeJourney, TheLogTellsOfWorkAndNeverOfPeople) {
  {
    const auto service = serve("ingest");
    EXPECT_EQ(send(*service, submission("M-51", person("SECRET77"))).status, 201);
    EXPECT_EQ(service->ask("GET", "/submissions/SECRET78", as_machine()).status, 404);
    EXPECT_EQ(service->ask("GET", "/SECRET79?SECRET80").status, 404);
    EXPECT_EQ(service->kill(SIGTERM), 0) << "ends by itself, and well";
  }
  const std::string log = slurp(folder_ / "ingest.log");
  EXPECT_THAT(log, HasSubstr("\"route\":\"/submissions\",\"status\":201"));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("SECRET")));
  EXPECT_THAT(log, ::testing::Not(HasSubstr(council_->key)));
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
    EXPECT_THAT(nlohmann::json::parse(line).at("time").get<std::string>(), ::testing::EndsWith("Z")) << "UTC";
  }
}

TEST_F(ServeJourney, AKeyIsGoodForItsScopesAndUntilItIsRevoked) {
  const auto made = council_->new_key(" --scope check");
  const auto service = serve("ingest");
  const std::string as = "Authorization: Bearer " + made + "\r\n";
  const auto file = submission("M-61", person("6-1"));
  EXPECT_EQ(service->ask("POST", "/checks", as + "Content-Type: application/xml\r\n", file).status, 200);
  EXPECT_EQ(service->ask("POST", "/submissions", as + "Content-Type: application/xml\r\n", file).status, 403);
  for (const char* path : {"/uploads/..%2f..%2fetc%2fpasswd", "/uploads/%2e%2e", "/submissions/..%2f..%2fetc%2fpasswd"})
    EXPECT_EQ(service->ask("GET", path, as_machine()).status, 400) << "no file is named from outside: " << path;
  const auto name = made.substr(4, made.find('_', 4) - 4);
  ASSERT_EQ(run(program + " key revoke " + name + " --authority 905" + data_, true).code, 0);
  EXPECT_EQ(service->ask("POST", "/checks", as + "Content-Type: application/xml\r\n", file).status, 401);
}

}  // namespace
}  // namespace answerable::testing
