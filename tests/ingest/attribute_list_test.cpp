#include "ingest/attribute_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace answerable {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<AttributeList::Pair> pairs(const AttributeList& list) {
  return {list.begin(), list.end()};
}

TEST(AttributeList, KeepsNamesAndValuesInOrder) {
  AttributeList list{{"type", "plan"}, {"empty", ""}};
  list.add("plan", "CSP-1");
  list.add(AttributeList{{"involved.adult", "attended"}});
  EXPECT_THAT(pairs(list), ElementsAre(Pair("type", "plan"), Pair("empty", ""), Pair("plan", "CSP-1"),
                                       Pair("involved.adult", "attended")));
  EXPECT_THAT(pairs({}), ElementsAre());
}

TEST(AttributeList, SettingPutsTheValueInTheOldOnesPlace) {
  AttributeList list{{"a", "1"}, {"b", "2"}};
  list.set("a", "a longer value");
  list.set("b", "");
  list.set("c", "3");
  EXPECT_EQ(list, (AttributeList{{"a", "a longer value"}, {"b", ""}, {"c", "3"}}));
}

TEST(AttributeList, ComesBackFromItsPackedForm) {
  const AttributeList list{{"a", std::string(300, 'x')}, {"b", ""}};
  EXPECT_EQ(AttributeList::unpack(list.packed()), list);
  EXPECT_EQ(AttributeList::unpack(""), AttributeList());
}

TEST(AttributeList, RefusesAPackedFormThatIsCutOffOrLacksAValue) {
  const AttributeList list{{"name", "value"}};
  for (std::size_t size = 1; size < list.packed().size(); ++size)
    EXPECT_THROW(AttributeList::unpack(list.packed().substr(0, size)), std::invalid_argument) << size;
  std::string damaged(list.packed());
  damaged[3] = '\x7f';
  EXPECT_THROW(AttributeList::unpack(damaged), std::invalid_argument);
}

}  // namespace
}  // namespace answerable
