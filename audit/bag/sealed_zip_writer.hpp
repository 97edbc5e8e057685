#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/bag/appender.hpp"
#include "audit/bag/paths.hpp"
#include "audit/bag/sealed_zip_form.hpp"
#include "audit/bag/sink.hpp"
#include "audit/bag/sorted_spill.hpp"

namespace answerable::bag {

/// A ZIP of the one form that schemas/formats/sealed-zip.md allows: the same files give the same bytes, in whatever
/// order they come. The contents wait in a nameless file beside the ZIP until all paths are known; that and the
/// finished file are one size. Only its owner may read the ZIP.
class SealedZipWriter : public Sink {
 public:
  /// What `file` named before stays until finish() takes its place. Every entry lies in `folder`, so that unpacking
  /// makes one folder of that name.
  SealedZipWriter(std::filesystem::path file, std::string folder);

  void begin(std::string_view path) override;
  void write(std::span<const std::byte> piece) override;
  void end() override;
  void finish() override;

 private:
  struct Waiting {
    std::uint64_t waits_at{}, size{};
    std::uint32_t crc{};
  };

  std::filesystem::path file_;
  std::string folder_;
  Appender waiting_room_;
  Paths paths_;
  std::string path_;  ///< of the newest, below the folder
  Waiting newest_;
  SortedSpill waiting_;  ///< path, a zero, Waiting
  std::uint64_t entries_{};
};

}  // namespace answerable::bag
