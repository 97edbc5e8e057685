#include "reports/render/pdf_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ingest/digest.hpp"
#include "reports/render/text.hpp"

namespace answerable::render {
namespace {

/// As many as other writers take: enough to compress well, few enough to be read one by one.
constexpr std::size_t compressed_together = 100;

std::string deflated(std::string_view data) {
  auto size = ::compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                  static_cast<uLong>(data.size()), Z_DEFAULT_COMPRESSION) != Z_OK)
    throw std::runtime_error("PDF: zlib could not compress a stream");
  out.resize(size);
  return out;
}

void append_big_endian(std::string& out, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

}  // namespace

PdfFile::PdfFile() : bytes_("%PDF-1.7\n%\xBF\xF7\xA2\xFE\n"), places_(1) {}

PdfFile::Object PdfFile::reserve() {
  places_.emplace_back();
  return static_cast<Object>(places_.size()) - 1;
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

PdfFile::Object PdfFile::stream(std::string_view entries, std::string_view data, Compression compression) {
  const Object object = reserve();
  write_stream(object, entries, data, compression);
  return object;
}

void PdfFile::write_stream(Object object, std::string_view entries, std::string_view data, Compression compression) {
  place(object).offset = bytes_.size();
  const bool deflate = compression == Compression::deflate;
  const std::string packed = deflate ? deflated(data) : std::string(data);
  // The line before "endstream" is no part of the data (ISO 19005-2, 6.1.7.1).
  fmt::format_to(std::back_inserter(bytes_), "{} 0 obj\n<< {} /Length {}{} >>\nstream\n{}\nendstream\nendobj\n", object,
                 entries, packed.size(), deflate ? " /Filter /FlateDecode" : "", packed);
}

void PdfFile::write_waiting() {
  if (waiting_.empty()) return;
  const Object together = reserve();
  std::string places;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    place(waiting_[i].first) = {.within = together, .index = static_cast<int>(i)};
    fmt::format_to(std::back_inserter(places), "{} {} ", waiting_[i].first, waiting_[i].second);
  }
  write_stream(together, fmt::format("/Type /ObjStm /N {} /First {}", waiting_.size(), places.size()),
               places + waiting_values_, Compression::deflate);
  waiting_.clear();
  waiting_values_.clear();
}

std::string PdfFile::finish(Object root, Object information) && {
  write_waiting();
  // Made of the bytes, so that equal files are called the same.
  const std::string identifier = hex(sha256(as_bytes(bytes_))).substr(0, 32);
  const Object table = reserve();
  const std::size_t at = bytes_.size();
  place(table).offset = at;
  std::string entries;
  for (const Place& it : places_) {
    entries.push_back(it.within != 0 ? 2 : it.offset != 0 ? 1 : 0);
    append_big_endian(entries, it.within != 0 ? static_cast<std::size_t>(it.within) : it.offset, 5);
    append_big_endian(entries, static_cast<std::size_t>(it.index), 2);
  }
  write_stream(table,
               fmt::format("/Type /XRef /Size {} /W [1 5 2] /Root {} /Info {} /ID [<{}> <{}>]", places_.size(),
                           reference(root), reference(information), identifier, identifier),
               entries, Compression::deflate);
  fmt::format_to(std::back_inserter(bytes_), "startxref\n{}\n%%EOF\n", at);
  return std::move(bytes_);
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
