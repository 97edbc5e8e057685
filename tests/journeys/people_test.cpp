// The three services as one program, from the first administrator's one-time code to a second officer's signature.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "tests/journeys/browser.hpp"

namespace answerable::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PeopleJourney : public ::testing::Test {
 protected:
  std::unique_ptr<RunningService> serve(std::vector<std::string> more = {"--authority", "905"}) {
    std::vector<std::string> command{
        program,           "serve", "--data", (folder_ / "data").string(), "--keys", (folder_ / "keys").string(),
        "--second-factor", "none"};
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<RunningService>(std::move(command), folder_ / "serve.log");
  }
  static std::string code_in(const std::string& text) { return after(text, "/link\nCode: ", "\n"); }
  std::string key() {
    EXPECT_EQ(run(program +
                      " account add machine --authority 905 --name Machine --organisation ods:RH5 --role "
                      "provider-submitter" +
                      data_,
                  true)
                  .code,
              0);
    return "ans_" +
           after(run(program + " key add machine --authority 905 --until 2099-01-01" + data_).out, "ans_", "\n")
               .substr(0, 200);
  }
  static std::string submission(const std::string& message, const std::string& records) {
    return fmt::format(
        "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>{}</messageId>"
        "<sender scheme=\"ods\" code=\"RH5\">Example Trust</sender>"
        "<authority scheme=\"cassr\" code=\"905\">Somerset</authority>"
        "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records>"
        "</submission>",
        message, records);
  }
  RunningService::Answer send(const RunningService& service, const std::string& body) {
    return service.ask("POST", "/submissions",
                       "Authorization: Bearer " + key_ + "\r\nContent-Type: application/xml\r\n", body);
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
  std::string key_;
};

TEST_F(PeopleJourney, FromTheFirstLinkToATrailThatTellsWhoReadIt) {
  const auto service = serve();
  EXPECT_THAT(service->told(), AllOf(StartsWith("Answerable answers at http://127.0.0.1:"), HasSubstr("/link\n")));
  EXPECT_EQ(service->ask("GET", "/ready").status, 200);

  Browser administrator(*service);
  const auto first = code_in(service->told());
  administrator.get("/link");
  EXPECT_THAT(administrator.post("/link", "code=" + first).body, HasSubstr("signs in as administrator"));
  EXPECT_EQ(administrator.post("/link", chosen_with(first)).status, 303);
  EXPECT_THAT(administrator.get("/").body, HasSubstr("As administrator"));
  const auto invited = [&](const std::string& form) {
    administrator.get("/accounts");
    const auto page = administrator.post("/accounts", form);
    EXPECT_EQ(page.status, 200) << page.body;
    return after(page.body, "govuk-inset-text\">", "<");
  };
  const auto officer_code = invited("name=Olu+Officer&email=olu@example.org&role=complaints-officer");
  const auto second_code = invited("name=Sam+Second&email=sam@example.org&role=complaints-officer");
  EXPECT_EQ(administrator.get("/people/open").status, 403) << "an administrator reads nobody";

  key_ = key();
  ASSERT_EQ(
      send(
          *service,
          submission(
              "M-1",
              R"(<person xmlns="urn:answerable:person:1" id="PER-1"><person scheme="nhs-number">9990000018</person><name>Ada Example</name></person>)"))
          .status,
      201);

  Browser officer(*service);
  EXPECT_EQ(officer.post("/link", chosen_with(officer_code)).status, 303);
  officer.get("/account");
  EXPECT_EQ(officer.post("/sign-out", "").status, 303);
  EXPECT_EQ(officer.get("/").status, 303);
  officer.get("/sign-in");
  EXPECT_EQ(officer.post("/sign-in", "email=olu@example.org&password=plum-lantern-gravel-orbit").status, 303);
  officer.get("/people/open");
  const auto opened = officer.post("/people/open", "identifier=999+000+0018&purpose=complaint&reference=C-1");
  ASSERT_EQ(opened.status, 303) << opened.body;
  const auto person = opened.field("Location");
  EXPECT_THAT(officer.get(person).body, HasSubstr("Ada Example"));
  EXPECT_THAT(officer.get(person + "/reads").body, HasSubstr("Olu Officer &lt;olu@example.org&gt;"));

  // What comes in after the read shows it on the trail itself, which stands as of the newest record.
  ASSERT_EQ(
      send(
          *service,
          submission(
              "M-2",
              R"(<person xmlns="urn:answerable:person:1" id="PER-2"><person scheme="sender">2</person><name>Bea Example</name></person>)"))
          .status,
      201);
  EXPECT_THAT(officer.get(person).body, HasSubstr("Olu Officer"));

  Browser second(*service);
  EXPECT_EQ(second.post("/link", chosen_with(second_code)).status, 303);
  EXPECT_EQ(second.get(person).status, 403) << "opened by one is not opened by another";
  officer.get("/approvals");
  EXPECT_EQ(officer.post("/approvals", "what=disposal&about=" + person.substr(8) + "&reason=End+of+its+time").status,
            303);

  EXPECT_EQ(service->kill(SIGTERM), 0);
  EXPECT_THAT(slurp(folder_ / "serve.log"),
              AllOf(Not(HasSubstr("Ada")), Not(HasSubstr("olu@")), Not(HasSubstr("C-1")), Not(HasSubstr(first))));
  const auto verified = run(program + " verify --ledger --keys " + (folder_ / "keys").string() + data_, true);
  EXPECT_EQ(verified.code, 0) << verified.out;
}

TEST_F(PeopleJourney, TheFirstCodeIsMadeAgainUntilSomebodyUsedIt) {
  std::string unused;
  {
    const auto service = serve();
    unused = code_in(service->told());
  }
  const auto service = serve({});
  const auto code = code_in(service->told());
  EXPECT_NE(code, unused);
  Browser administrator(*service);
  EXPECT_EQ(administrator.post("/link", chosen_with(unused)).status, 422);
  EXPECT_EQ(administrator.post("/link", chosen_with(code)).status, 303);
  service->kill(SIGTERM);
  EXPECT_THAT(serve({})->told(), Not(HasSubstr("/link")));
}

TEST_F(PeopleJourney, WhereTheFirstAccountBelongsHasToBeSaid) {
  const auto ran = run(program + " serve --listen 127.0.0.1:0" + data_, true);
  EXPECT_EQ(ran.code, 2) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("--authority CODE"));
  EXPECT_EQ(run(program + " serve --listen 127.0.0.1:0 --authority 9" + data_, true).code, 2);
  const auto open = run(program + " serve --listen 0.0.0.0:0 --authority 905" + data_, true);
  EXPECT_EQ(open.code, 2) << "to the outside in the clear";
  EXPECT_THAT(open.out, HasSubstr("--certificate"));
}

}  // namespace
}  // namespace answerable::testing
