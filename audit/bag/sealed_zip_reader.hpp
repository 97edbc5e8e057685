#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bag/file.hpp"
#include "audit/bag/sealed_zip_form.hpp"

namespace answerable::bag {

/// A ZIP is not of the sealed form: where, what stands there, what has to.
struct SealedZipError : std::runtime_error {
  SealedZipError(std::uint64_t offset_, std::string problem, std::string expected_, std::string found_);
  std::uint64_t offset;  ///< in the file, from 0
  std::string expected, found;
};

using TakePiece = std::function<void(std::span<const std::byte>)>;

/// Reads a sealed ZIP (schemas/formats/sealed-zip.md) and nothing else. Once it is made, every byte of the file outside
/// the contents has been compared with the only one that can stand there; read() checks the contents. What the file
/// says of sizes is believed only as far as the file itself goes.
class SealedZipReader {
 public:
  /// \throws SealedZipError, or std::runtime_error when the file cannot be read
  explicit SealedZipReader(const std::filesystem::path& file);

  /// In the order of the file, which is that of their paths, byte by byte.
  std::span<const ZipEntry> entries() const { return entries_; }
  /// Hands out the contents in pieces. \throws SealedZipError, after the last piece, when they do not have the CRC-32
  /// of the headers
  void read(const ZipEntry& entry, const TakePiece& take) const;

 private:
  struct Directory {
    std::uint64_t entries, size, offset;
  };
  Directory read_end() const;
  void read_directory(const Directory& directory);
  std::string text_at(std::uint64_t offset, std::uint64_t length) const;
  void compare(std::uint64_t offset, const ZipRecord& expected, std::string_view what) const;

  File file_;
  std::uint64_t size_;
  std::vector<ZipEntry> entries_;
};

}  // namespace answerable::bag
