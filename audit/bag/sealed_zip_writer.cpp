#include "audit/bag/sealed_zip_writer.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
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
  waiting_.push_back({.path = &paths_.kept(path), .waits_at = waiting_room_.position()});
}

void SealedZipWriter::write(std::span<const std::byte> piece) {
  Waiting& entry = waiting_.back();
  entry.crc =
      static_cast<std::uint32_t>(::crc32_z(entry.crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
  entry.size += piece.size();
  waiting_room_.write(piece);
}

void SealedZipWriter::end() {}

ZipEntry SealedZipWriter::entry(const Waiting& waiting) const {
  return {fmt::format("{}/{}", folder_, *waiting.path), waiting.size, waiting.crc, waiting.offset};
}

void SealedZipWriter::finish() {
  waiting_room_.flush();
  std::ranges::sort(waiting_, {}, [](const Waiting& w) -> std::string_view { return *w.path; });

  Appender out{File::beside(file_)};
  Unfinished unfinished{out.file().path()};
  std::vector<std::byte> buffer(256 * 1024);
  for (Waiting& waiting : waiting_) {
    waiting.offset = out.position();
    out.write(local_header(entry(waiting)).bytes());
    for (std::uint64_t done = 0; done < waiting.size;) {
      const auto length = std::min<std::uint64_t>(buffer.size(), waiting.size - done);
      const std::span piece{buffer.data(), static_cast<std::size_t>(length)};
      waiting_room_.file().read_at(waiting.waits_at + done, piece);
      out.write(piece);
      done += length;
    }
  }
  const std::uint64_t directory = out.position();
  for (const Waiting& waiting : waiting_) out.write(central_header(entry(waiting)).bytes());
  out.write(end_records(waiting_.size(), out.position() - directory, directory).bytes());
  out.flush();
  out.file().sync();
  unfinished.rename_to(file_);
  sync_folder(folder_of(file_));
}

}  // namespace answerable::bag
