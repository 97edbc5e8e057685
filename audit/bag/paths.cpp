#include "audit/bag/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "audit/bag/names.hpp"

namespace answerable::bag {
namespace {

constexpr std::size_t longest = 200;  // with a folder of one's own in front it stays below Windows' 260

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Windows keeps these names, whatever follows the first full stop.
bool is_device(std::string_view part) {
  const std::string name = small_letters(part.substr(0, part.find('.')));
  constexpr std::array<std::string_view, 4> plain{"con", "prn", "aux", "nul"};
  if (std::ranges::find(plain, name) != plain.end()) return true;
  return name.size() == 4 && (name.starts_with("com") || name.starts_with("lpt")) && name[3] >= '0' && name[3] <= '9';
}

std::optional<std::string> part_fault(std::string_view part) {
  if (part.empty()) return "a part of it is empty";
  if (part == "." || part == "..") return fmt::format("'{}' is no name", part);
  if (part.front() == ' ') return fmt::format("'{}' begins with a space", part);
  if (part.back() == ' ' || part.back() == '.') {
    return fmt::format("'{}' ends with a space or a full stop, which Windows drops", part);
  }
  if (is_device(part)) return fmt::format("'{}' is a device on Windows", part);
  return std::nullopt;
}

std::optional<std::string> fault(std::string_view path) {
  if (path.empty()) return "it is empty";
  if (path.size() > longest) return fmt::format("it is {} characters long; at most {} can be", path.size(), longest);
  for (const char c : path) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code > 0x7E) return fmt::format("it holds the byte 0x{:02X}; only printable ASCII can be", code);
    if (std::string_view{"\\:*?\"<>|%"}.find(c) != std::string_view::npos) return fmt::format("it holds '{}'", c);
  }
  if (path.front() == '/') return "it begins at the root; a path in a bag is relative";
  if (path.front() == '~') return "'~' in front leads to somebody's home folder";
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (auto why = part_fault(path.substr(start, end - start))) return why;
    start = end + 1;
  }
  return std::nullopt;
}

}  // namespace

std::string small_letters(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), small);
  return out;
}

std::optional<std::string> path_fault(std::string_view path) {
  const auto why = fault(path);
  if (!why) return std::nullopt;
  return fmt::format("No file can be called '{}': {}.", printable(path), *why);
}

bool Paths::InSmallLetters::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, {}, small, small);
}

std::optional<std::string> Paths::add(std::string_view path) {
  if (auto why = path_fault(path)) return why;
  // Every folder on the way, then the file itself.
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    const auto found = seen_.find(folder);
    if (found == seen_.end()) {
      seen_.emplace(folder, true);
      continue;
    }
    const auto& [known, is_folder] = *found;
    if (!is_folder) return fmt::format("'{}' cannot be a file, since '{}' is one already.", path, known);
    if (known != folder) {
      return fmt::format("The folders '{}' and '{}' differ only in capitals: on Windows and macOS they are one.", known,
                         folder);
    }
  }
  const auto [found, fresh] = seen_.try_emplace(std::string(path), false);
  if (fresh) return std::nullopt;
  const auto& [known, is_folder] = *found;
  if (known == path) return fmt::format("'{}' is there already{}.", path, is_folder ? ", as a folder" : "");
  return fmt::format("'{}' and '{}' differ only in capitals: on Windows and macOS they are one.", known, path);
}

}  // namespace answerable::bag
