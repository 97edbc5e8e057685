#pragma once

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/bag/bag_judge.hpp"
#include "audit/bag/bag_writer.hpp"
#include "audit/bag/folder_sink.hpp"
#include "audit/bag/sealed_zip_writer.hpp"

/// What the tests of bags share: folders of their own, small bags, stock tools.
namespace answerable::bag::testing {

namespace fs = std::filesystem;

/// A new folder, gone at the end.
class Folder {
 public:
  explicit Folder(const fs::path& below = fs::temp_directory_path()) {
    std::string name = (below / "answerable-bag-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code unheard;
    fs::remove_all(path_, unheard);
  }
  const fs::path& path() const { return path_; }
  fs::path operator/(std::string_view name) const { return path_ / name; }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{path_}, fs::directory_iterator{}));
  }

 private:
  fs::path path_;
};

inline std::string slurp(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void spit(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << bytes;
}

struct Ran {
  int code{};
  std::string out;
};

/// Runs a shell command; what it says on either stream.
inline Ran run(const std::string& command) {
  Ran ran;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::array<char, 65536> buffer{};
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) ran.out.append(buffer.data(), n);
  ran.code = WEXITSTATUS(::pclose(pipe));
  return ran;
}

using Files = std::map<std::string, std::string>;

inline const std::vector<Label> labels{{"Source-Organization", "Somerset County Council"},
                                       {"External-Identifier", "bundle-905-1"}};

inline const Files small_files{{"data/index.html", "<!doctype html><title>Chronology</title>\n"},
                               {"data/records/0001.xml", "<review id=\"REV-1\"/>"},
                               {"data/records/0002.xml", ""},
                               {"VERIFY.html", "<!doctype html><title>How to check this</title>\n"}};

inline Digest write_bag(Sink& sink, const Files& files = small_files) {
  BagWriter writer{sink, labels};
  for (const auto& [path, content] : files) writer.add(path, content);
  return writer.finish();
}

inline fs::path zipped(const fs::path& file, const Files& files = small_files) {
  SealedZipWriter zip{file, "bundle"};
  write_bag(zip, files);
  return file;
}

inline std::string told(const Verdict& verdict) {
  std::string text;
  for (const Finding& f : verdict.findings) {
    text += (f.severity == Severity::error ? "error " : "warning ") + f.path + ": " + f.problem + " [" + f.expected +
            " | " + f.found + "]\n";
  }
  return text;
}

}  // namespace answerable::bag::testing
