#include "ingest/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace answerable {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& file)
    : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (descriptor_ < 0) fail(fmt::format("{} cannot be opened", file.string()));
}

LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile::~LockFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void LockFile::lock_shared() {
  while (flock(descriptor_, LOCK_SH) != 0)
    if (errno != EINTR) fail("a lock cannot be had");
}

void LockFile::lock_exclusive() {
  while (flock(descriptor_, LOCK_EX) != 0)
    if (errno != EINTR) fail("a lock cannot be had");
}

bool LockFile::try_exclusive() {
  while (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) fail("a lock cannot be had");
  }
  return true;
}

}  // namespace answerable
