#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace answerable::bag {

/// The versions there are: 0.93 to 0.97 (the Internet drafts) and 1.0 (RFC 8493).
struct BagVersion {
  int major{1}, minor{0};
  auto operator<=>(const BagVersion&) const = default;
};
inline constexpr BagVersion version_1_0{1, 0};

/// Reading a tag file found this; it goes on after it.
struct TagFault {
  std::size_t line{};  ///< from 1
  std::string problem, expected, found;
  bool is_error{true};
};

/// bagit.txt (RFC 8493 §2.1.1).
struct Declaration {
  BagVersion version;
  std::string encoding{"UTF-8"};
  std::vector<TagFault> faults;
};
Declaration read_declaration(std::string_view text);

/// The text in UTF-8; nothing when the bytes are not in that encoding, or it is none of UTF-8, US-ASCII, ISO-8859-1 and
/// UTF-16.
std::optional<std::string> to_utf8(std::string_view bytes, std::string_view encoding);

/// A path as a manifest or fetch.txt has it.
struct ListedFile {
  std::size_t line{};
  std::string checksum;  ///< of a manifest, in small letters
  std::string path;      ///< without `./` and `*` in front, and with what was percent-encoded put back
};
struct Listing {
  std::vector<ListedFile> files;  ///< those whose paths stay in the bag, in the order of the lines
  std::vector<TagFault> faults;
};
/// manifest-….txt and tagmanifest-….txt (RFC 8493 §2.1.3, §2.2.1). Every checksum has `checksum_length` hexadecimal
/// digits, or 0 where the length is not known.
Listing read_manifest(std::string_view text, std::size_t checksum_length, BagVersion version);
/// fetch.txt (RFC 8493 §2.2.3).
Listing read_fetch(std::string_view text, BagVersion version);

/// Payload-Oxum: how many bytes and files the payload has (RFC 8493 §2.2.2).
struct Oxum {
  std::uint64_t octets{}, files{};
  bool operator==(const Oxum&) const = default;
};
struct BagInfo {
  std::vector<Oxum> oxums;
  std::vector<TagFault> faults;
};
/// bag-info.txt (RFC 8493 §2.2.2).
BagInfo read_bag_info(std::string_view text);

}  // namespace answerable::bag
