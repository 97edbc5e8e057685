#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/civil_date.hpp"

namespace answerable {

/// Adds a JSON string with its quotation marks; only what RFC 8259 §7 asks for is escaped.
void append_json_string(std::string& out, std::string_view text);

/// One flat JSON object, written member by member, without spaces: the same bytes for the same values, at any speed.
class JsonText {
 public:
  JsonText& text(std::string_view name, std::string_view value);
  JsonText& number(std::string_view name, std::int64_t value);
  JsonText& truth(std::string_view name, bool value);
  JsonText& null(std::string_view name);
  template <class T>
  JsonText& maybe(std::string_view name, const std::optional<T>& value) {
    if (!value) return null(name);
    if constexpr (std::is_integral_v<T>)
      return number(name, *value);
    else if constexpr (std::is_convertible_v<T, std::string_view>)
      return text(name, *value);
    else
      return text(name, iso(*value));
  }
  /// The object so far; the next begins anew.
  std::string take();

 private:
  void name(std::string_view name);
  std::string out_;
};

}  // namespace answerable
