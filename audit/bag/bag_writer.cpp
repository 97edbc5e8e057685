#include "audit/bag/bag_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ingest/xml/utf8.hpp"

namespace answerable::bag {
namespace {

constexpr std::string_view payload_oxum = "Payload-Oxum";

bool same_but_for_capitals(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, small, small);
}

bool is_one_line(std::string_view text) {
  return xml::Utf8Checker{}.check(text) == text.size() &&
         std::ranges::none_of(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
}

void check(const Label& label) {
  const auto refuse = [&](std::string_view why) {
    throw std::runtime_error(fmt::format("bag-info.txt cannot say '{}: {}': {}", label.name, label.value, why));
  };
  if (label.name.empty() || label.value.empty()) refuse("label and value both have to say something");
  if (label.name.find(':') != std::string::npos) refuse("a colon ends the label");
  if (label.name.front() == ' ' || label.name.back() == ' ' || label.value.front() == ' ' ||
      label.value.back() == ' ') {
    refuse("spaces at either end would be lost");
  }
  if (!is_one_line(label.name) || !is_one_line(label.value)) refuse("each has to be one line of UTF-8");
  if (same_but_for_capitals(label.name, payload_oxum)) refuse("it is worked out from the files");
}

bool is_made_here(std::string_view path) {
  constexpr std::array<std::string_view, 3> own{"bagit.txt", "bag-info.txt", "fetch.txt"};
  return std::ranges::any_of(own, [&](std::string_view name) { return same_but_for_capitals(path, name); }) ||
         (path.find('/') == std::string_view::npos && (same_but_for_capitals(path.substr(0, 9), "manifest-") ||
                                                       same_but_for_capitals(path.substr(0, 12), "tagmanifest-")));
}

}  // namespace

BagWriter::BagWriter(Sink& sink, std::vector<Label> labels) : sink_(sink), labels_(std::move(labels)) {
  std::ranges::for_each(labels_, check);
}

void BagWriter::begin(std::string_view path) {
  if (is_made_here(path)) {
    throw std::runtime_error(
        fmt::format("'{}' is a name BagIt keeps for itself: the bag makes that file, or has none", path));
  }
  if (path == "data") throw std::runtime_error("'data' is the folder of the payload: no file can be called so");
  begin_any(path);
}

void BagWriter::begin_any(std::string_view path) {
  sink_.begin(path);
  path_ = path;
  size_ = 0;
}

void BagWriter::write(std::span<const std::byte> piece) {
  hash_.update(piece);
  size_ += piece.size();
  sink_.write(piece);
}

Digest BagWriter::end() {
  sink_.end();
  const Digest digest = hash_.finish();
  const bool is_payload = path_.starts_with("data/");
  if (is_payload) {
    payload_octets_ += size_;
    ++payload_files_;
  }
  // The zero stands before every character of a path, so the rows come in the order of the paths.
  (is_payload ? payload_ : tags_).add((path_ + '\0').append(as_text(digest)));
  return digest;
}

Digest BagWriter::add(std::string_view path, std::string_view content) {
  begin(path);
  write(as_bytes(content));
  return end();
}

Digest BagWriter::finish() {
  const auto make = [this](std::string_view path, std::string_view content) {
    begin_any(path);
    write(as_bytes(content));
    end();
  };
  std::string info;
  for (const auto& [name, value] : labels_) info += fmt::format("{}: {}\n", name, value);
  make("bag-info.txt", info + fmt::format("{}: {}.{}\n", payload_oxum, payload_octets_, payload_files_));
  make("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  write_manifest("manifest-sha256.txt", payload_);
  end();
  write_manifest("tagmanifest-sha256.txt", tags_);
  const Digest seal = end();
  sink_.finish();
  return seal;
}

void BagWriter::write_manifest(std::string_view path, SortedSpill& files) {
  begin_any(path);
  files.each([&](std::string_view row) {
    const auto file = row.substr(0, row.find('\0'));
    write(as_bytes(fmt::format("{}  {}\n", hex(as_bytes(row.substr(file.size() + 1))), file)));
  });
}

}  // namespace answerable::bag
