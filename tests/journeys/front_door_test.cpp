// The front door: words, help, exit codes, and a file's way in and out again.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/journeys/journey.hpp"

namespace answerable::testing {
namespace {

std::string first_good(const std::string& kind) {
  std::filesystem::path found;
  for (const auto& entry :
       std::filesystem::directory_iterator(ANSWERABLE_SOURCE "/schemas/records/" + kind + "/1/examples")) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("good-") && (found.empty() || entry.path() < found)) found = entry.path();
  }
  return found.string();
}

/// The words in a column of lines that all begin alike.
std::set<std::string> words_after(const std::string& text, const std::regex& line) {
  std::set<std::string> words;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at) words.insert((*at)[1]);
  return words;
}

TEST(FrontDoor, EveryWordOfItsHelpAnswersAndStandsInTheReadme) {
  const auto help = run(program + " help");
  EXPECT_EQ(help.code, 0);
  const auto words = words_after(help.out, std::regex("\n  ([a-z-]+) +[^ ]"));
  ASSERT_TRUE(words.contains("submit"));
  for (const auto& word : words) {
    const auto one = run(program + " " + word + " --help");
    EXPECT_EQ(one.code, 0) << word;
    EXPECT_NE(one.out.find("--data"), std::string::npos) << word;
  }

  std::string readme = slurp(ANSWERABLE_SOURCE "/README.md");
  const auto from = readme.find("## The front door");
  readme = readme.substr(from, readme.find("\n## ", from) - from);
  std::set<std::string> told;
  for (const auto& row : words_after(readme, std::regex("\n\\| ([^|]+(?:\\\\\\|[^|]+)*) \\| ")))
    for (const auto& word : words_after(row, std::regex("`([a-z-]+)"))) told.insert(word);
  EXPECT_EQ(told, words);
}

TEST(FrontDoor, ExitCodesAreAsDocumented) {
  const Folder folder;
  const std::string data = " --data " + (folder / "data").string();
  EXPECT_EQ(run(program + " nonsense").code, 2);
  EXPECT_EQ(run(program).code, 2);
  EXPECT_EQ(run(program + " submit --no-such-option").code, 2);
  spill(folder / "broken.xml", "<submission><oops></submission>");
  EXPECT_EQ(run(program + " submit" + data + " " + (folder / "broken.xml").string()).code, 3);
  EXPECT_EQ(run(program + " status --database postgresql:///nowhere?host=/nonexistent").code, 4);
  EXPECT_EQ(run(program + " submit" + data + " " + first_good("review")).code, 0);
  EXPECT_EQ(run(program + " audit" + data).code, 0);
}

TEST(FrontDoor, FindingsAndHeldRecordsAreToldByExitCodeOnlyWhenAsked) {
  const Folder folder;
  const std::string data = " --data " + (folder / "data").string();
  std::string text = slurp(first_good("review"));
  const auto at = text.find("9990");
  ASSERT_NE(at, std::string::npos);
  // One digit off in the record's own reference to the person: it is held, the rest is in.
  const auto last = text.rfind("scheme=\"nhs-number\">");
  text[last + 29] = text[last + 29] == '0' ? '1' : '0';
  spill(folder / "held.xml", text);
  EXPECT_EQ(run(program + " check --exit-code" + data + " " + (folder / "held.xml").string()).code, 1);
  const auto checked = run(program + " check --format json" + data + " " + (folder / "held.xml").string());
  EXPECT_EQ(checked.code, 0);
  EXPECT_NE(checked.out.find("nhs-number.check-digit"), std::string::npos);
  EXPECT_EQ(checked.out.find("person.unknown"), std::string::npos) << "one mistake is told once";
}

TEST(FrontDoor, AFileComesBackByteForByteAndItsReceiptTheSame) {
  const Folder folder;
  const std::string data = " --data " + (folder / "data").string();
  const std::string file = first_good("care-and-support-plan");
  const auto first = run(program + " submit --format json" + data + " " + file);
  ASSERT_EQ(first.code, 0) << first.out;
  const auto receipt = first.json()["files"][0];
  const auto again = run(program + " submit --format json" + data + " " + file).json()["files"][0];
  EXPECT_EQ(receipt["receipt"], again["receipt"]);
  EXPECT_EQ(receipt["received_at"], again["received_at"]);
  EXPECT_TRUE(again["repeated"]);
  const std::string id = receipt["receipt"];
  EXPECT_EQ(run(program + " receipt " + id + " --original " + (folder / "back.xml").string() + data).code, 0);
  EXPECT_EQ(slurp(folder / "back.xml"), slurp(file));
}

}  // namespace
}  // namespace answerable::testing
