#pragma once

#include <filesystem>
#include <optional>

#include "audit/bag/file.hpp"
#include "audit/bag/paths.hpp"
#include "audit/bag/sink.hpp"

namespace answerable::bag {

/// Files in a folder of their own, which only their owner may open.
class FolderSink : public Sink {
 public:
  /// \throws std::runtime_error when there is something called `folder` already: nothing is ever written over
  explicit FolderSink(std::filesystem::path folder);
  FolderSink(const FolderSink&) = delete;
  FolderSink& operator=(const FolderSink&) = delete;
  ~FolderSink() override;

  void begin(std::string_view path) override;
  void write(std::span<const std::byte> piece) override;
  void end() override;
  void finish() override;

 private:
  std::filesystem::path folder_;
  std::filesystem::path unfinished_;
  Paths paths_;
  std::optional<File> file_;
};

}  // namespace answerable::bag
