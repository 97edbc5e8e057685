#include "audit/engine/lexicon_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "ingest/locations.hpp"

namespace answerable::engine::lexicon {
namespace {

/// What the columns after the key hold.
enum class Texts { none, words, words_and_other };

struct TableKind {
  std::string_view name;
  Texts texts;
  WordFile::Table WordFile::*table;  ///< null for those that are kept as lists
};

constexpr std::array kinds{
    TableKind{"acts", Texts::words, &WordFile::acts},
    TableKind{"areas", Texts::words_and_other, nullptr},
    TableKind{"attributes", Texts::words, &WordFile::attributes},
    TableKind{"clauses", Texts::words_and_other, &WordFile::clauses},
    TableKind{"coverage", Texts::words, &WordFile::coverage},
    TableKind{"documents", Texts::words, &WordFile::documents},
    TableKind{"evidence", Texts::words, &WordFile::evidence},
    TableKind{"families", Texts::words, &WordFile::families},
    TableKind{"functions", Texts::words, &WordFile::functions},
    TableKind{"general_values", Texts::words, &WordFile::general_values},
    TableKind{"instruments", Texts::words, &WordFile::instruments},
    TableKind{"plurals", Texts::none, nullptr},
    TableKind{"stems", Texts::words_and_other, &WordFile::stems},
    TableKind{"values", Texts::words, &WordFile::values},
};

std::string table_names() {
  std::vector<std::string> all;
  for (const auto& kind : kinds) all.emplace_back(kind.name);
  return either(all);
}

void check_text(const std::filesystem::path& file, std::size_t line, std::string_view table, std::string_view column,
                std::string_view text, bool wanted) {
  if (text.empty() == wanted)
    refuse_csv(file, line,
               fmt::format("expected {} under {} in a row of {}", wanted ? "a text" : "nothing", column, table));
}

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> all;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (end > 0) all.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

}  // namespace

WordFile::WordFile(const std::filesystem::path& file) : rows_(read_csv_file(file, "table,key,words,other")) {
  std::set<std::pair<std::string_view, std::string_view>> met;
  for (const auto& [line, fields] : rows_) {
    const std::string_view table = fields[0], key = fields[1], words = fields[2], other = fields[3];
    const auto* const kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.name == table; });
    if (kind == kinds.end())
      refuse_csv(file, line, fmt::format("there is no table {}; expected {}", table, table_names()));
    check_text(file, line, table, "key", key, true);
    check_text(file, line, table, "words", words, kind->texts != Texts::none);
    check_text(file, line, table, "other", other, kind->texts == Texts::words_and_other);
    if (!met.emplace(table, key).second)
      refuse_csv(file, line, fmt::format("{} is listed twice in {}; expected it once", key, table));
    if (kind->table != nullptr) {
      (this->*kind->table).emplace(key, Words{words, other});
    } else if (kind->texts == Texts::none) {
      plurals.push_back(key);
    } else {
      areas.push_back({key, words, first_words_.emplace_back(split(other))});
    }
  }
}

const WordFile& WordFile::english() {
  static const WordFile file(share_folder() / "schemas" / "words" / "1" / "english.csv");
  return file;
}

}  // namespace answerable::engine::lexicon
