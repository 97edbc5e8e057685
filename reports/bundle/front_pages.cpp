#include "reports/bundle/front_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/pages/wording.hpp"

namespace answerable::bundle {
namespace {

using namespace render;

Document page(const pages::Trail& trail, std::string title, const Facts& facts) {
  Document out;
  out.title = std::move(title);
  out.subtitle = trail.council + ", adult social care";
  out.footer_left =
      fmt::format("Bundle {}, made by Answerable for {}. Personal data: keep it safe.", facts.number, trail.council);
  out.made_at = facts.sealed_at;
  return out;
}

std::string about_whom(const pages::Trail& trail) {
  std::vector<std::string> numbers;
  for (const auto& it : trail.person.identifiers) numbers.push_back(pages::identifier_words(it));
  return numbers.empty() ? trail.person.name()
                         : fmt::format("{} ({})", trail.person.name(), pages::list_words(numbers));
}

std::string_view purpose_words(std::string_view purpose) {
  if (purpose == "complaint") return "a complaint";
  if (purpose == "monitoring") return "monitoring a contract or agreement";
  if (purpose == "audit") return "an audit";
  if (purpose == "subject-access") return "a person's request to see their own data";
  return "not said";
}

std::int64_t count(auto size) {
  return static_cast<std::int64_t>(size);
}

Table contents(const Exhibits& exhibits, const Facts& facts) {
  Table table{.caption = "What is in this bundle", .columns = {{"File", 2}, {"What it is", 5}}};
  const auto add = [&](const std::string& file, std::string what, bool linked = true) {
    table.rows.push_back({.cells = {{linked ? link_to(file, file) : plain(file)}, {std::move(what)}}});
  };
  add("trail.html", "The chronology with its gaps, who acted and who answers, every finding with its law and reasons");
  add("trail.pdf", "The same to print");
  if (facts.has_enquiry) add("enquiry.html", "The ombudsman's questions, the answers, and the exhibits that show them");
  add("certificate.html", "The officer's certificate, to be filled in and signed");
  add("chronology.csv", "The chronology as a table");
  add("findings.csv", "The findings as a table");
  add("evidence.csv", "The evidence held and missing, as the senders told of it");
  add("missing.csv", "What is missing, and who was asked for it when");
  add("exhibits.csv", "The records shown: exhibit number, file, where it came from, SHA-256");
  if (facts.keeps_back) add("redactions.csv", "What is kept back, where, why and who decided");
  add("csv-metadata.json", "What the columns of these tables mean (W3C CSV on the Web)");
  add("trail.xml", "All of the trail for programs; its schema is trail.xsd");
  add("provenance.xml", "Who did what from which (W3C PROV-XML)");
  const auto records = std::ranges::count_if(exhibits, &Exhibit::of_person);
  add("exhibits/",
      pages::capital(pages::count_of(records, "record", "records")) + " about the person, each as it was sent", false);
  if (const auto others = count(exhibits.size()) - records; others > 0)
    add("agreements/, policies/",
        pages::capital(pages::count_of(others, "record", "records")) + " of agreements and policies in force", false);
  add("rules/",
      fmt::format("The {} by which the findings were judged, byte for byte",
                  pages::count_of(count(facts.rules), "rule file", "rule files")),
      false);
  if (facts.receipts > 0)
    add("receipts/",
        fmt::format("{} for the files in which the records came",
                    pages::capital(pages::count_of(count(facts.receipts), "receipt", "receipts"))),
        false);
  add("ledger/", "What proves that the records are those that were received, unchanged", false);
  add("VERIFY.html", "How to check all of it with tools that every computer has");
  add("verify.py", "A small program that checks it, to be read first if you like: python3 verify.py FILE.zip");
  return table;
}

Row exhibit_row(const Exhibit& it) {
  Inline what{it.what};
  if (!it.content.empty()) {
    what.push_back(" (");
    what.push_back(link_to("the document itself", it.content));
    what.push_back(")");
  }
  if (it.redacted) {
    what.push_back(" ");
    what.push_back(tag("Kept back in part", TagKind::neutral));
  }
  return {.cells = {{link_to(it.number, it.path)},
                    std::move(what),
                    {it.sender.name},
                    {words(it.received_on)},
                    {std::to_string(it.record)}},
          .anchor = anchor_of(it.number)};
}

Table exhibit_list(const Exhibits& exhibits) {
  Table table{.caption = "Exhibits",
              .columns = {{"Number", 1}, {"What it is", 3.4}, {"Sent by", 2.4}, {"Received", 1.5}, {"Record", 0.8}}};
  table.rows.add([&exhibits](const auto& use) {
    for (const auto& it : exhibits) use(exhibit_row(it));
  });
  return table;
}

void add_kept_back(Blocks& blocks, const Exhibits& exhibits, const Facts& facts) {
  blocks.push_back(Heading{2, "What is kept back", {}});
  if (!facts.keeps_back) {
    blocks.push_back(Paragraph{{"Nothing: every record in this bundle is shown as it was sent."}});
    return;
  }
  const auto redacted = std::ranges::count_if(exhibits, &Exhibit::redacted);
  Inline said{fmt::format("Parts of {} are kept back", pages::count_of(redacted, "exhibit", "exhibits"))};
  said.push_back(facts.redacted_by.empty() ? ": numbers of other people whom an agreement names. "
                                           : fmt::format(", as {} decided. ", facts.redacted_by));
  said.push_back(link_to("redactions.csv", "redactions.csv"));
  said.push_back(
      " lists each place and the reason. What is shown of these exhibits is still proved to be as it was, and in its "
      "place; where something is kept back the file says so. The findings were judged on the whole records.");
  blocks.push_back(Paragraph{std::move(said)});
}

}  // namespace

Document index_page(const pages::Trail& trail, const Exhibits& exhibits, const Missings& missing, const Facts& facts) {
  const auto name = trail.person.name();
  auto out = page(trail,
                  trail.case_reference.empty() ? "Records and audit trail: " + name
                                               : fmt::format("Complaint {}, about {}", trail.case_reference, name),
                  facts);
  out.as_of_line =
      fmt::format("As of {}, from what was held when the council's ledger had {}.", words(trail.horizon.as_of),
                  pages::count_of(trail.horizon.known_at, "record", "records"));
  auto& blocks = out.blocks;
  blocks.push_back(Paragraph{
      {fmt::format("This is what {} holds about {}'s care and support, as it was received, in order, with what "
                   "is missing shown as missing. It can be read and checked without any software of ours.",
                   trail.council, name)}});
  DefinitionList about;
  about.entries.push_back({"About", {about_whom(trail)}});
  if (!trail.case_reference.empty()) about.entries.push_back({"Complaint", {trail.case_reference}});
  about.entries.push_back({"Who answers", {trail.council + ", whoever acted for it"}});
  about.entries.push_back({"Bundle", {facts.number}});
  if (!facts.made_by.empty()) about.entries.push_back({"Made for", {facts.made_by}});
  about.entries.push_back({"Purpose", {pages::capital(std::string(purpose_words(facts.purpose)))}});
  about.entries.push_back({"Sealed",
                           {fmt::format("{}: ledger {} with {}", pages::moment_words(facts.sealed_at), facts.origin,
                                        pages::count_of(facts.size, "leaf", "leaves"))}});
  blocks.push_back(about);
  blocks.push_back(contents(exhibits, facts));

  blocks.push_back(Heading{2, "What is missing", "missing"});
  blocks.push_back(missing_page(missing, exhibits));
  add_kept_back(blocks, exhibits, facts);

  blocks.push_back(Heading{2, "How to check it", {}});
  blocks.push_back(
      Paragraph{{link_to("VERIFY.html", "VERIFY.html"),
                 " takes you through it step by step. In short: ", code("sha256sum -c manifest-sha256.txt"),
                 " in the folder above this one shows that no file has changed since the bundle was made; ",
                 code("python3 data/verify.py ."),
                 " there shows as well that the records are those in the council's signed "
                 "ledger. Compare the key in ledger/keys with the one that the council itself publishes."}});
  blocks.push_back(Heading{2, "What this can and cannot show", {}});
  BulletList limitations;
  for (const auto& text : pages::limits()) limitations.items.push_back({text});
  blocks.push_back(limitations);

  blocks.push_back(Heading{2, "Exhibits", "exhibits"});
  blocks.push_back(Paragraph{
      {"In the order in which they were received; behind them the agreements under which something was done, what "
       "was received about them, and the policies in force. The pages name records by their number in the "
       "council's ledger, which is the last column here."}});
  blocks.push_back(exhibit_list(exhibits));
  return out;
}

Document certificate_page(const pages::Trail& trail, const Exhibits& exhibits, const Facts& facts) {
  auto out = page(trail, "Certificate: records of a public authority", facts);
  auto& blocks = out.blocks;
  blocks.push_back(Callout{
      .kind = Callout::Kind::note,
      .title = "This certifies nothing until an officer of the council has filled it in and signed it",
      .body = {Paragraph{{"Print this page. Whoever signs should have looked at the exhibits and at how the records "
                          "are kept, and should strike out what they cannot say."}}}});
  blocks.push_back(
      Paragraph{{fmt::format("Given under section 9 of the Civil Evidence Act 1995, for bundle {} of {}, about {}.",
                             facts.number, trail.council, about_whom(trail))}});
  blocks.push_back(Heading{2, "I certify that", {}});
  NumberedList certified;
  certified.items.push_back({fmt::format("I am an officer of {}, which is a public authority.", trail.council)});
  certified.items.push_back(
      {fmt::format("The {} listed in exhibits.csv of this bundle form part of the records of {}. That includes records "
                   "that other bodies sent to it about what they did on its behalf.",
                   pages::count_of(count(exhibits.size()), "document", "documents"), trail.council)});
  certified.items.push_back(
      {facts.keeps_back
           ? "Each is a copy of what the council received, but for the parts that redactions.csv says are kept back."
           : "Each is a copy of what the council received."});
  certified.items.push_back(
      {"Where missing.csv says that something was searched for and not found, or that nothing received shows it, the "
       "records of the council hold no such entry as far as I know. (The absence of an entry is proved by an "
       "officer's affidavit, section 9(3); this certificate does not stand in for one.)"});
  blocks.push_back(certified);
  blocks.push_back(Paragraph{{"It does not certify that what a record says is true, nor that a finding is right."}});
  DefinitionList blanks;
  for (const char* blank : {"Name", "Office held", "Signature", "Date"})
    blanks.entries.push_back({blank, {std::string(48, '_')}});
  blocks.push_back(blanks);

  blocks.push_back(Heading{2, "The law", {}});
  Table law{.caption = "What this rests on, and how sure we are of it",
            .columns = {{"Law", 1.6}, {"In plain words", 4}, {"How sure", 1.6}}};
  const std::string read = "Read in a stored copy of legislation.gov.uk/ukpga/1995/38; not signed off by a lawyer";
  law.rows = {
      {.cells = {{"Civil Evidence Act 1995 s.9(1), (2), (4)"},
                 {"A document that is shown to form part of the records of a business or public authority may be "
                  "received in "
                  "evidence without further proof. It is taken to be so when an officer's signed certificate says so. "
                  "Records are "
                  "records in whatever form."},
                 {read}}},
      {.cells = {{"Civil Evidence Act 1995 s.9(3)"},
                 {"That there is no entry in the records may be proved by the affidavit of an officer."},
                 {read}}},
      {.cells = {{"Civil Evidence Act 1995 s.8"},
                 {"A statement in a document may be proved by a copy, however many copies lie between, shown to be "
                  "genuine in a "
                  "way the court approves."},
                 {read}}},
      {.cells = {
           {"In force from 31 January 1997"},
           {"From that day on sections 7 to 14 apply."},
           {tag("Unverified", TagKind::warning), " From general knowledge: needs a qualified person's sign-off"}}}};
  blocks.push_back(law);
  return out;
}

}  // namespace answerable::bundle
