#include "ingest/intake/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/json_text.hpp"

namespace answerable::intake {
namespace {

constexpr pg::Statement copy_organisations{
    "intake.copy_organisations",
    "COPY answerable_in.organisation (authority, organisation, scheme, code, name) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_subjects{
    "intake.copy_subjects", "COPY answerable_in.subject (authority, subject, type) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_identifiers{
    "intake.copy_identifiers",
    "COPY answerable_in.identifier (authority, scheme, value, subject, number) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_records{
    "intake.copy_records",
    "COPY answerable_in.record (authority, number, submission, kind, version, id, sender, subject, corrects, "
    "agreement, "
    "performer,"
    " worker, role, recorded_first, recorded_last, recorded_precision, source, received_on, position, line, leaf)"
    " FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_bodies{
    "intake.copy_bodies",
    "COPY answerable_in.record_body (authority, number, salt, lead, body) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_entries{"intake.copy_entries",
                                     "COPY answerable_in.entry (authority, number, ordinal, subject, act, first, last, "
                                     "precision, until_first, until_last,"
                                     " until_precision, performer, attributes) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_evidence{
    "intake.copy_evidence",
    "COPY answerable_in.evidence (authority, number, ordinal, target, subject, item, state, document, is_a, "
    "created_first,"
    " created_last, created_precision, covers, reason, searched_by, searched_where, searched_on, searched_terms)"
    " FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_held{
    "intake.copy_held",
    "COPY answerable_in.held_record (authority, held, submission, kind, id, position, line, "
    "bytes) FROM STDIN (FORMAT binary)"};
constexpr pg::Statement copy_parts{
    "intake.copy_parts",
    "COPY answerable_in.submission_part (authority, submission, position, bytes) FROM STDIN (FORMAT binary)"};

void text_or_null(pg::CopyIn& copy, std::string_view value) {
  if (value.empty()) return copy.null();
  copy.text(value);
}

void happened(pg::CopyIn& copy, const Happened& when) {
  const char letter = static_cast<char>(when.precision);
  copy.day(when.first);
  copy.day(when.last);
  copy.text(std::string_view(&letter, 1));
}

void happened_or_null(pg::CopyIn& copy, const std::optional<Happened>& when) {
  if (when) return happened(copy, *when);
  for (int field = 0; field < 3; ++field) copy.null();
}

void json_object(std::string& out, const AttributeList& attributes) {
  out.assign(1, '{');
  for (const auto& [name, value] : attributes) {
    if (out.size() > 1) out.push_back(',');
    append_json_string(out, name);
    out.push_back(':');
    append_json_string(out, value);
  }
  out.push_back('}');
}

}  // namespace

bool Rows::empty() const {
  return records.empty() && held.empty() && parts.empty() && subjects.empty() && identifiers.empty();
}

void Rows::clear() {
  records.clear();
  held.clear();
  parts.clear();
  subjects.clear();
  identifiers.clear();
}

Writer::Writer(pg::Transaction& transaction, Register& known, Counters& counters, Context context)
    : transaction_(transaction),
      known_(known),
      counters_(counters),
      context_(std::move(context)),
      sender_key_(context_.sender.key()),
      submission_id_(ReceiptId{context_.authority, context_.submission}.text()),
      received_on_(london_day(context_.received_at)) {
  sender_ = organisation(context_.sender);
  write_organisations();
}

std::int32_t Writer::organisation(const OrganisationRef& organisation) {
  key_.assign(organisation.scheme).append(1, ':').append(organisation.code);
  if (const auto known = known_.organisation(key_)) return *known;
  const std::int32_t number = counters_.organisation++;
  known_.add_organisation(key_, number);
  new_organisations_.emplace_back(number, organisation);
  return number;
}

void Writer::resolve_organisations(const Rows& rows) {
  for (const StoredRow& row : rows.records) {
    if (row.record->performer) organisation(*row.record->performer);
    for (const ParsedEntry& entry : row.record->entries)
      if (entry.by) organisation(*entry.by);
  }
}

void Writer::write_organisations() {
  if (new_organisations_.empty()) return;
  pg::CopyIn copy = transaction_.copy_in(copy_organisations);
  for (const auto& [number, organisation] : new_organisations_) {
    copy.row(5);
    copy.text(context_.authority);
    copy.int32(number);
    copy.text(organisation.scheme);
    copy.text(organisation.code);
    copy.text(organisation.name);
  }
  copy.finish();
  new_organisations_.clear();
}

void Writer::write(const Rows& rows) {
  resolve_organisations(rows);
  write_organisations();
  write_subjects(rows);
  if (!rows.records.empty()) {
    write_bodies(rows);
    write_records(rows);
    write_entries(rows);
    write_evidence(rows);
  }
  write_held(rows);
  write_parts(rows);
}

void Writer::write_subjects(const Rows& rows) {
  if (!rows.subjects.empty()) {
    pg::CopyIn copy = transaction_.copy_in(copy_subjects);
    for (const auto& [subject, type] : rows.subjects) {
      copy.row(3);
      copy.text(context_.authority);
      copy.int32(subject);
      copy.text(type);
    }
    copy.finish();
  }
  if (rows.identifiers.empty()) return;
  pg::CopyIn copy = transaction_.copy_in(copy_identifiers);
  for (const NewIdentifier& identifier : rows.identifiers) {
    copy.row(5);
    copy.text(context_.authority);
    copy.text(identifier.scheme);
    copy.text(identifier.value);
    copy.int32(identifier.subject);
    copy.int64(identifier.number);
  }
  copy.finish();
}

void Writer::make_leaf(StoredRow& row) {
  const ParsedRecord& record = *row.record;
  row.salt = make_salt();
  const Digest commitment = hasher_.commitment(row.salt, as_text(row.body));
  row.leaf = hasher_.hash({context_.authority, row.number, record.kind, record.version, sender_key_, record.id,
                           submission_id_, context_.received_at, commitment});
}

std::int32_t Writer::performer_of(const ParsedRecord& record) {
  return record.performer ? organisation(*record.performer) : sender_;
}

void Writer::write_records(const Rows& rows) {
  pg::CopyIn copy = transaction_.copy_in(copy_records);
  for (const StoredRow& row : rows.records) {
    const ParsedRecord& record = *row.record;
    copy.row(21);
    copy.text(context_.authority);
    copy.int64(row.number);
    copy.int64(context_.submission);
    copy.text(record.kind);
    copy.int16(static_cast<std::int16_t>(record.version));
    copy.text(record.id);
    copy.int32(sender_);
    copy.int32(row.subject);
    row.corrects ? copy.int64(*row.corrects) : copy.null();
    text_or_null(copy, record.agreement.empty() ? context_.agreement : record.agreement);
    copy.int32(performer_of(record));
    text_or_null(copy, record.worker);
    text_or_null(copy, record.role);
    happened_or_null(copy, record.recorded);
    text_or_null(copy, record.source);
    copy.day(received_on_);
    copy.int64(static_cast<std::int64_t>(record.position));
    copy.int32(record.line);
    copy.bytes(row.leaf);
  }
  copy.finish();
}

void Writer::write_bodies(const Rows& rows) {
  pg::CopyIn copy = transaction_.copy_in(copy_bodies);
  for (const StoredRow& row : rows.records) {
    copy.row(5);
    copy.text(context_.authority);
    copy.int64(row.number);
    copy.bytes(row.salt);
    copy.bytes(row.lead);
    copy.bytes(row.body);
  }
  copy.finish();
}

void Writer::write_entries(const Rows& rows) {
  std::string json;
  pg::CopyIn copy = transaction_.copy_in(copy_entries);
  for (const StoredRow& row : rows.records) {
    const std::int32_t performer = performer_of(*row.record);
    std::int16_t ordinal = 0;
    for (const ParsedEntry& entry : row.record->entries) {
      json_object(json, entry.attributes);
      copy.row(13);
      copy.text(context_.authority);
      copy.int64(row.number);
      copy.int16(ordinal++);
      copy.int32(row.subject);
      copy.text(entry.act);
      happened(copy, entry.when);
      happened_or_null(copy, entry.until);
      copy.int32(entry.by ? organisation(*entry.by) : performer);
      copy.text(json);
    }
  }
  copy.finish();
}

/// Evidence stands by subject in its key: told in that order, a batch goes through the index once instead of to and
/// fro.
void Writer::write_evidence(const Rows& rows) {
  std::vector<const StoredRow*> by_subject;
  for (const StoredRow& row : rows.records)
    if (!row.record->evidence.empty()) by_subject.push_back(&row);
  if (by_subject.empty()) return;
  std::ranges::sort(by_subject, {}, [](const StoredRow* row) { return std::pair(row->subject, row->number); });
  pg::CopyIn copy = transaction_.copy_in(copy_evidence);
  for (const StoredRow* const one : by_subject) {
    const StoredRow& row = *one;
    std::int16_t ordinal = 0;
    for (const ParsedEvidence& evidence : row.record->evidence) {
      const auto [target, subject] = row.targets[static_cast<std::size_t>(ordinal)];
      copy.row(18);
      copy.text(context_.authority);
      copy.int64(row.number);
      copy.int16(ordinal++);
      copy.int64(target);
      copy.int32(subject);
      copy.text(evidence.item);
      copy.text(evidence.state);
      text_or_null(copy, evidence.document);
      text_or_null(copy, evidence.is_a);
      happened_or_null(copy, evidence.created);
      text_or_null(copy, evidence.covers);
      text_or_null(copy, evidence.reason);
      text_or_null(copy, evidence.searched_by);
      text_or_null(copy, evidence.searched_where);
      evidence.searched_on ? copy.day(*evidence.searched_on) : copy.null();
      text_or_null(copy, evidence.searched_terms);
    }
  }
  copy.finish();
}

void Writer::write_held(const Rows& rows) {
  if (rows.held.empty()) return;
  std::vector<std::byte> bytes;
  pg::CopyIn copy = transaction_.copy_in(copy_held);
  for (const HeldRow& row : rows.held) {
    bytes.assign(row.lead.begin(), row.lead.end());
    bytes.insert(bytes.end(), row.body.begin(), row.body.end());
    copy.row(8);
    copy.text(context_.authority);
    copy.int64(row.held);
    copy.int64(context_.submission);
    text_or_null(copy, row.record->kind);
    text_or_null(copy, row.record->id);
    copy.int64(static_cast<std::int64_t>(row.record->position));
    copy.int32(row.record->line);
    copy.bytes(bytes);
  }
  copy.finish();
}

void Writer::write_parts(const Rows& rows) {
  if (rows.parts.empty()) return;
  pg::CopyIn copy = transaction_.copy_in(copy_parts);
  for (const auto& [position, bytes] : rows.parts) {
    copy.row(4);
    copy.text(context_.authority);
    copy.int64(context_.submission);
    copy.int64(static_cast<std::int64_t>(position));
    copy.bytes(as_bytes(bytes));
  }
  copy.finish();
}

}  // namespace answerable::intake
