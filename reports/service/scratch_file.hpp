#pragma once

#include <filesystem>
#include <string>

namespace answerable::service {

/// A place for a file that goes with this, in a folder of its own that nobody else can read.
class ScratchFile {
 public:
  /// \throws std::runtime_error when there is no room for one
  explicit ScratchFile(const std::string& name);
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace answerable::service
