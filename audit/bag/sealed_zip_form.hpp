#pragma once

// The bytes of a sealed ZIP but for the contents, as schemas/formats/sealed-zip.md has them. What the entries are
// decides every one of these bytes: the writer writes them, the reader compares.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::bag {

struct ZipEntry {
  std::string path;
  std::uint64_t size{};
  std::uint32_t crc{};     ///< CRC-32 as ISO 3309 and zlib have it
  std::uint64_t offset{};  ///< of its local header

  bool operator==(const ZipEntry&) const = default;
};

/// A piece of the file whose every byte belongs to a named field.
class ZipRecord {
 public:
  struct Field {
    std::string_view name;
    std::size_t at;
    std::size_t length;
  };

  /// The lowest `width` bytes of the number, lowest first.
  ZipRecord& number(std::string_view name, std::uint64_t value, std::size_t width);
  ZipRecord& text(std::string_view name, std::string_view value);

  std::string_view bytes() const { return bytes_; }
  const Field& field_at(std::size_t at) const;

 private:
  std::string bytes_;
  std::vector<Field> fields_;
};

ZipRecord local_header(const ZipEntry& entry);
ZipRecord central_header(const ZipEntry& entry);
/// What closes the file: the end record, before it the two records of Zip64 when a number does not fit.
ZipRecord end_records(std::uint64_t entries, std::uint64_t directory_size, std::uint64_t directory_offset);

/// Where the reader finds the numbers it takes from the file: APPNOTE.TXT 4.3.12, 4.3.14 and 4.3.16.
namespace zip {
inline constexpr std::uint64_t full16 = 0xFFFF;      ///< the number stands in a Zip64 field
inline constexpr std::uint64_t full32 = 0xFFFFFFFF;  ///< the number stands in a Zip64 field
inline constexpr std::size_t central_size = 46, end_size = 22, end64_size = 56, locator_size = 20;
inline constexpr std::size_t central_crc = 16, central_uncompressed = 24, central_path_length = 28;
inline constexpr std::size_t zip64_size = 4;  ///< in the extra field
inline constexpr std::size_t end_entries = 10, end_directory_size = 12, end_directory_offset = 16;
inline constexpr std::size_t end64_entries = 32, end64_directory_size = 40, end64_directory_offset = 48;

/// \pre `at + width` lies within the bytes
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t width);
}  // namespace zip

}  // namespace answerable::bag
