// What needs a second person, on the command line: without accounts it is done and said not to be signed off; with them
// it needs an approval, which is used once.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "ingest/pg/connection.hpp"
#include "ingest/pg/private_server.hpp"
#include "tests/journeys/browser.hpp"

namespace answerable::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* records =
    "<submission xmlns=\"urn:answerable:submission:1\"><header><messageId>M-1</messageId>"
    "<sender scheme=\"cassr\" code=\"999\">Demonstration Council</sender>"
    "<authority scheme=\"cassr\" code=\"999\">Demonstration Council</authority>"
    "<createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>"
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-1\"><person scheme=\"nhs-number\">9990000018</person>"
    "<name>Example Person</name></person>"
    "<eligibilityDetermination xmlns=\"urn:answerable:eligibility-determination:1\" id=\"ELG-1\">"
    "<person scheme=\"nhs-number\">9990000018</person><for>adult</for><determined>2010-06-02</determined>"
    "<criteria>facs-2010</criteria><eligible>no</eligible></eligibilityDetermination>"
    "<person xmlns=\"urn:answerable:person:1\" id=\"PER-2\"><person scheme=\"nhs-number\">9990000026</person>"
    "<name>Another Person</name></person>"
    "<complaint xmlns=\"urn:answerable:complaint:1\" id=\"CMP-1\"><person scheme=\"nhs-number\">9990000026</person>"
    "<reference>C-1</reference><from>carer</from><concerns>council-function</concerns>"
    "<received><on>2010-07-06</on></received></complaint></records></submission>";

class SignOffJourney : public ::testing::Test {
 protected:
  SignOffJourney() {
    const auto file = folder_ / "M-1.xml";
    spill(file, records);
    EXPECT_EQ(say("submit " + file.string()).code, 0);
    EXPECT_EQ(say("audit").code, 0);
    EXPECT_EQ(say("checkpoint --keys " + (folder_ / "keys").string()).code, 0);
    findings_ = say("findings --format json --authority 999").json()["findings"];
  }
  Ran say(const std::string& words) { return run(program + " " + words + data_, true); }
  std::string finding(std::size_t which) const { return findings_.at(which)["finding"]; }
  Ran set_aside(const std::string& id, const std::string& more) {
    return say("set-aside " + id + " --by 'D. Oer' --reason 'told by telephone' --format json " + more);
  }
  Ran bundle(const std::string& more) {
    return say("bundle --case C-1 --by 'D. Oer' --output " + (folder_ / "bundle.zip").string() + " " + more);
  }
  Ran dispose(const std::string& more) {
    return say("dispose --person 9990000018 --basis 'retention schedule 2.4' --by 'D. Oer' " + more);
  }
  std::string newest(const char* kind) {
    const auto database = pg::Database::open({}, folder_ / "data");
    pg::Connection owner(database.conninfo(), "test");
    pg::Transaction transaction(owner, pg::Access::read_only);
    static constexpr pg::Statement look{
        "test.newest", "SELECT content FROM answerable.event WHERE kind = $1 ORDER BY event DESC LIMIT 1"};
    return std::string(transaction.run_one(look, kind).text(0, 0));
  }
  /// Asked for by one guardian on the page and approved by another.
  std::string approval(const std::string& what, const std::string& about) {
    ann_->get("/approvals");
    const auto asked = ann_->post("/approvals", fmt::format("what={}&about={}&reason=why", what, about));
    EXPECT_EQ(asked.status, 303) << asked.body;
    const auto number = after(ann_->get("/approvals").body, "action=\"/approvals/", "\"");
    EXPECT_EQ(ann_->post("/approvals/" + number, "decision=approved").status, 403) << "who asks does not decide";
    EXPECT_EQ((bob_->get("/approvals"), bob_->post("/approvals/" + number, "decision=approved")).status, 303);
    return number;
  }
  std::string adam() {
    const auto database = pg::Database::open({}, folder_ / "data");
    pg::Connection owner(database.conninfo(), "test");
    pg::Transaction transaction(owner, pg::Access::read_only);
    static constexpr pg::Statement look{"test.adam",
                                        "SELECT subject FROM answerable.identifier WHERE value = '9990000018'"};
    return std::to_string(transaction.run_one(look).int32(0, 0));
  }
  /// Two guardians who have signed in to the service.
  void add_guardians() {
    for (const char* name : {"ann", "bob"})
      ASSERT_EQ(say(fmt::format("account add {0}@example.org --authority 999 --name {0} --role guardian", name)).code,
                0);
    service_.emplace(
        std::vector<std::string>{program, "serve", "--data", (folder_ / "data").string(), "--keys",
                                 (folder_ / "keys").string(), "--second-factor", "none", "--authority", "999"},
        folder_ / "serve.log");
    for (auto [who, email] : {std::pair{&ann_, "ann@example.org"}, std::pair{&bob_, "bob@example.org"}}) {
      const auto told = say(fmt::format("account link {} --authority 999", email)).out;
      who->emplace(*service_);
      ASSERT_EQ((*who)->post("/link", chosen_with(told.substr(0, told.find('\n')))).status, 303);
    }
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
  nlohmann::ordered_json findings_;
  std::optional<RunningService> service_;
  std::optional<Browser> ann_, bob_;
};

TEST_F(SignOffJourney, without_accounts_the_ledger_says_that_nothing_was_signed_off) {
  const auto aside = set_aside(finding(0), "--approved-by 'A. Pprover'");
  ASSERT_EQ(aside.code, 0) << aside.out;
  EXPECT_TRUE(aside.json()["approval"].is_null());
  EXPECT_THAT(newest("decision"),
              HasSubstr("\"signed_off\" : false, \"approval\" : null, \"approved_by\" : \"A. Pprover\""));
  EXPECT_THAT(say("explain " + finding(0)).out, HasSubstr("by D. Oer, approved by A. Pprover, not signed off"));
  EXPECT_EQ(set_aside(finding(1), "--approval 1").code, 3) << "there is none";
  ASSERT_EQ(bundle("").code, 0);
  EXPECT_THAT(newest("bundle"), HasSubstr("\"signed_off\":false,\"approval\":null,\"approved_by\":null"));
  EXPECT_EQ(dispose("").code, 2) << "who approves is always said";
  const auto gone = dispose("--approved-by 'A. Pprover'");
  ASSERT_EQ(gone.code, 0) << gone.out;
  EXPECT_THAT(gone.out, HasSubstr("approved by A. Pprover (not signed off)"));
}

TEST_F(SignOffJourney, with_accounts_it_needs_an_approval_that_is_used_once) {
  add_guardians();
  const auto refused = set_aside(finding(0), "--approved-by 'A. Pprover'");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.out, HasSubstr("needs the approval of a second person"));
  const auto number = approval("set-aside", finding(0));
  EXPECT_EQ(set_aside(finding(0), "--approval " + number).code, 3) << "approving it on the page has done it";
  EXPECT_EQ(set_aside(finding(1), "--approval " + number + " --approved-by x").code, 2) << "one or the other";
  EXPECT_THAT(set_aside(finding(1), "--approval " + approval("bundle", "C-1")).out, HasSubstr("something else"));
  EXPECT_THAT(say("explain " + finding(0)).out,
              HasSubstr("approved by bob <bob@example.org> (approval " + number + ")"));
  ASSERT_EQ(say("reopen " + finding(0) + " --by x --reason y").code, 0) << "opening again needs nobody";
  EXPECT_EQ(set_aside(finding(0), "--approval " + number).code, 3) << "used";

  EXPECT_EQ(bundle("").code, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bundle.zip"));
  const auto for_bundle = approval("bundle", "C-1");
  ASSERT_EQ(bundle("--approval " + for_bundle).code, 0);
  EXPECT_THAT(newest("bundle"), HasSubstr(fmt::format("\"signed_off\":true,\"approval\":{},\"approved_by\":\"bob "
                                                      "<bob@example.org>\"",
                                                      for_bundle)));
  std::filesystem::remove(folder_ / "bundle.zip");
  EXPECT_EQ(bundle("--approval " + for_bundle).code, 3) << "used";

  EXPECT_THAT(dispose("--approved-by 'A. Pprover'").out, HasSubstr("needs the approval of a second person"));
  const auto for_disposal = approval("disposal", adam());
  EXPECT_EQ(dispose("--dry-run --approval " + for_disposal).code, 0) << "and uses nothing up";
  const auto gone = dispose("--approval " + for_disposal);
  ASSERT_EQ(gone.code, 0) << gone.out;
  EXPECT_THAT(gone.out, HasSubstr("approved by bob <bob@example.org> (approval " + for_disposal + ")"));
  EXPECT_THAT(newest("disposal"), AllOf(HasSubstr("\"approval\":" + for_disposal), HasSubstr("bob <bob@example.org>")));
  EXPECT_EQ(say("verify --ledger --keys " + (folder_ / "keys").string()).code, 0);
}

}  // namespace
}  // namespace answerable::testing
