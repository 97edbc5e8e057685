#include "ingest/intake/judge.hpp"

#include "ingest/identifiers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace answerable::intake {
namespace {

using State = Found::State;

constexpr std::array<const char*, 3> person_schemes{"nhs-number", "council", "sender"};

std::string scheme_words(const std::string& scheme) {
  if (scheme == "nhs-number") return "NHS number";
  if (scheme == "council") return "council person number";
  if (scheme == "sender") return "your own person number";
  return scheme;
}

std::string dates(const Happened& from, const std::optional<Happened>& until) {
  return until ? fmt::format("from {} to {}", words(from), words(*until)) : fmt::format("from {} on", words(from));
}

/// The identifiers a person reference may mean: scheme:value, or a bare value of any scheme.
std::vector<IdentifierRef> meanings(const std::string& person) {
  std::vector<IdentifierRef> any;
  for (const char* scheme : person_schemes) {
    if (person.starts_with(scheme) && person[std::string_view(scheme).size()] == ':')
      return {{scheme, person.substr(std::string_view(scheme).size() + 1)}};
    any.push_back({scheme, person});
  }
  return any;
}

std::string with_article(const std::string& noun) {
  return (std::string_view("aeiou").find(noun.front()) == std::string_view::npos ? "a " : "an ") + noun;
}

/// An act that was done, rather than one that was due.
bool was_done(const ParsedEntry& entry) {
  return !entry.act.ends_with(".due");
}

/// Nothing of it falls into the period: not even as something that began before and may go on.
bool lies_outside(const ParsedEntry& entry, Day from, Day to) {
  const bool goes_on =
      entry.until ? entry.until->last >= from : entry.act.ends_with(".started") || entry.act.ends_with(".agreed");
  return entry.when.first > to || (entry.when.last < from && !goes_on);
}

}  // namespace

struct Judge::Work {
  const ParsedRecord& record;
  Judgement& out;
  bool last;
  std::optional<std::uint32_t> place;

  void fault(Fault&& fault) {
    fault.record_id = record.id;
    if (fault.line == 0) {
      fault.line = record.line;
      fault.column = record.column;
    }
    out.error = out.error || fault.severity == Severity::error;
    out.faults.push_back(std::move(fault));
  }

  /// Whether the record found can be relied on now. A parked one is relied on and leant on; an absent one is waited for
  /// until the file ends.
  bool stands(const Found& found) {
    if (found.state == State::known) return true;
    if (found.state == State::parked && place == found.parked) return true;
    if (found.state == State::parked && last) {
      out.leans_on.push_back(found.parked);
      return true;
    }
    if (!last) out.waits = true;
    return false;
  }
};

Judge::Judge(Register& known, const FileContext& file, Look look)
    : known_(known), file_(file), look_(std::move(look)) {}

IdentifierRef Judge::stored(const IdentifierRef& sent) const {
  return sent.scheme == "sender" ? IdentifierRef{"sender", file_.sender + '/' + sent.value} : sent;
}

/// A record that brings its subject into being does not need the file's agreement to stand: it may be what brings it.
const std::string& Judge::agreement_of(const ParsedRecord& record) const {
  static const std::string none;
  if (!record.agreement.empty()) return record.agreement;
  return record.defines_subject ? none : file_.envelope.agreement;
}

std::string Judge::sender_of(const ParsedRecord& record, const std::string& id) const {
  const auto at =
      std::find_if(record.references.begin(), record.references.end(),
                   [&](const ParsedReference& reference) { return reference.id == id && reference.scheme.empty(); });
  return at == record.references.end() || at->sender.empty() ? file_.sender : at->sender;
}

Found Judge::look_identifier(const IdentifierRef& identifier) const {
  return look_(known_.keys().identifier(identifier.scheme, identifier.value));
}

void Judge::want(const ParsedRecord& record) {
  if (record.kind.empty()) return;
  const auto want_identifier = [&](const IdentifierRef& sent) {
    const IdentifierRef identifier = stored(sent);
    known_.want_identifier(identifier.scheme, identifier.value);
  };
  if (!record.id.empty()) known_.want_record(file_.sender, record.id);
  if (!record.corrects.empty()) known_.want_record(file_.sender, record.corrects);
  for (const IdentifierRef& identifier : record.subject) want_identifier(identifier);
  for (const IdentifierRef& identifier : record.cases) want_identifier(identifier);
  if (record.subject_type == "council") want_identifier({"council-itself", file_.envelope.authority.code});
  if (const std::string& agreement = agreement_of(record); !agreement.empty())
    want_identifier({"agreement", agreement});
  for (const ParsedReference& reference : record.references) {
    if (reference.scheme == "person") {
      for (const IdentifierRef& meaning : meanings(reference.id)) want_identifier(meaning);
    } else if (!reference.scheme.empty()) {
      want_identifier({reference.scheme, reference.id});
    } else {
      known_.want_record(reference.sender.empty() ? file_.sender : reference.sender, reference.id);
    }
  }
  for (const ParsedEvidence& evidence : record.evidence)
    if (!evidence.target.empty()) known_.want_record(sender_of(record, evidence.target), evidence.target);
}

void Judge::learn(const ParsedRecord& record) {
  if (record.kind.empty()) return;
  if (const std::string& agreement = agreement_of(record); !agreement.empty()) known_.learn_agreement(agreement);
  if (record.defines_subject && record.subject_type == "agreement" && !record.subject.empty())
    known_.learn_agreement(record.subject.front().value);
}

Judgement Judge::judge(const ParsedRecord& record, bool last, std::optional<std::uint32_t> place) {
  Judgement judgement;
  if (record.kind.empty()) return judgement;
  Work work{record, judgement, last, place};
  constexpr std::size_t most = std::numeric_limits<std::int16_t>::max();
  if (record.entries.size() > most || record.evidence.size() > most) {
    work.fault({.code = "record.too-many-acts",
                .field = record.kind,
                .sent = std::to_string(std::max(record.entries.size(), record.evidence.size())),
                .problem = "The record names more acts or pieces of evidence than one record can hold.",
                .expected = fmt::format("at most {}", most),
                .mend = "Send it as several records, each with an id of its own."});
    return judgement;
  }
  judge_corrects(work);
  judge_subject(work);
  judge_corrected_subject(work);
  judge_cases(work);
  judge_references(work);
  judge_targets(work);
  judge_agreement(work);
  judge_period(work);
  return judgement;
}

Fault Judge::leaning_fault(const ParsedRecord& record, const std::string& on_id, int on_line) {
  return {.severity = Severity::error,
          .code = "reference.held",
          .line = record.line,
          .column = record.column,
          .record_id = record.id,
          .field = record.kind,
          .sent = on_id,
          .problem = fmt::format("It refers to {} (line {}), which is itself held.", on_id, on_line),
          .expected = "a record that is taken in",
          .mend = fmt::format("Mend {} and send both again: this one has no other fault.", on_id)};
}

void Judge::judge_subject(Work& work) {
  const ParsedRecord& record = work.record;
  if (record.defines_subject) return judge_defined_subject(work);
  if (record.subject_type == "council") {
    const Found itself = look_identifier({"council-itself", file_.envelope.authority.code});
    if (itself.state == State::known) work.out.subject = itself.known.subject;
    return;
  }
  if (record.subject.empty()) return;  // the parser has said why
  const IdentifierRef& sent = record.subject.front();
  const Found found = look_identifier(stored(sent));
  if (work.stands(found)) {
    work.out.subject = found.known.subject;
    return;
  }
  if (work.out.waits) return;
  // A number that cannot be right has been told as such: nobody can be known by it.
  if (check_identifier(sent.scheme, sent.value)) return;
  const bool person = record.subject_type == "person";
  const std::string what = person ? scheme_words(sent.scheme) : "agreement";
  Fault fault{.code = person ? "person.unknown" : "agreement.unknown",
              .field = record.kind + (person ? "/person" : "/agreement"),
              .sent = sent.value};
  if (found.state == State::held) {
    fault.problem = fmt::format("The record that says who this {} is stands on line {} and is itself held.",
                                person ? "person" : "agreement", found.line);
    fault.expected = fmt::format("{} record that is taken in", with_article(record.subject_type));
    fault.mend = fmt::format("Mend the record on line {} and send both again.", found.line);
  } else if (person) {
    fault.problem = fmt::format("Nobody has told us of a person with this {}.", what);
    fault.expected = "a person named by a person record, in this file or sent before";
    fault.mend = fmt::format(
        "Send a person record: <person id=\"PER-1\"><person scheme=\"{}\">{}</person>…</person>, or correct the "
        "number.",
        sent.scheme, sent.value);
  } else {
    fault.problem = "Nobody has told us of an agreement with this reference.";
    fault.expected = "an agreement described by an agreement record, in this file or sent before";
    fault.mend = "Send an agreement record with this reference, or correct the reference.";
  }
  work.fault(std::move(fault));
}

void Judge::judge_defined_subject(Work& work) {
  const ParsedRecord& record = work.record;
  std::vector<std::pair<std::int32_t, const IdentifierRef*>> named;
  for (const IdentifierRef& sent : record.subject) {
    const Found found = look_identifier(stored(sent));
    if (found.state == State::parked && !work.last) {
      work.out.waits = true;
    } else if (found.state == State::known || (found.state == State::parked && work.place != found.parked)) {
      work.stands(found);
      named.emplace_back(found.known.subject, &sent);
      if (record.subject_type == "agreement" && found.state == State::known) judge_agreement_record(work, found);
    }
  }
  if (work.out.waits) return;
  if (named.empty()) {
    // A correction of a wrong number stays with the person it was about.
    if (work.out.corrects && work.out.corrects->state == State::known)
      work.out.subject = work.out.corrects->known.subject;
    return;
  }
  work.out.subject = named.front().first;
  for (const auto& [subject, sent] : named) {
    if (subject == work.out.subject) continue;
    work.fault({.code = "identifier.two-people",
                .field = record.kind + "/identifier",
                .sent = sent->value,
                .problem = fmt::format("The {} and the {} of this record are those of two different people.",
                                       scheme_words(named.front().second->scheme), scheme_words(sent->scheme)),
                .expected = "numbers of one person",
                .mend = "Find out which number is wrong and send the record with the right one. We never guess which "
                        "person is meant."});
  }
}

void Judge::judge_agreement_record(Work& work, const Found& found) {
  const std::string& reference = work.record.subject.front().value;
  const AgreementTerms& terms = known_.agreement(reference);
  const bool council =
      file_.sender == "cassr:" + file_.envelope.authority.code || file_.sender == "gss:" + file_.council_gss;
  if (council || terms.parties.contains(file_.sender) || terms.parties.empty()) return;
  work.fault(
      {.code = "agreement.reference-used",
       .field = work.record.kind + "/reference",
       .sent = reference,
       .problem = fmt::format("This reference is already that of an agreement between others (record number {}).",
                              found.known.number),
       .expected = "a reference that no other agreement with this council has",
       .mend = "Use a reference of your own, for example with your organisation's code before it."});
}

void Judge::judge_cases(Work& work) {
  for (const IdentifierRef& sent : work.record.cases) {
    const Found found = look_identifier(stored(sent));
    const bool is_new = found.state == State::absent || found.state == State::held ||
                        (found.state == State::parked && work.place == found.parked);
    if (!is_new && work.stands(found) && found.known.subject != 0 && work.out.subject != 0 &&
        found.known.subject != work.out.subject) {
      work.fault({.code = "case.two-people",
                  .field = work.record.kind + "/case",
                  .sent = sent.value,
                  .problem = "This case reference is already that of a case about somebody else.",
                  .expected = "a reference used for one person's case only",
                  .mend = "Correct the reference or the person."});
    }
  }
}

void Judge::judge_agreement(Work& work) {
  const std::string& reference = agreement_of(work.record);
  if (reference.empty()) return;
  const Found found = look_identifier({"agreement", reference});
  const bool own =
      std::any_of(work.record.subject.begin(), work.record.subject.end(), [&](const IdentifierRef& identifier) {
        return work.record.defines_subject && identifier.scheme == "agreement" && identifier.value == reference;
      });
  if (own) return;
  if (work.stands(found)) {
    if (!work.out.waits) judge_dates_of_agreement(work, reference);
    return;
  }
  if (work.out.waits) return;
  const bool held = found.state == State::held;
  const bool inherited = work.record.agreement.empty();
  work.fault(
      {.code = "agreement.unknown",
       .field = inherited ? "header/agreement" : work.record.kind + "/agreement",
       .sent = reference,
       .problem = held ? fmt::format("The agreement record with this reference stands on line {} and is itself held.",
                                     found.line)
                       : "Nobody has told us of an agreement with this reference.",
       .expected = "an agreement described by an agreement record, in this file or sent before",
       .mend = held ? "Mend the agreement record and send both again."
                    : fmt::format("Send an agreement record: <agreement "
                                  "id=\"AGR-1\"><reference>{}</reference>…</agreement>, or correct the reference.",
                                  reference)});
}

void Judge::judge_dates_of_agreement(Work& work, const std::string& reference) {
  const ParsedRecord& record = work.record;
  const AgreementTerms& terms = known_.agreement(reference);
  const bool council =
      file_.sender == "cassr:" + file_.envelope.authority.code || file_.sender == "gss:" + file_.council_gss;
  if (!council && !terms.parties.contains(file_.sender) && asked_parties_.insert(reference).second) {
    work.fault({.severity = Severity::query,
                .code = "agreement.not-a-party",
                .field = record.agreement.empty() ? "header/agreement" : record.kind + "/agreement",
                .sent = reference,
                .problem = fmt::format("{} is not named as a party to this agreement.", file_.envelope.sender.name),
                .expected = fmt::format("an agreement with {} as party", file_.sender),
                .mend = "Check the reference; or have the agreement sent again with you as a party. Asked once for all "
                        "records of this file."});
  }
  if (record.function.empty() || terms.versions.empty()) return;
  for (const ParsedEntry& entry : record.entries) {
    if (!was_done(entry) || (entry.by && entry.by->key() != file_.sender)) continue;
    const bool in_force =
        std::any_of(terms.versions.begin(), terms.versions.end(), [&](const AgreementTerms::Version& version) {
          return entry.when.last >= version.from.first && (!version.until || entry.when.first <= version.until->last);
        });
    const auto revoked = std::find_if(terms.revoked.begin(), terms.revoked.end(),
                                      [&](const auto& end) { return entry.when.first > end.second.last; });
    const bool made_again =
        revoked != terms.revoked.end() &&
        std::any_of(terms.versions.begin(), terms.versions.end(), [&](const AgreementTerms::Version& version) {
          return version.from.first > revoked->second.last && entry.when.last >= version.from.first;
        });
    if (in_force && (revoked == terms.revoked.end() || made_again)) continue;
    const auto& latest = terms.versions.back();
    work.fault(
        {.severity = Severity::query,
         .code = "agreement.not-in-force",
         .field = record.kind,
         .sent = iso(entry.when),
         .problem = fmt::format(
             "{} on {} lies outside agreement {}, which ran {}.", entry.act, words(entry.when), reference,
             revoked == terms.revoked.end() ? dates(latest.from, latest.until) : dates(latest.from, revoked->second)),
         .expected = "an act while the agreement was in force",
         .mend = "Stored as sent. Correct the date or name the agreement that was in force; if there was none, leave "
                 "it as it is."});
  }
}

void Judge::judge_corrects(Work& work) {
  const ParsedRecord& record = work.record;
  if (record.corrects.empty()) return;
  if (record.corrects == record.id) {
    work.fault({.code = "corrects.itself",
                .field = record.kind + "/@corrects",
                .sent = record.corrects,
                .problem = "The record says that it corrects itself.",
                .expected = "the id of your earlier record",
                .mend = "Give this record a new id and leave corrects as it is."});
    return;
  }
  const Found found = look_(known_.keys().record(file_.sender, record.corrects));
  if (!work.stands(found)) {
    if (work.out.waits) return;
    const bool held = found.state == State::held;
    work.fault({.code = held ? "reference.held" : "corrects.unknown",
                .field = record.kind + "/@corrects",
                .sent = record.corrects,
                .problem = held ? fmt::format("The record it corrects (line {}) is itself held.", found.line)
                                : "You have not sent us a record with this id, so there is nothing to correct.",
                .expected = "the id of a record of yours that we hold",
                .mend = held ? "Put the right content into that record and send it again; no correction is needed."
                             : "Correct the id, or leave corrects out and send it as a new record."});
    return;
  }
  if (found.state == State::parked && work.place && *work.place < found.parked) {
    work.fault({.code = "corrects.later",
                .field = record.kind + "/@corrects",
                .sent = record.corrects,
                .problem = "The record it corrects stands behind it in the file.",
                .expected = "the earlier record first",
                .mend = "Put the record it corrects before this one."});
    return;
  }
  if (found.state == State::known && found.known.subject == disposed_of) {
    work.fault({.code = "corrects.disposed-of",
                .field = record.kind + "/@corrects",
                .sent = record.corrects,
                .problem = "The record it corrects has been disposed of, as the time for which it had to be kept was "
                           "over.",
                .expected = "the id of a record of yours that we hold",
                .mend = "Leave corrects out and send it as a new record, if it is still needed."});
    return;
  }
  work.out.corrects = found;
  const std::string& kind = known_.kind_name(found.known.kind);
  if (kind != record.kind) {
    work.fault(
        {.code = "corrects.other-kind",
         .field = record.kind + "/@corrects",
         .sent = record.corrects,
         .problem = fmt::format("It corrects a record of another kind: {} is {}.", record.corrects, with_article(kind)),
         .expected = fmt::format("the id of {} record", with_article(record.kind)),
         .mend = "Correct the id, or leave corrects out and send it as a new record."});
  }
}

void Judge::judge_corrected_subject(Work& work) {
  const std::int32_t corrected = work.out.corrects ? work.out.corrects->known.subject : 0;
  if (corrected == 0 || work.out.subject == 0 || corrected == work.out.subject) return;
  work.fault({.code = "corrects.other-subject",
              .field = work.record.kind + "/@corrects",
              .sent = work.record.corrects,
              .problem = fmt::format("The record it corrects is about another {}.", work.record.subject_type),
              .expected = "a record about the same person, agreement or council",
              .mend = "Correct the id or the number of the person."});
}

void Judge::judge_references(Work& work) {
  for (const ParsedReference& reference : work.record.references) judge_reference(work, reference);
}

Found Judge::look_person(const ParsedReference& reference) const {
  Found best;
  for (const IdentifierRef& meaning : meanings(reference.id)) {
    const Found found = look_identifier(stored(meaning));
    if (found.state == State::known) return found;
    if (found.state != State::absent) best = found;
  }
  return best;
}

void Judge::judge_reference(Work& work, const ParsedReference& reference) {
  const bool is_record = reference.scheme.empty();
  const std::string& sender = reference.sender.empty() ? file_.sender : reference.sender;
  const Found found = is_record                      ? look_(known_.keys().record(sender, reference.id))
                      : reference.scheme == "person" ? look_person(reference)
                                                     : look_identifier({reference.scheme, reference.id});
  Fault fault{.severity = reference.severity,
              .line = reference.line,
              .column = reference.column,
              .field = reference.field,
              .sent = reference.id};
  const auto kinds = fmt::format("{}", fmt::join(reference.kinds, " or "));
  const bool grave = reference.severity == Severity::error;
  if (grave ? work.stands(found) : found.state == State::known || found.state == State::parked) {
    const std::string& kind = is_record ? known_.kind_name(found.known.kind) : reference.scheme;
    if (!is_record || reference.kinds.empty() ||
        std::find(reference.kinds.begin(), reference.kinds.end(), kind) != reference.kinds.end())
      return;
    fault.code = "reference.other-kind";
    fault.problem =
        fmt::format("It must name {} record, but {} is {}.", with_article(kinds), reference.id, with_article(kind));
    fault.expected = fmt::format("the id of {} record", with_article(kinds));
    fault.mend = "Correct the id.";
    work.fault(std::move(fault));
    return;
  }
  if (grave && work.out.waits && !work.last) return;
  const std::string what = !is_record ? reference.scheme : kinds.empty() ? "record" : kinds + " record";
  const char* const by = is_record ? "id" : reference.scheme == "person" ? "number" : "reference";
  if (found.state == State::held) {
    fault.code = "reference.held";
    fault.problem =
        fmt::format("It refers to {}, which stands on line {} and is itself held.", reference.id, found.line);
    fault.expected = fmt::format("{} that is taken in", with_article(what));
    fault.mend = fmt::format("Mend {} and send both again.", reference.id);
  } else {
    fault.code = "reference.unknown";
    fault.problem = is_record && !reference.sender.empty()
                        ? fmt::format("{} has not sent us {} with this id.", reference.sender, with_article(what))
                        : fmt::format("There is no {} with this {} in the file or in what {}.", what, by,
                                      is_record ? "you have sent before" : "we hold");
    fault.expected = fmt::format("the {} of {}", by, with_article(what));
    fault.mend = is_record
                     ? "Send that record, in this file or before; or correct the id; or add sender=\"scheme:code\" "
                       "when another organisation sent it."
                     : fmt::format("Send the record that describes it, in this file or before; or correct the {}.", by);
  }
  if (grave || work.last) {
    work.fault(std::move(fault));
  } else {
    fault.record_id = work.record.id;
    LaterQuestion question{std::move(fault), {}, {}};
    if (is_record) {
      question.sender = sender;
      question.names = {{"", reference.id}};
    } else if (reference.scheme == "person") {
      for (const IdentifierRef& meaning : meanings(reference.id)) question.names.push_back(stored(meaning));
    } else {
      question.names = {{reference.scheme, reference.id}};
    }
    work.out.questions.push_back(std::move(question));
  }
}

void Judge::judge_targets(Work& work) {
  for (const ParsedEvidence& evidence : work.record.evidence) {
    if (evidence.target.empty() || evidence.target == work.record.id) {
      work.out.targets.emplace_back();
      continue;
    }
    const Found found = look_(known_.keys().record(sender_of(work.record, evidence.target), evidence.target));
    work.out.targets.emplace_back(found);
    const bool said = std::any_of(work.record.references.begin(), work.record.references.end(),
                                  [&](const ParsedReference& reference) { return reference.id == evidence.target; });
    if (work.stands(found) || said || work.out.waits) continue;
    work.fault({.code = "reference.unknown",
                .field = work.record.kind + "/offered/record",
                .sent = evidence.target,
                .problem = "There is no record with this id in the file or in what you have sent before, for which "
                           "this could be evidence.",
                .expected = "the id of a record",
                .mend = "Send that record, in this file or before; or correct the id."});
  }
}

void Judge::judge_period(Work& work) {
  const ParsedRecord& record = work.record;
  const auto& from = file_.envelope.period_from;
  const auto& to = file_.envelope.period_to;
  if (!from || !to || record.subject_type != "person" || record.defines_subject || record.entries.empty()) return;
  const auto outside = [&](const ParsedEntry& entry) { return !was_done(entry) || lies_outside(entry, *from, *to); };
  const auto first_done = std::find_if(record.entries.begin(), record.entries.end(), was_done);
  if (first_done == record.entries.end() || !std::all_of(record.entries.begin(), record.entries.end(), outside)) return;
  work.fault({.severity = Severity::query,
              .code = "period.act-outside",
              .field = record.kind,
              .sent = iso(first_done->when),
              .problem = fmt::format("Nothing in this record happened in the period of the file, {} to {}.",
                                     words(*from), words(*to)),
              .expected = "a record with an act in the period",
              .mend = "Stored as sent. Correct the date, or the file's period; late records are better sent in a file "
                      "without a period."});
}

}  // namespace answerable::intake
