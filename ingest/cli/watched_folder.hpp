#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "ingest/intake/intake.hpp"
#include "ingest/lock_file.hpp"

namespace answerable::cli {

/// A folder that somebody puts *.xml files into, to have them taken in. What became of a file goes with it to
/// folder/done or folder/refused: NAME.receipt.txt and NAME.receipt.json, or NAME.refusal.txt and NAME.refusal.json,
/// and NAME.faults.csv when there are faults. They are there, durably, before the file itself is moved: a program that
/// is killed in between finds the file again, and it gets the receipt it got before.
class WatchedFolder {
 public:
  using Take = std::function<intake::Answer(std::istream& file)>;

  /// Makes done and refused. \throws Failure(usage) when it is no folder, or another program watches it
  explicit WatchedFolder(const std::filesystem::path& folder);

  /// The files that have kept their size and time of change for two seconds of looking, by name. Names that begin with
  /// a full stop are somebody's unfinished ones.
  std::vector<std::filesystem::path> ready();

  struct Taken {
    std::filesystem::path moved_to;
    intake::Answer answer;
  };
  /// Takes a file in and moves it. One that changed meanwhile stays, to be looked at again.
  /// \throws what take throws, and then the file stays; std::system_error when it cannot be read or moved
  Taken take(const std::filesystem::path& file, const Take& take) const;

 private:
  struct Seen {
    std::uintmax_t size{};
    std::filesystem::file_time_type changed{};
    std::chrono::steady_clock::time_point since{};
    bool same(const Seen& other) const { return size == other.size && changed == other.changed; }
  };
  static Seen look(const std::filesystem::directory_entry& entry);

  const std::filesystem::path folder_;
  LockFile lock_;
  std::map<std::filesystem::path, Seen> seen_;
};

}  // namespace answerable::cli
