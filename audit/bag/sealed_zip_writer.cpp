#include "audit/bag/sealed_zip_writer.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace answerable::bag {
namespace fs = std::filesystem;
namespace {

/// A file that goes away again unless it was kept.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& path) : path_(path) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code unheard;  // nobody can be told in a destructor
    if (!path_.empty()) fs::remove(path_, unheard);
  }
  void rename_to(const fs::path& path) {
    fs::rename(path_, path);
    path_.clear();
  }

 private:
  fs::path path_;
};

}  // namespace

SealedZipWriter::SealedZipWriter(fs::path file, std::string folder)
    : file_(std::move(file)), folder_(std::move(folder)), waiting_room_(File::nameless(folder_of(file_))) {}

void SealedZipWriter::begin(std::string_view path) {
  if (const auto why = path_fault(fmt::format("{}/{}", folder_, path))) throw std::runtime_error(*why);
  if (const auto why = paths_.add(path)) throw std::runtime_error(*why);
  path_ = path;
  newest_ = {.waits_at = waiting_room_.position()};
}

void SealedZipWriter::write(std::span<const std::byte> piece) {
  newest_.crc =
      static_cast<std::uint32_t>(::crc32_z(newest_.crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
  newest_.size += piece.size();
  waiting_room_.write(piece);
}

void SealedZipWriter::end() {
  ++entries_;
  // The zero stands before every character of a path, so the rows come in the order of the paths.
  waiting_.add(path_ + '\0' + std::string(reinterpret_cast<const char*>(&newest_), sizeof newest_));
}

void SealedZipWriter::finish() {
  waiting_room_.flush();

  Appender out{File::beside(file_)};
  Unfinished unfinished{out.file().path()};
  std::vector<std::byte> buffer(256 * 1024);
  Spill central;
  waiting_.each([&](std::string_view row) {
    const auto path = row.substr(0, row.find('\0'));
    Waiting waiting;
    std::memcpy(&waiting, row.data() + path.size() + 1, sizeof waiting);
    const ZipEntry entry{fmt::format("{}/{}", folder_, path), waiting.size, waiting.crc, out.position()};
    central.append(central_header(entry).bytes());
    out.write(local_header(entry).bytes());
    for (std::uint64_t done = 0; done < waiting.size;) {
      const auto length = std::min<std::uint64_t>(buffer.size(), waiting.size - done);
      const std::span piece{buffer.data(), static_cast<std::size_t>(length)};
      waiting_room_.file().read_at(waiting.waits_at + done, piece);
      out.write(piece);
      done += length;
    }
  });
  const std::uint64_t directory = out.position();
  central.each([&](std::string_view piece) { out.write(piece); });
  out.write(end_records(entries_, out.position() - directory, directory).bytes());
  out.flush();
  out.file().sync();
  unfinished.rename_to(file_);
  sync_folder(folder_of(file_));
}

}  // namespace answerable::bag
