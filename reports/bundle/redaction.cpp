#include "reports/bundle/redaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "ingest/pg/connection.hpp"
#include "reports/pages/bodies.hpp"
#include "reports/pages/speech.hpp"
#include "reports/render/text.hpp"

namespace answerable::bundle {
namespace {

constexpr pg::Statement numbers_of{"bundle.numbers_of",
                                   "SELECT DISTINCT i.scheme, i.value FROM answerable.identifier i JOIN "
                                   "answerable.identifier known ON known.authority = "
                                   "i.authority AND known.subject = i.subject WHERE known.authority = $1 AND "
                                   "known.scheme = $2 AND known.value = $3 AND "
                                   "i.scheme IN ('nhs-number', 'council', 'sender') ORDER BY 1, 2"};
constexpr pg::Statement names_of{
    "bundle.names_of",
    "SELECT r.kind, r.version::int4, b.body FROM answerable.record r JOIN answerable.record_body b USING (authority, "
    "number) WHERE r.authority = $1 AND r.kind = 'person' AND r.subject IN (SELECT subject FROM answerable.identifier "
    "WHERE authority = $1 AND scheme = $2 AND value = $3) ORDER BY r.number"};

/// A text this long says something; a shorter one may stand for anything, anywhere.
constexpr std::ptrdiff_t telling_words = 4;
/// No item of a request: what is kept back always.
constexpr std::size_t always = static_cast<std::size_t>(-1);

Exhibit named(const Exhibits& exhibits, const WhichRecord& which) {
  for (const auto& it : exhibits) {
    if (it.sender.key == which.sender && it.id == which.id) return it;
  }
  throw RedactionRefused(
      fmt::format("Record {} of {} is asked to be kept back, and is no record of this bundle. Write sender and id as "
                  "in exhibits.csv of a bundle made without it, or take it out of the request.",
                  which.id, which.sender));
}

bool telling(std::string_view text) {
  return std::ranges::count(text, ' ') >= telling_words - 1;
}

bool has_letter(std::string_view text) {
  while (!text.empty()) {
    const auto c = render::next_code_point(text);
    if (render::letter_or_digit(c) && !(c >= U'0' && c <= U'9')) return true;
  }
  return false;
}

/// "88" of "ods:RH5/88", as records of that sender write it.
std::string short_form(const engine::Identifier& identifier) {
  const auto slash = identifier.scheme == "sender" ? identifier.value.find('/') : std::string::npos;
  return slash == std::string::npos ? identifier.value : identifier.value.substr(slash + 1);
}

}  // namespace

Redaction::Redaction(const pages::Trail& trail) : authority_(trail.authority) {
  for (const auto& it : trail.person.identifiers) own_numbers_.insert(short_form(it));
  for (const auto& it : trail.person.names) own_names_.insert(render::folded(it.text));
}

void Redaction::ask(pg::Transaction& transaction, const RedactionRequest& request, const Exhibits& exhibits,
                    const xml::Kinds& kinds) {
  request_ = request;
  std::set<std::int64_t> to_read;
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const auto& item = request.items[i];
    if (const auto* person = std::get_if<KeepPerson>(&item.what)) ask_person(transaction, *person, item.reason, i);
    if (const auto* record = std::get_if<KeepRecord>(&item.what)) {
      const auto exhibit = named(exhibits, record->record);
      records_.emplace(exhibit.record, RecordAsked{item.reason, i});
      to_read.insert(exhibit.record);
    }
    if (const auto* field = std::get_if<KeepField>(&item.what)) to_read.insert(named(exhibits, field->record).record);
  }
  for (const auto& it : exhibits) {
    if (it.kind == "document") to_read.insert(it.record);
  }
  std::set<std::int64_t> checked;
  for (const auto& it : request.checked) checked.insert(named(exhibits, it).record);

  const ExhibitIndex index(exhibits);
  const std::vector<std::int64_t> numbers(to_read.begin(), to_read.end());
  std::vector<std::pair<std::string, Reason>> fingerprints;
  each_body(transaction, authority_, numbers, [&](std::int64_t number, std::string_view body) {
    const auto exhibit = index.find(number).value();
    if (const auto whole = records_.find(number); whole != records_.end())
      ask_record(body, whole->second.reason, whole->second.item);
    for (std::size_t i = 0; i < request.items.size(); ++i) {
      const auto* field = std::get_if<KeepField>(&request.items[i].what);
      if (field != nullptr && field->record == WhichRecord{exhibit.sender.key, exhibit.id})
        ask_field(exhibit, body, *field, request.items[i], i, kinds);
    }
  });
  // Only now are all words known that a document sent within a record must not hold.
  each_body(transaction, authority_, numbers, [&](std::int64_t number, std::string_view body) {
    const auto all = bundle::fields(body);
    const auto document = embedded(index.find(number)->kind, all);
    if (!document || words_.empty()) return;
    std::optional<Reason> why;
    if (document->readable) {
      if (const auto match = words_.find(document->bytes)) {
        why = match->reason;
        found(match->item);
      }
    } else if (!checked.contains(number)) {
      why = request.items.front().reason;
    }
    if (const auto whole = withheld(number)) why = whole;
    if (!why) return;
    contents_.emplace(number, *why);
    const auto fingerprint = std::ranges::find(all, "sha256", &Field::path);
    fingerprints.emplace_back(hex(sha256(as_bytes(document->bytes))), *why);
    if (fingerprint != all.end()) fingerprints.emplace_back(fingerprint->text, *why);
  });
  for (const auto& [fingerprint, reason] : fingerprints) words_.add(fingerprint, reason, always);
}

void Redaction::ask_person(pg::Transaction& transaction, const KeepPerson& person, Reason reason, std::size_t item) {
  const auto add = [&](std::string_view word) {
    if (own_numbers_.contains(std::string(word)) || own_names_.contains(render::folded(word))) {
      throw RedactionRefused(
          fmt::format("'{}' names the person this bundle is about. Only other people can be kept back by name; take it "
                      "out of line {} "
                      "of the request.",
                      word, request_->items[item].line));
    }
    words_.add(word, reason, item);
  };
  for (const auto& name : person.names) add(name);
  for (const auto& identifier : person.identifiers) {
    add(short_form(identifier));
    const auto numbers = transaction.run(numbers_of, authority_, identifier.scheme, identifier.value);
    for (int row = 0; row < numbers.rows(); ++row)
      add(short_form({std::string(numbers.text(row, 0)), std::string(numbers.text(row, 1))}));
    const auto names = transaction.run(names_of, authority_, identifier.scheme, identifier.value);
    std::vector<pages::Body> bodies;
    for (int row = 0; row < names.rows(); ++row)
      bodies.push_back(
          {std::string(names.text(row, 0)), names.int32(row, 1), std::string(as_text(names.bytes(row, 2)))});
    for (const auto& element : pages::read_bodies(bodies)) {
      if (const auto name = element.child_text("name"); !name.empty()) add(name);
    }
  }
}

void Redaction::ask_record(std::string_view body, Reason reason, std::size_t item) {
  for (const auto& field : bundle::fields(body)) {
    if (!field.named_by_code && telling(field.text) && !own_names_.contains(render::folded(field.text)))
      words_.add(field.text, reason, item);
  }
}

void Redaction::ask_field(const Exhibit& exhibit, std::string_view body, const KeepField& field,
                          const RedactionRequest::Item& of, std::size_t item, const xml::Kinds& kinds) {
  const auto where =
      fmt::format("line {} of the request asks to keep back {} of record {}", of.line, field.path, exhibit.id);
  const auto codes = pages::listed_codes(kinds, exhibit.kind, exhibit.version);
  bool there = false;
  for (const auto& it : bundle::fields(body)) {
    if (it.path != field.path || (!field.value.empty() && render::folded(it.text) != render::folded(field.value)))
      continue;
    there = true;
    if (!has_letter(it.text) || it.text.size() < 2 || codes.contains(it.text) || parse_instant(it.text)) {
      throw RedactionRefused(
          fmt::format("{}, which is '{}': not words, but a date, a number or a code, which stands for itself wherever "
                      "it is met. Keep "
                      "back the whole record: <record reason=\"…\" sender=\"{}\" id=\"{}\"/>.",
                      where, it.text, exhibit.sender.key, exhibit.id));
    }
    if (own_names_.contains(render::folded(it.text))) {
      throw RedactionRefused(fmt::format("{}, which is the name of the person this bundle is about.", where));
    }
    words_.add(it.text, of.reason, item);
    fields_[exhibit.record].push_back({field.path, it.text, of.reason, item});
  }
  if (!there) {
    throw RedactionRefused(fmt::format(
        "{}, and there is no such field{}. The file {} of a bundle made without redaction shows the record.", where,
        field.value.empty() ? "" : " with those words", exhibit.path));
  }
}

std::optional<Reason> Redaction::withheld(std::int64_t record) const {
  const auto found = records_.find(record);
  return found == records_.end() ? std::nullopt : std::optional(found->second.reason);
}

void Redaction::found(std::size_t item) {
  if (item != always) found_.insert(item);
}

void Redaction::note(Exhibit& exhibit, std::string field, std::string how, Reason reason, bool asked) {
  exhibit.redacted = true;
  notes_.push_back({exhibit.number, std::to_string(exhibit.record), std::move(field), std::move(how), reason, asked});
}

Redaction::Shown Redaction::show(Exhibit& exhibit, std::string_view body) {
  Shown out{Cover(body), {}};
  if (const auto whole = records_.find(exhibit.record); whole != records_.end()) {
    out.cover.hide(0, body.size(), whole->second.reason);
    found(whole->second.item);
    note(exhibit, "", "record", whole->second.reason, true);
    return out;
  }
  const auto all = bundle::fields(body);
  const auto hide = [&](const Field& field, Reason reason, const char* how, bool asked) {
    if (out.cover.hide(field.begin, field.end, reason) > 0) note(exhibit, field.path, how, reason, asked);
  };
  const auto content = contents_.find(exhibit.record);
  for (const auto& field : all) {
    if (exhibit.kind == "agreement" && field.path == "namedPerson" && !own_numbers_.contains(field.text))
      hide(field, Reason::third_party, "named in an agreement", false);
    if (content != contents_.end() && (field.path == "content" || field.path == "sha256"))
      hide(field, content->second, "document", true);
    if (field.path == "content") continue;
    if (const auto asked = fields_.find(exhibit.record); asked != fields_.end()) {
      for (const auto& it : asked->second) {
        if (it.path != field.path || it.value != field.text) continue;
        found(it.item);
        hide(field, it.reason, "field", true);
      }
    }
    auto match = words_.find(field.text);
    for (std::size_t i = 0; !match && i < field.attributes.size(); ++i) match = words_.find(field.attributes[i]);
    if (!match) continue;
    found(match->item);
    // Of an element with others in it only the start tag names anybody: its pieces are looked at below.
    if (!field.text.empty()) hide(field, match->reason, "words", true);
  }
  // What is no element: comments, attributes of elements with others in them.
  if (!words_.empty()) {
    for (std::size_t i = 0; i < out.cover.pieces(); ++i) {
      const auto match = words_.find_in_file(out.cover.piece(i));
      if (!match) continue;
      found(match->item);
      if (out.cover.hide_piece(i, match->reason) > 0) note(exhibit, "", "words", match->reason, true);
    }
  }
  if (content == contents_.end()) out.document = embedded(exhibit.kind, all);
  return out;
}

void Redaction::apply(std::string& text) {
  for (const auto item : words_.replace(text)) {
    found(item);
    ++replaced_;
  }
}

void Redaction::require_that_all_was_there() const {
  if (!request_) return;
  for (std::size_t i = 0; i < request_->items.size(); ++i) {
    if (found_.contains(i)) continue;
    throw RedactionRefused(
        fmt::format("Line {} of the request asks to keep back what is nowhere in this bundle, so no bundle was made. "
                    "Check how it is "
                    "written, or take it out.",
                    request_->items[i].line));
  }
}

const render::CsvTable& redactions_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "redactions.csv",
      .title = "What is kept back",
      .description =
          "One row a place in a record where something is kept back. The same is kept back in every page and "
          "table; there it reads [kept back: REASON].",
      .columns =
          {{"exhibit", text, "The exhibit; empty for what is said of records elsewhere in the bundle"},
           {"record", number, "Its record"},
           {"field", text, "The field of the record; empty for the whole record, or what lies between fields"},
           {"how", text,
            "record (all of it), field (asked for by its place), words (they name somebody, or say what is kept "
            "back elsewhere), document (its content cannot be searched by program, or holds such words), named in "
            "an agreement (another person's number; always kept back), pages"},
           {"reason", text,
            "third-party, not-relevant, legal-privilege, serious-harm, confidential-source or security"},
           {"asked_by", text, "Who decided; empty for what is always kept back"},
           {"asked_on", day, "When"},
           {"places", number, "Of pages: in how many places"}},
      .foreign_keys = {{"exhibit", "exhibits.csv", "number"}}};
  return table;
}

void Redaction::write_csv(std::ostream& out) const {
  auto csv = render::open_csv(redactions_table(), out);
  const auto by = request_ ? request_->by : "";
  const auto on = request_ ? iso(request_->on) : "";
  for (const auto& it : notes_) {
    csv.row({it.exhibit, it.record, it.field, it.how, std::string(word(it.reason)), it.asked ? by : "",
             it.asked ? on : "", ""});
  }
  if (replaced_ > 0) csv.row({"", "", "", "pages", "", by, on, std::to_string(replaced_)});
}

}  // namespace answerable::bundle
