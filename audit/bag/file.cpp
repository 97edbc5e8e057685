#include "audit/bag/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace answerable::bag {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}: {}", path.string(), what, std::generic_category().message(errno)));
}

int opened(int descriptor, const fs::path& path, std::string_view what) {
  if (descriptor < 0) fail(path, what);
  return descriptor;
}

}  // namespace

File File::open(const fs::path& path) {
  // O_NONBLOCK: a pipe with nobody at its other end must not hold us.
  File file{opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), path, "cannot be opened"),
            path};
  struct stat status {};
  if (::fstat(file.descriptor_, &status) != 0) fail(path, "cannot be looked at");
  if (!S_ISREG(status.st_mode)) throw std::runtime_error(fmt::format("{}: is no regular file", path.string()));
  return file;
}

File File::nameless(const fs::path& folder) {
  std::string name = (folder / ".answerable-XXXXXX").string();
  File file{opened(::mkostemp(name.data(), O_CLOEXEC), folder, "no file can be made here"), name};
  if (::unlink(name.c_str()) != 0) fail(name, "cannot be unlinked");
  return file;
}

File File::create(const fs::path& path) {
  return File{opened(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), path, "cannot be made"),
              path};
}

File File::beside(const fs::path& path) {
  std::string name = path.string() + ".unfinished-XXXXXX";
  const int descriptor = opened(::mkostemp(name.data(), O_CLOEXEC), path, "no file can be made beside it");
  return File{descriptor, name};
}

File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail(path_, "cannot be looked at");
  return static_cast<std::uint64_t>(status.st_size);
}

void File::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path_, "cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void File::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path_, "cannot be read");
    if (got == 0) throw std::runtime_error(fmt::format("{}: ends at byte {}", path_.string(), offset));
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
}

void File::sync() {
  if (::fsync(descriptor_) != 0) fail(path_, "cannot be made durable");
}

namespace {

template <class Sync>
void sync_by(const fs::path& folder, Sync sync) {
  const int descriptor = opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder, "cannot be opened");
  const int result = sync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (result != 0) fail(folder, "cannot be made durable");
}

}  // namespace

void sync_folder(const fs::path& folder) {
  sync_by(folder, ::fsync);
}

void sync_everything_on(const fs::path& folder) {
  sync_by(folder, ::syncfs);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path{"."};
}

}  // namespace answerable::bag
