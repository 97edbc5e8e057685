#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"

struct pg_result;

namespace answerable::pg {

/// The rows a statement answered; frees itself. Views are valid while it lives. Rows and columns count from 0.
/// Getters throw std::logic_error when the column has another type or the value is NULL, std::out_of_range when there
/// is no such row or column, and std::range_error for a date or timestamp of infinity.
class Result {
 public:
  explicit Result(pg_result* raw) : raw_(raw) {}

  int rows() const;
  /// Rows inserted, updated, deleted or selected, as the server counted them.
  std::int64_t affected() const;

  bool is_null(int row, int column) const;
  /// text, varchar, char, name, json, xml; jsonb without its version byte. An enum or uuid must be cast to text in the
  /// SQL.
  std::string_view text(int row, int column) const;
  bool boolean(int row, int column) const;
  std::int16_t int16(int row, int column) const;
  std::int32_t int32(int row, int column) const;
  std::int64_t int64(int row, int column) const;
  Day day(int row, int column) const;
  Instant instant(int row, int column) const;
  std::span<const std::byte> bytes(int row, int column) const;
  std::vector<std::string> text_array(int row, int column) const;

 private:
  struct Clear {
    void operator()(pg_result* raw) const;
  };
  std::string_view field(int row, int column, std::span<const std::uint32_t> types, const char* wanted) const;

  std::unique_ptr<pg_result, Clear> raw_;
};

}  // namespace answerable::pg
