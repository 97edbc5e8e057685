#include "ingest/xml/wire.hpp"

#include <array>
#include <stdexcept>

namespace answerable::xml::wire {
namespace {

void put(Writer& to, const Happened& it) {
  to.day(it.first);
  to.day(it.last);
  to.u8(static_cast<std::uint8_t>(it.precision));
}

Happened get_happened(Reader& from) {
  Happened it;
  it.first = from.day();
  it.last = from.day();
  const auto precision = static_cast<char>(from.u8());
  if (it.last < it.first || (precision != 'd' && precision != 'm' && precision != 'y')) throw Broken();
  it.precision = static_cast<Precision>(precision);
  return it;
}

template <class T, class Put>
void put(Writer& to, const std::optional<T>& it, const Put& put_one) {
  to.u8(it.has_value());
  if (it) put_one(to, *it);
}

template <class Get>
auto get_optional(Reader& from, const Get& get_one) -> std::optional<decltype(get_one(from))> {
  if (from.u8() == 0) return std::nullopt;
  return get_one(from);
}

template <class T, class Put>
void put_all(Writer& to, const std::vector<T>& all, const Put& put_one) {
  to.u32(static_cast<std::uint32_t>(all.size()));
  for (const auto& it : all) put_one(to, it);
}

template <class Get>
auto get_all(Reader& from, std::size_t least, const Get& get_one) {
  std::vector<decltype(get_one(from))> all;
  const auto count = from.count(least);
  all.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(get_one(from));
  return all;
}

void put_happened(Writer& to, const Happened& it) {
  put(to, it);
}
void put_day(Writer& to, Day it) {
  to.day(it);
}
Day get_day(Reader& from) {
  return from.day();
}
void put_text(Writer& to, const std::string& it) {
  to.text(it);
}
std::string get_text(Reader& from) {
  return from.text();
}

void put_organisation(Writer& to, const OrganisationRef& it) {
  to.text(it.scheme);
  to.text(it.code);
  to.text(it.name);
}
OrganisationRef get_organisation(Reader& from) {
  OrganisationRef it;
  it.scheme = from.text();
  it.code = from.text();
  it.name = from.text();
  return it;
}

void put_identifier(Writer& to, const IdentifierRef& it) {
  to.text(it.scheme);
  to.text(it.value);
}
IdentifierRef get_identifier(Reader& from) {
  IdentifierRef it;
  it.scheme = from.text();
  it.value = from.text();
  return it;
}

Severity get_severity(Reader& from) {
  const auto value = from.u8();
  if (value > static_cast<std::uint8_t>(Severity::note)) throw Broken();
  return static_cast<Severity>(value);
}

void put_fault(Writer& to, const Fault& it) {
  to.u8(static_cast<std::uint8_t>(it.severity));
  to.text(it.code);
  to.i32(it.line);
  to.i32(it.column);
  for (const auto* text : {&it.record_id, &it.field, &it.sent, &it.problem, &it.expected, &it.mend}) to.text(*text);
}
Fault get_fault(Reader& from) {
  Fault it;
  it.severity = get_severity(from);
  it.code = from.text();
  it.line = from.i32();
  it.column = from.i32();
  for (auto* text : {&it.record_id, &it.field, &it.sent, &it.problem, &it.expected, &it.mend}) *text = from.text();
  return it;
}

void put_entry(Writer& to, const ParsedEntry& it) {
  to.text(it.act);
  put(to, it.when);
  put(to, it.until, put_happened);
  put(to, it.by, put_organisation);
  to.text(it.attributes.packed());
}
ParsedEntry get_entry(Reader& from) {
  ParsedEntry it;
  it.act = from.text();
  it.when = get_happened(from);
  it.until = get_optional(from, get_happened);
  it.by = get_optional(from, get_organisation);
  try {
    it.attributes = AttributeList::unpack(from.view());
  } catch (const std::invalid_argument&) {
    throw Broken();
  }
  return it;
}

void put_evidence(Writer& to, const ParsedEvidence& it) {
  for (const auto* text : {&it.item, &it.state, &it.target, &it.document, &it.is_a, &it.covers, &it.reason,
                           &it.searched_by, &it.searched_where, &it.searched_terms}) {
    to.text(*text);
  }
  put(to, it.created, put_happened);
  put(to, it.searched_on, put_day);
}
ParsedEvidence get_evidence(Reader& from) {
  ParsedEvidence it;
  for (auto* text : {&it.item, &it.state, &it.target, &it.document, &it.is_a, &it.covers, &it.reason, &it.searched_by,
                     &it.searched_where, &it.searched_terms}) {
    *text = from.text();
  }
  it.created = get_optional(from, get_happened);
  it.searched_on = get_optional(from, get_day);
  return it;
}

void put_reference(Writer& to, const ParsedReference& it) {
  to.text(it.id);
  to.text(it.sender);
  put_all(to, it.kinds, put_text);
  to.text(it.scheme);
  to.text(it.field);
  to.i32(it.line);
  to.i32(it.column);
  to.u8(static_cast<std::uint8_t>(it.severity));
}
ParsedReference get_reference(Reader& from) {
  ParsedReference it;
  it.id = from.text();
  it.sender = from.text();
  it.kinds = get_all(from, 4, get_text);
  it.scheme = from.text();
  it.field = from.text();
  it.line = from.i32();
  it.column = from.i32();
  it.severity = get_severity(from);
  return it;
}

void put_record(Writer& to, const ParsedRecord& it) {
  to.text(it.kind);
  to.i32(it.version);
  for (const auto* text :
       {&it.id, &it.corrects, &it.subject_type, &it.agreement, &it.function, &it.worker, &it.role, &it.source})
    to.text(*text);
  put_all(to, it.subject, put_identifier);
  to.u8(it.defines_subject);
  put_all(to, it.cases, put_identifier);
  put(to, it.performer, put_organisation);
  put(to, it.recorded, put_happened);
  put_all(to, it.entries, put_entry);
  put_all(to, it.evidence, put_evidence);
  put_all(to, it.references, put_reference);
  to.text(it.content);
  put_all(to, it.faults, put_fault);
}
ParsedRecord get_record(Reader& from) {
  ParsedRecord it;
  it.kind = from.text();
  it.version = from.i32();
  for (auto* text :
       {&it.id, &it.corrects, &it.subject_type, &it.agreement, &it.function, &it.worker, &it.role, &it.source})
    *text = from.text();
  it.subject = get_all(from, 8, get_identifier);
  it.defines_subject = from.u8() != 0;
  it.cases = get_all(from, 8, get_identifier);
  it.performer = get_optional(from, get_organisation);
  it.recorded = get_optional(from, get_happened);
  it.entries = get_all(from, 19, get_entry);
  it.evidence = get_all(from, 42, get_evidence);
  it.references = get_all(from, 29, get_reference);
  it.content = from.text();
  it.faults = get_all(from, 37, get_fault);
  return it;
}

void put_envelope(Writer& to, const Envelope& it) {
  to.text(it.message_id);
  put_organisation(to, it.sender);
  put_organisation(to, it.authority);
  to.text(it.agreement);
  put(to, it.period_from, put_day);
  put(to, it.period_to, put_day);
  to.u64(static_cast<std::uint64_t>(it.created_at.time_since_epoch().count()));
  to.text(it.source_system);
}
Envelope get_envelope(Reader& from) {
  Envelope it;
  it.message_id = from.text();
  it.sender = get_organisation(from);
  it.authority = get_organisation(from);
  it.agreement = from.text();
  it.period_from = get_optional(from, get_day);
  it.period_to = get_optional(from, get_day);
  it.created_at = Instant{std::chrono::microseconds{static_cast<std::int64_t>(from.u64())}};
  it.source_system = from.text();
  return it;
}

}  // namespace

Writer::Writer(FrameKind kind) : bytes_(4, '\0') {
  bytes_ += static_cast<char>(kind);
}

void Writer::u32(std::uint32_t value) {
  const std::array<char, 4> four{static_cast<char>(value), static_cast<char>(value >> 8),
                                 static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
  bytes_.append(four.data(), four.size());
}

void Writer::u64(std::uint64_t value) {
  u32(static_cast<std::uint32_t>(value));
  u32(static_cast<std::uint32_t>(value >> 32));
}

void Writer::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_ += value;
}

void Writer::position(const Position& value) {
  u64(value.byte);
  i32(value.line);
  i32(value.column);
}

std::string Writer::take() {
  const auto size = static_cast<std::uint32_t>(bytes_.size() - 4);
  for (unsigned i = 0; i < 4; ++i) bytes_[i] = static_cast<char>(size >> 8 * i & 0xFFU);
  return std::move(bytes_);
}

std::string_view Reader::take(std::size_t size) {
  if (size > left_.size()) throw Broken();
  const auto taken = left_.substr(0, size);
  left_.remove_prefix(size);
  return taken;
}

std::uint8_t Reader::u8() {
  return static_cast<std::uint8_t>(take(1).front());
}

std::uint32_t Reader::u32() {
  const auto four = take(4);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<std::uint8_t>(four[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

std::uint64_t Reader::u64() {
  const std::uint64_t low = u32();
  return low | static_cast<std::uint64_t>(u32()) << 32;
}

std::string_view Reader::view() {
  return take(u32());
}

Position Reader::position() {
  Position it;
  it.byte = u64();
  it.line = i32();
  it.column = i32();
  return it;
}

Day Reader::day() {
  const auto days = i32();
  // The years 1 to 9999, which is what the schemas' dates can say.
  if (days < -719'162 || days > 2'932'896) throw Broken();
  return Day{std::chrono::days{days}};
}

std::uint32_t Reader::count(std::size_t least) {
  const auto value = u32();
  if (value > left_.size() / least) throw Broken();
  return value;
}

void Reader::expect_end() const {
  if (!left_.empty()) throw Broken();
}

std::string setup(const std::string& schemas_folder, std::uint32_t cpu_seconds, bool contents) {
  Writer to(FrameKind::setup);
  to.text(schemas_folder);
  to.u32(cpu_seconds);
  to.u8(contents);
  return to.take();
}

std::string head(const Head& head) {
  Writer to(FrameKind::head);
  to.text(head.bytes);
  to.text(head.closing);
  to.day(head.today);
  return to.take();
}

std::string chunk(std::uint64_t job, bool wants_envelope, const Chunk& chunk) {
  Writer to(FrameKind::chunk);
  to.u64(job);
  to.u8(wants_envelope);
  to.position(chunk.start);
  to.u32(static_cast<std::uint32_t>(chunk.records.size()));
  for (const auto& it : chunk.records) {
    to.u32(it.lead);
    to.u32(it.length);
    to.position(it.start);
  }
  to.text(chunk.bytes);
  return to.take();
}

std::string tail(std::uint64_t job, bool wants_envelope, Position start, std::string_view bytes) {
  Writer to(FrameKind::tail);
  to.u64(job);
  to.u8(wants_envelope);
  to.position(start);
  to.u32(0);
  to.text(bytes);
  return to.take();
}

std::string whole(std::uint64_t job, std::string_view bytes) {
  Writer to(FrameKind::whole);
  to.u64(job);
  to.u8(0);
  to.position({});
  to.u32(0);
  to.text(bytes);
  return to.take();
}

void Records::clear() {
  to_.clear();
  count_ = 0;
}

void Records::add(const ParsedRecord& record) {
  put_record(to_, record);
  ++count_;
}

std::string result(const Result& result, const Records& records) {
  Writer to(FrameKind::result);
  to.reserve(records.encoded().size() + 4096);
  to.u64(result.job);
  to.u8(result.fatal);
  put(to, result.envelope, put_envelope);
  put_all(to, result.faults, put_fault);
  to.u32(records.count());
  to.raw(records.encoded());
  return to.take();
}

Head read_head(std::string_view content) {
  Reader from(content);
  Head it;
  it.bytes = from.text();
  it.closing = from.text();
  it.today = from.day();
  return it;
}

ChunkJob read_chunk(std::string_view content) {
  Reader from(content);
  ChunkJob it;
  it.job = from.u64();
  it.wants_envelope = from.u8() != 0;
  it.start = from.position();
  it.records = get_all(from, 24, [](Reader& r) {
    RecordCut cut;
    cut.lead = r.u32();
    cut.length = r.u32();
    cut.start = r.position();
    return cut;
  });
  it.bytes = from.view();
  return it;
}

Result read_result(std::string_view content) {
  Reader from(content);
  Result it;
  it.job = from.u64();
  it.fatal = from.u8() != 0;
  it.envelope = get_optional(from, get_envelope);
  it.faults = get_all(from, 37, get_fault);
  it.records = get_all(from, 60, get_record);
  from.expect_end();
  return it;
}

}  // namespace answerable::xml::wire
