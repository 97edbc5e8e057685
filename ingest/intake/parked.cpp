#include "ingest/intake/parked.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "ingest/digest.hpp"

namespace answerable::intake {
namespace {

using Lengths = std::array<std::uint32_t, 3>;  // of the encoded record, its lead, its body

[[noreturn]] void fail() {
  throw std::system_error(
      errno, std::generic_category(),
      "the temporary file for records that wait for others cannot be used: is the temporary folder full?");
}

std::span<const std::byte> raw(const Lengths& lengths) {
  return std::as_bytes(std::span(lengths));
}

void write(std::FILE* file, std::span<const std::byte> bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) fail();
}

std::string read_text(std::FILE* file, std::size_t size) {
  std::string text(size, '\0');
  if (std::fread(text.data(), 1, size, file) != size) fail();
  return text;
}

}  // namespace

std::uint32_t Parked::add(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                          const Key& id, std::int16_t kind) {
  if (!file_) {
    file_.reset(std::tmpfile());
    if (!file_) fail();
  }
  std::string encoded;
  encode(record, encoded);
  const Lengths lengths{static_cast<std::uint32_t>(encoded.size()), static_cast<std::uint32_t>(lead.size()),
                        static_cast<std::uint32_t>(body.size())};
  write(file_.get(), raw(lengths));
  write(file_.get(), as_bytes(encoded));
  write(file_.get(), lead);
  write(file_.get(), body);
  const auto place = static_cast<std::uint32_t>(places_.size());
  places_.push_back(
      {.id = id, .offset = end_, .line = record.line, .kind = kind, .defines_subject = record.defines_subject});
  end_ += sizeof lengths + encoded.size() + lead.size() + body.size();
  return place;
}

RecordWithBytes Parked::read(std::uint32_t place) {
  const auto offset = static_cast<off_t>(places_[place].offset);
  // Seeking throws the buffer away; reading on does not.
  if (::ftello(file_.get()) != offset && ::fseeko(file_.get(), offset, SEEK_SET) != 0) fail();
  Lengths lengths;
  if (std::fread(lengths.data(), sizeof(std::uint32_t), lengths.size(), file_.get()) != lengths.size()) fail();
  RecordWithBytes found{decode(read_text(file_.get(), lengths[0])), {}, {}};
  found.lead = read_text(file_.get(), lengths[1]);
  found.body = read_text(file_.get(), lengths[2]);
  return found;
}

void Parked::hold_leaning() {
  std::sort(leanings_.begin(), leanings_.end());
  std::vector<std::uint32_t> held;
  for (std::uint32_t place = 0; place < places_.size(); ++place)
    if (places_[place].held) held.push_back(place);
  while (!held.empty()) {
    const std::uint32_t on = held.back();
    held.pop_back();
    for (auto at = std::lower_bound(leanings_.begin(), leanings_.end(), std::pair{on, std::uint32_t{0}});
         at != leanings_.end() && at->first == on; ++at) {
      Place& place = places_[at->second];
      if (place.held || place.repeated) continue;
      place.held = true;
      place.held_by = static_cast<std::int32_t>(on);
      held.push_back(at->second);
    }
  }
}

}  // namespace answerable::intake
