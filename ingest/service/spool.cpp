#include "ingest/service/spool.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <istream>
#include <random>
#include <system_error>
#include <utility>

#include "ingest/durable_file.hpp"

namespace answerable::service {
namespace fs = std::filesystem;
namespace {

constexpr const char* coming_in = ".coming-in";

std::string fresh_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

Spooled::Spooled(fs::path file) : file_(std::move(file)) {}

void Spooled::is_whole(std::uint64_t bytes, const Digest& sha256) {
  bytes_ = bytes;
  sha256_ = sha256;
}

Spooled::Spooled(Spooled&& other) noexcept
    : file_(std::exchange(other.file_, {})), bytes_(other.bytes_), sha256_(other.sha256_) {}

Spooled::~Spooled() {
  std::error_code gone;
  if (!file_.empty()) fs::remove(file_, gone);
}

fs::path Spooled::keep() {
  fs::path kept = file_;
  kept.replace_extension(".xml");
  try {
    fs::rename(file_, kept);
    file_ = kept;
    make_durable(kept);
  } catch (const std::system_error&) {
    throw NoRoom("the file cannot be made to stay on this disk");
  }
  return std::exchange(file_, {});
}

Spool::Spool(const fs::path& folder) : folder_(folder) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms{0700});
  lock_ = std::make_unique<LockFile>(folder_ / "in-use.lock");
  if (!lock_->try_exclusive())
    throw std::runtime_error(
        fmt::format("{} is in use by another program: give each its own folder with --spool", folder_.string()));
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().extension() == coming_in) fs::remove(entry.path());
}

Spooled Spool::take(std::istream& body) const {
  fs::path file = folder_ / (fresh_name() + coming_in);
  std::ofstream out(file, std::ios::binary);
  if (!out) throw NoRoom("no file can be made in the spool folder");
  Spooled spooled(file);  // goes again when anything below throws
  Sha256 sha256;
  std::uint64_t bytes = 0;
  std::array<char, 64 << 10> buffer;
  while (body) {
    body.read(buffer.data(), buffer.size());
    const auto came = body.gcount();
    if (came == 0) break;
    sha256.update(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(came))));
    bytes += static_cast<std::uint64_t>(came);
    if (!out.write(buffer.data(), came)) throw NoRoom("the spool folder's disk is full, or refuses to write");
  }
  out.close();
  if (!out) throw NoRoom("the spool folder's disk is full, or refuses to write");
  spooled.is_whole(bytes, sha256.finish());
  return spooled;
}

}  // namespace answerable::service
