#include "reports/bundle/kept_words.hpp"

#include <gtest/gtest.h>

namespace answerable::bundle {
namespace {

KeptWords mary() {
  KeptWords words;
  words.add("Mary Oddling", Reason::third_party, 7);
  return words;
}

/// Looks through a file in pieces of a size.
bool found(std::string_view file, std::size_t size) {
  const auto words = mary();
  KeptWords::Search search(words);
  for (std::size_t at = 0; at < file.size(); at += size) search.look_at(file.substr(at, size));
  const auto match = search.finish();
  return match && match->item == 7;
}

TEST(KeptWords, AreFoundWhereverALongFileIsCut) {
  const std::string filling(1'048'000, 'x');
  for (std::size_t before = 560; before < 600; ++before) {
    const auto file = filling + '\n' + std::string(before, '.') + " M&#97;ry  ODDLING, " + filling;
    EXPECT_TRUE(found(file, 64 * 1024)) << before;
  }
  EXPECT_TRUE(found("Mary\nOddling", 1));
}

TEST(KeptWords, AreNotFoundInOtherWordsWhereverALongFileIsCut) {
  const std::string filling(1'048'560, 'x');
  for (std::size_t before = 0; before < 40; ++before) {
    const auto file = filling + ' ' + std::string(before, '.') + " Rosemary Oddling, Mary Oddlings " + filling;
    EXPECT_FALSE(found(file, 64 * 1024)) << before;
  }
}

}  // namespace
}  // namespace answerable::bundle
