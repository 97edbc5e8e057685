#include <gtest/gtest.h>

#include "audit/bag/names.hpp"
#include "audit/bag/paths.hpp"

using namespace answerable::bag;

TEST(BagPaths, WhatUnpacksEverywhereIsTaken) {
  for (const char* path : {"data/index.html", "a", "data/a b/c-d_e.f", "data/.hidden", "data/console", "data/com10.txt",
                           "data/a~b", "data/(1) [2] {3} & 'x', y=z; @#$!^`+", "data/x/data"}) {
    EXPECT_EQ(path_fault(path), std::nullopt) << path;
  }
  EXPECT_EQ(path_fault(std::string(200, 'a')), std::nullopt);
}

TEST(BagPaths, WhatWouldGoAstraySomewhereIsRefusedWithASentence) {
  const std::vector<std::pair<std::string, std::string>> refused{
      {"", "it is empty"},
      {"/etc/passwd", "it begins at the root"},
      {"~/x", "home folder"},
      {"~root/x", "home folder"},
      {"../x", "'..' is no name"},
      {"data/../../x", "'..' is no name"},
      {"data/./x", "'.' is no name"},
      {"data//x", "a part of it is empty"},
      {"data/", "a part of it is empty"},
      {"data\\x", "it holds '\\'"},
      {"C:/x", "it holds ':'"},
      {"data/x?", "it holds '?'"},
      {"data/100%", "it holds '%'"},
      {"data/*", "it holds '*'"},
      {"data/x\ny", "the byte 0x0A"},
      {std::string{"data/x\0y", 8}, "the byte 0x00"},
      {"data/x\x7F", "the byte 0x7F"},
      {"data/N\xC3\xBA\xC3\xB1"
       "ez",
       "the byte 0xC3"},
      {"data/NUL", "'NUL' is a device on Windows"},
      {"data/con.txt", "'con.txt' is a device on Windows"},
      {"data/Lpt1.tar.gz", "'Lpt1.tar.gz' is a device on Windows"},
      {"aux/x", "'aux' is a device on Windows"},
      {"data/x.", "a full stop, which Windows drops"},
      {"data/x /y", "ends with a space"},
      {"data/ x", "begins with a space"},
      {std::string(201, 'a'), "it is 201 characters long"}};
  for (const auto& [path, why] : refused) {
    const auto fault = path_fault(path);
    ASSERT_TRUE(fault) << path;
    EXPECT_NE(fault->find(why), std::string::npos) << *fault;
    EXPECT_TRUE(fault->starts_with("No file can be called '") && fault->ends_with(".")) << *fault;
    EXPECT_EQ(fault->find_first_of(std::string_view{"\n\0\x7F", 3}), std::string::npos) << "printable: " << *fault;
  }
}

TEST(BagPaths, EachPathOnceWithoutRegardToCapitalsAndNoneAFolderOfAnother) {
  Paths paths;
  EXPECT_EQ(paths.add("data/a/x"), std::nullopt);
  EXPECT_EQ(paths.add("data/a/y"), std::nullopt);
  EXPECT_EQ(paths.add("data/a/x"), "'data/a/x' is there already.");
  EXPECT_EQ(paths.add("data/a/X"),
            "'data/a/x' and 'data/a/X' differ only in capitals: on Windows and macOS they are one.");
  EXPECT_EQ(paths.add("data/A/z"),
            "The folders 'data/a' and 'data/A' differ only in capitals: on Windows and macOS they are one.");
  EXPECT_EQ(paths.add("data/a"), "'data/a' is there already, as a folder.");
  EXPECT_EQ(paths.add("data/a/x/y"), "'data/a/x/y' cannot be a file, since 'data/a/x' is one already.");
}

TEST(BagPaths, NamesFromOutsideArePrintedWithoutWhatMovesTheTerminal) {
  EXPECT_EQ(printable("N\xC3\xBA\xC3\xB1"
                      "ez"),
            "N\xC3\xBA\xC3\xB1"
            "ez");
  EXPECT_EQ(printable("a\x1B[2Jb"), "a\\x1B[2Jb");
  EXPECT_EQ(printable("a\xFF"
                      "b\xC3"),
            "a\\xFFb\\xC3");
  EXPECT_EQ(printable("txt.\xE2\x80\xAE"
                      "exe"),
            "txt.\\xE2\\x80\\xAE"
            "exe")
      << "U+202E turns what follows round";
}

TEST(BagPaths, NamesThatAFileSystemMayTakeForOneAreAlike) {
  EXPECT_EQ(alike("data/README"), alike("data/readme"));
  EXPECT_EQ(alike("N\xC3\xBA"
                  "ez"),
            alike("Nu\xCC\x81"
                  "ez"))
      << "composed and not";
  EXPECT_NE(alike("data/a"), alike("data/b"));
  EXPECT_EQ(alike("\xFF"), "\xFF");
}
