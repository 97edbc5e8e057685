#include "ingest/pg/params.hpp"

#include <stdexcept>

#include "ingest/pg/wire.hpp"

namespace answerable::pg {

Params& Params::add_null(std::uint32_t type) {
  slots_.push_back({0, -1, type, 1});
  return *this;
}

Params& Params::add_binary(std::uint32_t type, std::uint64_t value, std::size_t width) {
  slots_.push_back({storage_.size(), static_cast<int>(width), type, 1});
  switch (width) {
    case 1:
      storage_.push_back(static_cast<char>(value));
      break;
    case 2:
      wire::put(storage_, static_cast<std::uint16_t>(value));
      break;
    case 4:
      wire::put(storage_, static_cast<std::uint32_t>(value));
      break;
    default:
      wire::put(storage_, value);
  }
  return *this;
}

Params& Params::add_day(Day value) {
  return add_binary(type_of<Day>(), static_cast<std::uint64_t>(wire::from_day(value)), 4);
}

Params& Params::add_instant(Instant value) {
  return add_binary(type_of<Instant>(), static_cast<std::uint64_t>(wire::from_instant(value)), 8);
}

Params& Params::add_text(std::string_view value) {
  if (value.find('\0') != std::string_view::npos)
    throw std::invalid_argument("text for the database holds a NUL character: refuse it where it came in");
  slots_.push_back({storage_.size(), static_cast<int>(value.size()), 0, 0});
  storage_.append(value);
  storage_.push_back('\0');  // libpq reads text parameters to the NUL, not by length
  return *this;
}

Params& Params::add_bytes(std::span<const std::byte> value) {
  slots_.push_back({storage_.size(), static_cast<int>(value.size()), 17, 1});
  storage_.append(reinterpret_cast<const char*>(value.data()), value.size());
  return *this;
}

}  // namespace answerable::pg
