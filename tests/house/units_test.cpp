// The systemd units: their words are known, what they start is there, and they keep the services apart from the rest of
// the machine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

namespace fs = std::filesystem;

class Units : public ::testing::Test {
 protected:
  Units() {
    for (const auto& entry : fs::directory_iterator(fs::path(ANSWERABLE_BIN).parent_path() / "systemd")) {
      // As installed, but with the programs where they were built.
      const auto text = std::regex_replace(slurp(entry.path()), std::regex("=/\\S*/(answerable\\S*) "),
                                           fmt::format("={}/$1 ", ANSWERABLE_BIN));
      spill(folder_ / entry.path().filename().string(), text);
      units_.push_back(folder_ / entry.path().filename().string());
    }
  }

  Folder folder_;
  std::vector<fs::path> units_;
};

TEST_F(Units, systemd_finds_nothing_wrong_with_them) {
  EXPECT_EQ(units_.size(), 6U);
  for (const auto& unit : units_) {
    const auto verified = run("systemd-analyze verify --recursive-errors=no " + unit.string(), true);
    EXPECT_EQ(verified.code, 0) << verified.out;
    EXPECT_EQ(verified.out.find(unit.filename().string()), std::string::npos) << verified.out;
  }
}

TEST_F(Units, little_is_exposed_to_them) {
  for (const auto& unit : units_) {
    if (unit.extension() != ".service") continue;
    const auto judged = run("systemd-analyze security --offline=true --threshold=15 " + unit.string(), true);
    EXPECT_EQ(judged.code, 0) << "more than 1.5 of 10\n" << judged.out;
    const auto text = slurp(unit);
    EXPECT_NE(text.find("IPAddressDeny=any\n"), text.npos) << "it reaches this machine only";
    EXPECT_NE(text.find("IPAddressAllow=localhost\n"), text.npos);
  }
}

/// A word of a unit that a program does not know would be seen only when it is started.
TEST_F(Units, the_programs_know_the_options_they_are_started_with) {
  static const std::regex command("ExecStart=(\\S+) (\\w+) (.*)"), option("--[a-z-]+");
  for (const auto& unit : units_) {
    const std::string text = slurp(unit);
    std::smatch parts;
    if (!std::regex_search(text, parts, command)) continue;
    const auto help = run(parts[1].str() + " " + parts[2].str() + " --help");
    const auto name = unit.filename();
    const bool coming = name == "answerable.service" || name == "answerable-reports.service";
    if (coming && help.code != 0) continue;
    EXPECT_EQ(help.code, 0) << unit;
    const std::string options = parts[3];
    for (std::sregex_iterator at(options.begin(), options.end(), option), end; at != end; ++at)
      EXPECT_NE(help.out.find(at->str()), std::string::npos) << name << ": " << at->str();
  }
}

}  // namespace
}  // namespace answerable::testing
