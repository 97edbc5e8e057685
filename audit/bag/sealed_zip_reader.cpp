#include "audit/bag/sealed_zip_reader.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "audit/bag/paths.hpp"
#include "ingest/digest.hpp"

namespace answerable::bag {
namespace {

/// Longer than any that is good; the rest of a longer one need not be read to refuse it.
constexpr std::uint64_t longest_central_header = zip::central_size + 256 + 28;

std::string counted(std::uint64_t number, std::string_view what) {
  return fmt::format("{} {}", number, what);
}

}  // namespace

SealedZipError::SealedZipError(std::uint64_t offset_, std::string problem, std::string expected_, std::string found_)
    : std::runtime_error(std::move(problem)),
      offset(offset_),
      expected(std::move(expected_)),
      found(std::move(found_)) {}

SealedZipReader::SealedZipReader(const std::filesystem::path& file) : file_(File::open(file)), size_(file_.size()) {
  read_directory(read_end());
}

std::string SealedZipReader::text_at(std::uint64_t offset, std::uint64_t length) const {
  std::string text(static_cast<std::size_t>(length), '\0');
  file_.read_at(offset, std::as_writable_bytes(std::span{text}));
  return text;
}

void SealedZipReader::compare(std::uint64_t offset, const ZipRecord& expected, std::string_view what) const {
  const std::string_view wanted = expected.bytes();
  if (wanted.size() > size_ - offset) {
    throw SealedZipError(offset, fmt::format("The file ends within {}", what), counted(wanted.size(), "bytes"),
                         counted(size_ - offset, "bytes"));
  }
  const std::string found = text_at(offset, wanted.size());
  const auto [there, here] = std::ranges::mismatch(found, wanted);
  if (there == found.end()) return;
  const auto& field = expected.field_at(static_cast<std::size_t>(there - found.begin()));
  const auto bytes_of = [&](std::string_view text) { return hex(as_bytes(text.substr(field.at, field.length))); };
  throw SealedZipError(offset + field.at, fmt::format("Not as it was sealed: the {} in {}", field.name, what),
                       bytes_of(wanted), bytes_of(found));
}

SealedZipReader::Directory SealedZipReader::read_end() const {
  constexpr auto zip64_ends = zip::end64_size + zip::locator_size + zip::end_size;
  if (size_ < zip::end_size) {
    throw SealedZipError(0, "The file is too short to be a ZIP", fmt::format("at least {} bytes", zip::end_size),
                         counted(size_, "bytes"));
  }
  const std::string end = text_at(size_ - zip::end_size, zip::end_size);
  Directory directory{zip::number_at(end, zip::end_entries, 2), zip::number_at(end, zip::end_directory_size, 4),
                      zip::number_at(end, zip::end_directory_offset, 4)};
  if (size_ >= zip64_ends &&
      (directory.entries == zip::full16 || directory.size == zip::full32 || directory.offset == zip::full32)) {
    const std::string end64 = text_at(size_ - zip64_ends, zip::end64_size);
    directory = {zip::number_at(end64, zip::end64_entries, 8), zip::number_at(end64, zip::end64_directory_size, 8),
                 zip::number_at(end64, zip::end64_directory_offset, 8)};
  }
  const ZipRecord records = end_records(directory.entries, directory.size, directory.offset);
  const std::uint64_t ends_at = size_ - std::min<std::uint64_t>(size_, records.bytes().size());
  compare(ends_at, records,
          "the records that end the file (a cut-off file, or one with something behind it, has none)");
  if (directory.offset > ends_at || directory.size != ends_at - directory.offset) {
    throw SealedZipError(ends_at, "The central directory does not lie right before the records that end the file",
                         fmt::format("a directory that ends at byte {}", ends_at),
                         fmt::format("{} bytes from byte {}", directory.size, directory.offset));
  }
  return directory;
}

void SealedZipReader::read_directory(const Directory& directory) {
  Paths paths;
  std::uint64_t at = directory.offset;
  const std::uint64_t end = directory.offset + directory.size;
  std::uint64_t contents_end = 0;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const std::string what = fmt::format("entry {} of the central directory", i + 1);
    const std::string found = text_at(at, std::min(end - at, longest_central_header));
    const auto fails = [&](std::uint64_t offset, std::string_view problem, std::string expected, std::string instead) {
      return SealedZipError(offset, fmt::format("{}: {}", what, problem), std::move(expected), std::move(instead));
    };
    if (found.size() < zip::central_size) {
      throw fails(at, "The directory ends too early", counted(directory.entries, "entries"), counted(i, "entries"));
    }
    const auto path_length = static_cast<std::size_t>(zip::number_at(found, zip::central_path_length, 2));
    ZipEntry entry{.path = found.substr(zip::central_size, path_length),
                   .size = zip::number_at(found, zip::central_uncompressed, 4),
                   .crc = static_cast<std::uint32_t>(zip::number_at(found, zip::central_crc, 4)),
                   .offset = contents_end};
    const std::size_t zip64_size = zip::central_size + path_length + zip::zip64_size;
    if (entry.size == zip::full32 && found.size() >= zip64_size + 8) {
      entry.size = zip::number_at(found, zip64_size, 8);
    }
    if (const auto why = paths.add(entry.path)) {
      throw fails(at + zip::central_size, *why, "a path that unpacks everywhere, once", hex(as_bytes(entry.path)));
    }
    const ZipRecord central = central_header(entry);
    if (central.bytes().size() > end - at) {
      throw fails(at, "The entry reaches beyond the directory", counted(central.bytes().size(), "bytes"),
                  counted(end - at, "bytes"));
    }
    compare(at, central, fmt::format("{}, '{}'", what, entry.path));
    if (!entries_.empty() && entry.path < entries_.back().path) {
      throw fails(at + zip::central_size, "The entries are not in the order of their paths",
                  fmt::format("a path after '{}'", entries_.back().path), entry.path);
    }
    const ZipRecord header = local_header(entry);
    const std::uint64_t room = directory.offset - contents_end;
    if (header.bytes().size() > room || entry.size > room - header.bytes().size()) {
      throw fails(at + zip::central_uncompressed, "The contents would reach into the central directory",
                  fmt::format("at most {} bytes with their header", room), counted(entry.size, "bytes"));
    }
    compare(contents_end, header, fmt::format("the local header of '{}'", entry.path));
    contents_end += header.bytes().size() + entry.size;
    at += central.bytes().size();
    entries_.push_back(std::move(entry));
  }
  if (at != end) {
    throw SealedZipError(at, "Something stands behind the last entry of the central directory",
                         fmt::format("the directory's end at byte {}", at), counted(end - at, "bytes more"));
  }
  if (contents_end != directory.offset) {
    throw SealedZipError(contents_end, "Something stands between the contents and the central directory",
                         fmt::format("the directory at byte {}", contents_end),
                         counted(directory.offset - contents_end, "bytes more"));
  }
}

void SealedZipReader::read(const ZipEntry& entry, const TakePiece& take) const {
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, 256 * 1024)));
  const std::uint64_t start = entry.offset + local_header(entry).bytes().size();
  std::uint32_t crc = 0;
  for (std::uint64_t done = 0; done < entry.size;) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), entry.size - done));
    const std::span piece{buffer.data(), length};
    file_.read_at(start + done, piece);
    crc = static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
    take(piece);
    done += length;
  }
  if (crc != entry.crc) {
    throw SealedZipError(start, fmt::format("The contents of '{}' are not those that were sealed", entry.path),
                         fmt::format("CRC-32 {:08x}", entry.crc), fmt::format("CRC-32 {:08x}", crc));
  }
}

}  // namespace answerable::bag
