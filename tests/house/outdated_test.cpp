// ./run outdated, with an apt that says what a day may bring: of what the programs are built of and stand on, what is
// behind is named.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

Ran outdated(const std::string& upgrade) {
  const Folder folder;
  spill(folder / "apt-get", "#!/bin/sh\ncase \"$*\" in *upgrade) cat \"$(dirname \"$0\")/upgrade\" ;; esac\n");
  spill(folder / "sudo", "#!/bin/sh\nexec \"$@\"\n");
  spill(folder / "upgrade", upgrade);
  run(fmt::format("chmod +x {0}/apt-get {0}/sudo", folder.path().string()));
  return run(fmt::format("PATH={}:$PATH {}/run outdated", folder.path().string(), ANSWERABLE_SOURCE), true);
}

// ASVS 5.0, 15.2.1
TEST(Outdated, NamesWhatTheProgramsAreBuiltOfAndStandOnAndIsBehind) {
  const auto behind = outdated(
      "Inst libssl3 [3.0.1-1] (3.0.99-1 Debian-Security:12/oldstable-security [amd64])\n"
      "Inst vim [1] (2 Debian:12 [amd64])\n"
      "Inst libcli11-dev [2.1] (2.2 Debian:12 [all])\n"
      "Conf libssl3 (3.0.99-1 Debian-Security:12/oldstable-security [amd64])\n");
  EXPECT_EQ(behind.code, 1) << behind.out;
  EXPECT_NE(behind.out.find("libssl3 3.0.1-1 -> 3.0.99-1 Debian-Security:12/oldstable-security\n"), std::string::npos)
      << behind.out;
  EXPECT_NE(behind.out.find("libcli11-dev 2.1 -> 2.2 Debian:12\n"), std::string::npos) << behind.out;
  EXPECT_EQ(behind.out.find("vim"), std::string::npos) << behind.out;
  const auto level = outdated("Inst vim [1] (2 Debian:12 [amd64])\n");
  EXPECT_EQ(level.code, 0) << level.out;
  EXPECT_NE(level.out.find("Nothing that the programs are built of"), std::string::npos) << level.out;
}

}  // namespace
}  // namespace answerable::testing
