#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/bag/appender.hpp"
#include "audit/bag/paths.hpp"
#include "audit/bag/sealed_zip_form.hpp"
#include "audit/bag/sink.hpp"

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
    const std::string* path;  ///< below the folder
    std::uint64_t waits_at{}, size{}, offset{};
    std::uint32_t crc{};
  };

  ZipEntry entry(const Waiting& waiting) const;

  std::filesystem::path file_;
  std::string folder_;
  Appender waiting_room_;
  Paths paths_;
  std::deque<Waiting> waiting_;
};

}  // namespace answerable::bag
