#include "ingest/pg/copy.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "ingest/pg/error.hpp"
#include "ingest/pg/session.hpp"
#include "ingest/pg/wire.hpp"

namespace answerable::pg {
namespace {

// PostgreSQL manual, COPY, "Binary Format": signature, flags, length of the header's extension.
constexpr std::string_view signature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t header_size = signature.size() + 8;
constexpr std::int16_t end_of_rows = -1;

// Well below what the socket holds, so that the server has rows to work on while the next are written here.
constexpr std::size_t send_at = 32'768;

}  // namespace

CopyIn::CopyIn(Session& session, std::string statement) : session_(&session), statement_(std::move(statement)) {
  session_->copying = true;
  buffer_.reserve(send_at + 16'384);
  buffer_.append(signature);
  buffer_.append(8, '\0');
}

CopyIn::CopyIn(CopyIn&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)),
      statement_(std::move(other.statement_)),
      buffer_(std::move(other.buffer_)),
      fields_left_(other.fields_left_) {}

CopyIn::~CopyIn() {
  if (!session_) return;
  PQputCopyEnd(session_->line.get(), "given up by the program");
  try {
    session_->drain(statement_);
  } catch (const Error&) {
    // The server confirms that it gave up: that is the wish here.
  }
  session_->copying = false;
}

void CopyIn::check_row_complete() const {
  if (fields_left_ != 0)
    throw std::logic_error(fmt::format("copy \"{}\": the row before lacks {} fields", statement_, fields_left_));
}

void CopyIn::count_field() {
  if (--fields_left_ < 0) throw std::logic_error(fmt::format("copy \"{}\": more fields than row() said", statement_));
}

void CopyIn::send() {
  const int sent = PQputCopyData(session_->line.get(), buffer_.data(), static_cast<int>(buffer_.size()));
  if (sent != 1) throw Error(statement_, "", "the line died while copying in");
  buffer_.clear();
}

void CopyIn::row(std::int16_t columns) {
  check_row_complete();
  if (!session_) throw std::logic_error(fmt::format("copy \"{}\": a row after finish()", statement_));
  if (buffer_.size() >= send_at) send();
  fields_left_ = columns;
  wire::put(buffer_, columns);
}

void CopyIn::null() {
  count_field();
  wire::put(buffer_, std::int32_t{-1});
}

void CopyIn::text(std::string_view value) {
  count_field();
  wire::put(buffer_, static_cast<std::int32_t>(value.size()));
  buffer_.append(value);
}

void CopyIn::boolean(bool value) {
  count_field();
  wire::put(buffer_, std::int32_t{1});
  buffer_.push_back(static_cast<char>(value));
}

void CopyIn::int16(std::int16_t value) {
  count_field();
  wire::put(buffer_, std::int32_t{2});
  wire::put(buffer_, value);
}

void CopyIn::int32(std::int32_t value) {
  count_field();
  wire::put(buffer_, std::int32_t{4});
  wire::put(buffer_, value);
}

void CopyIn::int64(std::int64_t value) {
  count_field();
  wire::put(buffer_, std::int32_t{8});
  wire::put(buffer_, value);
}

void CopyIn::day(Day value) {
  int32(wire::from_day(value));
}

void CopyIn::instant(Instant value) {
  int64(wire::from_instant(value));
}

void CopyIn::bytes(std::span<const std::byte> value) {
  text({reinterpret_cast<const char*>(value.data()), value.size()});
}

void CopyIn::jsonb(std::string_view json) {
  count_field();
  wire::put(buffer_, static_cast<std::int32_t>(json.size() + 1));
  buffer_.push_back(wire::jsonb_version);
  buffer_.append(json);
}

void CopyIn::text_array(std::span<const std::string> values) {
  count_field();
  const std::size_t length_at = buffer_.size();
  wire::put(buffer_, std::int32_t{0});
  wire::put(buffer_, static_cast<std::int32_t>(values.empty() ? 0 : 1));  // dimensions
  wire::put(buffer_, std::int32_t{0});                                    // no NULLs
  wire::put(buffer_, wire::text_type);
  if (!values.empty()) {
    wire::put(buffer_, static_cast<std::int32_t>(values.size()));
    wire::put(buffer_, std::int32_t{1});  // lower bound
    for (const auto& value : values) {
      wire::put(buffer_, static_cast<std::int32_t>(value.size()));
      buffer_.append(value);
    }
  }
  std::string length;
  wire::put(length, static_cast<std::int32_t>(buffer_.size() - length_at - 4));
  buffer_.replace(length_at, 4, length);
}

std::int64_t CopyIn::finish() {
  check_row_complete();
  if (!session_) throw std::logic_error(fmt::format("copy \"{}\": finish() was called twice", statement_));
  wire::put(buffer_, end_of_rows);
  send();
  if (PQputCopyEnd(session_->line.get(), nullptr) != 1) throw Error(statement_, "", "the line died while copying in");
  Session& session = *std::exchange(session_, nullptr);
  session.copying = false;
  std::int64_t rows = 0;
  session.drain(statement_, &rows);
  return rows;
}

void CopyOut::Free::operator()(char* row) const {
  PQfreemem(row);
}

CopyOut::CopyOut(Session& session, std::string statement) : session_(&session), statement_(std::move(statement)) {
  session_->copying = true;
}

CopyOut::CopyOut(CopyOut&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)),
      statement_(std::move(other.statement_)),
      message_(std::move(other.message_)),
      fields_(std::move(other.fields_)),
      started_(other.started_) {}

CopyOut::~CopyOut() {
  if (!session_) return;
  if (PGcancel* cancel = PQgetCancel(session_->line.get())) {
    std::array<char, 256> ignored;
    PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
    PQfreeCancel(cancel);
  }
  char* row = nullptr;
  while (PQgetCopyData(session_->line.get(), &row, 0) > 0) PQfreemem(row);
  try {
    session_->drain(statement_);
  } catch (const Error&) {
    // The cancellation, as asked.
  }
  session_->copying = false;
}

bool CopyOut::next() {
  while (session_) {
    char* raw = nullptr;
    const int size = PQgetCopyData(session_->line.get(), &raw, 0);
    message_.reset(raw);
    if (size < 0) {
      fields_.clear();
      Session& session = *std::exchange(session_, nullptr);
      session.copying = false;
      if (size == -2 && PQstatus(session.line.get()) == CONNECTION_BAD)
        throw Error(statement_, "", "the line died while copying out");
      session.drain(statement_);
      return false;
    }
    std::string_view message{raw, static_cast<std::size_t>(size)};
    if (!started_) {  // the header comes glued to the first row
      if (message.size() < header_size || !message.starts_with(signature))
        throw std::logic_error(fmt::format("copy \"{}\": not PostgreSQL's binary format", statement_));
      const auto extension = wire::get<std::int32_t>(message.substr(header_size - 4));
      message.remove_prefix(std::min(message.size(), header_size + static_cast<std::size_t>(extension)));
      started_ = true;
    }
    if (message.empty()) continue;
    if (message.size() >= 2 && wire::get<std::int16_t>(message) == end_of_rows) continue;
    split(message);
    return true;
  }
  return false;
}

void CopyOut::split(std::string_view tuple) {
  const auto damaged = [this] {
    throw std::logic_error(fmt::format("copy \"{}\": a row of damaged length", statement_));
  };
  if (tuple.size() < 2) damaged();
  fields_.resize(static_cast<std::size_t>(wire::get<std::int16_t>(tuple)));
  tuple.remove_prefix(2);
  for (auto& field : fields_) {
    if (tuple.size() < 4) damaged();
    const auto length = wire::get<std::int32_t>(tuple);
    tuple.remove_prefix(4);
    if (length < 0) {
      field = {};
      continue;
    }
    const auto size = static_cast<std::size_t>(length);
    if (size > tuple.size()) damaged();
    field = tuple.substr(0, size);
    tuple.remove_prefix(size);
  }
  if (!tuple.empty()) damaged();
}

// Apart from the getters, so that what runs once a field stays small enough to be compiled into them.
namespace {

[[noreturn]] void is_missing(const std::string& statement, std::size_t column) {
  throw std::logic_error(fmt::format("copy \"{}\": field {} is NULL: ask is_null first", statement, column));
}

[[noreturn]] void is_wide(const std::string& statement, std::size_t column, std::size_t size, std::size_t width) {
  throw std::logic_error(fmt::format("copy \"{}\": field {} has {} bytes where {} were expected: cast it in the SQL",
                                     statement, column, size, width));
}

}  // namespace

inline std::string_view CopyOut::field(std::size_t column) const {
  const std::string_view value = fields_.at(column);
  if (!value.data()) is_missing(statement_, column);
  return value;
}

inline std::string_view CopyOut::field_of(std::size_t column, std::size_t width) const {
  const std::string_view value = field(column);
  if (value.size() != width) is_wide(statement_, column, value.size(), width);
  return value;
}

bool CopyOut::is_null(std::size_t column) const {
  return !fields_.at(column).data();
}
std::string_view CopyOut::text(std::size_t column) const {
  return field(column);
}
bool CopyOut::boolean(std::size_t column) const {
  return field_of(column, 1).front() != 0;
}
std::int16_t CopyOut::int16(std::size_t column) const {
  return wire::get<std::int16_t>(field_of(column, 2));
}
std::int32_t CopyOut::int32(std::size_t column) const {
  return wire::get<std::int32_t>(field_of(column, 4));
}
std::int64_t CopyOut::int64(std::size_t column) const {
  return wire::get<std::int64_t>(field_of(column, 8));
}
Day CopyOut::day(std::size_t column) const {
  return wire::to_day(int32(column));
}
Instant CopyOut::instant(std::size_t column) const {
  return wire::to_instant(int64(column));
}
std::span<const std::byte> CopyOut::bytes(std::size_t column) const {
  return wire::to_bytes(field(column));
}
std::string_view CopyOut::jsonb(std::size_t column) const {
  return wire::strip_jsonb_version(field(column));
}
std::vector<std::string> CopyOut::text_array(std::size_t column) const {
  return wire::to_text_array(field(column));
}

}  // namespace answerable::pg
