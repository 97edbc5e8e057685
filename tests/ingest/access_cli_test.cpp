// The words of the command line about accounts, on a real database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/ingest/access_world.hpp"

namespace answerable::access {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class AccessCommands : public ::testing::Test {
 protected:
  struct Told {
    int code{};
    std::string output{};
  };
  Told run(const std::string& arguments) {
    const std::string command =
        "'" ANSWERABLE_BIN "/answerable-ingest' " + arguments + " --database \"" + world_.conninfo() + "\" 2>&1";
    Told told;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      told.output.append(buffer.data(), n);
    told.code = WEXITSTATUS(pclose(pipe));
    return told;
  }
  json told(const std::string& arguments) {
    const Told answer = run(arguments + " --format json");
    EXPECT_EQ(answer.code, 0) << answer.output;
    return json::parse(answer.output);
  }

  testing::AccessWorld world_;
};

TEST_F(AccessCommands, TheFirstAdministratorGetsInByALink) {
  const auto account = told("account add boss@example.org --authority 905 --name 'The Boss' --role administrator");
  EXPECT_EQ(account["roles"][0]["role"], "administrator");
  const auto link = told("account link boss@example.org --authority 905");
  EXPECT_EQ(link["path"], "/link");
  ASSERT_TRUE(use_link(world_.door, link["code"].get<std::string>(), "kettle harbour violin"));
  EXPECT_TRUE(std::holds_alternative<SignedIn>(
      sign_in(world_.door, {.authority = "905", .email = "boss@example.org", .password = "kettle harbour violin"})));
  // A council that has sent nothing yet.
  EXPECT_EQ(told("account add first@example.org --authority 916 --name First --role administrator")["authority"],
            "916");
}

TEST_F(AccessCommands, RolesAndAssignmentsAreGivenAndTakenAway) {
  told("account add wanda@example.org --authority 905 --name Wanda --role complaints-officer");
  EXPECT_EQ(told("account role wanda@example.org auditor --authority 905 --until 2027-03-31")["roles"].size(), 2U);
  EXPECT_EQ(told("account role wanda@example.org auditor --authority 905 --take")["roles"].size(), 1U);
  EXPECT_EQ(told("assign add wanda@example.org --authority 905 --complaint COMP-1")[0]["reference"], "COMP-1");
  EXPECT_EQ(told("assign add wanda@example.org --authority 905 --all-agreements").size(), 2U);
  EXPECT_EQ(told("assign end wanda@example.org --authority 905 --complaint COMP-1").size(), 1U);
  EXPECT_FALSE(told("account disable wanda@example.org --authority 905")["disabled_at"].is_null());
  EXPECT_TRUE(told("account disable wanda@example.org --authority 905 --enable")["disabled_at"].is_null());
  EXPECT_EQ(told("account list --authority 905").size(), 1U);
}

TEST_F(AccessCommands, KeysAndCertificatesAreMadeAndRevoked) {
  told("account add rio --authority 905 --name RiO --organisation ods:RH5 --role provider-submitter");
  const std::string key = told("key add rio --authority 905 --until 2099-12-31 --scope submit")["key"];
  ASSERT_TRUE(resume(world_.door, key));
  const auto listed = run("key list");
  EXPECT_THAT(listed.output, ::testing::AllOf(HasSubstr(key.substr(4, 12)), Not(HasSubstr(key.substr(17)))));
  told("key revoke " + key.substr(4, 12) + " --authority 905");
  EXPECT_FALSE(resume(world_.door, key));
  const std::string print(64, 'a');
  told("certificate add rio --authority 905 --until 2099-12-31 --fingerprint " + print);
  EXPECT_TRUE(sign_in_by_certificate(world_.door, "905", parse_digest(print).value()));
  told("certificate revoke --authority 905 --fingerprint " + print);
  EXPECT_FALSE(sign_in_by_certificate(world_.door, "905", parse_digest(print).value()));
}

TEST_F(AccessCommands, WrongUsageIsToldInASentence) {
  told("account add wanda@example.org --authority 905 --name Wanda");
  for (const auto& [arguments, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"account add wanda@example.org --authority 905 --name Wanda",
            "There is an account with this e-mail address"},
           {"account add x@example.org --authority 000 --name X", "000 is no council's code"},
           {"account add x@example.org --authority 905 --name X --role king", "king is no role"},
           {"account add x@example.org --authority 905 --name X --role provider-manager", "The role does not fit"},
           {"account link nobody@example.org --authority 905", "there is no account nobody@example.org"},
           {"key add wanda@example.org --authority 905 --until soon", "soon is no day"},
           {"key revoke 123456 --authority 905", "no key 123456 holds"},
           {"certificate add wanda@example.org --authority 905 --until 2099-12-31 --fingerprint aa",
            "must be a SHA-256"}}) {
    const auto answer = run(arguments);
    EXPECT_EQ(answer.code, 2) << arguments;
    EXPECT_THAT(answer.output, HasSubstr(sentence)) << arguments;
  }
}

}  // namespace
}  // namespace answerable::access
