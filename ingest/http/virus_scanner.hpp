#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace answerable::http {

/// The virus scanner could not be asked, or did not look: what was to be scanned is not known to be clean.
struct ScannerAway : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// ClamAV's daemon, asked by its own protocol (clamd(8): INSTREAM). It speaks plainly, so it is on this machine.
class VirusScanner {
 public:
  /// \param address "unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310" \param silence how long it may say nothing
  /// \throws std::runtime_error for an address of another shape, or of another machine
  explicit VirusScanner(std::string address, std::chrono::seconds silence = std::chrono::minutes{2});

  /// What it finds, by the scanner's name for it; nothing when it finds nothing. \throws ScannerAway
  std::optional<std::string> scan(std::string_view bytes) const;

 private:
  std::string address_;
  std::chrono::seconds silence_;
};

/// Its scan(), as intake::Options has it; nothing for the address "". \throws as VirusScanner()
std::function<std::optional<std::string>(std::string_view bytes)> scanning(const std::string& address);

}  // namespace answerable::http
