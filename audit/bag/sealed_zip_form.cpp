#include "audit/bag/sealed_zip_form.hpp"

#include <algorithm>
#include <stdexcept>

namespace answerable::bag {
namespace {

constexpr std::uint64_t made_by = 0x032D;    // Unix, version 4.5
constexpr std::uint64_t plain_version = 20;  // 2.0
constexpr std::uint64_t zip64_version = 45;  // 4.5
constexpr std::uint64_t stored = 0;
constexpr std::uint64_t midnight = 0, new_year_1980 = 0x0021;
constexpr std::uint64_t regular_file_0644 = 0x81A40000;

bool big(std::uint64_t number) {
  return number >= zip::full32;
}

std::uint64_t version_for(const ZipEntry& entry) {
  return big(entry.size) || big(entry.offset) ? zip64_version : plain_version;
}

/// The fields that a local and a central header share, from the version to the two sizes.
void common_fields(ZipRecord& record, const ZipEntry& entry, std::uint64_t version) {
  const std::uint64_t size = std::min(entry.size, zip::full32);
  record.number("version needed", version, 2)
      .number("flags", 0, 2)
      .number("method", stored, 2)
      .number("time", midnight, 2)
      .number("date", new_year_1980, 2)
      .number("CRC-32", entry.crc, 4)
      .number("compressed size", size, 4)
      .number("size", size, 4)
      .number("path length", entry.path.size(), 2);
}

}  // namespace

ZipRecord& ZipRecord::number(std::string_view name, std::uint64_t value, std::size_t width) {
  fields_.push_back({name, bytes_.size(), width});
  for (std::size_t i = 0; i < width; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
  return *this;
}

ZipRecord& ZipRecord::text(std::string_view name, std::string_view value) {
  fields_.push_back({name, bytes_.size(), value.size()});
  bytes_ += value;
  return *this;
}

const ZipRecord::Field& ZipRecord::field_at(std::size_t at) const {
  const auto found = std::ranges::find_if(fields_, [&](const Field& f) { return at < f.at + f.length; });
  if (found == fields_.end()) throw std::out_of_range("no field of the ZIP record is there");
  return *found;
}

ZipRecord local_header(const ZipEntry& entry) {
  ZipRecord record;
  record.number("signature of the local header", 0x04034B50, 4);
  common_fields(record, entry, big(entry.size) ? zip64_version : plain_version);
  record.number("length of the extra field", big(entry.size) ? 20 : 0, 2).text("path", entry.path);
  if (big(entry.size)) {
    record.number("kind of the extra field", 1, 2)
        .number("length of the Zip64 field", 16, 2)
        .number("Zip64 size", entry.size, 8)
        .number("Zip64 compressed size", entry.size, 8);
  }
  return record;
}

ZipRecord central_header(const ZipEntry& entry) {
  const std::uint64_t zip64_length = (big(entry.size) ? 16U : 0U) + (big(entry.offset) ? 8U : 0U);
  ZipRecord record;
  record.number("signature of the central header", 0x02014B50, 4).number("version made by", made_by, 2);
  common_fields(record, entry, version_for(entry));
  record.number("length of the extra field", zip64_length == 0 ? 0 : zip64_length + 4, 2)
      .number("length of the comment", 0, 2)
      .number("disk", 0, 2)
      .number("internal attributes", 0, 2)
      .number("external attributes", regular_file_0644, 4)
      .number("offset of the local header", std::min(entry.offset, zip::full32), 4)
      .text("path", entry.path);
  if (zip64_length != 0) {
    record.number("kind of the extra field", 1, 2).number("length of the Zip64 field", zip64_length, 2);
    if (big(entry.size)) record.number("Zip64 size", entry.size, 8).number("Zip64 compressed size", entry.size, 8);
    if (big(entry.offset)) record.number("Zip64 offset of the local header", entry.offset, 8);
  }
  return record;
}

ZipRecord end_records(std::uint64_t entries, std::uint64_t directory_size, std::uint64_t directory_offset) {
  ZipRecord record;
  if (entries >= zip::full16 || big(directory_size) || big(directory_offset)) {
    record.number("signature of the Zip64 end record", 0x06064B50, 4)
        .number("length of the rest of the Zip64 end record", zip::end64_size - 12, 8)
        .number("version made by", made_by, 2)
        .number("version needed", zip64_version, 2)
        .number("disk", 0, 4)
        .number("disk of the central directory", 0, 4)
        .number("Zip64 entries on this disk", entries, 8)
        .number("Zip64 entries", entries, 8)
        .number("Zip64 size of the central directory", directory_size, 8)
        .number("Zip64 offset of the central directory", directory_offset, 8)
        .number("signature of the Zip64 locator", 0x07064B50, 4)
        .number("disk of the Zip64 end record", 0, 4)
        .number("offset of the Zip64 end record", directory_offset + directory_size, 8)
        .number("disks", 1, 4);
  }
  return record.number("signature of the end record", 0x06054B50, 4)
      .number("disk", 0, 2)
      .number("disk of the central directory", 0, 2)
      .number("entries on this disk", std::min(entries, zip::full16), 2)
      .number("entries", std::min(entries, zip::full16), 2)
      .number("size of the central directory", std::min(directory_size, zip::full32), 4)
      .number("offset of the central directory", std::min(directory_offset, zip::full32), 4)
      .number("length of the comment", 0, 2);
}

std::uint64_t zip::number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace answerable::bag
