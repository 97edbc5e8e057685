#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

/// What the journeys share: they run the real programs, through the front door, on a data folder of their own.
namespace answerable::testing {

/// A folder in which anybody may look, as the private server's own user must; gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "answerable-journey-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
    std::filesystem::permissions(path_, std::filesystem::perms{0755});
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int code{};
  std::string out;
  nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(out); }
};

/// Runs a shell command; standard error goes with standard output when `both`.
inline Ran run(const std::string& command, bool both = false) {
  Ran ran;
  std::FILE* pipe = ::popen((command + (both ? " 2>&1" : " 2>/dev/null")).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::array<char, 65536> buffer{};
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) ran.out.append(buffer.data(), n);
  ran.code = WEXITSTATUS(::pclose(pipe));
  return ran;
}

inline const std::string program = std::string{ANSWERABLE_BIN} + "/answerable";

inline std::string slurp(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
inline void spill(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file, std::ios::binary} << text;
}

}  // namespace answerable::testing
