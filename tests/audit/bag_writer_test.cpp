// Bags as they are written, looked at with stock tools: sha256sum, unzip, Python's zipfile.
#include "audit/bag/bag_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <clocale>

#include "audit/bag/sorted_spill.hpp"
#include "audit/bag/spill.hpp"
#include "tests/audit/bag_kit.hpp"

using namespace answerable::bag;
using namespace answerable::bag::testing;
using ::testing::HasSubstr;

TEST(BagWriter, MakesABagInAFolder) {
  Folder folder;
  FolderSink sink{folder / "bundle"};
  const auto seal = write_bag(sink);

  const fs::path bag = folder / "bundle";
  EXPECT_EQ(slurp(bag / "bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  EXPECT_EQ(slurp(bag / "bag-info.txt"),
            "Source-Organization: Somerset County Council\nExternal-Identifier: bundle-905-1\nPayload-Oxum: 61.3\n");
  for (const auto& [path, content] : small_files) EXPECT_EQ(slurp(bag / path), content) << path;
  EXPECT_EQ(answerable::hex(answerable::sha256(answerable::as_bytes(slurp(bag / "tagmanifest-sha256.txt")))),
            answerable::hex(seal));
  EXPECT_EQ(folder.count(), 1U) << "nothing else is left beside it";

  const Verdict verdict = judge_bag(bag);
  EXPECT_TRUE(verdict.findings.empty()) << told(verdict);
  EXPECT_EQ(verdict.version, "1.0");
  EXPECT_EQ(verdict.files, 8U);
}

TEST(BagWriter, StockChecksumToolsAgree) {
  Folder folder;
  FolderSink sink{folder / "bundle"};
  write_bag(sink);
  const auto check = [&](std::string_view manifest) {
    return run(fmt::format("cd {}/bundle && sha256sum --strict -c {}", folder.path().string(), manifest));
  };
  EXPECT_EQ(check("manifest-sha256.txt").out,
            "data/index.html: OK\ndata/records/0001.xml: OK\ndata/records/0002.xml: OK\n");
  EXPECT_EQ(check("tagmanifest-sha256.txt").out,
            "VERIFY.html: OK\nbag-info.txt: OK\nbagit.txt: OK\nmanifest-sha256.txt: OK\n");
  spit(folder / "bundle/data/index.html", "changed");
  EXPECT_NE(check("manifest-sha256.txt").code, 0);
}

TEST(BagWriter, ASealedZipUnpacksWithStockTools) {
  Folder folder;
  const auto zip = zipped(folder / "bundle.zip");
  EXPECT_EQ(folder.count(), 1U) << "nothing else is left beside it";
  const Ran tested = run(fmt::format("unzip -t {}", zip.string()));
  EXPECT_EQ(tested.code, 0) << tested.out;
  EXPECT_THAT(tested.out, HasSubstr("No errors detected"));

  const Ran python =
      run(fmt::format("python3 -c 'import zipfile,sys\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is "
                      "None\nprint(*z.namelist(),sep=\"\\n\")' {}",
                      zip.string()));
  EXPECT_EQ(python.out,
            "bundle/VERIFY.html\nbundle/bag-info.txt\nbundle/bagit.txt\nbundle/data/index.html\nbundle/data/records/"
            "0001.xml\n"
            "bundle/data/records/0002.xml\nbundle/manifest-sha256.txt\nbundle/tagmanifest-sha256.txt\n");

  ASSERT_EQ(run(fmt::format("cd {} && unzip -q bundle.zip && cd bundle && sha256sum --strict -c manifest-sha256.txt "
                            "tagmanifest-sha256.txt",
                            folder.path().string()))
                .code,
            0);
  const Verdict unpacked = judge_bag(folder / "bundle");
  EXPECT_TRUE(unpacked.findings.empty()) << told(unpacked);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "bundle/data/index.html").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);
}

TEST(BagWriter, TheSameFilesGiveTheSameBytesInAnyOrderAtAnyTimeUnderAnyUmask) {
  Folder folder;
  const std::string one = slurp(zipped(folder / "one.zip"));

  const mode_t umask = ::umask(0077);
  std::setlocale(LC_ALL, "C.UTF-8");
  SealedZipWriter zip{folder / "two.zip", "bundle"};
  BagWriter writer{zip, labels};
  for (auto file = small_files.rbegin(); file != small_files.rend(); ++file) {
    writer.begin(file->first);
    for (const char& c : file->second) writer.write(answerable::as_bytes({&c, 1}));
    writer.end();
  }
  writer.finish();
  ::umask(umask);
  std::setlocale(LC_ALL, "C");
  EXPECT_TRUE(one == slurp(folder / "two.zip"));
  EXPECT_EQ(answerable::hex(answerable::sha256(answerable::as_bytes(one))),
            "619884ce2ba67c6e7be04d0685df4901cfcbb8fcd065c993cac23c744c87cc78");
}

TEST(BagWriter, NothingStandsUnderTheFinalNameBeforeTheEnd) {
  Folder folder;
  spit(folder / "there.zip", "before");
  {
    SealedZipWriter zip{folder / "there.zip", "bundle"};
    BagWriter{zip, labels}.add("data/x", "1");
    FolderSink sink{folder / "bundle"};
    BagWriter{sink, labels}.add("data/x", "1");
    EXPECT_FALSE(fs::exists(folder / "bundle"));
    EXPECT_EQ(slurp(folder / "there.zip"), "before");
  }
  EXPECT_EQ(folder.count(), 1U) << "what was begun and never finished is gone";
  EXPECT_EQ(slurp(folder / "there.zip"), "before");
  zipped(folder / "there.zip");
  EXPECT_TRUE(judge_bag(folder / "there.zip").valid());
}

TEST(BagWriter, OnlyItsOwnerMayReadABundle) {
  Folder folder;
  zipped(folder / "bundle.zip");
  FolderSink sink{folder / "bundle"};
  write_bag(sink);
  EXPECT_EQ(fs::status(folder / "bundle.zip").permissions(), fs::perms{0600});
  EXPECT_EQ(fs::status(folder / "bundle").permissions(), fs::perms{0700});
}

namespace {

std::string refusal(const std::function<void(BagWriter&)>& act, std::vector<Label> with = labels) {
  Folder folder;
  SealedZipWriter zip{folder / "x.zip", "bundle"};
  try {
    BagWriter writer{zip, std::move(with)};
    act(writer);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "taken";
}

}  // namespace

TEST(BagWriter, RefusesPathsThatCannotBe) {
  const auto adding = [](std::string path) { return refusal([&](BagWriter& writer) { writer.add(path, ""); }); };
  EXPECT_THAT(adding("data/../../x"), HasSubstr("'..' is no name"));
  EXPECT_THAT(adding("data/CON"), HasSubstr("device on Windows"));
  for (const char* own :
       {"bagit.txt", "BagIt.txt", "bag-info.txt", "fetch.txt", "manifest-md5.txt", "tagmanifest-sha256.txt"}) {
    EXPECT_THAT(adding(own), HasSubstr("a name BagIt keeps for itself")) << own;
  }
  EXPECT_THAT(adding("data"), HasSubstr("the folder of the payload"));
  EXPECT_EQ(adding("data/manifest-md5.txt"), "taken");
  EXPECT_THAT(refusal([](BagWriter& writer) { writer.add("data/x", ""), writer.add("data/X", ""); }),
              HasSubstr("differ only in capitals"));
}

TEST(BagWriter, RefusesLabelsThatCannotBe) {
  const auto with = [](std::string name, std::string value) {
    return refusal([](BagWriter&) {}, {{std::move(name), std::move(value)}});
  };
  EXPECT_THAT(with("payload-oxum", "1.1"), HasSubstr("worked out"));
  EXPECT_THAT(with("A:B", "x"), HasSubstr("a colon ends the label"));
  EXPECT_THAT(with("A", "x\ny"), HasSubstr("one line"));
  EXPECT_THAT(with("A", "\xFF"), HasSubstr("one line of UTF-8"));
  EXPECT_THAT(with("A", " x"), HasSubstr("spaces at either end"));
  EXPECT_THAT(with("", "x"), HasSubstr("say something"));
}

TEST(BagWriter, AFolderThatIsThereIsNeverWrittenOver) {
  Folder folder;
  fs::create_directory(folder / "bundle");
  EXPECT_THROW(FolderSink{folder / "bundle"}, std::runtime_error);
  FolderSink slashed{folder.path().string() + "/other/"};
  write_bag(slashed);
  EXPECT_TRUE(judge_bag(folder / "other").valid());
}

TEST(BagSpill, GivesBackWhatWasPutThereFromDiskAndFromMemory) {
  Spill spill;
  std::vector<std::pair<std::uint64_t, std::string>> rows;
  for (int i = 0; i < 40'000; ++i) {
    auto row = std::string(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26)) + std::to_string(i);
    rows.emplace_back(spill.append(row), std::move(row));
  }
  rows.emplace_back(spill.append(std::string(1'000'000, 'x')), std::string(1'000'000, 'x'));
  rows.emplace_back(spill.append("last"), "last");
  std::string all, pieces;
  for (const auto& [at, row] : rows) {
    EXPECT_EQ(spill.read(at, row.size()), row);
    all += row;
  }
  for (std::size_t i = rows.size(); i > 0; i -= std::min<std::size_t>(i, 331))
    EXPECT_EQ(spill.read(rows[i - 1].first, rows[i - 1].second.size()), rows[i - 1].second);
  spill.each([&](std::string_view piece) { pieces += piece; });
  EXPECT_TRUE(pieces == all);
  EXPECT_EQ(spill.size(), all.size());
}

TEST(BagSpill, GivesRowsInOrderHoweverManyRunsTheyTook) {
  SortedSpill spill;
  std::vector<std::string> rows;
  for (std::uint32_t i = 0; i < 40'000; ++i) rows.push_back(std::to_string(i * 2654435761U) + std::string(i % 61, 'z'));
  rows.insert(rows.end(), {"", "same", "same"});
  for (const auto& row : rows) spill.add(row);
  std::ranges::sort(rows);
  std::vector<std::string> given;
  spill.each([&](std::string_view row) { given.emplace_back(row); });
  EXPECT_TRUE(given == rows) << given.size();
}
