// Taking, at the end of its file: what waited is decided, and the submission is written.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "ingest/intake/taking.hpp"

namespace answerable::intake {
namespace {

constexpr std::size_t parked_batch_bytes = 4 << 20;

constexpr pg::Statement add_authority{
    "intake.add_authority",
    "INSERT INTO answerable.authority (authority, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr pg::Statement add_counter{"intake.add_counter",
                                    "INSERT INTO answerable.counter (authority) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr pg::Statement lock_counter{"intake.lock_counter",
                                     "SELECT next_record, next_submission, next_held, next_subject, next_organisation "
                                     "FROM answerable.counter WHERE authority = $1 FOR UPDATE"};
constexpr pg::Statement read_counter{"intake.read_counter",
                                     "SELECT next_record, next_submission, next_held, next_subject, next_organisation "
                                     "FROM answerable.counter WHERE authority = $1"};
constexpr pg::Statement move_counter{"intake.move_counter",
                                     "UPDATE answerable.counter SET next_record = $2, next_submission = $3, next_held "
                                     "= $4, next_subject = $5, next_organisation = $6"
                                     " WHERE authority = $1"};
constexpr pg::Statement submission_digest{
    "intake.submission_digest", "SELECT sha256 FROM answerable.submission WHERE authority = $1 AND submission = $2"};
constexpr pg::Statement add_submission{
    "intake.add_submission",
    "INSERT INTO answerable.submission (authority, submission, sender, message_id, sha256, bytes, received_at, "
    "created_at,"
    " source_system, agreement, period_from, period_to, stored, held, already_held, first_record, last_record)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"};
constexpr pg::Statement copy_faults{
    "intake.copy_faults",
    "COPY answerable_in.fault (authority, submission, ordinal, severity, code, line, col, "
    "record_id, field, sent, problem, expected, mend)"
    " FROM STDIN (FORMAT binary)"};

}  // namespace

void Taking::lock_counters() {
  const std::string& code = council_->code;
  if (mode_ == Mode::store) {
    transaction_.run(add_authority, code, council_->name);
    transaction_.run(add_counter, code);
  }
  const pg::Result row =
      mode_ == Mode::store ? transaction_.run(lock_counter, code) : transaction_.run(read_counter, code);
  if (row.rows() == 0) return;  // judging only, for a council that nothing was sent for yet
  counters_ = {row.int64(0, 0), row.int64(0, 1), row.int64(0, 2), row.int32(0, 3), row.int32(0, 4)};
}

void Taking::find_message() {
  sent_before_ = intake::find_message(transaction_, council_->code, file_.envelope.sender, file_.envelope.message_id);
  if (!sent_before_) return;
  const pg::Result row = transaction_.run_one(submission_digest, council_->code, sent_before_->submission);
  std::ranges::copy(row.bytes(0, 0), sent_before_sha256_.begin());
}

void Taking::each_parked(const std::function<bool(const Parked::Place&)>& wanted,
                         const std::function<void(std::uint32_t, RecordWithBytes&)>& each) {
  const auto count = static_cast<std::uint32_t>(parked_.places().size());
  for (std::uint32_t next = 0; next < count;) {
    std::vector<std::uint32_t> places;
    std::size_t bytes = 0;
    parked_batch_.clear();
    for (; next < count && bytes < parked_batch_bytes; ++next) {
      if (!wanted(parked_.places()[next])) continue;
      places.push_back(next);
      parked_batch_.push_back(parked_.read(next));
      bytes += parked_batch_.back().body.size() + parked_batch_.back().lead.size();
    }
    register_->make_room();  // everything before is written
    for (const RecordWithBytes& waiting : parked_batch_) judge_->want(waiting.record);
    register_->fetch();
    for (const RecordWithBytes& waiting : parked_batch_) judge_->learn(waiting.record);
    for (std::size_t i = 0; i < places.size(); ++i) each(places[i], parked_batch_[i]);
    write_rows();
  }
}

void Taking::settle_parked() {
  write_rows();
  if (parked_.places().empty()) return;
  settling_ = true;
  const auto judge = [this](std::uint32_t place, RecordWithBytes& waiting) { judge_one_parked(place, waiting); };
  // Those that bring a subject into being first: the others are about it.
  each_parked([](const Parked::Place& place) { return place.defines_subject; }, judge);
  each_parked([](const Parked::Place& place) { return !place.defines_subject; }, judge);
  // Held by their own faults, they are written by now.
  std::vector<bool> written;
  for (const Parked::Place& place : parked_.places()) written.push_back(place.held || place.repeated);
  parked_.hold_leaning();
  for (Parked::Place& place : parked_.places())
    if (!place.held && !place.repeated) place.number = counters_.record++;
  const Parked::Place* const first = parked_.places().data();
  each_parked([&](const Parked::Place& place) { return !written[static_cast<std::size_t>(&place - first)]; },
              [this](std::uint32_t place, RecordWithBytes& waiting) { store_one_parked(place, waiting); });
}

void Taking::judge_one_parked(std::uint32_t number, RecordWithBytes& waiting) {
  Parked::Place& place = parked_.places()[number];
  ParsedRecord& record = waiting.record;
  const auto lead = as_bytes(waiting.lead), body = as_bytes(waiting.body);
  std::vector<Fault> faults = std::move(record.faults);
  if (const std::uint32_t first = *parked_.provider(place.id); first != number) {
    if (parked_.read(first).body == waiting.body) {
      place.repeated = true;
      return add_already_held(record, lead, body, true);
    }
    faults.push_back(id_used(record, true));
  }
  Judgement judgement = judge_->judge(record, true, number);
  std::ranges::move(judgement.faults, std::back_inserter(faults));
  const bool wrong =
      std::any_of(faults.begin(), faults.end(), [](const Fault& f) { return f.severity == Severity::error; });
  add_faults(std::move(faults));
  if (wrong || record.kind.empty() || record.id.empty()) {
    place.held = true;
    return add_held(record, lead, body);
  }
  place.new_subject = judgement.subject == 0;
  place.subject = place.new_subject ? counters_.subject++ : judgement.subject;
  for (const std::uint32_t on : judgement.leans_on) parked_.leans(number, on);
}

void Taking::store_one_parked(std::uint32_t number, RecordWithBytes& waiting) {
  const Parked::Place place = parked_.places()[number];
  const ParsedRecord& record = waiting.record;
  const auto lead = as_bytes(waiting.lead), body = as_bytes(waiting.body);
  if (place.held) {
    const auto on = static_cast<std::uint32_t>(place.held_by);
    faults_.add(Judge::leaning_fault(record, parked_.read(on).record.id, parked_.places()[on].line));
    return add_held(record, lead, body);
  }
  // Its faults were told when it was judged; by now everything it names has a number.
  const Judgement judgement = judge_->judge(record, true, number);
  add_stored(record, lead, body, judgement, place.number, place.subject, place.new_subject);
}

void Taking::ask_questions() {
  if (questions_.empty()) return;
  register_->make_room();
  for (const LaterQuestion& question : questions_)
    for (const auto& [scheme, value] : question.names)
      question.sender.empty() ? register_->want_identifier(scheme, value)
                              : register_->want_record(question.sender, value);
  register_->fetch();
  Keyer& keys = register_->keys();
  for (LaterQuestion& question : questions_) {
    const bool answered = std::ranges::any_of(question.names, [&](const IdentifierRef& name) {
      const Key key =
          question.sender.empty() ? keys.identifier(name.scheme, name.value) : keys.record(question.sender, name.value);
      return register_->record(key).exists();
    });
    if (!answered) faults_.add(std::move(question.fault));
  }
  questions_.clear();
}

Taken Taking::finish(const xml::FileOutcome& outcome) {
  Taken taken;
  if (envelope_) taken.envelope = *envelope_;
  if (council_) {
    taken.authority = council_->code;
    taken.authority_name = council_->name;
  }
  if (outcome.refused) refused_ = true;
  if (!refused_) {
    take_batch();
    if (!sent_before_) {
      settle_parked();
      ask_questions();
    } else if (sent_before_sha256_ == outcome.sha256) {
      taken.repeated = sent_before_;
      return taken;
    } else {
      refuse({.code = "message-id.used",
              .field = "header/messageId",
              .sent = file_.envelope.message_id,
              .problem = fmt::format("You sent another file under this message id (receipt {}).", sent_before_->text()),
              .expected = "a message id you have not used before",
              .mend = "Give the file a new message id and send it again."});
    }
  } else {
    for (Item& item : batch_.items) add_faults(std::move(item.record->faults));
  }
  for (const Fault& fault : outcome.faults) faults_.add(Fault(fault));
  taken.refused = refused_;
  taken.faults = faults_.take();
  if (outcome.refused) add_untold(taken.faults, outcome.record_faults);
  taken.stored = stored_;
  taken.held = held_;
  taken.already_held = already_held_;
  std::ranges::sort(held_records_, {}, &HeldRecord::line);
  taken.held_records = std::move(held_records_);
  if (!refused_ && mode_ == Mode::store) {
    taken.id = ReceiptId{council_->code, counters_.submission};
    write_submission(outcome);
    write_faults(taken.faults);
  }
  return taken;
}

/// The reader, refusing a file, tells of all records' faults, also of those that came here before.
void Taking::add_untold(std::vector<Fault>& told, const std::vector<Fault>& all) const {
  const auto place = [](const Fault& f) { return std::tie(f.line, f.column, f.code, f.field, f.sent); };
  std::set<std::tuple<int, int, std::string, std::string, std::string>> known;
  for (const Fault& fault : told) known.emplace(place(fault));
  for (const Fault& fault : all) {
    if (told.size() >= listed_at_most || !known.emplace(place(fault)).second) continue;
    if (options_.on_fault) options_.on_fault(fault);
    told.push_back(fault);
  }
  std::ranges::stable_sort(told, {}, [](const Fault& f) { return std::pair(f.line, f.column); });
}

void Taking::write_submission(const xml::FileOutcome& outcome) {
  const Envelope& envelope = file_.envelope;
  write_rows();
  std::optional<std::string> agreement;
  if (!envelope.agreement.empty()) agreement = envelope.agreement;
  std::optional<std::int64_t> first, last;
  if (stored_ > 0) {
    first = first_record_;
    last = counters_.record - 1;
  }
  transaction_.run(add_submission, council_->code, counters_.submission, writer_->sender(), envelope.message_id,
                   std::span<const std::byte>(outcome.sha256), static_cast<std::int64_t>(outcome.bytes), received_at_,
                   envelope.created_at, envelope.source_system, agreement, envelope.period_from, envelope.period_to,
                   static_cast<std::int32_t>(stored_), static_cast<std::int32_t>(held_),
                   static_cast<std::int32_t>(already_held_), first, last);
  ++counters_.submission;
  transaction_.run(move_counter, council_->code, counters_.record, counters_.submission, counters_.held,
                   counters_.subject, counters_.organisation);
}

void Taking::write_faults(const std::vector<Fault>& faults) {
  if (faults.empty()) return;
  pg::CopyIn copy = transaction_.copy_in(copy_faults);
  std::int32_t ordinal = 0;
  for (const Fault& fault : faults) {
    copy.row(13);
    copy.text(council_->code);
    copy.int64(counters_.submission - 1);
    copy.int32(ordinal++);
    copy.text(word(fault.severity));
    copy.text(fault.code);
    copy.int32(fault.line);
    copy.int32(fault.column);
    copy.text(fault.record_id);
    copy.text(fault.field);
    copy.text(fault.sent);
    copy.text(fault.problem);
    copy.text(fault.expected);
    copy.text(fault.mend);
  }
  copy.finish();
}

}  // namespace answerable::intake
