#include "reports/bundle/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "audit/bag/bag_writer.hpp"
#include "audit/bag/sealed_zip_writer.hpp"
#include "audit/engine/catalogue.hpp"
#include "audit/ledger/disclose.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/receipt_file.hpp"
#include "ingest/base64.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "reports/bundle/enquiry.hpp"
#include "reports/bundle/files.hpp"
#include "reports/bundle/front_pages.hpp"
#include "reports/bundle/leaves.hpp"
#include "reports/bundle/missing.hpp"
#include "reports/bundle/provenance.hpp"
#include "reports/pages/data.hpp"
#include "reports/pages/document.hpp"
#include "reports/pages/tables.hpp"
#include "reports/render/html.hpp"
#include "reports/render/pdf.hpp"

namespace answerable::bundle {
namespace {

constexpr pg::Statement cosignatures_under{
    "bundle.cosignatures",
    "SELECT coalesce(string_agg(line, '' ORDER BY ledger, size, witness, line), '') FROM answerable.cosignature WHERE "
    "authority = $1 AND (ledger < $2 OR (ledger = $2 AND size <= $3))"};

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in)
    throw std::runtime_error(
        fmt::format("{} cannot be read. It comes with the program: install it again.", file.string()));
  return bytes;
}

/// Equal for equal requests at equal checkpoints, and for no others.
/// \param cosignatures of the checkpoint and of those before it, which receipts show: they can come at any time
std::string number_of(const Request& request, const ledger::KeptCheckpoint& checkpoint, const Digest& rules,
                      std::string_view cosignatures) {
  const auto& about = request.about;
  std::string all = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n" ANSWERABLE_VERSION "\n{}", about.authority,
                                about.subject, about.case_reference, iso(about.as_of), hex(checkpoint.root), hex(rules),
                                request.by, request.purpose, cosignatures);
  if (request.keep_back) {
    all += request.keep_back->by + '\n' + iso(request.keep_back->on) + '\n';
    const auto which = [](const WhichRecord& it) { return fmt::format("{} {}", it.sender, it.id); };
    for (const auto& item : request.keep_back->items) {
      all += word(item.reason);
      if (const auto* person = std::get_if<KeepPerson>(&item.what)) {
        for (const auto& it : person->identifiers) all += fmt::format(" {}:{}", it.scheme, it.value);
        for (const auto& it : person->names) all += fmt::format(" '{}'", it);
      }
      if (const auto* record = std::get_if<KeepRecord>(&item.what)) all += " record " + which(record->record);
      if (const auto* field = std::get_if<KeepField>(&item.what))
        all += fmt::format(" field {} {} '{}'", which(field->record), field->path, field->value);
      all += '\n';
    }
    for (const auto& it : request.keep_back->checked) all += fmt::format("checked {}\n", which(it));
  }
  auto digits = hex(sha256(as_bytes(all))).substr(0, 8);
  std::ranges::transform(digits, digits.begin(),
                         [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return "B-" + digits;
}

/// What a finished part of the bundle needs of the parts before it.
struct Parts {
  pages::Trail trail;
  Exhibits exhibits;
  Missings missing;
  std::vector<ReadRecord> ombudsman;
  Facts facts;
};

/// \param exhibits stay as they are while the trail is used
void hand_over(pages::Trail& trail, const Exhibits& exhibits) {
  for (const auto& it : exhibits) trail.exhibits.numbers.emplace(it.record, it.number);
  trail.exhibits.files.add([&exhibits](const auto& use) {
    for (const auto& it : exhibits) {
      use({.number = it.number,
           .title = it.what,
           .description = fmt::format("Sent by {}, received {}", it.sender.name, words(it.received_on)),
           .file = it.path,
           .sha256 = parse_digest(it.sha256),
           .record = it.record});
    }
  });
}

/// What the trail and the tables say, in all the forms it is given in.
void write_trail(const Parts& parts, const Redaction& redaction, Files& files) {
  const auto& trail = parts.trail;
  {
    const auto page = pages::document(trail);
    files.write("trail.html", [&](std::ostream& out) { render::html(page, out); });
    files.write("trail.pdf", [&](std::ostream& out) { render::pdf(page, out); });
  }
  std::vector<const render::CsvTable*> tables;
  const auto table = [&](const render::CsvTable& of, const std::function<void(std::ostream&)>& fill) {
    tables.push_back(&of);
    files.write(std::string(of.file), fill);
  };
  table(pages::chronology_table(), [&](std::ostream& out) { pages::write_chronology_csv(trail, out); });
  table(pages::findings_table(), [&](std::ostream& out) { pages::write_findings_csv(trail, out); });
  table(pages::evidence_table(), [&](std::ostream& out) { pages::write_evidence_csv(trail, out); });
  table(missing_table(), [&](std::ostream& out) { write_missing_csv(parts.missing, out); });
  table(exhibits_table(), [&](std::ostream& out) { write_exhibits_csv(parts.exhibits, out); });
  if (parts.facts.keeps_back) table(redactions_table(), [&](std::ostream& out) { redaction.write_csv(out); });
  files.write("csv-metadata.json", [&](std::ostream& out) { render::write_csvw(tables, out); });
  files.write("trail.xml", [&](std::ostream& out) { pages::write_xml(trail, out); });
}

void write_pages(const Parts& parts, Files& files) {
  const auto& [trail, exhibits, missing, ombudsman, facts] = parts;
  const auto page = [&](const char* path, const render::Document& document) {
    files.write(path, [&](std::ostream& out) { render::html(document, out); });
  };
  page("index.html", index_page(trail, exhibits, missing, facts));
  page("certificate.html", certificate_page(trail, exhibits, facts));
  if (facts.has_enquiry) page("enquiry.html", enquiry_page(trail, ombudsman, exhibits));
  files.write("provenance.xml", [&](std::ostream& out) {
    write_provenance(parts.trail, parts.exhibits, parts.facts.number, parts.facts.made_by, out);
  });
}

/// What is the same in every bundle by the same rules.
void write_fixed(const engine::Catalogue& catalogue, Files& files) {
  for (const auto& file : catalogue.files()) {
    const bool table = file.id == engine::Catalogue::calendar_id;
    files.add(fmt::format("rules/{}.{}", file.id, table ? "csv" : "xml"), file.bytes);
  }
  files.add("trail.xsd", contents(share_folder() / "schemas/reports/trail/1/trail.xsd"));
  for (const char* file : {"VERIFY.html", "verify.py"}) files.add(file, contents(share_folder() / "bundle" / file));
}

/// Of the files the exhibits came in, as their senders keep them. A receipt whose own checkpoint is younger than the
/// bundle's, or of another ledger, is not proved by what is in the bundle, and is left out.
std::size_t write_receipts(pg::Transaction& transaction, const ledger::KeptCheckpoint& checkpoint,
                           const std::string& authority, const Exhibits& exhibits, const Redaction& redaction,
                           Files& files) {
  std::set<std::int64_t> submissions;
  for (const auto& it : exhibits)
    if (!it.path.empty()) submissions.insert(it.submission);
  std::size_t written = 0;
  for (const auto submission : submissions) {
    const intake::ReceiptId id{authority, submission};
    const auto receipt = ledger::receipt_file(transaction, id);
    if (receipt.state == "received" || redaction.words().find_in_file(receipt.text)) continue;
    const auto proof =
        ledger::parse_proof(std::string_view(receipt.text).substr(receipt.text.find("c2sp.org/tlog-proof")));
    const auto under = ledger::parse_checkpoint(ledger::parse_note(proof.checkpoint).text);
    if (under.origin != ledger::origin(authority, checkpoint.ledger) ||
        under.size > static_cast<std::uint64_t>(checkpoint.size))
      continue;
    files.add(fmt::format("receipts/{}.txt", id.text()), receipt.text);
    ++written;
  }
  return written;
}

}  // namespace

Made make_bundle(pg::Connection& connection, engine::Catalogue& catalogue, const xml::Kinds& kinds,
                 const Request& request, const ledger::KeptCheckpoint& checkpoint, const std::filesystem::path& file) {
  const auto& authority = request.about.authority;
  auto about = request.about;
  std::string cosignatures;
  {
    pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
    about.known_at = ledger::Disclosure(transaction, authority, checkpoint).records();
    cosignatures =
        transaction.run_one(cosignatures_under, authority, std::int32_t{checkpoint.ledger}, checkpoint.size).text(0, 0);
  }
  Parts parts{.trail = pages::gather(connection, catalogue, kinds, about),
              .exhibits = {},
              .missing = {},
              .ombudsman = {},
              .facts = {}};
  auto& [trail, exhibits, missing_things, ombudsman, facts] = parts;
  facts = {.number = number_of(request, checkpoint, catalogue.digest(), cosignatures),
           .made_by = request.by,
           .purpose = request.purpose,
           .origin = ledger::origin(authority, checkpoint.ledger),
           .size = checkpoint.size,
           .sealed_at = checkpoint.signed_at,
           .has_enquiry = false,
           .keeps_back = false,
           .redacted_by = request.keep_back ? request.keep_back->by : "",
           .rules = catalogue.files().size(),
           .receipts = 0};

  pg::Transaction transaction(connection, pg::Access::read_only, pg::Isolation::repeatable_read);
  Redaction redaction(trail);
  exhibits = bundle::exhibits(transaction, trail, about.subject);
  if (request.keep_back) {
    redaction.ask(transaction, *request.keep_back, exhibits, kinds);
    trail.loss.reset();  // its sums could tell what is kept back
  }
  redaction.apply(trail);

  bag::SealedZipWriter zip(file, fmt::format("answerable-{}-{}", authority, facts.number));
  bag::BagWriter bag(zip, {{"Source-Organization", trail.council},
                           {"External-Identifier", facts.number},
                           {"Bagging-Date", iso(london_day(checkpoint.signed_at))},
                           {"Answerable-Format", "bundle/1"},
                           {"Answerable-Checkpoint",
                            fmt::format("{} {} {}", facts.origin, checkpoint.size, base64(checkpoint.root))}});
  Made made{.number = facts.number, .council = trail.council, .person = trail.person.name()};
  Files files(bag, redaction.words());

  describe(exhibits, trail);
  ledger::Disclosure disclosure(transaction, authority, checkpoint);
  made.leaves = write_leaves(disclosure, leaves_wanted(transaction, authority, about.subject, exhibits), exhibits,
                             redaction, files);
  files.add("ledger/checkpoint", checkpoint.note);
  std::string keys;
  for (const auto& key : ledger::known_keys(transaction, authority, checkpoint.ledger))
    keys += ledger::format_vkey(key) + '\n';
  files.add("ledger/keys", keys);

  ombudsman = read_records(transaction, authority, "ombudsman", exhibits, redaction);
  const auto requests = read_records(transaction, authority, "record-request", exhibits, redaction);
  missing_things = missing(trail, askings(requests, exhibits));
  if (redaction.asked()) {
    exhibits.change([&](Exhibit& it) {
      for (auto* text : {&it.what, &it.id, &it.sender.name}) redaction.apply(*text);
    });
  }
  redaction.require_that_all_was_there();
  facts.has_enquiry = has_enquiry(ombudsman);
  facts.keeps_back = redaction.anything() || redaction.replaced() > 0;
  facts.receipts = write_receipts(transaction, checkpoint, authority, exhibits, redaction, files);
  hand_over(trail, exhibits);
  write_trail(parts, redaction, files);
  write_pages(parts, files);
  write_fixed(catalogue, files);

  made.files = files.count();
  made.exhibits = static_cast<std::int64_t>(exhibits.size());
  made.missing = static_cast<std::int64_t>(missing_things.size());
  made.redacted = std::ranges::count_if(exhibits, &Exhibit::redacted);
  made.sha256 = bag.finish();
  return made;
}

}  // namespace answerable::bundle
