#include "reports/service/scratch_file.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace answerable::service {

ScratchFile::ScratchFile(const std::string& name) {
  std::string folder = (std::filesystem::temp_directory_path() / "answerable-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr)
    throw std::runtime_error("no folder can be made for a file that is being made: is the disk full?");
  path_ = std::filesystem::path(folder) / name;
}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  std::filesystem::remove_all(path_.parent_path(), ignored);
}

}  // namespace answerable::service
