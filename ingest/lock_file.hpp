#pragma once

#include <filesystem>

namespace answerable {

/// An open file that is locked with flock(2), and not handed on to other programs.
class LockFile {
 public:
  explicit LockFile(const std::filesystem::path& file);
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

  void lock_shared();
  void lock_exclusive();
  /// False when others hold it; this one's lock is then gone too.
  bool try_exclusive();

 private:
  int descriptor_;
};

}  // namespace answerable
