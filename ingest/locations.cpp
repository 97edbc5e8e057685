#include "ingest/locations.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace answerable {
namespace fs = std::filesystem;
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

fs::path share_folder() {
  const std::string_view set = environment("ANSWERABLE_SHARE");
  fs::path folder =
      set.empty() ? fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share/answerable" : fs::path(set);
  if (!fs::is_directory(folder))
    throw std::runtime_error("there is no folder " + folder.string() +
                             ", where the schemas and rules should be: install the program with `cmake --install`, or "
                             "set ANSWERABLE_SHARE to the folder that holds them");
  return folder;
}

fs::path default_data_folder() {
  // The specification says that a relative path is to be ignored.
  if (const fs::path set = environment("XDG_DATA_HOME"); set.is_absolute()) return set / "answerable";
  if (geteuid() == 0) return "/var/lib/answerable";
  if (const fs::path home = environment("HOME"); home.is_absolute()) return home / ".local/share/answerable";
  if (const passwd* user = getpwuid(geteuid()); user && *user->pw_dir == '/')
    return fs::path(user->pw_dir) / ".local/share/answerable";
  throw std::runtime_error("this user has no home folder: say with --data where data is to be kept");
}

}  // namespace answerable
