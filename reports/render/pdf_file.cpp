#include "reports/render/pdf_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <span>
#include <stdexcept>

#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

/// As many as other writers take: enough to compress well, few enough to be read one by one.
constexpr std::size_t compressed_together = 100;

/// zlib's. Of a long trail's pages it takes half the time of the default and gives a sixth more (measured); the next
/// takes longer and gives no less.
constexpr int compression_level = 3;

/// In pieces: of a long stream zlib's bound would take as much again as the stream itself.
std::string deflated(std::string_view data) {
  z_stream stream{};
  if (::deflateInit(&stream, compression_level) != Z_OK) throw std::runtime_error("PDF: zlib could not begin a stream");
  const std::unique_ptr<z_stream, decltype(&::deflateEnd)> ended(&stream, ::deflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // NOLINT: zlib only reads it
  stream.avail_in = static_cast<uInt>(data.size());
  std::string out;
  std::array<char, 16 * 1024> piece;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = ::deflate(&stream, Z_FINISH);
    if (state != Z_OK && state != Z_STREAM_END) throw std::runtime_error("PDF: zlib could not compress a stream");
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  return out;
}

}  // namespace

PdfFile::PdfFile(std::ostream& out) : out_(out), places_(1) {
  write("%PDF-1.7\n%\xBF\xF7\xA2\xFE\n");
}

void PdfFile::write(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  hash_.update(as_bytes(bytes));
  size_ += bytes.size();
}

PdfFile::Place PdfFile::place_of(int kind, std::size_t where, std::size_t index) {
  Place out{static_cast<char>(kind)};
  for (std::size_t i = 0; i < 5; ++i) out[5 - i] = static_cast<char>(where >> 8 * i & 0xFF);
  out[6] = static_cast<char>(index >> 8 & 0xFF);
  out[7] = static_cast<char>(index & 0xFF);
  return out;
}

PdfFile::Object PdfFile::reserve(std::size_t count) {
  places_.resize(places_.size() + count);
  return static_cast<Object>(places_.size() - count);
}

void PdfFile::put(Object object, std::string_view value) {
  waiting_.emplace_back(object, waiting_values_.size());
  waiting_values_ += value;
  waiting_values_ += '\n';
  if (waiting_.size() == compressed_together) write_waiting();
}

PdfFile::Object PdfFile::add(std::string_view value) {
  const Object object = reserve();
  put(object, value);
  return object;
}

void PdfFile::put_stream(Object object, std::string_view entries, std::string_view data, Compression compression) {
  place(object) = place_of(1, size_, 0);
  const bool deflate = compression == Compression::deflate;
  const std::string packed = deflate ? deflated(data) : std::string(data);
  // The line before "endstream" is no part of the data (ISO 19005-2, 6.1.7.1).
  write(fmt::format("{} 0 obj\n<< {} /Length {}{} >>\nstream\n", object, entries, packed.size(),
                    deflate ? " /Filter /FlateDecode" : ""));
  write(packed);
  write("\nendstream\nendobj\n");
}

PdfFile::Object PdfFile::add_stream(std::string_view entries, std::string_view data, Compression compression) {
  const Object object = reserve();
  put_stream(object, entries, data, compression);
  return object;
}

void PdfFile::write_waiting() {
  if (waiting_.empty()) return;
  const Object together = reserve();
  std::string places;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    place(waiting_[i].first) = place_of(2, static_cast<std::size_t>(together), i);
    fmt::format_to(std::back_inserter(places), "{} {} ", waiting_[i].first, waiting_[i].second);
  }
  put_stream(together, fmt::format("/Type /ObjStm /N {} /First {}", waiting_.size(), places.size()),
             places + waiting_values_);
  waiting_.clear();
  waiting_values_.clear();
}

void PdfFile::finish(Object root, Object information) {
  write_waiting();
  // Made of the bytes, so that equal files are called the same.
  const std::string identifier = hex(hash_.finish()).substr(0, 32);
  const Object table = reserve();
  const std::size_t at = size_;
  place(table) = place_of(1, at, 0);
  put_stream(table,
             fmt::format("/Type /XRef /Size {} /W [1 5 2] /Root {} /Info {} /ID [<{}> <{}>]", places_.size(),
                         reference(root), reference(information), identifier, identifier),
             as_text(std::as_bytes(std::span(places_))));
  write(fmt::format("startxref\n{}\n%%EOF\n", at));
}

std::string reference(PdfFile::Object object) {
  return fmt::format("{} 0 R", object);
}

void append_number(std::string& out, double value) {
  const auto thousandths = std::llround(value * 1000);
  if (thousandths < 0) out += '-';
  const auto all = std::abs(thousandths);
  out += fmt::format_int(all / 1000).c_str();
  if (all % 1000 == 0) return;
  out += '.';
  for (auto rest = all % 1000, unit = 100LL; rest != 0; rest %= unit, unit /= 10)
    out += static_cast<char>('0' + rest / unit);
}

void append_four_digits(std::string& out, std::uint32_t value) {
  for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789ABCDEF"[value >> shift & 0xF];
}

std::string ascii_string(std::string_view text) {
  std::string out = "(";
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '\\') out += '\\';
    out += c;
  }
  return out + ')';
}

std::string text_string(std::string_view raw) {
  const std::string text = presentable(raw);
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? ascii_string(text) : "<FEFF" + utf16_digits(text) + '>';
}

std::string utf16_digits(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const char32_t c = next_code_point(utf8);
    if (c < 0x10000) {
      append_four_digits(out, static_cast<std::uint32_t>(c));
    } else {
      const auto rest = static_cast<std::uint32_t>(c) - 0x10000;
      append_four_digits(out, 0xD800 + (rest >> 10));
      append_four_digits(out, 0xDC00 + (rest & 0x3FF));
    }
  }
  return out;
}

}  // namespace answerable::render
