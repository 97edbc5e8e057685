#include "audit/bag/tag_files.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <type_traits>

#include "audit/bag/names.hpp"
#include "audit/bag/paths.hpp"

namespace answerable::bag {
namespace {

constexpr std::string_view blank = " \t";

/// Lines as BagIt ends them: with a line feed, a carriage return, or both.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
    if (text.starts_with("\r\n")) text.remove_prefix(1);
    if (!text.empty()) text.remove_prefix(1);
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(blank);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blank) - start + 1);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
}

/// Splits `1.0` or `58.2` at its full stop.
template <class Number>
bool read_pair(std::string_view text, Number& first, Number& second) {
  const std::size_t stop = text.find('.');
  return stop != std::string_view::npos && read_number(text.substr(0, stop), first) &&
         read_number(text.substr(stop + 1), second);
}

/// Puts back the line ends that cannot stand in a manifest, and since 1.0 the per cent sign itself.
std::string percent_decoded(std::string_view path, BagVersion version) {
  std::string decoded;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::string code = small_letters(path.substr(i, 3));
    const char character = code == "%0a"                             ? '\n'
                           : code == "%0d"                           ? '\r'
                           : code == "%25" && version >= version_1_0 ? '%'
                                                                     : '\0';
    decoded += character == '\0' ? path[i] : character;
    if (character != '\0') i += 2;
  }
  return decoded;
}

/// Whether some system would look for this path outside the bag (RFC 8493 §5.1). A backslash parts folders on Windows.
bool leaves_the_bag(std::string_view path) {
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  if (path.empty() || is_slash(path.front()) || path.front() == '~') return true;
  if (path.size() >= 2 && path[1] == ':') return true;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", start), path.size());
    if (path.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

/// The path of a line, or a fault in its place.
void take_path(std::string_view path, std::string checksum, std::size_t line, BagVersion version, Listing& listing) {
  if (path.starts_with('*')) {
    listing.faults.push_back({line,
                              "'*' before a path: written by a checksum tool in its binary mode, not as BagIt has it",
                              "the path alone", printable(path), false});
    path.remove_prefix(1);
  }
  if (path.starts_with("./")) {
    listing.faults.push_back(
        {line, "'./' before a path says nothing", std::string{printable(path.substr(2))}, printable(path), false});
    path.remove_prefix(2);
  }
  std::string decoded = percent_decoded(path, version);
  if (leaves_the_bag(decoded)) {
    listing.faults.push_back(
        {line, "The path leads out of the bag; it was not looked at", "a path within the bag", printable(path)});
    return;
  }
  listing.files.push_back({line, std::move(checksum), std::move(decoded)});
}

/// The value of `label: value`. Exactly so: this line is how a bag is known.
std::optional<std::string_view> declared(std::string_view line, std::string_view label) {
  if (!line.starts_with(label) || !line.substr(label.size()).starts_with(": ")) return std::nullopt;
  const std::string_view value = line.substr(label.size() + 2);
  if (value.empty() || value.find_first_of(blank) != std::string_view::npos) return std::nullopt;
  return value;
}

}  // namespace

Declaration read_declaration(std::string_view text) {
  constexpr std::array versions{BagVersion{0, 93}, BagVersion{0, 94}, BagVersion{0, 95},
                                BagVersion{0, 96}, BagVersion{0, 97}, version_1_0};
  Declaration declaration;
  const auto fault = [&](std::size_t line, std::string problem, std::string expected, std::string_view found) {
    declaration.faults.push_back({line, std::move(problem), std::move(expected), printable(found)});
  };
  if (text.starts_with("\xEF\xBB\xBF")) {
    fault(1, "A byte order mark stands before the first line", "BagIt-Version", text.substr(0, 3));
    text.remove_prefix(3);
  }
  std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() > 2) fault(3, "There are more lines than two", "two lines", lines[2]);
  lines.resize(2);
  BagVersion version;
  const auto number = declared(lines[0], "BagIt-Version");
  if (!number || !read_pair(*number, version.major, version.minor)) {
    fault(1, "The line that names the version of BagIt is not as it has to be", "BagIt-Version: 1.0", lines[0]);
  } else if (std::ranges::find(versions, version) == versions.end()) {
    fault(1, "There is no such version of BagIt, or none that is known here", "0.93 to 0.97 or 1.0", *number);
  } else {
    declaration.version = version;
  }
  if (const auto encoding = declared(lines[1], "Tag-File-Character-Encoding")) {
    declaration.encoding = *encoding;
  } else {
    fault(2, "The line that names the encoding of the tag files is not as it has to be",
          "Tag-File-Character-Encoding: UTF-8", lines[1]);
  }
  return declaration;
}

std::optional<std::string> to_utf8(std::string_view bytes, std::string_view encoding) {
  // A closed list: what iconv knows by name differs from system to system, and some names load code.
  constexpr std::array<std::string_view, 4> names{"utf-8", "us-ascii", "iso-8859-1", "utf-16"};
  const auto* const name = std::ranges::find(names, small_letters(encoding));
  if (name == names.end()) return std::nullopt;
  const iconv_t opened = ::iconv_open("UTF-8", name->data());
  if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;  // NOLINT: as iconv(3) has it
  const std::unique_ptr<std::remove_pointer_t<iconv_t>, int (*)(iconv_t)> conversion{opened, ::iconv_close};

  std::string text(bytes.size() * 2 + 4, '\0');  // no byte of these becomes more than two
  std::string from{bytes};
  char* in = from.data();
  char* out = text.data();
  std::size_t in_left = from.size(), out_left = text.size();
  if (::iconv(conversion.get(), &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1)) return std::nullopt;
  text.resize(text.size() - out_left);
  return text;
}

Listing read_manifest(std::string_view text, std::size_t checksum_length, BagVersion version) {
  Listing listing;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (trimmed(line).empty()) continue;
    const std::size_t digits = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
    const std::string_view rest = line.substr(digits);
    const std::string_view path = trimmed(rest);
    if ((checksum_length == 0 ? digits < 32 : digits != checksum_length) || path.empty() ||
        blank.find(rest.front()) == std::string_view::npos) {
      listing.faults.push_back({i + 1, "The line is no checksum and path",
                                checksum_length == 0
                                    ? "32 or more hexadecimal digits, a space, a path"
                                    : fmt::format("{} hexadecimal digits, a space, a path", checksum_length),
                                printable(line)});
      continue;
    }
    take_path(path, small_letters(line.substr(0, digits)), i + 1, version, listing);
  }
  return listing;
}

Listing read_fetch(std::string_view text, BagVersion version) {
  Listing listing;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view rest = trimmed(lines[i]);
    if (rest.empty()) continue;
    for (int word = 0; word < 2 && !rest.empty(); ++word) {  // the address and the length
      rest.remove_prefix(std::min(rest.find_first_of(blank), rest.size()));
      rest = trimmed(rest);
    }
    if (rest.empty()) {
      listing.faults.push_back({i + 1, "The line is no address, length and path",
                                "https://example.org/file 1234 data/file", printable(lines[i])});
    } else {
      take_path(rest, {}, i + 1, version, listing);
    }
  }
  return listing;
}

BagInfo read_bag_info(std::string_view text) {
  BagInfo info;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (trimmed(line).empty()) continue;
    if (blank.find(line.front()) != std::string_view::npos && i > 0) continue;  // goes on with the value before
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || trimmed(line.substr(0, colon)).empty()) {
      info.faults.push_back({i + 1, "The line is no label and value", "Label: value", printable(line)});
      continue;
    }
    if (small_letters(trimmed(line.substr(0, colon))) != "payload-oxum") continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    Oxum oxum;
    if (read_pair(value, oxum.octets, oxum.files)) {
      info.oxums.push_back(oxum);
    } else {
      info.faults.push_back({i + 1, "Payload-Oxum is not two numbers", "bytes, a full stop, files", printable(value)});
    }
  }
  return info;
}

}  // namespace answerable::bag
