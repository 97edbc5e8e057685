#include "audit/bag/names.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace answerable::bag {
namespace {

bool prints(utf8proc_int32_t character) {
  switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

struct Free {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

}  // namespace

std::string printable(std::string_view name) {
  std::string shown;
  while (!name.empty()) {
    utf8proc_int32_t character = -1;
    const auto length = utf8proc_iterate(bytes_of(name), static_cast<utf8proc_ssize_t>(name.size()), &character);
    const bool good = length > 0 && prints(character);
    const auto taken = static_cast<std::size_t>(length > 0 ? length : 1);
    if (good) {
      shown += name.substr(0, taken);
    } else {
      for (const char c : name.substr(0, taken)) shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    }
    name.remove_prefix(taken);
  }
  return shown;
}

std::string alike(std::string_view name) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto length =
      utf8proc_map(bytes_of(name), static_cast<utf8proc_ssize_t>(name.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  const std::unique_ptr<utf8proc_uint8_t, Free> kept{mapped};
  if (length < 0) return std::string{name};  // no UTF-8: like nothing but itself
  return {reinterpret_cast<const char*>(kept.get()), static_cast<std::size_t>(length)};
}

}  // namespace answerable::bag
