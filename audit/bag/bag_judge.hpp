#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/bag/bag_source.hpp"

namespace answerable::bag {

enum class Severity { error, warning };

/// Something about a bag that is not as it has to be (error) or should be (warning), in words for a reader who has not
/// read RFC 8493. All text can be printed as it is.
struct Finding {
  Severity severity{};
  std::string path;  ///< of the file it is about, in the bag; of the bag itself where it is about the whole
  std::string problem;
  std::string expected, found;  ///< empty where there is nothing to set against each other

  bool operator==(const Finding&) const = default;
};

struct Verdict {
  std::vector<Finding> findings;  ///< about the whole first, then in the order of the paths
  std::string version;            ///< of BagIt, such as `1.0`; empty when the bag does not say
  std::uint64_t files{};          ///< all that were read
  std::uint64_t octets{};         ///< in them

  /// Complete and valid (RFC 8493 §3): there is no error.
  bool valid() const;
};

/// Judges a bag whole: BagIt 0.93 to 1.0, manifests of MD5 and SHA-1 to SHA-512. Every file that is missing, changed or
/// added is named; nothing is fetched, no link followed, and one pass made over the bytes.
///
/// A ZIP is sealed: there a file that no tag manifest lists is an error, in a folder a warning.
/// Before 1.0 a bag stays valid, with a warning, when a file is listed twice with one checksum, or under two names that
/// a file system may take for one; or when a file is missing that an operating system makes and removes by itself.
/// \throws std::runtime_error when there is nothing to read; never for what a bag says
Verdict judge_bag(const std::filesystem::path& path);
/// As above, of a bag that is open: to read on in it afterwards.
Verdict judge_bag(const BagSource& source);

}  // namespace answerable::bag
