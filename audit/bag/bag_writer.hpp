#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bag/sink.hpp"
#include "audit/bag/sorted_spill.hpp"
#include "ingest/digest.hpp"

namespace answerable::bag {

/// A line of bag-info.txt. A label may come more than once.
struct Label {
  std::string name, value;
};

/// Writes a BagIt 1.0 bag (RFC 8493) into a sink, in one pass: payload (paths below `data/`) and tag files (all others)
/// in whatever order they come, then bag-info.txt, bagit.txt, manifest-sha256.txt and tagmanifest-sha256.txt. There is
/// no clock and no locale in it: the same labels and files give the same bytes, and the manifests are in the order of
/// the paths, byte by byte.
class BagWriter {
 public:
  /// \throws std::runtime_error on a label that is Payload-Oxum (which is worked out) or holds what cannot stand on a
  /// line
  BagWriter(Sink& sink, std::vector<Label> labels);

  /// The next file, in pieces. \throws std::runtime_error when no file may have this path (paths.hpp), or the bag makes
  /// that file itself
  void begin(std::string_view path);
  void write(std::span<const std::byte> piece);
  /// \return the SHA-256 that the manifest lists
  Digest end();
  /// A whole file.
  Digest add(std::string_view path, std::string_view content);

  /// Writes what is left and has the sink put the bag under its name.
  /// \return the SHA-256 of tagmanifest-sha256.txt, on which every byte of the bag hangs
  Digest finish();

 private:
  void begin_any(std::string_view path);

  Sink& sink_;
  std::vector<Label> labels_;
  Sha256 hash_;
  std::string path_;
  std::uint64_t size_{};
  std::uint64_t payload_octets_{}, payload_files_{};
  void write_manifest(std::string_view path, SortedSpill& files);
  SortedSpill payload_, tags_;  ///< path, a zero, digest
};

}  // namespace answerable::bag
