#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::bag {

/// What a bag is read from: a folder, or a sealed ZIP.
class BagSource {
 public:
  struct File {
    std::string path;  ///< in the bag, such as `data/index.html`; whatever bytes the folder has
    std::uint64_t size{};
  };
  using TakePiece = std::function<void(std::span<const std::byte>)>;

  virtual ~BagSource() = default;

  /// In the order of their paths, byte by byte.
  std::span<const File> files() const { return files_; }
  /// What is there and is no file: links, pipes, devices. None is ever followed.
  std::span<const std::string> strange() const { return strange_; }
  /// Nothing when there is no such file.
  const File* find(std::string_view path) const;

  virtual bool is_sealed() const = 0;
  virtual bool has_payload_folder() const = 0;
  /// \throws std::runtime_error when it cannot be read, or (SealedZipError) is not what was sealed
  virtual void read(const File& file, const TakePiece& take) const = 0;
  /// The whole content. \throws std::runtime_error too when it is longer than `most` bytes
  std::string text(const File& file, std::uint64_t most) const;

 protected:
  std::vector<File> files_;
  std::vector<std::string> strange_;
};

/// Opens the bag that is this folder or lies in this sealed ZIP.
/// \throws SealedZipError when a file is no sealed ZIP, or not all its entries lie in one folder; std::runtime_error
/// when
///   there is nothing to read
std::unique_ptr<BagSource> open_bag(const std::filesystem::path& path);

}  // namespace answerable::bag
