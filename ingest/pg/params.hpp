#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::pg {

namespace detail {
template <class T>
struct OptionalOf : std::false_type {};
template <class T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Value = T;
};
template <class>
inline constexpr bool no_such_parameter = false;
}  // namespace detail

/// The values of one statement, in order $1, $2 … Text goes as text and takes the type the statement wants ($1::jsonb,
/// $1::text[] …); everything else goes in binary under its own type:
/// bool, int16/32/64 → bool, int2/4/8; Day → date; Instant → timestamptz; bytes → bytea; nullptr or an empty optional →
/// NULL. \throws std::invalid_argument for text holding a NUL character, which PostgreSQL cannot store.
class Params {
 public:
  Params() = default;
  template <class... Values>
  requires(sizeof...(Values) > 0 && !(std::same_as<Values, Params> || ...)) explicit Params(const Values&... values) {
    (add(values), ...);
  }

  template <class T>
  Params& add(const T& value) {
    if constexpr (detail::OptionalOf<T>::value) {
      if (value) return add(*value);
      return add_null(type_of<typename detail::OptionalOf<T>::Value>());
    } else if constexpr (std::same_as<T, std::nullptr_t>) {
      return add_null(0);
    } else if constexpr (std::same_as<T, bool>) {
      return add_binary(type_of<T>(), static_cast<std::uint64_t>(value), 1);
    } else if constexpr (std::signed_integral<T> && sizeof(T) >= 2) {
      return add_binary(type_of<T>(), static_cast<std::uint64_t>(value), sizeof(T));
    } else if constexpr (std::same_as<T, Day>) {
      return add_day(value);
    } else if constexpr (std::same_as<T, Instant>) {
      return add_instant(value);
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      return add_text(value);
    } else if constexpr (std::convertible_to<const T&, std::span<const std::byte>>) {
      return add_bytes(value);
    } else {
      static_assert(detail::no_such_parameter<T>, "not a type a statement can be given");
    }
  }

 private:
  friend struct Session;
  struct Slot {
    std::size_t offset;
    int length;  ///< -1 for NULL
    std::uint32_t type;
    int format;  ///< 0 text, 1 binary
  };

  /// PostgreSQL's own numbers for its types (pg_type.dat); 0 lets the server infer.
  template <class T>
  static constexpr std::uint32_t type_of() {
    if constexpr (std::same_as<T, bool>) return 16;
    if constexpr (std::signed_integral<T> && sizeof(T) == 2) return 21;
    if constexpr (std::signed_integral<T> && sizeof(T) == 4) return 23;
    if constexpr (std::signed_integral<T> && sizeof(T) == 8) return 20;
    if constexpr (std::same_as<T, Day>) return 1082;
    if constexpr (std::same_as<T, Instant>) return 1184;
    if constexpr (std::convertible_to<const T&, std::span<const std::byte>>) return 17;
    return 0;
  }

  Params& add_null(std::uint32_t type);
  Params& add_binary(std::uint32_t type, std::uint64_t value, std::size_t width);
  Params& add_day(Day value);
  Params& add_instant(Instant value);
  Params& add_text(std::string_view value);
  Params& add_bytes(std::span<const std::byte> value);

  std::string storage_;
  std::vector<Slot> slots_;
};

}  // namespace answerable::pg
