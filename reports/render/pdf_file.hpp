#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/digest.hpp"

namespace answerable::render {

/// A PDF file as it is written, object after object (ISO 32000-1, 7.3 and 7.5). Only the places of its objects stay in
/// memory, eight bytes each, and the few that wait to be compressed together (7.5.7).
class PdfFile {
 public:
  /// An object's number.
  using Object = int;

  /// `out` must outlive this; it is for who opened it to see whether all was written.
  explicit PdfFile(std::ostream& out);

  /// Objects that others can refer to before they are written: the first of so many in a row.
  Object reserve(std::size_t count = 1);
  /// \param value anything but a stream, as it stands in the file
  void put(Object object, std::string_view value);
  Object add(std::string_view value);
  enum class Compression { none, deflate };
  /// \param entries of its dictionary, beside what tells of its length and compression
  void put_stream(Object object, std::string_view entries, std::string_view data,
                  Compression compression = Compression::deflate);
  Object add_stream(std::string_view entries, std::string_view data, Compression compression = Compression::deflate);
  /// Writes what is left. Equal objects, written in the same order, give equal bytes.
  void finish(Object root, Object information);

 private:
  /// An object's place as the file's table has it (7.5.8): of what kind it is, at which byte or within which object,
  /// and its index there.
  using Place = std::array<char, 8>;
  static Place place_of(int kind, std::size_t where, std::size_t index);
  Place& place(Object object) { return places_[static_cast<std::size_t>(object)]; }
  void write(std::string_view bytes);
  void write_waiting();

  std::ostream& out_;
  std::size_t size_{};
  Sha256 hash_;  ///< of all that was written
  std::vector<Place> places_;
  std::vector<std::pair<Object, std::size_t>> waiting_;  ///< and where each begins in waiting_values_
  std::string waiting_values_;
};

/// "12 0 R"
std::string reference(PdfFile::Object object);

/// With three places behind the point at most, which is far less than can be seen.
void append_number(std::string& out, double value);

/// Four hexadecimal digits. \pre value < 0x10000
void append_four_digits(std::string& out, std::uint32_t value);

/// A string of ASCII characters (ISO 32000-1, 7.3.4).
std::string ascii_string(std::string_view text);
/// A text string (7.9.2.2) as people may be shown it: in UTF-16 unless it is ASCII.
std::string text_string(std::string_view raw);
/// UTF-16, highest byte first, in hexadecimal digits without brackets.
std::string utf16_digits(std::string_view utf8);

}  // namespace answerable::render
