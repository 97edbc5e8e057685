#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed.hpp"
#include "ingest/xml/position.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::xml {

inline constexpr std::string_view submission_ns = "urn:answerable:submission:1";  ///< the envelope's

/// Where a record lies in the chunk it came with.
struct RecordCut {
  std::uint32_t lead{};    ///< bytes before it that belong to no record
  std::uint32_t length{};  ///< its own bytes
  Position start;          ///< of its first byte, in the file
};

/// Whole records, one after another, each behind its lead.
struct Chunk {
  Position start;  ///< of the first lead
  std::uint64_t first_record{};
  std::string bytes;
  std::vector<RecordCut> records;
};

struct SplitCaps {
  std::size_t head = 256 << 10;   ///< bytes before the first record, and behind the last
  std::size_t record = 8 << 20;   ///< one record with its lead
  std::size_t chunk = 384 << 10;  ///< a chunk is closed once it has this many
  int depth = 64;
  int attributes = 256;    ///< of one element
  std::size_t name = 256;  ///< bytes of an element's or attribute's name
};

/// The file cannot be read on from here.
struct Refusal {
  Fault fault;
};

/// Cuts a submission at its record boundaries without parsing it: a byte scanner that knows tags, quotes, comments,
/// CDATA and processing instructions. It checks that the bytes are UTF-8 and XML characters, refuses every DOCTYPE, and
/// the caps. Names and well-formedness inside the pieces are the parser's business; nothing it would accept as a whole
/// is cut wrongly.
class Splitter {
 public:
  /// Fills a buffer from its start; returns how many bytes, 0 at the end of the file.
  using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

  explicit Splitter(Source source, SplitCaps caps = {});

  /// Reads up to and with the start tag of records. Call once, first. \throws Refusal
  void read_head();
  /// False when the root element is not our submission: then rest() holds what follows, and there are no chunks.
  bool is_submission() const { return is_submission_; }
  /// From the first byte of the file.
  std::string_view head() const { return head_; }
  /// What closes a document made of head and some records: "</records></submission>", with the prefixes used.
  std::string_view closing() const { return closing_; }

  /// The next whole records, nothing when there are none left. \throws Refusal
  std::optional<Chunk> next();

  /// After the last chunk: from behind the last record to the end of the file. \throws Refusal
  std::string_view tail() const { return tail_; }
  Position tail_start() const { return tail_start_; }

  /// For a root that is not our submission: the whole file, or nothing when it is larger than a record may be. \throws
  /// Refusal
  std::optional<std::string> whole();

 private:
  enum class Token { text, start_tag, empty_tag, end_tag, other, end_of_file };
  struct Lexeme {
    Token token{};
    std::size_t begin{}, end{};
  };

  bool fill();
  Lexeme lex();
  Lexeme lex_tag(std::size_t begin);
  std::size_t find_quote(std::size_t begin, std::size_t open);
  std::size_t find_end(std::size_t begin, std::size_t from, std::string_view closer, std::string_view what);
  std::string_view slice(std::size_t begin, std::size_t end) const { return {buffer_.data() + begin, end - begin}; }
  void read_declaration();
  void read_tail();
  void drop_before(std::size_t offset, const Position& there);
  [[noreturn]] void refuse(std::size_t offset, std::string code, std::string problem, std::string expected,
                           std::string mend, std::string sent = {}) const;
  [[noreturn]] void refuse_end(std::string_view inside) const;

  Source source_;
  SplitCaps caps_;
  Utf8Checker checker_;
  std::string buffer_;
  std::size_t used_{};     ///< bytes read into buffer_
  std::size_t checked_{};  ///< of which are good characters
  std::size_t at_{};       ///< next byte to scan
  std::size_t token_cap_{};
  bool end_{}, bad_{}, ascii_only_{};
  Position base_;  ///< of buffer_[0]
  bool is_submission_{}, has_records_{};
  int depth_{};
  std::uint64_t records_{};
  std::string head_, closing_, tail_, root_name_, records_name_;
  Position tail_start_;
};

}  // namespace answerable::xml
