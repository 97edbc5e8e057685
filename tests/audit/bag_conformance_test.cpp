// The Library of Congress's conformance suite, whole: what has to be valid is, what has to be refused is refused for
// the reason the suite means, and what has to be warned about is warned about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/audit/bag_kit.hpp"

using namespace answerable::bag;
using namespace answerable::bag::testing;
using ::testing::HasSubstr;

namespace {

const fs::path suite = fs::path{ANSWERABLE_SOURCE} / "tests/outside/vectors/bagit-conformance";

/// What the judge says of each bag that is not plainly valid.
const std::map<std::string, std::string> reasons{
    {"v0.97/invalid/baginfo-missing-encoding", "error bagit.txt: Line 2: The line that names the encoding"},
    {"v0.97/invalid/bom-in-bagit.txt", "error bagit.txt: Line 1: A byte order mark"},
    {"v0.97/invalid/corrupt-data-file", "error data/bare-filename: It is not the file that manifest-md5.txt lists"},
    {"v0.97/invalid/corrupt-tag-file", "error bag-info.txt: It is not the file that tagmanifest-md5.txt lists"},
    {"v0.97/invalid/extra-file-in-bag", "error data/bar: It was added"},
    {"v0.97/invalid/invalid-version-number", "error bagit.txt: Line 1: The line that names the version"},
    {"v0.97/invalid/missing-baginfo", "error bag-info.txt: It is missing: tagmanifest-md5.txt lists it"},
    {"v0.97/invalid/missing-bagit.txt", "error bagit.txt: It is missing: without it this is no bag"},
    {"v0.97/invalid/out-of-scope-file-paths-using-dot-notation", "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/invalid/out-of-scope-file-paths-using-dot-notation-for-fetch",
     "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/invalid/same-filename-listed-twice-with-different-hashes",
     "error data/README: manifest-sha256.txt lists it twice, with different checksums"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-absolute-path",
     "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-absolute-path-for-fetch",
     "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-shortcut", "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-shortcut-for-fetch",
     "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username",
     "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username-for-fetch",
     "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-absolute-path",
     "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-absolute-path-for-fetch",
     "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-shortcut",
     "error manifest-md5.txt: Line 3: a manifest of the payload lists what lies outside data/"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-shortcut-for-fetch",
     "error fetch.txt: Line 1: it would fetch a file to outside data/"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-unc", "error manifest-md5.txt: Line 3: The path leads out"},
    {"v0.97/windows-only/out-of-scope-file-paths-using-unc-for-fetch", "error fetch.txt: Line 1: The path leads out"},
    {"v0.97/warning/duplicate-file-with-different-case",
     "warning data/HELLO.txt: manifest-sha512.txt lists one file under two names"},
    {"v0.97/warning/made-with-md5sum-tools", "warning manifest-md5.txt: Line 1: '*' before a path"},
    {"v0.97/warning/relative-path", "warning manifest-sha512.txt: Line 1: './' before a path"},
    {"v0.97/warning/same-filename-listed-twice-with-different-normalization",
     "manifest-sha512.txt lists one file under two names"},
    {"v0.97/warning/same-filename-listed-twice-with-the-same-hash",
     "warning data/README: manifest-sha256.txt lists it twice"},
    {"v0.97/warning/special-system-files", "warning data/Thumbs.db: Operating systems make and remove"},
    {"v1.0/invalid/same-filename-listed-twice-with-the-same-hash",
     "error data/README: manifest-sha256.txt lists it twice"},
    {"v1.0/invalid/same-filename-listed-twice-with-different-hashes",
     "error data/README: manifest-sha256.txt lists it twice, with different checksums"},
    {"v1.0/invalid/notAllManifestsListAllFiles",
     "error data/missingFromManifest.txt: It was added: no manifest lists it"},
    {"v1.0/invalid/bagit-with-invalid-whitespace", "error bagit.txt: Line 1: The line that names the version"},
};

}  // namespace

TEST(BagConformance, TheLibraryOfCongressSuite) {
  std::size_t for_all = 0, for_windows = 0, said = 0;
  for (const auto& version : fs::directory_iterator{suite}) {
    if (!version.is_directory()) continue;
    for (const auto& kind : fs::directory_iterator{version}) {
      for (const auto& bag : fs::directory_iterator{kind}) {
        if (!bag.is_directory()) continue;
        const std::string name = bag.path().lexically_relative(suite).string();
        const std::string has_to = kind.path().filename().string();
        ++(has_to == "windows-only" ? for_windows : for_all);
        const Verdict verdict = judge_bag(bag.path());
        EXPECT_EQ(verdict.valid(), has_to == "valid" || has_to == "warning") << name << "\n" << told(verdict);
        const auto reason = reasons.find(name);
        EXPECT_EQ(reason == reasons.end(), has_to == "valid") << name;
        if (reason == reasons.end()) continue;
        EXPECT_THAT(told(verdict), HasSubstr(reason->second)) << name;
        ++said;
      }
    }
  }
  EXPECT_EQ(for_all, 54U);
  EXPECT_EQ(for_windows, 6U) << "judged alike on every system: a bag travels";
  EXPECT_EQ(said, reasons.size());
}
