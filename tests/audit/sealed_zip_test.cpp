// The sealed ZIP: any change of any byte is found, whatever a hostile file says of itself.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <numeric>

#include "audit/bag/sealed_zip_reader.hpp"
#include "ingest/digest.hpp"
#include "tests/audit/bag_kit.hpp"

using namespace answerable::bag;
using namespace answerable::bag::testing;
using answerable::as_bytes;
using ::testing::AnyOf;
using ::testing::HasSubstr;

namespace {

struct Content {
  std::string path, text;
};

std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

/// A ZIP put together with the form's own records, whatever the entries: what a forger would make.
std::string forged(const std::vector<Content>& contents) {
  std::string zip, directory;
  for (const auto& [path, text] : contents) {
    const ZipEntry entry{path, text.size(), crc_of(text), zip.size()};
    zip += std::string{local_header(entry).bytes()} + text;
    directory += central_header(entry).bytes();
  }
  const std::uint64_t at = zip.size();
  return zip + directory + std::string{end_records(contents.size(), directory.size(), at).bytes()};
}

std::vector<Content> contents_of(const fs::path& file) {
  const SealedZipReader zip{file};
  std::vector<Content> contents;
  for (const ZipEntry& entry : zip.entries()) {
    contents.push_back({entry.path, {}});
    zip.read(entry, [&](std::span<const std::byte> piece) {
      contents.back().text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
  }
  return contents;
}

std::string refusal_of(const fs::path& file) {
  try {
    contents_of(file);
  } catch (const SealedZipError& e) {
    return fmt::format("byte {}: {} [{} | {}]", e.offset, e.what(), e.expected, e.found);
  }
  return "taken";
}

std::string refusal(std::string_view bytes) {
  Folder folder;
  spit(folder / "x.zip", bytes);
  return refusal_of(folder / "x.zip");
}

std::string with_number(std::string bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) bytes.at(at + i) = static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace

TEST(SealedZip, GivesBackWhatWasWritten) {
  Folder folder;
  const auto contents = contents_of(zipped(folder / "x.zip"));
  ASSERT_EQ(contents.size(), 8U);
  for (const auto& [path, text] : small_files) {
    const auto found = std::ranges::find(contents, "bundle/" + path, &Content::path);
    ASSERT_NE(found, contents.end()) << path;
    EXPECT_EQ(found->text, text);
  }
  EXPECT_EQ(forged(contents), slurp(folder / "x.zip")) << "the entries decide every byte";
}

TEST(SealedZip, IsWhatTheFormatDocumentSays) {
  // The document's test vector, from hexadecimal: one folder, two files.
  const std::string document = slurp(fs::path{ANSWERABLE_SOURCE} / "schemas/formats/sealed-zip.md");
  const std::size_t start = document.find("```hex\n") + 7;
  std::string bytes;
  for (std::size_t at = start; document[at] != '`';) {
    if (document[at] == ' ' || document[at] == '\n') {
      ++at;
      continue;
    }
    bytes += static_cast<char>(std::stoi(document.substr(at, 2), nullptr, 16));
    at += 2;
  }
  Folder folder;
  SealedZipWriter writer{folder / "x.zip", "bundle"};
  for (const auto& [path, text] : {std::pair{"b.txt", "two\n"}, std::pair{"a.txt", ""}}) {
    writer.begin(path);
    writer.write(as_bytes(text));
    writer.end();
  }
  writer.finish();
  EXPECT_EQ(answerable::hex(as_bytes(slurp(folder / "x.zip"))), answerable::hex(as_bytes(bytes)));
  EXPECT_THAT(document, HasSubstr(answerable::hex(answerable::sha256(as_bytes(bytes)))));
}

TEST(SealedZip, EveryFlippedBitIsFoundByNameOrByPlace) {
  Folder folder;
  const auto file = zipped(folder / "x.zip");
  const std::string good = slurp(file);
  std::map<std::uint64_t, std::string> content_at;  // where contents begin, whose they are
  for (const SealedZipReader zip{file}; const ZipEntry& entry : zip.entries()) {
    content_at[entry.offset] = {};
    const std::uint64_t start = entry.offset + local_header(entry).bytes().size();
    if (entry.size > 0) content_at[start] = entry.path.substr(7);
    content_at[start + entry.size] = {};
  }
  const int opened = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(opened, 0);
  std::size_t by_name = 0, by_place = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      const char flipped = static_cast<char>(good[at] ^ (1 << bit));
      ASSERT_EQ(::pwrite(opened, &flipped, 1, static_cast<off_t>(at)), 1);
      const Verdict verdict = judge_bag(file);
      ASSERT_FALSE(verdict.valid()) << "byte " << at << ", bit " << bit;
      const std::string& whose = std::prev(content_at.upper_bound(at))->second;
      if (whose.empty()) {
        ASSERT_THAT(verdict.findings.front().problem, HasSubstr("at byte ")) << at;
        ++by_place;
      } else {
        ASSERT_TRUE(std::ranges::any_of(verdict.findings, [&](const Finding& f) { return f.path == whose; }))
            << "byte " << at << " of " << whose << "\n"
            << told(verdict);
        ++by_name;
      }
    }
    ASSERT_EQ(::pwrite(opened, &good[at], 1, static_cast<off_t>(at)), 1);
  }
  ::close(opened);
  EXPECT_TRUE(judge_bag(file).findings.empty()) << "put back as it was";
  EXPECT_EQ(by_name + by_place, good.size() * 8);
  EXPECT_GT(by_name, 0U);
  RecordProperty("flips", static_cast<int>(by_name + by_place));
}

TEST(SealedZip, CutOffAnywhereOrLongerItIsRefused) {
  Folder folder;
  const std::string good = slurp(zipped(folder / "x.zip"));
  for (std::size_t length = 0; length < good.size(); ++length) {
    spit(folder / "cut.zip", good.substr(0, length));
    ASSERT_NE(refusal_of(folder / "cut.zip"), "taken") << length;
    ASSERT_FALSE(judge_bag(folder / "cut.zip").valid());
    fs::remove(folder / "cut.zip");
  }
  EXPECT_THAT(refusal(good + '\0'), HasSubstr("a cut-off file, or one with something behind it"));
  EXPECT_NE(refusal('\0' + good), "taken");
}

TEST(SealedZip, OtherOrdersDoubledEntriesAndStrangersAreFound) {
  Folder folder;
  const auto contents = contents_of(zipped(folder / "good.zip"));
  const auto judged = [&](const std::vector<Content>& changed) {
    spit(folder / "x.zip", forged(changed));
    return told(judge_bag(folder / "x.zip"));
  };
  EXPECT_EQ(judged(contents), "") << "the forger's tool makes good ZIPs too";
  for (std::size_t i = 0; i + 1 < contents.size(); ++i) {
    auto changed = contents;
    std::swap(changed[i], changed[i + 1]);
    EXPECT_THAT(judged(changed), HasSubstr("not in the order of their paths")) << i;
  }
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const std::string path = contents[i].path.substr(7);
    auto changed = contents;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), contents[i]);
    EXPECT_THAT(judged(changed), HasSubstr("is there already")) << path;

    changed = contents;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(judged(changed),
                HasSubstr(path == "tagmanifest-sha256.txt" ? "no tag manifest" : "error " + path + ":"))
        << path;

    changed = contents;
    changed[i].path += "x";
    EXPECT_THAT(judged(changed), AnyOf(HasSubstr("error " + path + "x:"), HasSubstr("no tag manifest"))) << path;

    changed = contents;
    changed[i].text += "x";
    EXPECT_THAT(judged(changed), HasSubstr("error " + path)) << path;
  }
  auto added = contents;
  added.insert(added.begin() + 4, Content{"bundle/data/inserted.txt", "x"});
  EXPECT_THAT(judged(added), HasSubstr("error data/inserted.txt: It was added: no manifest lists it"));
  added = contents;
  added.insert(added.begin(), Content{"bundle/READ-ME-FIRST.txt", "x"});
  EXPECT_THAT(judged(added), HasSubstr("error READ-ME-FIRST.txt: No tag manifest lists it"));
  added = contents;
  added.push_back({"bundle2/x", ""});
  EXPECT_THAT(judged(added), HasSubstr("lies outside the bag's one folder"));
}

TEST(SealedZip, PathsThatLeadAstrayAreRefused) {
  for (const char* path : {"../x", "/x", "a/../../x", "a\\b", "C:x", "a/", "", "a/NUL", "a\nb"}) {
    EXPECT_THAT(refusal(forged({{path, "x"}})), HasSubstr("No file can be called")) << path;
  }
  EXPECT_THAT(refusal(forged({{std::string(60000, 'a'), "x"}})), HasSubstr("can be"));
}

TEST(SealedZip, HostileSizesLeadNowhere) {
  const std::string good = forged({{"a", "one"}, {"b", "two"}});
  const std::size_t end = good.size() - zip::end_size;
  const auto directory = static_cast<std::size_t>(zip::number_at(good, end + zip::end_directory_offset, 4));
  for (const std::uint64_t big : {0xFFFFFFFFULL, 0xFFFFFFFEULL, 0x7FFFFFFFULL}) {
    EXPECT_NE(refusal(with_number(good, directory + zip::central_uncompressed, big, 4)), "taken");
    EXPECT_NE(refusal(with_number(good, end + zip::end_directory_size, big, 4)), "taken");
    EXPECT_NE(refusal(with_number(good, end + zip::end_directory_offset, big, 4)), "taken");
    EXPECT_NE(refusal(with_number(good, end + zip::end_entries, big, 2)), "taken");
    EXPECT_NE(refusal(with_number(good, directory + zip::central_path_length, big, 2)), "taken");
  }
  // Both sizes of an entry, so that the directory agrees with itself.
  const ZipEntry huge{"a", 1ULL << 62U, 0, 0};
  const std::string central{central_header(huge).bytes()};
  const std::string local{local_header(huge).bytes()};
  EXPECT_THAT(refusal(local + central + std::string{end_records(1, central.size(), local.size()).bytes()}),
              HasSubstr("reach into the central directory"));
  // 2^64 - 1 entries, a directory that wraps round.
  for (const std::uint64_t entries : {~0ULL, 1ULL << 40U}) {
    EXPECT_NE(refusal(std::string{end_records(entries, 0, 0).bytes()}), "taken");
    EXPECT_NE(refusal(std::string(100, 'x') + std::string{end_records(entries, ~0ULL, 101).bytes()}), "taken");
  }
}

TEST(SealedZip, RefusalsSayWhereWhatWasThereAndWhatWasExpected) {
  const std::string good = forged({{"a", "one"}});
  EXPECT_EQ(refusal(with_number(good, 10, 0x6000, 2)),
            "byte 10: Not as it was sealed: the time in the local header of 'a' [0000 | 0060]");
  std::string changed = good;
  changed[31] = 'O';
  EXPECT_EQ(refusal(changed),
            fmt::format("byte 31: The contents of 'a' are not those that were sealed [CRC-32 {:08x} | CRC-32 {:08x}]",
                        crc_of("one"), crc_of("One")));
  EXPECT_THAT(refusal("PK"), HasSubstr("too short to be a ZIP"));
}

TEST(SealedZip, OrdinaryZipsAreNotSealed) {
  Folder folder;
  ASSERT_EQ(
      run(fmt::format("cd {} && python3 -c 'import zipfile; z=zipfile.ZipFile(\"x.zip\",\"w\",zipfile.ZIP_DEFLATED); "
                      "z.writestr(\"bundle/bagit.txt\",\"x\"*100)'",
                      folder.path().string()))
          .code,
      0);
  EXPECT_THAT(refusal_of(folder / "x.zip"), HasSubstr("Not as it was sealed"));
  EXPECT_EQ(refusal(forged({})), "taken") << "no entries at all are one form too";
}

TEST(SealedZip, MoreEntriesThanSixteenBitsCanCount) {
  Folder folder;
  for (const int count : {65534, 65535, 65537}) {
    const fs::path file = folder / fmt::format("{}.zip", count);
    SealedZipWriter writer{file, "many"};
    for (int i = 0; i < count; ++i) {
      writer.begin(fmt::format("{:06}", i));
      writer.write(as_bytes("x"));
      writer.end();
    }
    writer.finish();
    const SealedZipReader zip{file};
    ASSERT_EQ(zip.entries().size(), static_cast<std::size_t>(count));
    EXPECT_EQ(run(fmt::format("unzip -tqq {}", file.string())).code, 0);
    EXPECT_EQ(run(fmt::format("python3 -c 'import zipfile,sys; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))' {}",
                              file.string()))
                  .out,
              fmt::format("{}\n", count));
  }
}

TEST(SealedZip, ContentsBeyondFourGibibytes) {
  // A file of holes: 4 GiB of zeros, then something small that lies beyond them. Its neighbour just fits in 32 bits.
  for (const std::uint64_t size : {(1ULL << 32U) - 2, (1ULL << 32U) - 1, (1ULL << 32U) + 5}) {
    const std::string zeros(1 << 20, '\0');
    const auto crc_of_zeros = [&](std::uint64_t length) {
      std::uint32_t crc = 0;
      for (; length > 0; length -= std::min<std::uint64_t>(length, zeros.size())) {
        crc = static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(zeros.data()),
                                                   std::min<std::uint64_t>(length, zeros.size())));
      }
      return crc;
    };
    const ZipEntry large{"x/large", size, crc_of_zeros(size), 0};
    const std::string_view after = "beyond";
    const ZipEntry small{"x/small", after.size(), crc_of(after), local_header(large).bytes().size() + size};
    const std::string tail = std::string{local_header(small).bytes()} + std::string{after};
    const std::string directory =
        std::string{central_header(large).bytes()} + std::string{central_header(small).bytes()};
    Folder folder;
    const fs::path file = folder / "x.zip";
    spit(file, local_header(large).bytes());
    fs::resize_file(file, small.offset);
    std::ofstream{file, std::ios::binary | std::ios::app}
        << tail << directory << end_records(2, directory.size(), small.offset + tail.size()).bytes();

    const SealedZipReader zip{file};
    ASSERT_EQ(zip.entries().size(), 2U);
    EXPECT_EQ(zip.entries()[0], large);
    EXPECT_EQ(zip.entries()[1], small);
    std::string text;
    zip.read(small, [&](std::span<const std::byte> piece) {
      text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    EXPECT_EQ(text, after);
    EXPECT_EQ(run(fmt::format("python3 -c 'import zipfile,sys\nz=zipfile.ZipFile(sys.argv[1])\nprint([i.file_size for "
                              "i in z.infolist()], "
                              "z.read(\"x/small\").decode())' {}",
                              file.string()))
                  .out,
              fmt::format("[{}, 6] beyond\n", size));
    // unzip 6.0 takes a file of exactly this size for one whose size it has yet to read, and stumbles over the next.
    if (size == zip::full32) continue;
    EXPECT_EQ(run(fmt::format("unzip -p {} x/small", file.string())).out, after) << size;
  }
}
