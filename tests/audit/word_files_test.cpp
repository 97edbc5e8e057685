// The CSV files that ship with the rules, what is not checked and the words: what they hold, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "audit/engine/lexicon_file.hpp"
#include "audit/engine/not_checked.hpp"
#include "tests/audit/temporary_file.hpp"

namespace answerable::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFile;

TEST(NotChecked, IsReadSortedAndWithQuotes) {
  const TemporaryFile file("not.csv", "id,reason\r\nb.two,\"a right, no \"\"duty\"\"\"\r\n\r\na.one,a definition\n");
  const auto all = read_not_checked(file.path());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, "a.one");
  EXPECT_EQ(all[1].reason, "a right, no \"duty\"");
}

TEST(NotChecked, FaultsNameFileAndLine) {
  const std::map<std::string, std::string> faults{
      {"rule,why\n", "line 1: the first line must be id,reason"},
      {"id,reason\na.one,x\na.two,y,z\n", "line 3: 3 fields instead of 2 (id,reason)"},
      {"id,reason\na.one,\n", "line 2: both an id and a reason are needed"},
      {"id,reason\na.one,x\na.one,y\n", "line 3: a.one is listed twice"},
      {"id,reason\na.one,\"x\n", "line 2: a quote is opened and never closed"},
      {"id,reason\na.one,\"x\"y\n", "line 2: text goes on after a closing quote"},
      {"", "line 1: the first line must be id,reason"},
  };
  for (const auto& [text_of_file, complaint] : faults) {
    const TemporaryFile file("not.csv", text_of_file);
    try {
      read_not_checked(file.path());
      ADD_FAILURE() << text_of_file;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(file.path().string() + ", " + complaint));
    }
  }
}

TEST(Lexicon, IsReadIntoItsTablesAndAreasKeepTheirOrder) {
  const TemporaryFile file(
      "words.csv",
      "table,key,words,other\nacts,a.b,\"it is, so to say, done\",\nareas,z,Last,z.a y\nareas,a,First,a\n"
      "plurals,the hours,,\nstems,how,it was done,it was not done\n");
  const lexicon::WordFile words(file.path());
  EXPECT_EQ(words.acts.at("a.b").words, "it is, so to say, done");
  EXPECT_EQ(words.stems.at("how").other, "it was not done");
  EXPECT_THAT(words.plurals, ElementsAre("the hours"));
  ASSERT_EQ(words.areas.size(), 2U);
  EXPECT_EQ(words.areas[0].title, "Last");
  EXPECT_THAT(words.areas[0].first_words, ElementsAre("z.a", "y"));
  EXPECT_EQ(words.areas[1].key, "a");
}

TEST(Lexicon, FaultsNameFileAndLineAndWhatWasExpected) {
  const std::map<std::string, std::string> faults{
      {"", "line 1: the first line must be table,key,words,other"},
      {"acts,a.b,x,\nacts,a.b,y,\n", "line 3: a.b is listed twice in acts; expected it once"},
      {"verbs,a.b,x,\n", "line 2: there is no table verbs; expected acts, areas, attributes"},
      {"acts,,x,\n", "line 2: expected a text under key in a row of acts"},
      {"acts,a.b,,\n", "line 2: expected a text under words in a row of acts"},
      {"acts,a.b,x,y\n", "line 2: expected nothing under other in a row of acts"},
      {"stems,how,x,\n", "line 2: expected a text under other in a row of stems"},
      {"plurals,the hours,x,\n", "line 2: expected nothing under words in a row of plurals"},
      {"acts,a.b,x\n", "line 2: 3 fields instead of 4 (table,key,words,other)"},
  };
  for (const auto& [rows, complaint] : faults) {
    const TemporaryFile file("words.csv", rows.empty() ? "" : "table,key,words,other\n" + rows);
    try {
      lexicon::WordFile{file.path()};
      ADD_FAILURE() << rows;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(file.path().string() + ", " + complaint));
    }
  }
}

}  // namespace
}  // namespace answerable::engine
