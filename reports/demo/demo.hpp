#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "ingest/civil_date.hpp"
#include "reports/demo/generator.hpp"

/// The demonstration: made-up records taken in as if on the days they would have come, audited, and written out as
/// trails. Its database is private and made anew each time, because only here may a day of receipt be set.
namespace answerable::demo {

struct Settings {
  std::filesystem::path output;  ///< trails and the database go here
  int people = 250;              ///< of the generated council; 0 for none
  Day as_of;
  std::filesystem::path data{};  ///< of the database; empty: below the output folder
  std::filesystem::path keys{};  ///< that sign the ledgers; empty: below the output folder
};

/// The file that says of a data folder that all in it is made up.
inline constexpr const char* demonstration_mark = "demonstration";

/// Faults planted in the generated council against what the audit raised for it.
struct Comparison {
  int planted{}, found{};
  std::vector<std::string> missed;     ///< planted and not raised
  std::vector<std::string> unplanted;  ///< raised, needing attention, and not planted
};

struct Trail {
  std::string title;
  std::filesystem::path folder;
  struct Finding {
    std::string rule, outcome, sentence;
  };
  std::vector<Finding> findings;  ///< those that need attention, most serious first
};

/// The origin case as it leaves for an ombudsman, judged.
struct SealedBundle {
  std::filesystem::path file;
  std::uint64_t files{}, leaves{}, contents{};
};

struct Result {
  int files{};
  std::int64_t records{}, held{}, findings{};
  double seconds{};
  std::vector<Trail> trails;
  SealedBundle bundle;
  Comparison comparison;
  std::filesystem::path data;
};

/// \throws std::runtime_error when a demonstration file is refused or a record of one is held: then it is not fit to
/// show
Result run(const Settings& settings, std::ostream& progress);

/// Under a screen: what was done, what was found, where the trails lie, what to try next.
void print(const Result& result, const Settings& settings, std::ostream& out);

}  // namespace answerable::demo
