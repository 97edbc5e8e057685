#include "ingest/locations.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace answerable {
namespace fs = std::filesystem;
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// A folder of the XDG Base Directory Specification: `name` below the one that `variable` gives, or below `usual` in
/// the user's home.
fs::path xdg_folder(const char* variable, const char* name, const char* roots, const char* usual, const char* cure) {
  // The specification says that a relative path is to be ignored.
  if (const fs::path set = environment(variable); set.is_absolute()) return set / name;
  if (geteuid() == 0) return roots;
  if (const fs::path home = environment("HOME"); home.is_absolute()) return home / usual / name;
  if (const passwd* user = getpwuid(geteuid()); user && *user->pw_dir == '/')
    return fs::path(user->pw_dir) / usual / name;
  throw std::runtime_error(std::string("this user has no home folder: ") + cure);
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
  return xdg_folder("XDG_DATA_HOME", "answerable", "/var/lib/answerable", ".local/share",
                    "say with --data where data is to be kept");
}

fs::path default_keys_folder() {
  return xdg_folder("XDG_CONFIG_HOME", "answerable/keys", "/etc/answerable/keys", ".config",
                    "say with --keys where signing keys are to be kept");
}

}  // namespace answerable
