// The checklist of OWASP ASVS 5.0.0, levels 1 and 2: asvs.csv says of each requirement what shows that it is met, or
// why not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path asvs_source = ANSWERABLE_SOURCE;

// Of the 345 requirements of version 5.0.0; the other 92 are of level 3.
constexpr int of_level_1 = 70, of_level_2 = 183;

struct Requirement {
  std::string number, level, about, status, because;

  /// The name that `because` begins with: of a test or a file. A remark may follow after a semicolon.
  std::string named() const { return because.substr(0, because.find(';')); }
};

/// A row of CSV (RFC 4180) that no line break is in.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool doubled = quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled)
      cells.back() += line[i++];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += line[i];
  }
  return cells;
}

std::vector<Requirement> checklist() {
  std::ifstream in{asvs_source / "tests/house/asvs.csv"};
  std::string line;
  std::getline(in, line);
  if (line != "requirement,level,about,status,because") throw std::runtime_error("asvs.csv begins otherwise: " + line);
  std::vector<Requirement> all;
  while (std::getline(in, line)) {
    auto cells = cells_of(line);
    if (cells.size() != 5) throw std::runtime_error("five cells are expected: " + line);
    all.push_back({cells[0], cells[1], cells[2], cells[3], cells[4]});
  }
  return all;
}

/// 3.4.10 comes after 3.4.9. \throws std::runtime_error for anything but three numbers
std::tuple<int, int, int> place_of(const std::string& number) {
  static const std::regex three{R"((\d{1,2})\.(\d{1,2})\.(\d{1,2}))"};
  std::smatch part;
  if (!std::regex_match(number, part, three)) throw std::runtime_error(number + " is no requirement's number");
  return {std::stoi(part[1]), std::stoi(part[2]), std::stoi(part[3])};
}

/// "Suite.Test" of every test in the sources.
std::set<std::string> tests_in_the_sources() {
  static const std::regex begins{R"re(^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\((\w+),\s*(\w+)[,)])re"};
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(asvs_source / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in{entry.path()};
    for (std::string line; std::getline(in, line);)
      if (std::smatch name; std::regex_search(line, name, begins)) names.insert(name[1].str() + '.' + name[2].str());
  }
  return names;
}

/// Words of the shape Suite.Test, of remarks too.
std::vector<std::string> tests_named_in(const std::string& text) {
  static const std::regex shape{R"(\b[A-Z]\w*\.[A-Za-z]\w{8,})"};
  return {std::sregex_token_iterator(text.begin(), text.end(), shape), std::sregex_token_iterator()};
}

/// What a requirement asks to be written down: a file, and the words in it under which that stands. Of a table's row
/// they are its first cell. Named in a remark: `FILE under "words"`.
struct WrittenDown {
  fs::path file;
  std::string words;
};
std::optional<WrittenDown> written_down(const std::string& because) {
  static const std::regex shape{R"re(; (\S+) under "([^"]+)")re"};
  std::smatch parts;
  if (!std::regex_search(because, parts, shape)) return std::nullopt;
  return WrittenDown{asvs_source / parts[1].str(), parts[2]};
}

}  // namespace

// Requirements that ask for nothing but a document. What it says stands beside the words: a row, or the paragraph.
TEST(Asvs, WhatIsToBeWrittenDownStandsWhereItIsSaidTo) {
  constexpr std::string_view test = "Asvs.WhatIsToBeWrittenDownStandsWhereItIsSaidTo";
  constexpr std::size_t a_sentence = 40;
  int asked = 0;
  for (const auto& requirement : checklist()) {
    if (requirement.named() != test) continue;
    SCOPED_TRACE(requirement.number);
    ++asked;
    const auto where = written_down(requirement.because);
    ASSERT_TRUE(where) << "say where: FILE under \"words\"";
    std::ifstream in{where->file};
    bool stands = false;
    for (std::string line; std::getline(in, line);)
      stands |= line.find(where->words) != line.npos && line.size() >= where->words.size() + a_sentence;
    EXPECT_TRUE(stands) << where->file << " says nothing under \"" << where->words << '"';
  }
  EXPECT_GT(asked, 10);
}

TEST(Asvs, EveryRequirementOfLevelsOneAndTwoIsThereOnceInOrder) {
  const auto all = checklist();
  const auto of_level = [&](std::string_view level) { return std::ranges::count(all, level, &Requirement::level); };
  EXPECT_EQ(of_level("1"), of_level_1);
  EXPECT_EQ(of_level("2"), of_level_2);
  EXPECT_EQ(all.size(), std::size_t{of_level_1 + of_level_2});
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_LT(place_of(all[i - 1].number), place_of(all[i].number)) << all[i].number;
}

TEST(Asvs, EveryRequirementHasAStatusAndWhatItRestsOn) {
  const auto tests = tests_in_the_sources();
  std::map<std::string, int> by_status;
  for (const auto& requirement : checklist()) {
    SCOPED_TRACE(requirement.number);
    ++by_status[requirement.status];
    EXPECT_FALSE(requirement.about.empty());
    EXPECT_FALSE(requirement.named().empty()) << "nothing is said why";
    for (const auto& name : tests_named_in(requirement.because))
      EXPECT_TRUE(tests.contains(name)) << "there is no test " << name;
    if (requirement.status == "tested")
      EXPECT_TRUE(tests.contains(requirement.named())) << "there is no test " << requirement.named();
    else if (requirement.status == "built")
      EXPECT_TRUE(fs::is_regular_file(asvs_source / requirement.named())) << "there is no file " << requirement.named();
    else
      EXPECT_TRUE(requirement.status == "not-applicable" || requirement.status == "not-met") << requirement.status;
  }
  for (const auto& [status, count] : by_status)
    std::printf("ASVS 5.0.0, levels 1 and 2: %s %d\n", status.c_str(), count);
}
