#include "reports/pages/bodies.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace answerable::pages {
namespace {

/// A file that lies in memory only: what people's records say touches no disk.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("records", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail();
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  [[noreturn]] void fail() const {
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::system_error(error, std::generic_category(), "memory for reading records");
  }
  int descriptor_;
};

/// The prefix of a record's own start tag; "" when it has none.
std::string prefix_of(std::string_view bytes) {
  const auto open = bytes.find('<');
  if (open == std::string_view::npos) return {};
  const auto name = bytes.substr(open + 1, bytes.find_first_of(" \t\r\n/>", open) - open - 1);
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string{} : std::string(name.substr(0, colon));
}

}  // namespace

std::vector<xml::Element> read_bodies(const std::vector<Body>& bodies) {
  if (bodies.empty()) return {};
  std::string document = "<records>";
  for (const auto& body : bodies) {
    document += "<record xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    if (const auto prefix = prefix_of(body.bytes); !prefix.empty()) {
      document += fmt::format(" xmlns:{}=\"urn:answerable:{}:{}\"", prefix, body.kind, body.version);
    }
    document += '>';
    document += body.bytes;
    document += "</record>";
  }
  document += "</records>";

  const MemoryFile file(document);
  auto root = xml::load_document(file.path(), {});
  std::vector<xml::Element> found;
  found.reserve(root.children.size());
  for (auto& record : root.children) found.push_back(std::move(record.children.at(0)));
  return found;
}

}  // namespace answerable::pages
