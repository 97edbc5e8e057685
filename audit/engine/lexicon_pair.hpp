#pragma once

#include <string_view>

namespace answerable::engine::lexicon::tables {

struct Pair {
  std::string_view key, words;
};

}  // namespace answerable::engine::lexicon::tables
