#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>

#include "ingest/digest.hpp"
#include "ingest/lock_file.hpp"

namespace answerable::service {

/// There is no room for a file, or the disk refuses it: nothing of it was taken, and it may be sent again later.
struct NoRoom : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file that came in whole. It goes from the disk with this, unless it was kept.
class Spooled {
 public:
  Spooled(Spooled&& other) noexcept;
  Spooled& operator=(Spooled&&) = delete;
  ~Spooled();

  const std::filesystem::path& file() const { return file_; }
  std::uint64_t bytes() const { return bytes_; }
  const Digest& sha256() const { return sha256_; }
  /// From now on it stays, also after a power failure, until somebody removes it. \return its name, NAME.xml
  /// \throws NoRoom
  std::filesystem::path keep();

 private:
  friend class Spool;
  explicit Spooled(std::filesystem::path file);
  void is_whole(std::uint64_t bytes, const Digest& sha256);
  std::filesystem::path file_;
  std::uint64_t bytes_{};
  Digest sha256_{};
};

/// Where files wait while they come in and until they are taken in: a folder that only this user and one program at a
/// time can use. Nothing is judged, and no council's counter locked, before a file is there whole, so that a slow
/// sender keeps nobody waiting.
class Spool {
 public:
  /// Makes the folder when it is missing; removes what was left half-way.
  /// \throws std::runtime_error when another program uses it
  explicit Spool(const std::filesystem::path& folder);

  /// Writes a body to its end. \throws NoRoom; what reading throws
  Spooled take(std::istream& body) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<LockFile> lock_;
};

}  // namespace answerable::service
