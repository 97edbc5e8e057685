#include "reports/pages/folder.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace answerable::pages {

Folder::Folder(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (!std::filesystem::is_directory(path_)) {
    throw std::runtime_error(fmt::format("{} cannot be made a folder. Name another with --output.", path_.string()));
  }
}

void Folder::file(const char* name, const std::function<void(std::ostream&)>& fill) {
  auto path = path_ / name;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  fill(out);
  out.close();
  if (!out)
    throw std::runtime_error(
        fmt::format("{} cannot be written. Is there room, and may you write there?", path.string()));
  files_.push_back(std::move(path));
}

}  // namespace answerable::pages
