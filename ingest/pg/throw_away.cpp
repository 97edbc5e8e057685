#include "ingest/pg/throw_away.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <stdexcept>

namespace answerable::pg {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(const std::string& purpose) {
  std::string name = (fs::temp_directory_path() / ("answerable-" + purpose + "-XXXXXX")).string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error("no temporary folder can be made in " + fs::temp_directory_path().string() +
                             "; set TMPDIR to a folder that can be written to");
  path_ = name;
  chmod(name.c_str(), 0711);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ThrowAwayDatabase::ThrowAwayDatabase(const std::string& purpose)
    : folder_(purpose),
      database_(Database::open(std::nullopt, folder_.path() / "data")),
      conninfo_(database_.conninfo() + " options='-c synchronous_commit=off'") {}

}  // namespace answerable::pg
