#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/civil_date.hpp"

namespace answerable::pg {

struct Session;

/// Rows into a table by `COPY … FROM STDIN (FORMAT binary)`. For each row: row(columns), then every field in order,
/// each in exactly the column's type (int32 into a bigint column is refused by the server). Nothing else may be run in
/// the transaction until finish(). Dropped without finish(), the copy is given up and the transaction can only roll
/// back. \throws std::logic_error when a row has more or fewer fields than it said, Error from the server
class CopyIn {
 public:
  CopyIn(CopyIn&&) noexcept;
  CopyIn& operator=(CopyIn&&) = delete;
  ~CopyIn();

  void row(std::int16_t columns);
  void null();
  void text(std::string_view value);
  void boolean(bool value);
  void int16(std::int16_t value);
  void int32(std::int32_t value);
  void int64(std::int64_t value);
  void day(Day value);
  void instant(Instant value);
  void bytes(std::span<const std::byte> value);
  void jsonb(std::string_view json);
  void text_array(std::span<const std::string> values);

  /// Ends the copy and returns the number of rows the server took. Errors in any row come out here at the latest.
  std::int64_t finish();

 private:
  friend class Transaction;
  CopyIn(Session& session, std::string statement);
  void count_field();
  void check_row_complete() const;
  void send();

  Session* session_;  ///< null once finished or moved from
  std::string statement_;
  std::string buffer_;
  int fields_left_{0};
};

/// Rows out by `COPY (SELECT …) TO STDOUT (FORMAT binary)`, one at a time, in flat memory. Fields count from 0; views
/// are valid until next(). Binary COPY carries no types, so getters can check widths only: what a column is, the SQL
/// must say by a cast. Dropped before next() has returned false, the copy is cancelled and the transaction can only
/// roll back. \throws std::logic_error when a field is NULL or has another width, std::out_of_range when there is no
/// such field
class CopyOut {
 public:
  CopyOut(CopyOut&&) noexcept;
  CopyOut& operator=(CopyOut&&) = delete;
  ~CopyOut();

  /// Steps to the next row; false after the last. \throws Error from the server
  bool next();

  std::size_t columns() const { return fields_.size(); }
  bool is_null(std::size_t column) const;
  std::string_view text(std::size_t column) const;
  bool boolean(std::size_t column) const;
  std::int16_t int16(std::size_t column) const;
  std::int32_t int32(std::size_t column) const;
  std::int64_t int64(std::size_t column) const;
  Day day(std::size_t column) const;
  Instant instant(std::size_t column) const;
  std::span<const std::byte> bytes(std::size_t column) const;
  std::string_view jsonb(std::size_t column) const;
  std::vector<std::string> text_array(std::size_t column) const;

 private:
  friend class Transaction;
  CopyOut(Session& session, std::string statement);
  std::string_view field(std::size_t column) const;
  std::string_view field_of(std::size_t column, std::size_t width) const;
  void split(std::string_view tuple);

  struct Free {
    void operator()(char* row) const;
  };

  Session* session_;  ///< null once the last row was read or moved from
  std::string statement_;
  std::unique_ptr<char, Free> message_;
  std::vector<std::string_view> fields_;  ///< a null data() is NULL
  bool started_{false};
};

}  // namespace answerable::pg
