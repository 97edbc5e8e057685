#include "ingest/durable_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace answerable {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& file, const char* what) {
  throw std::system_error(errno, std::generic_category(), file.string() + " cannot be " + what);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int operator*() const { return number_; }

 private:
  int number_;
};

void sync_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (*opened < 0 || ::fsync(*opened) != 0) fail(folder, "made durable");
}

/// A file of its own beside the one that is wanted; gone when dropped.
class Temporary {
 public:
  Temporary(const fs::path& file, std::string_view content)
      : name_((file.parent_path() / ("." + file.filename().string() + ".XXXXXX")).string()) {
    const Descriptor opened(::mkostemp(name_.data(), O_CLOEXEC));  // mode 0600
    if (*opened < 0) fail(file, "written");
    made_ = true;
    while (!content.empty()) {
      const ssize_t written = ::write(*opened, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) leave(file);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(*opened) != 0) leave(file);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (made_) ::unlink(name_.c_str());
  }
  const char* name() const { return name_.c_str(); }
  void renamed() { made_ = false; }

 private:
  [[noreturn]] void leave(const fs::path& file) {
    const int why = errno;
    ::unlink(name_.c_str());
    errno = why;
    fail(file, "written");
  }
  std::string name_;
  bool made_{};
};

}  // namespace

bool create_durably(const fs::path& file, std::string_view content) {
  const Temporary temporary(file, content);
  // Unlike rename(2), link(2) leaves a file alone that has the name already.
  if (::link(temporary.name(), file.c_str()) != 0) {
    if (errno == EEXIST) return false;
    fail(file, "written");
  }
  sync_folder(file);
  return true;
}

void replace_durably(const fs::path& file, std::string_view content) {
  Temporary temporary(file, content);
  if (std::rename(temporary.name(), file.c_str()) != 0) fail(file, "replaced");
  temporary.renamed();
  sync_folder(file);
}

void make_durable(const fs::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (*opened < 0 || ::fsync(*opened) != 0) fail(file, "made durable");
  sync_folder(file);
}

}  // namespace answerable
