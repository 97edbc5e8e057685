#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace answerable::bag {

/// An open file of the operating system. Errors are std::runtime_error with the file's name and the system's reason.
class File {
 public:
  /// For reading; a link at the end of the path is not followed, and what is no regular file is refused.
  static File open(const std::filesystem::path& path);
  /// A new file of no name yet in this folder, gone when it is closed. Only its owner may read it.
  static File nameless(const std::filesystem::path& folder);
  /// A new file, only its owner's.
  static File create(const std::filesystem::path& path);
  /// A new file beside `path` for what will be `path`, only its owner's.
  static File beside(const std::filesystem::path& path);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const;
  void write(std::span<const std::byte> bytes);
  /// Fills `into` from this offset on. \throws std::runtime_error too when the file ends before
  void read_at(std::uint64_t offset, std::span<std::byte> into) const;
  void sync();

 private:
  File(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  std::filesystem::path path_;
};

/// Makes the names in this folder durable.
void sync_folder(const std::filesystem::path& folder);
/// Makes everything written to the file system that holds this folder durable.
void sync_everything_on(const std::filesystem::path& folder);
/// The folder a path lies in: `.` for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace answerable::bag
