#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <vector>

namespace answerable::pages {

/// A folder to write pages into; made when absent.
class Folder {
 public:
  /// \throws std::runtime_error when it cannot be made
  explicit Folder(std::filesystem::path path);

  /// Writes a file, in place of one that is there. \throws std::runtime_error when it cannot be written
  void file(const char* name, const std::function<void(std::ostream&)>& fill);
  /// In the order in which they were written.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace answerable::pages
