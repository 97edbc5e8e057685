#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ingest/parsed.hpp"

namespace answerable::service {

/// A file that was taken in; the database holds its receipt and what was wrong with it.
struct Taken {
  std::int64_t submission{};
  bool repeated{};  ///< the same file had been taken in before; nothing was stored now
  std::int64_t stored{}, held{}, already_held{};
};
/// A file of which nothing was stored, and why.
struct Refused {
  std::vector<Fault> faults;
};
/// A large file that is held durably and taken in one of these moments.
struct Waiting {
  std::string upload;
  std::uint64_t bytes{}, bytes_read{};
};
using Sent = std::variant<Taken, Refused, Waiting>;

/// What would become of a file.
struct Checked {
  bool refused{};
  std::string taken_in_as;  ///< "S905-12" when this very file was taken in before
  std::int64_t records{}, would_store{}, would_hold{}, already_held{};
  std::vector<Fault> faults;
};

/// Sends what somebody made or chose on a page through the real intake, as anything else that comes in: these pages
/// have no right to write records. Sent for the organisation of whoever the session is of (the council itself, of its
/// own people), and to their council.
class Sending {
 public:
  /// \param intake the intake's address, as http::Question has it
  explicit Sending(std::string intake) : intake_(std::move(intake)) {}

  /// \param token the session's \param file a submission, schemas/submission/1 \param bytes of the file
  /// \throws http::Problem 503 when the intake does not answer: nobody knows then whether it was stored, and sending
  /// the same file again is safe. The same for the others
  Sent submit(const std::string& token, std::istream& file, std::uint64_t bytes) const;
  Sent submit(const std::string& token, const std::string& file) const;
  Checked check(const std::string& token, std::istream& file, std::uint64_t bytes) const;
  Checked check(const std::string& token, const std::string& file) const;
  /// What has become of a file that waited. Nothing when there is none of that id, or it is another sender's.
  std::optional<Sent> upload(const std::string& token, const std::string& id) const;

 private:
  std::string intake_;
};

}  // namespace answerable::service
