// What needs a second person, on the command line: without accounts it is done and said not to be signed off; with them
// it needs an approval, which is used once.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/access/accounts.hpp"
#include "ingest/access/acting.hpp"
#include "ingest/access/approvals.hpp"
#include "ingest/access/sign_in.hpp"
#include "ingest/pg/private_server.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

using access::ApprovalOf;
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
    "<criteria>facs-2010</criteria><eligible>no</eligible></eligibilityDetermination></records></submission>";

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
    return say("bundle --person 9990000018 --by 'D. Oer' --output " + (folder_ / "bundle.zip").string() + " " + more);
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
  /// Asked for by one guardian and approved by another, as on the page.
  std::string approval(ApprovalOf what, const std::string& about) {
    const auto database = pg::Database::open({}, folder_ / "data");
    pg::Connection door(database.conninfo() + " user=answerable_door", "test"),
        reports(database.conninfo() + " user=answerable_reports", "test"), owner(database.conninfo(), "test");
    const auto as = [&](const char* email, const auto& work) {
      const auto account = access::find_account(door, "999", email).value();
      const auto token = access::sign_in_by_link(door, "999", account.account).token;
      const access::Acting acting(reports, token);
      pg::Transaction transaction(reports, pg::Access::read_write);
      const auto number = work(transaction);
      transaction.commit();
      return number;
    };
    static constexpr pg::Statement adam{
        "test.adam", "SELECT subject FROM answerable.identifier WHERE authority = '999' AND scheme = 'nhs-number'"};
    const auto subject = [&] {
      pg::Transaction transaction(owner, pg::Access::read_only);
      return transaction.run_one(adam).int32(0, 0);
    }();
    const auto number = as("ann@example.org", [&](auto& transaction) {
      return access::ask_approval(transaction, {what, about, subject, "why"}).value();
    });
    as("bob@example.org", [&](auto& transaction) { return access::decide(transaction, number, true); });
    return std::to_string(number);
  }
  void add_guardians() {
    for (const char* name : {"ann", "bob"})
      ASSERT_EQ(say(fmt::format("account add {0}@example.org --authority 999 --name {0} --role guardian", name)).code,
                0);
  }

  Folder folder_;
  std::string data_ = " --data " + (folder_ / "data").string();
  nlohmann::ordered_json findings_;
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
  const auto number = approval(ApprovalOf::set_aside, finding(0));
  EXPECT_EQ(set_aside(finding(0), "--approval " + number).code, 3) << "approving it on the page has done it";
  EXPECT_EQ(set_aside(finding(1), "--approval " + number + " --approved-by x").code, 2) << "one or the other";
  EXPECT_THAT(set_aside(finding(1), "--approval " + approval(ApprovalOf::bundle, "C-1")).out,
              HasSubstr("something else"));
  EXPECT_THAT(say("explain " + finding(0)).out,
              HasSubstr("approved by bob <bob@example.org> (approval " + number + ")"));
  ASSERT_EQ(say("reopen " + finding(0) + " --by x --reason y").code, 0) << "opening again needs nobody";
  EXPECT_EQ(set_aside(finding(0), "--approval " + number).code, 3) << "used";

  EXPECT_EQ(bundle("").code, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bundle.zip"));
  const auto for_bundle = approval(ApprovalOf::bundle, "C-1");
  ASSERT_EQ(bundle("--approval " + for_bundle).code, 0);
  EXPECT_THAT(newest("bundle"), HasSubstr(fmt::format("\"signed_off\":true,\"approval\":{},\"approved_by\":\"bob "
                                                      "<bob@example.org>\"",
                                                      for_bundle)));
  std::filesystem::remove(folder_ / "bundle.zip");
  EXPECT_EQ(bundle("--approval " + for_bundle).code, 3) << "used";

  EXPECT_THAT(dispose("--approved-by 'A. Pprover'").out, HasSubstr("needs the approval of a second person"));
  const auto for_disposal = approval(ApprovalOf::disposal, "1");
  EXPECT_EQ(dispose("--dry-run --approval " + for_disposal).code, 0) << "and uses nothing up";
  const auto gone = dispose("--approval " + for_disposal);
  ASSERT_EQ(gone.code, 0) << gone.out;
  EXPECT_THAT(gone.out, HasSubstr("approved by bob <bob@example.org> (approval " + for_disposal + ")"));
  EXPECT_EQ(say("verify --ledger --keys " + (folder_ / "keys").string()).code, 0);
}

}  // namespace
}  // namespace answerable::testing
