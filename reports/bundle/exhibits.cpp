#include "reports/bundle/exhibits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "ingest/digest.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/pages/bodies.hpp"
#include "reports/pages/line_index.hpp"
#include "reports/pages/wording.hpp"

namespace answerable::bundle {
namespace {

constexpr pg::Statement records_of_subject{
    "bundle.records",
    "COPY (SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, "
    "r.received_on, r.corrects FROM answerable.record r JOIN answerable.organisation o ON o.authority = r.authority "
    "AND o.organisation = r.sender WHERE r.authority = current_setting('answerable.p1') AND r.subject = "
    "current_setting('answerable.p2')::int AND r.number < current_setting('answerable.p3')::bigint ORDER BY r.number) "
    "TO STDOUT (FORMAT binary)"};
constexpr pg::Statement records_of_agreements{
    "bundle.agreement_records",
    "COPY (SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, "
    "r.received_on, r.corrects FROM answerable.record r JOIN answerable.organisation o ON o.authority = r.authority "
    "AND o.organisation = r.sender WHERE r.authority = current_setting('answerable.p1') AND r.number < "
    "current_setting('answerable.p3')::bigint AND r.subject IN (SELECT subject FROM answerable.record WHERE authority "
    "= current_setting('answerable.p1') AND number = ANY (current_setting('answerable.p2')::bigint[])) ORDER BY "
    "r.number) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement policies{
    "bundle.policies",
    "COPY (SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, "
    "r.received_on, r.corrects, b.body FROM answerable.record r JOIN answerable.subject s ON s.authority = "
    "r.authority AND s.subject = r.subject AND s.type = 'council' JOIN answerable.organisation o ON o.authority = "
    "r.authority AND o.organisation = r.sender JOIN answerable.record_body b ON b.authority = r.authority AND b.number "
    "= r.number WHERE r.authority = current_setting('answerable.p1') AND r.number < "
    "current_setting('answerable.p2')::bigint AND r.kind = 'policy' ORDER BY r.number) TO STDOUT (FORMAT binary)"};
constexpr pg::Statement bodies{
    "bundle.bodies",
    "COPY (SELECT number, body FROM answerable.record_body WHERE authority = current_setting('answerable.p1') AND "
    "number = ANY (current_setting('answerable.p2')::bigint[]) ORDER BY number) TO STDOUT (FORMAT binary)"};

constexpr std::size_t asked_for_together = 4096;

Exhibit exhibit_in(const pg::CopyOut& row, const std::string& authority) {
  Exhibit out;
  out.record = row.int64(0);
  out.kind = row.text(1);
  out.version = row.int32(2);
  out.id = row.text(3);
  out.sender = {std::string(row.text(4)), std::string(row.text(5))};
  out.submission = row.int64(6);
  out.receipt = fmt::format("S{}-{}", authority, out.submission);
  out.received_on = row.day(7);
  if (!row.is_null(8)) out.corrects = row.int64(8);
  return out;
}

/// Whether the policy held at some time between the two days.
bool in_force(const xml::Element& policy, Day first, Day last) {
  const auto from = parse_happened(policy.child_text("from"));
  const auto until = parse_happened(policy.child_text("until"));
  return (!from || from->first <= last) && (!until || until->last >= first);
}

Day first_act(const pages::Trail& trail) {
  Day first = trail.horizon.as_of;
  for (const auto& row : trail.chronology) {
    if (const auto* line = std::get_if<pages::Line>(&row)) first = std::min(first, line->when.first);
  }
  return first;
}

// The bindings name every member, so that one more cannot be forgotten here.
template <class Visitor, class Any>
void visit_exhibit(Visitor& visit, Any& exhibit) {
  auto& [number, path, what, content, record, kind, version, id, sender, submission, receipt, received_on, corrects,
         of_person, digest, content_digest, redacted] = exhibit;
  visit.own(number, path, what, content, id, digest, content_digest);
  visit.shared(kind, sender.key, sender.name, receipt);
  visit.plain(record, version, submission, received_on, corrects, of_person, redacted);
}

}  // namespace

void pack(pages::Packer& packer, const Exhibit& exhibit) {
  visit_exhibit(packer, exhibit);
}

void unpack(pages::Unpacker& unpacker, Exhibit& exhibit) {
  visit_exhibit(unpacker, exhibit);
}

Exhibits exhibits(pg::Transaction& transaction, const pages::Trail& trail, std::int32_t subject) {
  Exhibits out;
  const auto add = [&](Exhibit it, std::string_view folder) {
    it.number = fmt::format("EX-{:03}", out.size() + 1);
    it.path = fmt::format("{}/{}.xml", folder, it.number);
    out.push_back(it);
  };
  const auto known_at = trail.horizon.known_at;
  auto own = transaction.copy_out(records_of_subject, trail.authority, subject, known_at);
  while (own.next()) {
    auto it = exhibit_in(own, trail.authority);
    it.of_person = true;
    add(std::move(it), "exhibits");
  }
  std::vector<std::int64_t> agreements;
  for (const auto& it : trail.agreements) agreements.push_back(it.record);
  auto under = transaction.copy_out(records_of_agreements, trail.authority,
                                    fmt::format("{{{}}}", fmt::join(agreements, ",")), known_at);
  while (under.next()) add(exhibit_in(under, trail.authority), "agreements");

  auto rows = transaction.copy_out(policies, trail.authority, known_at);
  std::vector<Exhibit> adopted;
  std::vector<pages::Body> texts;
  while (rows.next()) {
    adopted.push_back(exhibit_in(rows, trail.authority));
    texts.push_back({adopted.back().kind, adopted.back().version, std::string(as_text(rows.bytes(9)))});
  }
  const auto read = pages::read_bodies(texts);
  const auto first = first_act(trail);
  for (std::size_t i = 0; i < adopted.size(); ++i) {
    if (in_force(read[i], first, trail.horizon.as_of)) add(std::move(adopted[i]), "policies");
  }
  return out;
}

void describe(Exhibits& exhibits, const pages::Trail& trail) {
  const ExhibitIndex index(exhibits);
  const pages::LineIndex lines(trail.chronology);
  std::map<std::int64_t, std::size_t> documents;
  for (std::size_t i = 0; i < trail.documents.size(); ++i) documents.try_emplace(trail.documents[i].record, i);
  std::map<std::int64_t, const pages::AgreementUsed*> agreements;
  for (const auto& it : trail.agreements) agreements.try_emplace(it.record, &it);
  exhibits.change([&](Exhibit& it) {
    it.what = pages::capital(pages::code_words(it.kind));
    if (const auto document = documents.find(it.record); document != documents.end()) {
      const auto held = trail.documents[document->second];
      if (!held.is_a.empty()) it.what = pages::capital(pages::code_words(held.is_a));
      if (!held.title.empty()) it.what += ": " + held.title;
    }
    if (const auto agreement = agreements.find(it.record); agreement != agreements.end()) {
      it.what += " " + agreement->second->reference;
      it.what += ", from " + words(agreement->second->from);
    }
    if (const auto line = lines.find(it.record)) it.what += ", " + words(line->when);
    if (it.corrects >= 0) {
      if (const auto earlier = index.find(it.corrects)) it.what += " (corrects " + earlier->number + ")";
    }
  });
}

ExhibitIndex::ExhibitIndex(const Exhibits& exhibits) : exhibits_(&exhibits) {
  std::uint32_t place = 0;
  for (const auto& it : exhibits) places_.emplace_back(it.record, place++);
  std::ranges::sort(places_);
}

std::optional<std::size_t> ExhibitIndex::place(std::int64_t record) const {
  const auto found = std::ranges::lower_bound(places_, record, {}, &std::pair<std::int64_t, std::uint32_t>::first);
  return found == places_.end() || found->first != record ? std::nullopt : std::optional<std::size_t>(found->second);
}

std::optional<Exhibit> ExhibitIndex::find(std::int64_t record) const {
  const auto at = place(record);
  return at ? std::optional((*exhibits_)[*at]) : std::nullopt;
}

void each_body(pg::Transaction& transaction, const std::string& authority, std::span<const std::int64_t> records,
               const std::function<void(std::int64_t record, std::string_view body)>& use) {
  for (std::size_t from = 0; from < records.size(); from += asked_for_together) {
    const auto some = records.subspan(from, std::min(asked_for_together, records.size() - from));
    auto rows = transaction.copy_out(bodies, authority, fmt::format("{{{}}}", fmt::join(some, ",")));
    while (rows.next()) use(rows.int64(0), as_text(rows.bytes(1)));
  }
}

const render::CsvTable& exhibits_table() {
  using enum render::CsvType;
  static const render::CsvTable table{
      .file = "exhibits.csv",
      .title = "Exhibits",
      .description =
          "One row a record shown, by the number under which the pages name it. Its file is byte for byte what "
          "was sent, unless it is redacted.",
      .columns = {{"number", text, "EX-001"},
                  {"file", text, "Where it is in the bundle"},
                  {"what", text, "What it is"},
                  {"record", number, "The record's number in the council's records"},
                  {"id", text, "The sender's own number for it"},
                  {"sender", text, "Who sent it: scheme and code"},
                  {"sender_name", text, "Its name"},
                  {"receipt", text, "The receipt under which it came"},
                  {"received", day, "The day in London on which it was received"},
                  {"corrects", number, "The record that it corrects"},
                  {"sha256", text, "SHA-256 of the file as it is in the bundle"},
                  {"redacted", yes_no, "Whether parts of it are kept back: see redactions.csv"},
                  {"content_file", text, "The document sent within it, as a file of its own"},
                  {"content_sha256", text, "SHA-256 of that file"}},
      .primary_key = "number",
      .foreign_keys = {}};
  return table;
}

void write_exhibits_csv(const Exhibits& exhibits, std::ostream& out) {
  auto csv = render::open_csv(exhibits_table(), out);
  for (const auto& it : exhibits) {
    csv.row({it.number, it.path, it.what, std::to_string(it.record), it.id, it.sender.key, it.sender.name, it.receipt,
             iso(it.received_on), it.corrects < 0 ? "" : std::to_string(it.corrects), it.sha256,
             it.redacted ? "yes" : "no", it.content, it.content_sha256});
  }
}

}  // namespace answerable::bundle
