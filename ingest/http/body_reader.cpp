#include "ingest/http/body_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

constexpr std::size_t most_chunk_line = 256;
constexpr std::size_t most_trailer_bytes = 8 << 10;
constexpr std::size_t most_chunk_digits = 15;  // of a number that cannot overflow

[[noreturn]] void bad_chunk(const char* what) {
  throw BodyFault(400, fmt::format("The chunks of the body cannot be told apart: {} (RFC 9112 section 7.1).", what));
}

std::uint64_t parse_chunk_line(std::string_view line) {
  const std::string_view size = line.substr(0, line.find(';')), extension = line.substr(size.size());
  if (size.empty() || size.size() > most_chunk_digits) bad_chunk("a chunk's size has none or too many digits");
  std::uint64_t bytes = 0;
  for (const char c : size) {
    const auto digit = hex_digit(c);
    if (!digit) bad_chunk("a chunk's size is not a hexadecimal number");
    bytes = bytes << 4 | *digit;
  }
  if (std::ranges::any_of(extension, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; }))
    bad_chunk("a chunk's extension holds control characters");
  return bytes;
}

}  // namespace

BodyReader::BodyReader(Connection& connection, const Head& head, ContentDigest digest, std::size_t cap,
                       const Limits& limits)
    : connection_(connection),
      digest_(std::move(digest)),
      limits_(limits),
      cap_(cap),
      left_(head.length.value_or(0)),
      chunked_(head.chunked),
      invite_(head.expects_continue) {}

std::string BodyReader::read_all() {
  std::string body;
  if (!chunked_) body.reserve(static_cast<std::size_t>(left_));
  while (underflow() != traits_type::eof()) {
    body.append(gptr(), egptr());
    setg(nullptr, nullptr, nullptr);
  }
  return body;
}

BodyReader::int_type BodyReader::underflow() {
  if (gptr() != egptr()) return traits_type::to_int_type(*gptr());
  if (fault_) std::rethrow_exception(fault_);
  try {
    if (!std::exchange(begun_, true)) begin();
    const std::size_t bytes = finished_ ? 0 : fill();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + bytes);
    return bytes == 0 ? traits_type::eof() : traits_type::to_int_type(buffer_[0]);
  } catch (const BodyFault&) {
    fault_ = std::current_exception();
  } catch (const Problem& bad_trailer) {
    fault_ = std::make_exception_ptr(BodyFault(bad_trailer.status, bad_trailer.detail));
  }
  setg(nullptr, nullptr, nullptr);
  std::rethrow_exception(fault_);
}

void BodyReader::begin() {
  if (invite_ && !at_end()) {
    std::string_view rest = "HTTP/1.1 100 Continue\r\n\r\n";
    while (!rest.empty()) rest.remove_prefix(connection_.write(rest, until()));
  }
  if (chunked_)
    begin_chunk();
  else if (left_ == 0)
    finish();
}

/// Some bytes of the body. When they are the last, everything about it has been checked.
std::size_t BodyReader::fill() {
  const std::size_t bytes =
      receive({buffer_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), left_))});
  left_ -= bytes;
  received_ += bytes;
  digest_.update({buffer_.data(), bytes});
  if (left_ != 0) return bytes;
  if (!chunked_) {
    finish();
  } else {
    if (!read_line(most_chunk_line).empty()) bad_chunk("a chunk does not end where its size says");
    begin_chunk();
  }
  return bytes;
}

void BodyReader::finish() {
  digest_.check();
  finished_ = true;
}

void BodyReader::begin_chunk() {
  left_ = parse_chunk_line(read_line(most_chunk_line));
  if (left_ > cap_ - received_) throw BodyFault(413, fmt::format("The body has more than {} bytes.", cap_));
  if (left_ != 0) return;
  read_trailers();
  finish();
}

/// Their form is checked; what they say is not used.
void BodyReader::read_trailers() {
  std::size_t bytes = 0;
  for (std::string line = read_line(most_trailer_bytes); !line.empty(); line = read_line(most_trailer_bytes)) {
    bytes += line.size();
    if (bytes > most_trailer_bytes) bad_chunk("what follows the last one is too long");
    parse_field(line);
  }
}

std::size_t BodyReader::receive(std::span<char> to) {
  if (connection_.came.empty()) return read_on(to);
  const std::size_t bytes = connection_.came.copy(to.data(), to.size());
  connection_.came.erase(0, bytes);
  return bytes;
}

std::size_t BodyReader::read_on(std::span<char> to) {
  try {
    const std::size_t bytes = connection_.read(to, until());
    if (bytes != 0) return bytes;
  } catch (const Lost&) {
    throw CutOff(408, fmt::format("The body came too slowly: {} bytes so far. Nothing of it was used.", received_));
  }
  throw CutOff(400, fmt::format("The body was cut off after {} bytes. Nothing of it was used.", received_));
}

/// A line of the chunks' framing, without its end.
std::string BodyReader::read_line(std::size_t most) {
  std::string& came = connection_.came;
  for (std::size_t seen = 0;;) {
    const auto end = came.find('\n', seen);
    if (std::min(end, came.size()) > most) bad_chunk("a line is too long");
    if (end != came.npos) {
      if (end == 0 || came[end - 1] != '\r') bad_chunk("a line ends otherwise than with CR LF");
      std::string line = came.substr(0, end - 1);
      came.erase(0, end + 1);
      return line;
    }
    seen = came.size();
    std::array<char, 4096> more;
    came.append(more.data(), read_on(more));
  }
}

Clock::time_point BodyReader::until() const {
  const std::chrono::milliseconds earned{received_ * 1000 / limits_.slowest};
  return std::min(Clock::now() + limits_.silence, start_ + limits_.silence + earned);
}

}  // namespace answerable::http
