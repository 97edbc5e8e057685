#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace answerable::cli {

/// Writes a document to standard output: two spaces of indent, UTF-8, a line feed at the end.
void print_json(const nlohmann::ordered_json& document);

/// Writes text to standard output. \throws std::runtime_error when it cannot be written
void print(const std::string& text);
/// Also when the output is a pipe that nobody would otherwise read before the program ends.
void print_at_once(const std::string& text);

/// What a terminal can be shown without being steered: control characters other than line feed and tab become U+FFFD.
std::string printable(const std::string& text);

/// "1,234,567"
std::string grouped(std::int64_t number);

/// A bar on standard error, only on a terminal and only for work that lasts more than half a second. One that was shown
/// is shown to its end. Gone when dropped.
class ProgressBar {
 public:
  /// \param total 0: not known
  ProgressBar(std::string label, std::uint64_t total);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void show(std::uint64_t amount);

 private:
  std::string label_;
  std::uint64_t total_;
  bool terminal_, shown_{false};
  std::chrono::steady_clock::time_point next_;
};

}  // namespace answerable::cli
