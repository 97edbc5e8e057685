#include "ingest/intake/taking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace answerable::intake {
namespace {

constexpr std::size_t batch_bytes = 4 << 20, batch_records = 4096;
constexpr std::size_t names_remembered = 200'000;  // of held records: about 10 MB
constexpr std::array<std::uint64_t, 2> plain_secret{};

std::span<const std::byte> bytes_of(const std::string& text) {
  return as_bytes(text);
}

}  // namespace

Taking::Taking(pg::Transaction& transaction, const Councils& councils, Mode mode, const Options& options)
    : transaction_(transaction), councils_(councils), mode_(mode), options_(options), faults_(options.on_fault) {}

Taking::~Taking() = default;

void Taking::envelope(const Envelope& envelope) {
  envelope_ = envelope;
  if (options_.permit)
    if (auto fault = options_.permit(envelope)) return refuse(*std::move(fault));
  const OrganisationRef& authority = envelope.authority;
  council_ = authority.scheme == "cassr" ? councils_.by_code(authority.code) : nullptr;
  if (council_) {
    file_ = {envelope, envelope.sender.key(), council_->gss};
    return;
  }
  const Council* meant = authority.scheme == "gss" ? councils_.by_gss(authority.code) : nullptr;
  refuse({.code = "authority.unknown",
          .field = "header/authority",
          .sent = authority.key(),
          .problem = "This is not the code of a council with adult social services in England.",
          .expected = "scheme cassr and the council's three-digit code",
          .mend = meant && !meant->code.empty()
                      ? fmt::format("{} is <authority scheme=\"cassr\" code=\"{}\">{}</authority>.", authority.code,
                                    meant->code, meant->name)
                      : "For example <authority scheme=\"cassr\" code=\"905\">Somerset</authority>."});
}

void Taking::refuse(Fault&& fault) {
  refused_ = true;
  faults_.add(std::move(fault));
}

void Taking::record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) {
  record.lead = static_cast<std::uint32_t>(lead.size());
  record.length = static_cast<std::uint32_t>(body.size());
  std::string bytes(as_text(lead));
  bytes += as_text(body);
  std::vector<ParsedRecord> one;
  one.push_back(std::move(record));
  records(std::move(one), std::move(bytes));
}

void Taking::records(std::vector<ParsedRecord>&& records, std::string&& bytes) {
  batch_.pieces.push_back({std::move(records), std::move(bytes)});
  Piece& piece = batch_.pieces.back();
  auto left = bytes_of(piece.bytes);
  for (ParsedRecord& record : piece.records) {
    if (options_.scan && !record.content.empty()) scan(record);
    batch_.items.push_back({&record, left.first(record.lead), left.subspan(record.lead, record.length)});
    left = left.subspan(std::size_t{record.lead} + record.length);
  }
  batch_.bytes += piece.bytes.size();
  if (batch_.bytes >= batch_bytes || batch_.items.size() >= batch_records) take_batch();
}

void Taking::scan(ParsedRecord& record) {
  const auto found = options_.scan(record.content);
  record.content.clear();
  if (!found) return;
  record.faults.push_back({.severity = Severity::error,
                           .code = "content.virus",
                           .line = record.line,
                           .column = record.column,
                           .record_id = record.id,
                           .field = "document/content",
                           .sent = "",
                           .problem = fmt::format("The virus scanner finds {} in the document sent with it.", *found),
                           .expected = "A document in which it finds nothing.",
                           .mend = "Have your own machines looked at. Send a clean copy of the document, or its "
                                   "fingerprint (sha256) alone."});
}

void Taking::part(std::uint64_t position, std::span<const std::byte> bytes) {
  parts_.emplace_back(position, as_text(bytes));
}

void Taking::Batch::clear() {
  rows.clear();
  items.clear();
  pieces.clear();
  bytes = 0;
}

void Taking::start() {
  if (started_ || refused_) return;
  started_ = true;
  lock_counters();
  received_at_ = options_.received_at.value_or(now());
  find_message();
  if (sent_before_) return;
  first_record_ = counters_.record;
  register_.emplace(transaction_, council_->code, mode_ == Mode::judge_only);
  judge_.emplace(*register_, file_, [this](const Key& key) { return look(key); });
  if (mode_ == Mode::store) {
    writer_.emplace(transaction_, *register_, counters_,
                    Writer::Context{council_->code, counters_.submission, file_.envelope.sender,
                                    file_.envelope.agreement, received_at_});
  }
}

void Taking::take_batch() {
  start();
  if (refused_ || sent_before_) {
    for (Item& item : batch_.items) add_faults(std::move(item.record->faults));
  } else {
    const bool forgot = register_->make_room();
    for (const Item& item : batch_.items) judge_->want(*item.record);
    finish_writing();
    if (forgot) write_judged();  // it must be found in the tables
    register_->fetch();
    for (const Item& item : batch_.items) judge_->learn(*item.record);
    write_judged_behind();
    std::vector<std::int64_t> earlier;
    for (const Item& item : batch_.items) {
      const Known known = register_->record(register_->keys().record(file_.sender, item.record->id));
      if (known.exists() && (mode_ == Mode::store || known.number < first_record_)) earlier.push_back(known.number);
    }
    if (!earlier.empty()) finish_writing();  // they may lie in what is being written, and the connection is wanted
    earlier_bodies_ = register_->bodies(earlier);
    for (Item& item : batch_.items) decide(item);
    collect_parts();
    std::swap(judged_, batch_);
  }
  batch_.clear();
}

void Taking::decide(Item& item) {
  ParsedRecord& record = *item.record;
  const auto lead = item.lead, body = item.body;
  const Key id = register_->keys().record(file_.sender, record.id);
  std::vector<Fault> faults = std::move(record.faults);
  record.faults.clear();
  if (!record.id.empty()) {
    if (const Known earlier = register_->record(id); earlier.exists()) {
      if (earlier.subject == disposed_of) {
        faults.push_back(id_disposed_of(record));
      } else if (same_bytes(earlier.number, body)) {
        return add_already_held(record, lead, body, earlier.number >= first_record_);
      } else {
        faults.push_back(id_used(record, earlier.number >= first_record_));
      }
    } else if (parked_.provider(id)) {
      record.faults = std::move(faults);
      return park(record, lead, body, id);
    }
  }
  Judgement judgement = judge_->judge(record, false);
  if (judgement.waits) {
    record.faults = std::move(faults);
    return park(record, lead, body, id);
  }
  faults.insert(faults.end(), std::make_move_iterator(judgement.faults.begin()),
                std::make_move_iterator(judgement.faults.end()));
  const bool wrong =
      std::any_of(faults.begin(), faults.end(), [](const Fault& f) { return f.severity == Severity::error; });
  add_faults(std::move(faults));
  if (wrong || record.kind.empty() || record.id.empty()) return add_held(record, lead, body);
  for (LaterQuestion& question : judgement.questions)
    if (questions_.size() < listed_at_most) questions_.push_back(std::move(question));
  const bool is_new = judgement.subject == 0;
  add_stored(record, lead, body, judgement, counters_.record++, is_new ? counters_.subject++ : judgement.subject,
             is_new);
}

bool Taking::same_bytes(std::int64_t earlier, std::span<const std::byte> body) {
  if (const auto at = earlier_bodies_.find(earlier); at != earlier_bodies_.end()) return at->second == sha256(body);
  if (const auto at = judged_bodies_.find(earlier); at != judged_bodies_.end())
    return at->second == siphash128(plain_secret, as_text(body));
  const std::vector<StoredRow>& rows = batch_.rows.records;
  const std::int64_t first = rows.empty() ? earlier + 1 : rows.front().number;
  const auto place = static_cast<std::size_t>(earlier - first);
  if (earlier < first || place >= rows.size())
    throw std::logic_error("a record known to this file has no bytes to compare");
  return std::ranges::equal(rows[place].body, body);
}

Fault Taking::id_used(const ParsedRecord& record, bool in_this_file) {
  return {.code = "id.used",
          .line = record.line,
          .column = record.column,
          .record_id = record.id,
          .field = record.kind + "/@id",
          .sent = record.id,
          .problem = in_this_file ? "Another record of this file has the same id and other content."
                                  : "You have sent another record under this id; a record is never overwritten.",
          .expected = "an id you have not used for anything else",
          .mend = fmt::format("Give it a new id; to correct the earlier one add corrects=\"{}\".", record.id)};
}

Fault Taking::id_disposed_of(const ParsedRecord& record) {
  return {.code = "id.disposed-of",
          .line = record.line,
          .column = record.column,
          .record_id = record.id,
          .field = record.kind + "/@id",
          .sent = record.id,
          .problem =
              "A record you sent under this id has been disposed of, as the time for which it had to be kept "
              "was over.",
          .expected = "an id you have not used for anything else",
          .mend = "Leave it out. If it is needed again, ask the council first; then send it under a new id."};
}

void Taking::park(ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                  const Key& id) {
  const std::uint32_t place = parked_.add(record, lead, body, id, register_->kind(record.kind));
  parked_.provides(id, place);
  const auto provide = [&](const IdentifierRef& sent) {
    const IdentifierRef identifier = judge_->stored(sent);
    parked_.provides(register_->keys().identifier(identifier.scheme, identifier.value), place);
  };
  if (record.defines_subject) {
    for (const IdentifierRef& identifier : record.subject) provide(identifier);
    if (record.subject_type == "agreement" && !record.subject.empty())
      register_->add_agreement(record.subject.front().value, file_.sender, record, -1);
  }
  for (const IdentifierRef& identifier : record.cases) provide(identifier);
}

void Taking::claim_identifiers(const ParsedRecord& record, std::int32_t subject, std::int64_t number) {
  const auto claim = [&](const IdentifierRef& sent) {
    const IdentifierRef identifier = judge_->stored(sent);
    const Key key = register_->keys().identifier(identifier.scheme, identifier.value);
    if (register_->identifier(key).exists()) return;
    register_->add(key, {number, subject, 0});
    batch_.rows.identifiers.push_back({identifier.scheme, identifier.value, subject, number});
  };
  if (record.defines_subject)
    for (const IdentifierRef& identifier : record.subject) claim(identifier);
  for (const IdentifierRef& identifier : record.cases) claim(identifier);
  if (record.subject_type == "council") claim({"council-itself", council_->code});
}

void Taking::add_stored(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body,
                        const Judgement& judgement, std::int64_t number, std::int32_t subject, bool is_new_subject) {
  StoredRow row{.record = &record,
                .lead = lead,
                .body = body,
                .number = number,
                .subject = subject,
                .corrects = {},
                .targets = {}};
  if (judgement.corrects) row.corrects = judgement.corrects->known.number;
  row.targets.reserve(judgement.targets.size());
  for (const auto& target : judgement.targets) {
    const bool elsewhere = target && target->known.number >= 0;
    row.targets.emplace_back(elsewhere ? target->known.number : number, elsewhere ? target->known.subject : subject);
  }
  if (is_new_subject) batch_.rows.subjects.emplace_back(subject, record.subject_type);
  claim_identifiers(record, subject, number);
  if (!settling_ && record.defines_subject && record.subject_type == "agreement")
    register_->add_agreement(record.subject.front().value, file_.sender, record, number);
  const Key id = register_->keys().record(file_.sender, record.id);
  register_->add(id, {number, subject, register_->kind(record.kind)});
  if (mode_ == Mode::judge_only) judged_bodies_.emplace(number, siphash128(plain_secret, as_text(body)));
  if (writer_) writer_->make_leaf(row);
  batch_.rows.records.push_back(std::move(row));
  ++stored_;
}

void Taking::add_held(const ParsedRecord& record, std::span<const std::byte> lead, std::span<const std::byte> body) {
  const std::int64_t number = counters_.held++;
  batch_.rows.held.push_back({&record, lead, body, number});
  ++held_;
  if (held_records_.size() < listed_at_most) held_records_.push_back({number, record.kind, record.id, record.line});
  if (held_names_.size() >= names_remembered) return;
  const auto remember = [&](const IdentifierRef& sent) {
    const IdentifierRef identifier = judge_->stored(sent);
    held_names_.emplace(register_->keys().identifier(identifier.scheme, identifier.value), record.line);
  };
  if (!record.id.empty()) held_names_.emplace(register_->keys().record(file_.sender, record.id), record.line);
  if (record.defines_subject)
    for (const IdentifierRef& identifier : record.subject) remember(identifier);
  for (const IdentifierRef& identifier : record.cases) remember(identifier);
}

void Taking::add_already_held(const ParsedRecord& record, std::span<const std::byte> lead,
                              std::span<const std::byte> body, bool in_this_file) {
  ++already_held_;
  faults_.add({.severity = Severity::note,
               .code = in_this_file ? "id.repeated" : "record.already-held",
               .line = record.line,
               .column = record.column,
               .record_id = record.id,
               .field = record.kind,
               .sent = record.id,
               .problem = in_this_file ? "This record stands in the file twice, byte for byte; it was taken in once."
                                       : "We hold exactly this record already; it was not stored again.",
               .expected = "",
               .mend = "Nothing to do."});
  batch_.rows.parts.emplace_back(record.position, std::string(as_text(lead)).append(as_text(body)));
}

void Taking::add_faults(std::vector<Fault>&& faults) {
  for (Fault& fault : faults) faults_.add(std::move(fault));
}

void Taking::collect_parts() {
  for (auto& part : parts_) batch_.rows.parts.push_back(std::move(part));
  parts_.clear();
}

/// Writes what has been judged, all of it, and waits for that.
void Taking::write_rows() {
  write_judged();
  collect_parts();
  if (writer_) writer_->write(batch_.rows);
  batch_.rows.clear();
}

void Taking::write_judged() {
  finish_writing();
  write_judged_behind();
  finish_writing();
}

/// Begins to write the judged batch. The connection is the writing's until finish_writing().
void Taking::write_judged_behind() {
  if (judged_.rows.empty() || !writer_) return;
  std::swap(being_written_, judged_);
  judged_.clear();
  writing_ = std::async(std::launch::async, [this] { writer_->write(being_written_.rows); });
}

void Taking::finish_writing() {
  if (writing_.valid()) writing_.get();
}

Found Taking::look(const Key& key) const {
  Found found;
  if (const Known known = register_->record(key); known.exists()) {
    found.state = Found::State::known;
    found.known = known;
  } else if (const std::uint32_t* place = parked_.provider(key)) {
    const Parked::Place& parked = parked_.places()[*place];
    found.state = parked.held ? Found::State::held : Found::State::parked;
    found.known = {parked.number, parked.subject, parked.kind};
    found.parked = *place;
    found.line = parked.line;
  } else if (const auto at = held_names_.find(key); at != held_names_.end()) {
    found.state = Found::State::held;
    found.line = at->second;
  }
  return found;
}

}  // namespace answerable::intake
