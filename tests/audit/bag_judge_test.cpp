// What the judge says of bags that were made well and then changed, and of bags that were never well made.
#include "audit/bag/bag_judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "audit/bag/checksum.hpp"
#include "tests/audit/bag_kit.hpp"

using namespace answerable::bag;
using namespace answerable::bag::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

/// A good bag in a folder, to be spoilt.
class BagJudge : public ::testing::Test {
 protected:
  BagJudge() {
    FolderSink sink{bag};
    write_bag(sink);
  }
  std::string judged() const { return told(judge_bag(bag)); }

  Folder folder;
  fs::path bag = folder / "bundle";
};

std::string checksum(Algorithm algorithm, std::string_view text) {
  Checksum sum{algorithm};
  sum.update(answerable::as_bytes(text));
  return sum.finish();
}

/// A bag of one file `data/x` that holds "x", but for what is put in place of its tag files.
std::string judged_with(const Files& other) {
  Folder folder;
  Files files{{"bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"},
              {"data/x", "x"},
              {"manifest-sha256.txt", checksum(Algorithm::sha256, "x") + "  data/x\n"}};
  for (const auto& [path, content] : other) files[path] = content;
  for (const auto& [path, content] : files) {
    if (content != "(none)") spit(folder / path, content);
  }
  return told(judge_bag(folder.path()));
}

const std::string plain =
    "warning (the bag): There is no tag manifest: the files beside the payload could be changed unseen "
    "[tagmanifest-sha256.txt | ]\n";

}  // namespace

TEST_F(BagJudge, NamesWhatWasChanged) {
  spit(bag / "data/index.html", "changed");
  EXPECT_EQ(
      judged(),
      fmt::format(
          "error bag-info.txt: Payload-Oxum, the payload's bytes and files, is not what is there [61.3 | 27.3]\n"
          "error data/index.html: It is not the file that manifest-sha256.txt lists: it was changed since, or "
          "damaged [{} | {}]\n",
          checksum(Algorithm::sha256, small_files.at("data/index.html")), checksum(Algorithm::sha256, "changed")));
}

TEST_F(BagJudge, NamesWhatIsMissing) {
  fs::remove(bag / "data/records/0001.xml");
  fs::remove(bag / "VERIFY.html");
  EXPECT_THAT(judged(), AllOf(HasSubstr("error data/records/0001.xml: It is missing: manifest-sha256.txt lists it"),
                              HasSubstr("error VERIFY.html: It is missing: tagmanifest-sha256.txt lists it")));
}

TEST_F(BagJudge, NamesWhatWasAdded) {
  spit(bag / "data/records/0003.xml", "x");
  spit(bag / "note.txt", "x");
  EXPECT_THAT(judged(), AllOf(HasSubstr("error data/records/0003.xml: It was added: no manifest lists it"),
                              HasSubstr("warning note.txt: No tag manifest lists it")));
}

TEST_F(BagJudge, AChangedManifestDoesNotHideAChangedFile) {
  spit(bag / "data/records/0001.xml", "<review id=\"REV-2\"/>");
  std::string manifest = slurp(bag / "manifest-sha256.txt");
  const std::string before = checksum(Algorithm::sha256, small_files.at("data/records/0001.xml"));
  manifest.replace(manifest.find(before), before.size(), checksum(Algorithm::sha256, "<review id=\"REV-2\"/>"));
  spit(bag / "manifest-sha256.txt", manifest);
  EXPECT_THAT(judged(), HasSubstr("error manifest-sha256.txt: It is not the file that tagmanifest-sha256.txt lists"));
}

TEST_F(BagJudge, FollowsNoLinkAndReadsNoPipe) {
  spit(folder / "outside.xml", "<review id=\"REV-1\"/>");
  fs::remove(bag / "data/records/0001.xml");
  fs::create_symlink(folder / "outside.xml", bag / "data/records/0001.xml");
  ASSERT_EQ(::mkfifo((bag / "data/pipe").c_str(), 0600), 0);
  fs::create_directory_symlink("/", bag / "data/root");
  EXPECT_THAT(judged(),
              AllOf(HasSubstr("error data/records/0001.xml: It is a link, a pipe or a device"),
                    HasSubstr("error data/records/0001.xml: It is missing"), HasSubstr("error data/pipe: It is a link"),
                    HasSubstr("error data/root: It is a link"), Not(HasSubstr("data/root/"))));
}

TEST(BagJudged, EveryAlgorithmIsCompared) {
  const std::vector<std::pair<Algorithm, std::string>> all{
      {Algorithm::md5, "md5"},       {Algorithm::sha1, "sha1"},     {Algorithm::sha224, "sha224"},
      {Algorithm::sha256, "sha256"}, {Algorithm::sha384, "sha384"}, {Algorithm::sha512, "sha512"}};
  Files good, bad;
  for (const auto& [algorithm, name] : all) {
    EXPECT_EQ(algorithm_named(name), algorithm);
    // The stock tool is the judge of ours.
    const std::string sum = run(fmt::format("printf x | {}sum | cut -d' ' -f1 | tr -d '\\n'", name)).out;
    EXPECT_EQ(checksum(algorithm, "x"), sum);
    good[fmt::format("manifest-{}.txt", name)] = sum + "  data/x\n";
    bad[fmt::format("manifest-{}.txt", name)] = checksum(algorithm, "y") + "  data/x\n";
  }
  EXPECT_EQ(judged_with(good), plain);
  const std::string told = judged_with(bad);
  for (const auto& [path, none] : bad)
    EXPECT_THAT(told, HasSubstr("error data/x: It is not the file that " + path + " lists"));
}

TEST(BagJudged, WeakChecksumsAloneAreWarnedAbout) {
  EXPECT_THAT(
      judged_with({{"manifest-sha256.txt", "(none)"}, {"manifest-md5.txt", checksum(Algorithm::md5, "x") + " data/x"}}),
      HasSubstr("warning (the bag): Its only checksums are MD5 or SHA-1"));
  EXPECT_THAT(
      judged_with({{"manifest-sha256.txt", "(none)"}, {"manifest-blake3.txt", std::string(64, 'a') + " data/x"}}),
      HasSubstr("error (the bag): No manifest of the payload has checksums that can be worked out here"));
  EXPECT_THAT(
      judged_with({{"manifest-blake3.txt", std::string(64, 'a') + " data/y"}}),
      AllOf(HasSubstr("warning manifest-blake3.txt: Its checksums are of a kind"),
            HasSubstr("error data/y: It is missing"), HasSubstr("error data/x: manifest-blake3.txt does not list it")));
}

TEST(BagJudged, WhatABagNeedsIsNamedWhenItIsNotThere) {
  EXPECT_EQ(judged_with({}), plain);
  EXPECT_THAT(judged_with({{"bagit.txt", "(none)"}}), HasSubstr("error bagit.txt: It is missing"));
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", "(none)"}}),
              HasSubstr("error (the bag): There is no manifest of the payload"));
  EXPECT_THAT(judged_with({{"data/x", "(none)"}}), AllOf(HasSubstr("error data/: The folder of the payload is missing"),
                                                         HasSubstr("error data/x: It is missing")));
}

TEST(BagJudged, VersionsAndEncodings) {
  const auto declaring = [](std::string_view version, std::string_view encoding) {
    return judged_with(
        {{"bagit.txt", fmt::format("BagIt-Version: {}\r\nTag-File-Character-Encoding: {}\r\n", version, encoding)}});
  };
  for (const char* version : {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"})
    EXPECT_EQ(declaring(version, "UTF-8"), plain) << version;
  for (const char* version : {"0.92", "0.98", "1.1", "2.0", "10.0"})
    EXPECT_THAT(declaring(version, "UTF-8"), HasSubstr("no such version of BagIt")) << version;
  for (const char* version : {"1", "-1.0", "1.0x", "one", "1.0 "})
    EXPECT_THAT(declaring(version, "UTF-8"), HasSubstr("The line that names the version")) << version;
  for (const char* encoding : {"utf-8", "US-ASCII", "ISO-8859-1"})
    EXPECT_EQ(declaring("1.0", encoding), plain) << encoding;
  for (const char* encoding : {"UTF-7", "EBCDIC-GB", "../../tmp/x", "UTF-8//TRANSLIT"})
    EXPECT_THAT(declaring("1.0", encoding), HasSubstr("error manifest-sha256.txt: It is not in the encoding"))
        << encoding;
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", "\xFF\xFE"}}), HasSubstr("It is not in the encoding"));
  EXPECT_THAT(judged_with({{"bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmore\n"}}),
              HasSubstr("Line 3: There are more lines than two"));
}

TEST(BagJudged, PathsOfAManifest) {
  const std::string sum = checksum(Algorithm::sha256, "x");
  const auto listing = [&](std::string_view path) {
    return judged_with({{"manifest-sha256.txt", fmt::format("{}  {}\n", sum, path)}});
  };
  for (const char* path : {"/data/x", "../data/x", "data/../../x", "~/x", "~root/x", "C:\\x", "C:/x", "\\\\server\\x",
                           "data\\..\\..\\x"}) {
    EXPECT_THAT(listing(path), HasSubstr("error manifest-sha256.txt: Line 1: The path leads out of the bag")) << path;
  }
  EXPECT_THAT(listing("bagit.txt"), HasSubstr("lists what lies outside data/"));
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", sum + "data/x\n"}}),
              HasSubstr("Line 1: The line is no checksum and path"));
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", "abc data/x\n"}}),
              HasSubstr("[64 hexadecimal digits, a space, a path | abc data/x]"));
  // Line ends and per cent signs are written as codes.
  EXPECT_EQ(judged_with({{"data/a\nb\rc%d", "x"},
                         {"manifest-sha256.txt", sum + "  data/x\n" + sum + "  data/a%0Ab%0dc%25d\n"}}),
            plain);
}

TEST(BagJudged, WhatWouldHaveToBeFetchedIsMissing) {
  const std::string sum = checksum(Algorithm::sha256, "x");
  const std::string both = sum + "  data/x\n" + sum + "  data/far\n";
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", both}, {"fetch.txt", "https://example.org/far 1 data/far\n"}}),
              HasSubstr("error data/far: It is not in the bag: fetch.txt says where it could be had"));
  EXPECT_EQ(judged_with({{"fetch.txt", "https://example.org/x - data/x\n"}}), plain) << "it is there already";
  EXPECT_THAT(judged_with({{"fetch.txt", "https://example.org/y - data/y\n"}}),
              HasSubstr("error data/y: fetch.txt lists it and no manifest does"));
  EXPECT_THAT(judged_with({{"fetch.txt", "https://example.org/y\n"}}),
              HasSubstr("The line is no address, length and path"));
  EXPECT_THAT(judged_with({{"fetch.txt", "https://example.org/y - ../y\n"}}),
              HasSubstr("error fetch.txt: Line 1: The path leads out"));
}

TEST(BagJudged, PayloadOxumAndBagInfo) {
  EXPECT_EQ(judged_with({{"bag-info.txt", "Contact-Name: A\n  B\npayload-oxum : 1.1\n"}}), plain);
  EXPECT_THAT(
      judged_with({{"bag-info.txt", "Payload-Oxum: 2.1\n"}}),
      HasSubstr("error bag-info.txt: Payload-Oxum, the payload's bytes and files, is not what is there [2.1 | 1.1]"));
  EXPECT_THAT(judged_with({{"bag-info.txt", "Payload-Oxum: many\n"}}), HasSubstr("Payload-Oxum is not two numbers"));
  EXPECT_THAT(judged_with({{"bag-info.txt", "no label\n"}}),
              HasSubstr("error bag-info.txt: Line 1: The line is no label and value"));
}

TEST(BagJudged, ATwinDoesNotStandInForAMissingFile) {
  // Since 1.0 a file listed under a twin's name is missing, whatever the twin holds.
  const std::string sum = checksum(Algorithm::sha256, "x");
  EXPECT_THAT(judged_with({{"manifest-sha256.txt", sum + "  data/x\n" + sum + "  data/X\n"}}),
              HasSubstr("error data/X: It is missing"));
  const std::string old = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n";
  EXPECT_THAT(
      judged_with({{"bagit.txt", old},
                   {"manifest-sha256.txt", sum + "  data/x\n" + checksum(Algorithm::sha256, "y") + "  data/X\n"}}),
      HasSubstr("error data/X: It is missing"));
}

TEST(BagJudged, ANameCannotWriteToTheTerminal) {
  const std::string told = judged_with({{"data/\x1B[2J", "x"}, {"manifest-sha256.txt", "\x1B]0;x\n"}});
  EXPECT_EQ(told.find('\x1B'), std::string::npos);
  EXPECT_THAT(told, HasSubstr("error data/\\x1B[2J: It was added"));
}
