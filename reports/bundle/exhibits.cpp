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
    "SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, r.received_on, "
    "r.corrects FROM answerable.record r JOIN answerable.organisation o ON o.authority = r.authority AND "
    "o.organisation = r.sender WHERE r.authority = $1 AND r.subject = $2 AND r.number < $3 ORDER BY r.number"};
constexpr pg::Statement records_of_agreements{
    "bundle.agreement_records",
    "SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, r.received_on, "
    "r.corrects FROM answerable.record r JOIN answerable.organisation o ON o.authority = r.authority AND "
    "o.organisation = r.sender WHERE r.authority = $1 AND r.number < $3 AND r.subject IN (SELECT subject FROM "
    "answerable.record WHERE authority = $1 AND number = ANY ($2::bigint[])) ORDER BY r.number"};
constexpr pg::Statement policies{
    "bundle.policies",
    "SELECT r.number, r.kind, r.version::int4, r.id, o.scheme || ':' || o.code, o.name, r.submission, r.received_on, "
    "r.corrects, b.body FROM answerable.record r JOIN answerable.subject s ON s.authority = r.authority AND s.subject "
    "= r.subject AND s.type = 'council' JOIN answerable.organisation o ON o.authority = r.authority AND o.organisation "
    "= r.sender JOIN answerable.record_body b ON b.authority = r.authority AND b.number = r.number WHERE r.authority = "
    "$1 AND r.number < $2 AND r.kind = 'policy' ORDER BY r.number"};
constexpr pg::Statement bodies{
    "bundle.bodies",
    "COPY (SELECT number, body FROM answerable.record_body WHERE authority = current_setting('answerable.p1') AND "
    "number = ANY (current_setting('answerable.p2')::bigint[]) ORDER BY number) TO STDOUT (FORMAT binary)"};

constexpr std::size_t asked_for_together = 4096;

Exhibit exhibit_in(const pg::Result& rows, int row, const std::string& authority) {
  Exhibit out;
  out.record = rows.int64(row, 0);
  out.kind = rows.text(row, 1);
  out.version = rows.int32(row, 2);
  out.id = rows.text(row, 3);
  out.sender = {std::string(rows.text(row, 4)), std::string(rows.text(row, 5))};
  out.submission = rows.int64(row, 6);
  out.receipt = fmt::format("S{}-{}", authority, out.submission);
  out.received_on = rows.day(row, 7);
  if (!rows.is_null(row, 8)) out.corrects = rows.int64(row, 8);
  return out;
}

std::string text_of(std::span<const std::byte> bytes) {
  return std::string(as_text(bytes));
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

}  // namespace

std::vector<Exhibit> exhibits(pg::Transaction& transaction, const pages::Trail& trail, std::int32_t subject) {
  std::vector<Exhibit> out;
  const auto add = [&](Exhibit it, std::string_view folder) {
    it.number = fmt::format("EX-{:03}", out.size() + 1);
    it.path = fmt::format("{}/{}.xml", folder, it.number);
    out.push_back(std::move(it));
  };
  const auto known_at = trail.horizon.known_at;
  const auto own = transaction.run(records_of_subject, trail.authority, subject, known_at);
  out.reserve(static_cast<std::size_t>(own.rows()));
  for (int row = 0; row < own.rows(); ++row) {
    auto it = exhibit_in(own, row, trail.authority);
    it.of_person = true;
    add(std::move(it), "exhibits");
  }
  std::vector<std::int64_t> agreements;
  for (const auto& it : trail.agreements) agreements.push_back(it.record);
  const auto under = transaction.run(records_of_agreements, trail.authority,
                                     fmt::format("{{{}}}", fmt::join(agreements, ",")), known_at);
  for (int row = 0; row < under.rows(); ++row) add(exhibit_in(under, row, trail.authority), "agreements");

  const auto adopted = transaction.run(policies, trail.authority, known_at);
  std::vector<pages::Body> texts;
  for (int row = 0; row < adopted.rows(); ++row) {
    texts.push_back({std::string(adopted.text(row, 1)), adopted.int32(row, 2), text_of(adopted.bytes(row, 9))});
  }
  const auto read = pages::read_bodies(texts);
  const auto first = first_act(trail);
  for (int row = 0; row < adopted.rows(); ++row) {
    if (in_force(read[static_cast<std::size_t>(row)], first, trail.horizon.as_of))
      add(exhibit_in(adopted, row, trail.authority), "policies");
  }
  return out;
}

void describe(std::vector<Exhibit>& exhibits, const pages::Trail& trail) {
  const ExhibitIndex index(exhibits);
  const pages::LineIndex lines(trail.chronology);
  std::map<std::int64_t, const pages::DocumentHeld*> documents;
  for (const auto& it : trail.documents) documents.try_emplace(it.record, &it);
  std::map<std::int64_t, const pages::AgreementUsed*> agreements;
  for (const auto& it : trail.agreements) agreements.try_emplace(it.record, &it);
  for (auto& it : exhibits) {
    it.what = pages::capital(pages::code_words(it.kind));
    if (const auto document = documents.find(it.record); document != documents.end()) {
      const auto& held = *document->second;
      if (!held.is_a.empty()) it.what = pages::capital(pages::code_words(held.is_a));
      if (!held.title.empty()) it.what += ": " + held.title;
    }
    if (const auto agreement = agreements.find(it.record); agreement != agreements.end()) {
      it.what += " " + agreement->second->reference;
      it.what += ", from " + words(agreement->second->from);
    }
    if (const auto* line = lines.find(it.record)) it.what += ", " + words(line->when);
    if (it.corrects >= 0) {
      const auto* earlier = index.find(it.corrects);
      if (earlier != nullptr) it.what += " (corrects " + earlier->number + ")";
    }
  }
}

ExhibitIndex::ExhibitIndex(std::span<const Exhibit> exhibits) {
  for (const auto& it : exhibits) exhibits_.push_back(&it);
  std::ranges::stable_sort(exhibits_, {}, &Exhibit::record);
}

const Exhibit* ExhibitIndex::find(std::int64_t record) const {
  const auto found = std::ranges::lower_bound(exhibits_, record, {}, &Exhibit::record);
  return found == exhibits_.end() || (*found)->record != record ? nullptr : *found;
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

void write_exhibits_csv(std::span<const Exhibit> exhibits, std::ostream& out) {
  auto csv = render::open_csv(exhibits_table(), out);
  for (const auto& it : exhibits) {
    csv.row({it.number, it.path, it.what, std::to_string(it.record), it.id, it.sender.key, it.sender.name, it.receipt,
             iso(it.received_on), it.corrects < 0 ? "" : std::to_string(it.corrects), it.sha256,
             it.redacted ? "yes" : "no", it.content, it.content_sha256});
  }
}

}  // namespace answerable::bundle
