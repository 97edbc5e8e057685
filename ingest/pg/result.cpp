#include "ingest/pg/result.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "ingest/pg/wire.hpp"

namespace answerable::pg {
namespace {

// PostgreSQL's numbers for its types (pg_type.dat).
constexpr Oid jsonb_type = 3802;
constexpr std::array<Oid, 9> text_types{25, 1043, 1042, 19, 18, 114, 142, 705, jsonb_type};
constexpr std::array<Oid, 1> boolean_types{16}, int16_types{21}, int32_types{23}, int64_types{20}, day_types{1082},
    instant_types{1184}, bytes_types{17}, text_array_types{1009};

}  // namespace

void Result::Clear::operator()(pg_result* raw) const {
  PQclear(raw);
}

int Result::rows() const {
  return PQntuples(raw_.get());
}

std::int64_t Result::affected() const {
  const std::string_view count = PQcmdTuples(raw_.get());
  std::int64_t value = 0;
  std::from_chars(count.data(), count.data() + count.size(), value);
  return value;
}

bool Result::is_null(int row, int column) const {
  if (row < 0 || row >= PQntuples(raw_.get()) || column < 0 || column >= PQnfields(raw_.get()))
    throw std::out_of_range(fmt::format("no row {}, column {} in an answer of {} rows and {} columns", row, column,
                                        PQntuples(raw_.get()), PQnfields(raw_.get())));
  return PQgetisnull(raw_.get(), row, column) == 1;
}

std::string_view Result::field(int row, int column, std::span<const std::uint32_t> types, const char* wanted) const {
  const bool null = is_null(row, column);
  const Oid type = PQftype(raw_.get(), column);
  if (std::find(types.begin(), types.end(), type) == types.end())
    throw std::logic_error(fmt::format("column \"{}\" has type number {} and was read as {}: cast it in the SQL",
                                       PQfname(raw_.get(), column), type, wanted));
  if (null)
    throw std::logic_error(fmt::format("column \"{}\" is NULL and was read as {}: ask is_null first",
                                       PQfname(raw_.get(), column), wanted));
  return {PQgetvalue(raw_.get(), row, column), static_cast<std::size_t>(PQgetlength(raw_.get(), row, column))};
}

std::string_view Result::text(int row, int column) const {
  const std::string_view raw = field(row, column, text_types, "text");
  return PQftype(raw_.get(), column) == jsonb_type ? wire::strip_jsonb_version(raw) : raw;
}

bool Result::boolean(int row, int column) const {
  return field(row, column, boolean_types, "boolean").front() != 0;
}

std::int16_t Result::int16(int row, int column) const {
  return wire::get<std::int16_t>(field(row, column, int16_types, "int16"));
}

std::int32_t Result::int32(int row, int column) const {
  return wire::get<std::int32_t>(field(row, column, int32_types, "int32"));
}

std::int64_t Result::int64(int row, int column) const {
  return wire::get<std::int64_t>(field(row, column, int64_types, "int64"));
}

Day Result::day(int row, int column) const {
  return wire::to_day(wire::get<std::int32_t>(field(row, column, day_types, "day")));
}

Instant Result::instant(int row, int column) const {
  return wire::to_instant(wire::get<std::int64_t>(field(row, column, instant_types, "instant")));
}

std::span<const std::byte> Result::bytes(int row, int column) const {
  return wire::to_bytes(field(row, column, bytes_types, "bytes"));
}

std::vector<std::string> Result::text_array(int row, int column) const {
  return wire::to_text_array(field(row, column, text_array_types, "text_array"));
}

}  // namespace answerable::pg
