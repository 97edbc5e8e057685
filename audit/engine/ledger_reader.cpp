#include "audit/engine/ledger_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

#include "audit/engine/flat_json.hpp"
#include "audit/engine/sql_array.hpp"
#include "ingest/pg/connection.hpp"

namespace answerable::engine {
namespace {

// The councils' rows stand together, and so do a subject's: whoever asks for a range of subjects gets few pages.
constexpr pg::Statement all_authorities{
    "audit.authorities", "SELECT DISTINCT c.authority FROM answerable.counter c WHERE c.next_record > 0 ORDER BY 1"};
constexpr pg::Statement ledger_size{
    "audit.ledger_size", "SELECT next_record, next_subject - 1 FROM answerable.counter WHERE authority = $1"};
constexpr pg::Statement known_number{
    "audit.known_number",
    "SELECT min(first_record) FROM answerable.submission WHERE authority = $1 AND received_at > $2"};
constexpr pg::Statement council_name{"audit.council_name",
                                     "SELECT name FROM answerable.authority WHERE authority = $1"};
constexpr pg::Statement all_organisations{
    "audit.organisations",
    "SELECT organisation, scheme, code, name FROM answerable.organisation WHERE authority = $1 ORDER BY 1"};
constexpr pg::Statement subjects_of_type{
    "audit.subjects_of_type", "SELECT subject FROM answerable.subject WHERE authority = $1 AND type = $2 ORDER BY 1"};
constexpr pg::Statement types_in_range{"audit.types_in_range",
                                       "SELECT subject, type FROM answerable.subject WHERE authority = $1 AND subject "
                                       "BETWEEN $2 AND $3 AND type <> 'person' ORDER BY subject"};
constexpr pg::Statement changed_subjects{
    "audit.changed_subjects",
    // Subject 0 is nobody: what it had was disposed of.
    "SELECT subject FROM answerable.record WHERE authority = $1 AND number >= $2 AND number < $3 AND subject > 0"
    " UNION SELECT subject FROM answerable.evidence WHERE authority = $1 AND number >= $2 AND number < $3 AND subject "
    "> 0"
    " ORDER BY 1"};
constexpr pg::Statement one_identifier{"audit.one_identifier",
                                       "SELECT subject FROM answerable.identifier WHERE authority = $1 AND value = $3 "
                                       "AND ($2 = '' OR scheme = $2) ORDER BY scheme LIMIT 1"};
constexpr pg::Statement identifiers_of{"audit.identifiers_of",
                                       "SELECT scheme, value FROM answerable.identifier WHERE authority = $1 AND "
                                       "subject = $2 ORDER BY number, scheme, value"};

constexpr pg::Statement record_count{
    "audit.record_count",
    "SELECT count(*) FROM answerable.record WHERE authority = $1 AND subject = $2 AND number < $3"};
constexpr pg::Statement entry_count{"audit.entry_count", "SELECT count(*) FROM answerable.entry WHERE authority = $1"};
/// Of a few subjects they are not counted, which would go through everybody's: most records tell of one act.
constexpr std::int64_t acts_a_record = 2;

// Sorting is done here, in memory: the server would do it on disk.
constexpr pg::Statement records_in_range{
    "audit.records_in_range",
    "COPY (SELECT subject, number, submission, kind, version, id, sender, corrects, agreement, performer, worker, "
    "role, recorded_first,"
    " recorded_last, recorded_precision, source, received_on FROM answerable.record WHERE authority = "
    "current_setting('answerable.p1')"
    " AND subject BETWEEN current_setting('answerable.p2')::int AND current_setting('answerable.p3')::int"
    " AND number < current_setting('answerable.p4')::bigint) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement records_listed{"audit.records_listed",
                                       "COPY (SELECT subject, number, submission, kind, version, id, sender, corrects, "
                                       "agreement, performer, worker, role, recorded_first,"
                                       " recorded_last, recorded_precision, source, received_on FROM answerable.record "
                                       "WHERE authority = current_setting('answerable.p1')"
                                       " AND subject = ANY (current_setting('answerable.p2')::int[]) AND number < "
                                       "current_setting('answerable.p3')::bigint)"
                                       " TO STDOUT (FORMAT binary)"};
constexpr pg::Statement records_numbered{
    "audit.records_numbered",
    "COPY (SELECT subject, number, submission, kind, version, id, sender, corrects, agreement, performer, worker, "
    "role, recorded_first,"
    " recorded_last, recorded_precision, source, received_on FROM answerable.record WHERE authority = "
    "current_setting('answerable.p1')"
    " AND (number = ANY (current_setting('answerable.p2')::bigint[]) OR corrects = ANY "
    "(current_setting('answerable.p2')::bigint[]))"
    " AND number < current_setting('answerable.p3')::bigint) TO STDOUT (FORMAT binary)"};
// Entries lie by record. The records' numbers are gathered first: told them all at once, the server goes through the
// key in order; asked for a join, it cannot know how many there are and goes to and fro.
constexpr pg::Statement entries_in_range{
    "audit.entries_in_range",
    "COPY (SELECT subject, number, ordinal, act, first, last, precision, until_first, until_last, until_precision, "
    "performer, attributes FROM answerable.entry WHERE authority = current_setting('answerable.p1')"
    " AND number = ANY (ARRAY(SELECT number FROM answerable.record WHERE authority = current_setting('answerable.p1')"
    " AND subject BETWEEN current_setting('answerable.p2')::int AND current_setting('answerable.p3')::int"
    " AND number < current_setting('answerable.p4')::bigint))) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement entries_listed{
    "audit.entries_listed",
    "COPY (SELECT subject, number, ordinal, act, first, last, precision, until_first, until_last, until_precision, "
    "performer, attributes FROM answerable.entry WHERE authority = current_setting('answerable.p1')"
    " AND number = ANY (ARRAY(SELECT number FROM answerable.record WHERE authority = current_setting('answerable.p1')"
    " AND subject = ANY (current_setting('answerable.p2')::int[])"
    " AND number < current_setting('answerable.p3')::bigint))) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement evidence_in_range{
    "audit.evidence_in_range",
    "COPY (SELECT subject, number, ordinal, target, item, state, document, is_a, created_first, created_last, "
    "created_precision, covers,"
    " reason, searched_by, searched_where, searched_on, searched_terms FROM answerable.evidence"
    " WHERE authority = current_setting('answerable.p1')"
    " AND subject BETWEEN current_setting('answerable.p2')::int AND current_setting('answerable.p3')::int"
    " AND number < current_setting('answerable.p4')::bigint) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement evidence_listed{
    "audit.evidence_listed",
    "COPY (SELECT subject, number, ordinal, target, item, state, document, is_a, created_first, created_last, "
    "created_precision, covers,"
    " reason, searched_by, searched_where, searched_on, searched_terms FROM answerable.evidence"
    " WHERE authority = current_setting('answerable.p1')"
    " AND subject = ANY (current_setting('answerable.p2')::int[]) AND number < "
    "current_setting('answerable.p3')::bigint)"
    " TO STDOUT (FORMAT binary)"};

// A mark that came back after it was over stands twice for a while; the newest counts.
constexpr pg::Statement marks_in_range{
    "audit.marks_in_range",
    "COPY (SELECT DISTINCT ON (m.subject, m.number, m.act) m.subject, m.number, m.act, m.happened, r.performer, "
    "m.attributes FROM answerable.mark m JOIN answerable.record r ON r.authority = m.authority AND r.number = m.number"
    " WHERE m.authority = current_setting('answerable.p1')"
    " AND m.subject BETWEEN current_setting('answerable.p2')::int AND current_setting('answerable.p3')::int"
    " AND m.since <= current_setting('answerable.p4')::bigint"
    " AND (m.over IS NULL OR m.over > current_setting('answerable.p4')::bigint)"
    " ORDER BY m.subject, m.number, m.act, m.mark DESC) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement marks_listed{
    "audit.marks_listed",
    "COPY (SELECT DISTINCT ON (m.subject, m.number, m.act) m.subject, m.number, m.act, m.happened, r.performer, "
    "m.attributes FROM answerable.mark m JOIN answerable.record r ON r.authority = m.authority AND r.number = m.number"
    " WHERE m.authority = current_setting('answerable.p1')"
    " AND m.subject = ANY (current_setting('answerable.p2')::int[])"
    " AND m.since <= current_setting('answerable.p3')::bigint"
    " AND (m.over IS NULL OR m.over > current_setting('answerable.p3')::bigint)"
    " ORDER BY m.subject, m.number, m.act, m.mark DESC) TO STDOUT (FORMAT binary)"};

template <class Row>
struct Owned {
  std::int32_t subject;
  Row row;
};

std::optional<Happened> happened(const pg::CopyOut& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return Happened{row.day(column), row.day(column + 1), static_cast<Precision>(row.text(column + 2).front())};
}

EvidenceState evidence_state(std::string_view text) {
  for (const auto state : {EvidenceState::present, EvidenceState::absent, EvidenceState::not_supplied,
                           EvidenceState::contradicted, EvidenceState::created_late, EvidenceState::not_applicable})
    if (word(state) == text) return state;
  throw std::runtime_error("the ledger holds evidence in a state this program does not know: " + std::string(text));
}

/// Puts rows subject by subject: counting, since the subjects of a batch are close together.
template <class Row>
std::vector<Row> by_subject(std::vector<Owned<Row>>& loose, std::int32_t first, std::vector<std::size_t>& begin) {
  for (const auto& owned : loose) ++begin[static_cast<std::size_t>(owned.subject - first) + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
  std::vector<Row> rows(loose.size());
  for (auto& owned : loose) rows[next[static_cast<std::size_t>(owned.subject - first)]++] = std::move(owned.row);
  loose = {};
  return rows;
}

}  // namespace

struct Batch::Rows {
  Arena arena;
  std::vector<AttributeValue> attributes;
  std::vector<RecordRow> records;
  std::vector<Entry> entries;
  std::vector<EvidenceRow> evidence;
  std::vector<SubjectTimeline> timelines;
};

namespace {

/// The acts that a record may tell of before they happen.
bool may_lie_ahead(std::string_view act) {
  constexpr std::string_view endings[] = {".due",  ".effective", ".ended",  ".stopped",  ".set",     ".rate",
                                          ".made", ".revoked",   ".notice", ".easement", ".adopted", ".planned"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [act](std::string_view ending) { return act.ends_with(ending); });
}

/// No record tells of so many acts.
constexpr std::int16_t first_mark = 20'000;

/// Reads what one batch's copies say.
class Loader {
 public:
  Loader(Arena& arena, std::vector<AttributeValue>& attributes, Vocabulary& vocabulary)
      : arena_(arena), attributes_(attributes), vocabulary_(vocabulary) {}

  std::vector<Owned<RecordRow>> records;
  std::vector<Owned<Entry>> entries;
  std::vector<Owned<EvidenceRow>> evidence;

  /// Rows are large: that vectors grow by moving all of them costs more than anything else done with them.
  void expect(std::size_t some_records, std::size_t some_entries) {
    records.reserve(some_records);
    evidence.reserve(some_records);
    entries.reserve(some_entries);
    spans_.reserve(some_entries);
    attributes_.reserve(4 * some_entries);
  }

  void read_records(pg::CopyOut copy) {
    while (copy.next()) {
      RecordRow r;
      r.number = copy.int64(1);
      r.submission = copy.int64(2);
      r.kind = keep(copy, 3);
      r.version = copy.int16(4);
      r.id = keep(copy, 5);
      r.sender = copy.int32(6);
      r.corrects = copy.is_null(7) ? -1 : copy.int64(7);
      r.agreement = keep(copy, 8);
      r.performer = copy.int32(9);
      r.worker = keep(copy, 10);
      r.role = keep(copy, 11);
      r.recorded = happened(copy, 12);
      r.source = keep(copy, 15);
      r.received_on = copy.day(16);
      records.push_back({copy.int32(0), r});
    }
  }

  void read_entries(pg::CopyOut copy) {
    while (copy.next()) {
      Entry e;
      e.number = copy.int64(1);
      e.ordinal = copy.int16(2);
      e.act = word_of(copy.text(3));
      Form& form = form_of(e.act);
      e.may_lie_ahead = form.may_lie_ahead;
      e.when = happened(copy, 4).value();
      e.until = happened(copy, 7);
      e.performer = copy.int32(10);
      read_attributes(arena_.keep(copy.text(11)), form.names);
      entries.push_back({copy.int32(0), e});
    }
  }

  /// What measures found, as entries behind those of the record they are about.
  void read_marks(pg::CopyOut copy) {
    std::int64_t record = -1;
    std::int16_t ordinal = first_mark;
    while (copy.next()) {
      Entry e;
      e.number = copy.int64(1);
      if (std::exchange(record, e.number) != e.number) ordinal = first_mark;
      e.ordinal = ordinal++;
      e.act = word_of(copy.text(2));
      e.when = {copy.day(3), copy.day(3), Precision::day};
      e.performer = copy.int32(4);
      read_attributes(arena_.keep(copy.jsonb(5)), form_of(e.act).names);
      entries.push_back({copy.int32(0), e});
    }
  }

  void read_evidence(pg::CopyOut copy) {
    while (copy.next()) {
      EvidenceRow e;
      e.number = copy.int64(1);
      e.ordinal = copy.int16(2);
      e.target = copy.int64(3);
      e.item = word_of(copy.text(4));
      e.state = evidence_state(copy.text(5));
      e.document = keep(copy, 6);
      e.is_a = keep(copy, 7);
      e.created = happened(copy, 8);
      e.covers = keep(copy, 11);
      e.reason = keep(copy, 12);
      e.searched_by = keep(copy, 13);
      e.searched_where = keep(copy, 14);
      if (!copy.is_null(15)) e.searched_on = copy.day(15);
      e.searched_terms = keep(copy, 16);
      evidence.push_back({copy.int32(0), e});
    }
  }

  void point_attributes() {
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i].row.attributes =
          std::span<const AttributeValue>(attributes_).subspan(spans_[i].first, spans_[i].second);
  }

 private:
  /// What entries of one act have in common.
  struct Form {
    bool may_lie_ahead{};
    std::vector<Word> names;  ///< of the attributes of the entry before, in order: most have the same
  };
  Form& form_of(Word act) {
    if (forms_.size() <= act) forms_.resize(vocabulary_.size());
    auto& form = forms_[act];
    if (!form) form = Form{may_lie_ahead(vocabulary_.text(act)), {}};
    return *form;
  }

  /// Rows repeat a few words: one glance mostly finds the word again.
  Word word_of(std::string_view text) {
    if (text.empty()) return vocabulary_.add(text);
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    Word& glanced = glanced_[(text.size() * 7 + at(text.size() / 2) * 31U + at(text.size() - 1)) % glanced_.size()];
    if (!glanced || vocabulary_.text(glanced) != text) glanced = vocabulary_.add(text);
    return glanced;
  }

  void read_attributes(std::string_view json, std::vector<Word>& names) {
    const std::size_t from = attributes_.size();
    std::size_t place = 0;
    read_flat_json(json, arena_, [&](std::string_view name, std::string_view value) {
      if (place == names.size()) names.emplace_back();
      Word& word = names[place++];
      if (vocabulary_.text(word) != name) word = vocabulary_.add(name);
      attributes_.push_back({word, value});
    });
    // The vector still grows: until point_attributes() the span holds a place and a length only.
    spans_.emplace_back(from, attributes_.size() - from);
  }

  std::string_view keep(const pg::CopyOut& row, std::size_t column) {
    return row.is_null(column) ? std::string_view{} : arena_.keep(row.text(column));
  }

  Arena& arena_;
  std::vector<AttributeValue>& attributes_;
  Vocabulary& vocabulary_;
  std::vector<std::pair<std::size_t, std::size_t>> spans_;
  std::vector<std::optional<Form>> forms_;  ///< by act
  std::array<Word, 256> glanced_{};
};

/// The numbers of evidence rows whose own record is about somebody else.
std::vector<std::int64_t> records_elsewhere(const Loader& loader) {
  std::vector<std::pair<std::int32_t, std::int64_t>> held;
  held.reserve(loader.records.size());
  for (const auto& owned : loader.records) held.emplace_back(owned.subject, owned.row.number);
  std::sort(held.begin(), held.end());
  std::vector<std::int64_t> elsewhere;
  for (const auto& owned : loader.evidence)
    if (!std::binary_search(held.begin(), held.end(), std::pair(owned.subject, owned.row.number)))
      elsewhere.push_back(owned.row.number);
  std::sort(elsewhere.begin(), elsewhere.end());
  elsewhere.erase(std::unique(elsewhere.begin(), elsewhere.end()), elsewhere.end());
  return elsewhere;
}

}  // namespace

Batch::Batch() : rows_(std::make_unique<Rows>()) {}
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;
Batch::~Batch() = default;
const std::vector<SubjectTimeline>& Batch::timelines() const {
  return rows_->timelines;
}
std::size_t Batch::entry_count() const {
  return rows_->entries.size();
}

LedgerReader::LedgerReader(pg::Transaction& transaction, std::string authority, Vocabulary& vocabulary)
    : transaction_(&transaction), authority_(std::move(authority)), vocabulary_(&vocabulary) {
  const auto size = transaction.run(ledger_size, authority_);
  if (size.rows() == 0) return;
  size_ = size.int64(0, 0);
  last_subject_ = size.int32(0, 1);
}

std::vector<std::string> LedgerReader::authorities(pg::Transaction& transaction) {
  const auto rows = transaction.run(all_authorities);
  std::vector<std::string> all;
  for (int i = 0; i < rows.rows(); ++i) all.emplace_back(rows.text(i, 0));
  return all;
}

std::int64_t LedgerReader::known_at(Instant moment) const {
  const auto row = transaction_->run_one(known_number, authority_, moment);
  return row.is_null(0, 0) ? size_ : row.int64(0, 0);
}

Organisations LedgerReader::organisations() const {
  Organisations out;
  out.authority = authority_;
  const auto name = transaction_->run(council_name, authority_);
  out.council_name = name.rows() == 0 ? authority_ : std::string(name.text(0, 0));
  const auto rows = transaction_->run(all_organisations, authority_);
  for (int i = 0; i < rows.rows(); ++i) {
    const Organisation organisation{rows.int32(i, 0), std::string(rows.text(i, 1)), std::string(rows.text(i, 2)),
                                    std::string(rows.text(i, 3))};
    if (organisation.scheme == "cassr" && organisation.code == authority_) out.council_name = organisation.name;
    out.by_number.emplace(organisation.number, organisation);
  }
  return out;
}

Batch LedgerReader::load(const Range& range, std::int64_t known_at) const {
  Batch batch;
  auto& rows = *batch.rows_;
  Loader loader(rows.arena, rows.attributes, *vocabulary_);
  loader.expect(range.records, range.entries);
  std::int32_t first = range.first, last = range.last;
  if (range.listed.empty()) {
    loader.read_records(transaction_->copy_out(records_in_range, authority_, first, last, known_at));
    loader.read_entries(transaction_->copy_out(entries_in_range, authority_, first, last, known_at));
    loader.read_marks(transaction_->copy_out(marks_in_range, authority_, first, last, known_at));
    loader.read_evidence(transaction_->copy_out(evidence_in_range, authority_, first, last, known_at));
  } else {
    const std::string list = array_text(range.listed);
    first = range.listed.front();
    last = range.listed.back();
    loader.read_records(transaction_->copy_out(records_listed, authority_, list, known_at));
    loader.read_entries(transaction_->copy_out(entries_listed, authority_, list, known_at));
    loader.read_marks(transaction_->copy_out(marks_listed, authority_, list, known_at));
    loader.read_evidence(transaction_->copy_out(evidence_listed, authority_, list, known_at));
  }
  if (const auto elsewhere = records_elsewhere(loader); !elsewhere.empty()) {
    Loader others(rows.arena, rows.attributes, *vocabulary_);
    others.read_records(transaction_->copy_out(records_numbered, authority_, array_text(elsewhere), known_at));
    std::set<std::pair<std::int32_t, std::int64_t>> wanted;
    for (const auto& owned : loader.evidence)
      if (std::binary_search(elsewhere.begin(), elsewhere.end(), owned.row.number))
        wanted.emplace(owned.subject, owned.row.number);
    for (const auto& [subject, number] : wanted)
      for (const auto& other : others.records)
        if (other.subject != subject && (other.row.number == number || other.row.corrects == number))
          loader.records.push_back({subject, other.row});
  }
  loader.point_attributes();
  std::vector<std::size_t> of_record(static_cast<std::size_t>(last - first) + 2), of_entry(of_record),
      of_evidence(of_record);
  rows.records = by_subject(loader.records, first, of_record);
  rows.entries = by_subject(loader.entries, first, of_entry);
  rows.evidence = by_subject(loader.evidence, first, of_evidence);
  const auto others = transaction_->run(types_in_range, authority_, first, last);
  std::vector<std::pair<std::int32_t, SubjectType>> types;
  for (int i = 0; i < others.rows(); ++i)
    types.emplace_back(others.int32(i, 0),
                       others.text(i, 1) == "agreement" ? SubjectType::agreement : SubjectType::council);
  auto next_type = types.begin();
  for (std::size_t i = 0; i + 1 < of_record.size(); ++i) {
    if (of_record[i] == of_record[i + 1]) continue;
    const auto slice = [i](auto& all, const auto& bounds) {
      return std::span(all).subspan(bounds[i], bounds[i + 1] - bounds[i]);
    };
    const auto records = slice(rows.records, of_record);
    const auto entries = slice(rows.entries, of_entry);
    const auto evidence = slice(rows.evidence, of_evidence);
    arrange(records, entries, evidence);
    SubjectTimeline timeline;
    timeline.subject = first + static_cast<std::int32_t>(i);
    while (next_type != types.end() && next_type->first < timeline.subject) ++next_type;
    if (next_type != types.end() && next_type->first == timeline.subject) timeline.type = next_type->second;
    timeline.records = records;
    timeline.entries = entries;
    timeline.evidence = evidence;
    rows.timelines.push_back(timeline);
  }
  return batch;
}

Batch LedgerReader::subject(std::int32_t subject, std::int64_t known_at) const {
  // Counted, so that vectors need not grow: of a long life that would take half as much again.
  const auto records = transaction_->run_one(record_count, authority_, subject, known_at).int64(0, 0);
  return load({.listed = {subject},
               .records = static_cast<std::size_t>(records),
               .entries = static_cast<std::size_t>(acts_a_record * records)},
              known_at);
}

Batch LedgerReader::of_type(std::string_view type, std::int64_t known_at) const {
  const auto rows = transaction_->run(subjects_of_type, authority_, type);
  Range range;
  for (int i = 0; i < rows.rows(); ++i) range.listed.push_back(rows.int32(i, 0));
  return range.listed.empty() ? Batch{} : load(range, known_at);
}

Batch LedgerReader::council(std::int64_t known_at) const {
  return of_type("council", known_at);
}

Agreements LedgerReader::agreements(std::int64_t known_at) const {
  const Batch batch = of_type("agreement", known_at);
  const Word people = vocabulary_->find("people");
  std::map<std::string, std::optional<std::int32_t>, std::less<>> known;
  const auto find = [&](std::string_view value) {
    const auto found = known.find(value);
    if (found != known.end()) return found->second;
    // A person is named as scheme:value.
    const auto colon = std::min(value.find(':'), value.size());
    const auto subject =
        people ? find_subject(value.substr(0, colon), value.substr(std::min(colon + 1, value.size()))) : std::nullopt;
    return known.emplace(value, subject).first->second;
  };
  return Agreements(*vocabulary_, batch.timelines(), Horizon{{}, known_at}, find);
}

void LedgerReader::each(std::int64_t known_at, const std::optional<std::vector<std::int32_t>>& subjects,
                        const std::function<void(const Batch&)>& use, std::size_t entries) const {
  // Counted, since the acts a record tells of differ by kind, and memory must stay flat.
  const auto held = subjects ? size_ * acts_a_record : transaction_->run_one(entry_count, authority_).int64(0, 0);
  const auto share = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(entries) * std::max(last_subject_, 1) / std::max<std::int64_t>(held, 1));
  const auto step = static_cast<std::int32_t>(std::min<std::int64_t>(share, std::max(last_subject_, 1)));
  if (!subjects) {
    const auto expected = [&](std::int64_t all) {
      return static_cast<std::size_t>(all * step / std::max(last_subject_, 1) * 9 / 8);
    };
    for (std::int32_t first = 1; first <= last_subject_; first += step)
      use(load({first, std::min(first + step - 1, last_subject_), {}, expected(size_), expected(held)}, known_at));
    return;
  }
  constexpr std::size_t most_listed = 1000;
  const std::size_t together = std::min(most_listed, static_cast<std::size_t>(step));
  for (std::size_t from = 0; from < subjects->size(); from += together) {
    const auto begin = subjects->begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = subjects->begin() + static_cast<std::ptrdiff_t>(std::min(from + together, subjects->size()));
    use(load({.listed = {begin, end}}, known_at));
  }
}

std::vector<std::int32_t> LedgerReader::changed(std::int64_t from, std::int64_t to) const {
  const auto rows = transaction_->run(changed_subjects, authority_, from, to);
  std::vector<std::int32_t> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back(rows.int32(i, 0));
  return all;
}

std::optional<std::int32_t> LedgerReader::find_subject(std::string_view scheme, std::string_view value) const {
  const auto rows = transaction_->run(one_identifier, authority_, scheme, value);
  if (rows.rows() == 0) return std::nullopt;
  return rows.int32(0, 0);
}

std::vector<Identifier> LedgerReader::identifiers(std::int32_t subject) const {
  const auto rows = transaction_->run(identifiers_of, authority_, subject);
  std::vector<Identifier> all;
  for (int i = 0; i < rows.rows(); ++i) all.push_back({std::string(rows.text(i, 0)), std::string(rows.text(i, 1))});
  return all;
}

}  // namespace answerable::engine
