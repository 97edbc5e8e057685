#include "audit/bag/bag_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "audit/bag/file.hpp"
#include "audit/bag/names.hpp"
#include "audit/bag/sealed_zip_reader.hpp"

namespace answerable::bag {
namespace fs = std::filesystem;
namespace {

class FolderSource : public BagSource {
 public:
  explicit FolderSource(fs::path folder) : folder_(std::move(folder)) {
    for (fs::recursive_directory_iterator at{folder_}, end; at != end; ++at) {
      const fs::directory_entry& entry = *at;
      const auto status = entry.symlink_status();
      if (fs::is_directory(status)) continue;
      std::string path = entry.path().lexically_relative(folder_).string();
      if (fs::is_regular_file(status)) {
        files_.push_back({std::move(path), entry.file_size()});
      } else {
        strange_.push_back(std::move(path));
      }
    }
    std::ranges::sort(files_, {}, &File::path);
    std::ranges::sort(strange_);
  }

  bool is_sealed() const override { return false; }
  bool has_payload_folder() const override { return fs::is_directory(fs::symlink_status(folder_ / "data")); }

  void read(const File& file, const TakePiece& take) const override {
    const bag::File opened = bag::File::open(folder_ / file.path);
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(file.size, 256 * 1024)));
    for (std::uint64_t done = 0; done < file.size;) {
      const std::span piece{buffer.data(),
                            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), file.size - done))};
      opened.read_at(done, piece);
      take(piece);
      done += piece.size();
    }
  }

 private:
  fs::path folder_;
};

class SealedZipSource : public BagSource {
 public:
  explicit SealedZipSource(const fs::path& file) : zip_(file) {
    for (const ZipEntry& entry : zip_.entries()) {
      const std::size_t slash = entry.path.find('/');
      if (slash != std::string::npos && folder_.empty()) folder_ = entry.path.substr(0, slash + 1);
      if (slash == std::string::npos || !entry.path.starts_with(folder_)) {
        throw SealedZipError(entry.offset, fmt::format("'{}' lies outside the bag's one folder", entry.path),
                             folder_.empty() ? "every entry in one folder" : "every entry in " + folder_, entry.path);
      }
      files_.push_back({entry.path.substr(folder_.size()), entry.size});
    }
  }

  bool is_sealed() const override { return true; }
  bool has_payload_folder() const override { return true; }  // a ZIP has folders only by the files in them

  void read(const File& file, const TakePiece& take) const override {
    const auto entries = zip_.entries();
    zip_.read(*std::ranges::lower_bound(entries, folder_ + file.path, {}, &ZipEntry::path), take);
  }

 private:
  SealedZipReader zip_;
  std::string folder_;
};

}  // namespace

const BagSource::File* BagSource::find(std::string_view path) const {
  const auto found =
      std::ranges::lower_bound(files_, path, {}, [](const File& f) -> std::string_view { return f.path; });
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

std::string BagSource::text(const File& file, std::uint64_t most) const {
  if (file.size > most) {
    throw std::runtime_error(
        fmt::format("{} is {} bytes long; at most {} are read of such a file", printable(file.path), file.size, most));
  }
  std::string text;
  read(file, [&](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return text;
}

std::unique_ptr<BagSource> open_bag(const fs::path& path) {
  if (fs::is_directory(path)) return std::make_unique<FolderSource>(path);
  return std::make_unique<SealedZipSource>(path);
}

}  // namespace answerable::bag
