#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed.hpp"
#include "ingest/xml/splitter.hpp"

/// What parent and parse worker say to each other: frames of a length (four bytes, little-endian, of what follows), a
/// kind (one byte) and a content. The parent trusts nothing that comes back: every read is checked.
namespace answerable::xml::wire {

enum class FrameKind : char {
  setup = 'S',   ///< to the worker: where the schemas lie
  ready = 'Y',   ///< from it: grammars loaded, rights given up
  failed = 'E',  ///< from it: cannot start, in words
  head = 'H',    ///< to it: a new file's head
  chunk = 'C',   ///< to it: records of that file
  tail = 'T',    ///< to it: what stands behind the last record
  whole = 'W',   ///< to it: a document to be looked at for well-formedness only
  result = 'R',  ///< from it: what one chunk, tail or whole holds
};

inline constexpr std::size_t prefix_size = 5;
/// Nothing honest comes near it.
inline constexpr std::uint32_t most_frame = 192U << 20;

/// The content of a frame ended before what it must hold, or holds what it cannot.
struct Broken : std::runtime_error {
  Broken() : std::runtime_error("a broken frame from the parse worker") {}
};

class Writer {
 public:
  explicit Writer(FrameKind kind);
  void u8(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void i32(int value) { u32(static_cast<std::uint32_t>(value)); }
  void text(std::string_view value);
  void position(const Position& value);
  void day(Day value) { i32(value.time_since_epoch().count()); }
  void reserve(std::size_t size) { bytes_.reserve(size); }
  void raw(std::string_view encoded) { bytes_ += encoded; }
  /// What was written so far, without the frame's prefix.
  std::string_view content() const { return std::string_view(bytes_).substr(prefix_size); }
  void clear() { bytes_.resize(prefix_size); }
  /// The whole frame, its length set.
  std::string take();

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view content) : left_(content) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  int i32() { return static_cast<int>(u32()); }
  std::string text() { return std::string(view()); }
  std::string_view view();
  Position position();
  Day day();
  /// A count of things that take at least `least` bytes each.
  std::uint32_t count(std::size_t least);
  void expect_end() const;

 private:
  std::string_view take(std::size_t size);
  std::string_view left_;
};

struct Head {
  std::string bytes, closing;
  Day today{};
};

struct ChunkJob {
  std::uint64_t job{};
  bool wants_envelope{};
  Position start;
  std::vector<RecordCut> records;
  std::string_view bytes;
};

struct Result {
  std::uint64_t job{};
  bool fatal{};  ///< not to be read to its end
  std::optional<Envelope> envelope;
  std::vector<Fault> faults;
  std::vector<ParsedRecord> records;  ///< place in the file left out: the parent knows it better
};

/// The records of a result, put into the frame's form one by one as they are made: so that only one of them lies in
/// memory as values. Its memory is used again.
class Records {
 public:
  Records() : to_(FrameKind::result) {}
  void clear();
  void add(const ParsedRecord& record);
  std::uint32_t count() const { return count_; }
  std::string_view encoded() const { return to_.content(); }

 private:
  Writer to_;
  std::uint32_t count_{};
};

std::string setup(const std::string& schemas_folder, std::uint32_t cpu_seconds, bool contents);
std::string head(const Head& head);
std::string chunk(std::uint64_t job, bool wants_envelope, const Chunk& chunk);
std::string tail(std::uint64_t job, bool wants_envelope, Position start, std::string_view bytes);
std::string whole(std::uint64_t job, std::string_view bytes);
/// \param result without its records
std::string result(const Result& result, const Records& records);

Head read_head(std::string_view content);
/// The bytes stay in `content`.
ChunkJob read_chunk(std::string_view content);
Result read_result(std::string_view content);

}  // namespace answerable::xml::wire
