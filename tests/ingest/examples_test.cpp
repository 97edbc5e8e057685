// Every example that ships beside a record kind's schema goes through the real intake: good ones are taken whole, bad
// ones are told what is wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ingest/intake/intake.hpp"
#include "ingest/pg/connection.hpp"
#include "tests/ingest/xml_reading.hpp"
#include "tests/support/database.hpp"

namespace answerable::intake {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> examples(std::string_view beginning) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path{ANSWERABLE_SOURCE} / "schemas/records")) {
    if (entry.path().filename().string().starts_with(beginning)) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

class Examples : public ::testing::Test {
 protected:
  CheckReport checked(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return check(connection_, reader_, in);
  }
  static std::string told(const CheckReport& report) {
    std::string all;
    for (const Fault& fault : report.faults)
      all += fmt::format("  {}:{} {} {}: {}\n", fault.line, fault.column, fault.code, fault.field, fault.problem);
    return all;
  }

  testing::TestDatabase database_;
  pg::Connection connection_{database_.conninfo(), "test", "answerable_ingest"};
  xml::FileReader reader_{xml::testing::kinds(), xml::testing::limits()};
};

TEST_F(Examples, GoodOnesAreTakenWhole) {
  const auto all = examples("good-");
  EXPECT_GE(all.size(), 62U) << "two for each kind";
  for (const auto& file : all) {
    const auto report = checked(file);
    EXPECT_FALSE(report.refused) << file << '\n' << told(report);
    EXPECT_EQ(report.would_hold, 0) << file << '\n' << told(report);
    EXPECT_GT(report.would_store, 0) << file;
  }
}

TEST_F(Examples, BadOnesAreToldWhatIsWrongWhereAndHowToMendIt) {
  const auto all = examples("bad-");
  EXPECT_GE(all.size(), 93U) << "three for each kind";
  for (const auto& file : all) {
    const auto report = checked(file);
    const auto fault = std::ranges::find_if(report.faults, [](const Fault& f) { return f.severity != Severity::note; });
    ASSERT_NE(fault, report.faults.end()) << file;
    EXPECT_GT(fault->line, 0) << file;
    EXPECT_FALSE(fault->problem.empty()) << file;
    EXPECT_FALSE(fault->expected.empty()) << file;
    EXPECT_FALSE(fault->mend.empty()) << file;
    EXPECT_NE(fault->code, "schema.other") << file << ": Xerces' sentence alone\n" << told(report);
  }
}

}  // namespace
}  // namespace answerable::intake
