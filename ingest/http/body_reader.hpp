#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <streambuf>
#include <string>

#include "ingest/http/connection.hpp"
#include "ingest/http/content_digest.hpp"
#include "ingest/http/head.hpp"
#include "ingest/http/server.hpp"

namespace answerable::http {

/// A request's body as it comes in, in flat memory: Content-Length or chunks (RFC 9112 §6, §7.1, to the letter).
///
/// The last bytes are given out only after the whole body came, its framing ended as it should, and its digest proved
/// right. Until then reading throws BodyFault, and throws it again however often it is tried.
class BodyReader : public std::streambuf {
 public:
  /// \param cap bytes; a chunked body that has more is a BodyFault 413
  BodyReader(Connection& connection, const Head& head, ContentDigest digest, std::size_t cap, const Limits& limits);

  /// Everything that is left.
  std::string read_all();
  /// The connection stands at the next request's head.
  bool at_end() const { return chunked_ ? finished_ : left_ == 0; }
  /// What reading threw, if it did.
  const std::exception_ptr& fault() const { return fault_; }
  std::uint64_t received() const { return received_; }

 protected:
  int_type underflow() override;

 private:
  std::size_t fill();
  void begin();
  void finish();
  void begin_chunk();
  void read_trailers();
  std::size_t receive(std::span<char> to);
  std::size_t read_on(std::span<char> to);
  std::string read_line(std::size_t most);
  Clock::time_point until() const;

  Connection& connection_;
  ContentDigest digest_;
  const Limits& limits_;
  std::uint64_t cap_, left_{}, received_{};  ///< left: of the body, or of the chunk
  bool chunked_, invite_, begun_{}, finished_{};
  std::exception_ptr fault_;
  Clock::time_point start_{Clock::now()};
  std::array<char, 64 << 10> buffer_;
};

}  // namespace answerable::http
