#pragma once

#include <array>
#include <cstdint>
#include <streambuf>
#include <string_view>

#include "ingest/http/connection.hpp"
#include "ingest/http/server.hpp"

namespace answerable::http {

/// Sends an answer, however long, to a client that must not be too slow in taking it.
class Sender {
 public:
  Sender(Connection& connection, const Limits& limits) : connection_(connection), limits_(limits) {}
  /// \throws Lost
  void send(std::string_view bytes);

 private:
  Connection& connection_;
  const Limits& limits_;
  std::uint64_t sent_{};
  Clock::time_point start_{Clock::now()};
};

/// The body of an answer while it is written: in chunks, or as it is where the head stated its length.
class AnswerWriter : public std::streambuf {
 public:
  AnswerWriter(Sender& sender, bool chunked);
  /// After the last byte.
  void finish();
  std::uint64_t written() const { return written_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  Sender& sender_;
  bool chunked_;
  std::uint64_t written_{};
  std::array<char, 64 << 10> buffer_;
};

}  // namespace answerable::http
