#include "audit/bag/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

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

std::size_t Paths::slot(std::string_view path) const {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(small(c))) * 0x100000001b3;
  auto at = static_cast<std::size_t>((hash ^ hash >> 32) % slots_.size());
  while (slots_[at] != 0 && !std::ranges::equal(known(at), path, {}, small, small)) at = (at + 1) % slots_.size();
  return at;
}

std::string_view Paths::known(std::size_t slot) const {
  return all_.c_str() + slots_[slot];
}

bool Paths::is_folder(std::size_t slot) const {
  return all_[slots_[slot] - 1] == '/';
}

void Paths::take(std::size_t slot, std::string_view path, bool is_folder) {
  all_ += is_folder ? '/' : 'F';
  slots_[slot] = static_cast<std::uint32_t>(all_.size());
  all_.append(path) += '\0';
  ++taken_;
}

std::optional<std::string> Paths::add(std::string_view path) {
  if (auto why = path_fault(path)) return why;
  make_room();
  // Every folder on the way, then the file itself.
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    const auto at = slot(folder);
    if (slots_[at] == 0) {
      take(at, folder, true);
      continue;
    }
    if (!is_folder(at)) return fmt::format("'{}' cannot be a file, since '{}' is one already.", path, known(at));
    if (known(at) != folder) {
      return fmt::format("The folders '{}' and '{}' differ only in capitals: on Windows and macOS they are one.",
                         known(at), folder);
    }
  }
  const auto at = slot(path);
  if (slots_[at] == 0) {
    take(at, path, false);
    return std::nullopt;
  }
  if (known(at) == path) return fmt::format("'{}' is there already{}.", path, is_folder(at) ? ", as a folder" : "");
  return fmt::format("'{}' and '{}' differ only in capitals: on Windows and macOS they are one.", known(at), path);
}

void Paths::make_room() {
  if (2 * (taken_ + longest) <= slots_.size()) return;  // a path has fewer folders than characters
  const auto before = std::exchange(slots_, std::vector<std::uint32_t>(4 * (taken_ + longest)));
  for (const auto begin : before) {
    if (begin != 0) slots_[slot(all_.c_str() + begin)] = begin;
  }
}

}  // namespace answerable::bag
