#include "audit/bag/folder_sink.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace answerable::bag {
namespace fs = std::filesystem;

FolderSink::FolderSink(fs::path folder) : folder_(std::move(folder)) {
  if (!folder_.has_filename()) folder_ = folder_.parent_path();  // "bundle/" is "bundle"
  if (fs::exists(fs::symlink_status(folder_))) {
    throw std::runtime_error(fmt::format("{}: is there already; name a folder that is not", folder_.string()));
  }
  std::string name = folder_.string() + ".unfinished-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error(fmt::format("{}: no folder can be made beside it: {}", folder_.string(),
                                         std::generic_category().message(errno)));
  }
  unfinished_ = name;
}

FolderSink::~FolderSink() {
  if (unfinished_.empty()) return;
  std::error_code unheard;  // nobody can be told in a destructor
  fs::remove_all(unfinished_, unheard);
}

void FolderSink::begin(std::string_view path) {
  if (const auto why = paths_.add(path)) throw std::runtime_error(*why);
  const fs::path file = unfinished_ / path;
  fs::create_directories(file.parent_path());
  file_ = File::create(file);
}

void FolderSink::write(std::span<const std::byte> piece) {
  file_.value().write(piece);
}

void FolderSink::end() {
  file_.reset();
}

void FolderSink::finish() {
  // One call for the whole file system: an fsync for each of twenty thousand files takes minutes.
  sync_everything_on(unfinished_);
  fs::rename(unfinished_, folder_);
  unfinished_.clear();
  sync_folder(folder_of(folder_));
}

}  // namespace answerable::bag
