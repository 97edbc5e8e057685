// The independent verifier, reports/bundle/verify.py, and the page VERIFY.html, by checks written in their own
// language: what they are made of is Python and shell, and a flip of every byte wants one process.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

const std::string checks = std::string{ANSWERABLE_SOURCE} + "/tests/reports/bundle_verifier_checks.py";

std::vector<std::string> names() {
  std::vector<std::string> found;
  std::ifstream in{checks};
  static const std::regex method{R"re(^    def test_([a-z0-9_]+)\(self\))re"};
  for (std::string line; std::getline(in, line);) {
    if (std::smatch match; std::regex_search(line, match, method)) found.push_back(match[1]);
  }
  return found;
}

class BundleVerifier : public ::testing::TestWithParam<std::string> {};

TEST_P(BundleVerifier, holds) {
  const auto ran = run("python3 -W error::ResourceWarning " + checks + " Checks.test_" + GetParam(), true);
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_NE(ran.out.find("Ran 1 test"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("skipped"), std::string::npos) << ran.out;
}

INSTANTIATE_TEST_SUITE_P(checks, BundleVerifier, ::testing::ValuesIn(names()),
                         [](const auto& name) { return name.param; });

TEST(BundleVerifierChecks, there_are_as_many_as_there_should_be) {
  EXPECT_GE(names().size(), 30U);
}

}  // namespace
}  // namespace answerable::testing
