#include "reports/pages/rows.hpp"

namespace answerable::pages {

std::uint64_t RowStore::append(const std::string& packed) {
  const auto length = static_cast<std::uint32_t>(packed.size());
  std::string row(reinterpret_cast<const char*>(&length), sizeof length);
  return spill_.append(row += packed);
}

std::string_view RowStore::row(std::uint64_t at) {
  std::uint32_t length{};
  std::memcpy(&length, spill_.read(at, sizeof length).data(), sizeof length);
  return spill_.read(at + sizeof length, length);
}

}  // namespace answerable::pages
