// Bundles of records that came in through the real intake, judged by the real rules, sealed in a real ledger.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "ingest/pg/administration.hpp"
#include "ingest/xml/document.hpp"
#include "tests/reports/bundle_case.hpp"

namespace answerable::bundle {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

std::vector<std::vector<std::string>> rows(const std::string& csv) {
  return pages::csv_rows(csv);
}

TEST_F(BundleCase, HoldsWhatItSaysAndIsTheSameEachTime) {
  const auto all = files("one");
  for (const char* file : {"index.html",
                           "trail.html",
                           "trail.pdf",
                           "chronology.csv",
                           "findings.csv",
                           "evidence.csv",
                           "missing.csv",
                           "exhibits.csv",
                           "csv-metadata.json",
                           "trail.xml",
                           "trail.xsd",
                           "enquiry.html",
                           "certificate.html",
                           "provenance.xml",
                           "exhibits/EX-001.xml",
                           "ledger/checkpoint",
                           "ledger/keys",
                           "ledger/leaves.csv",
                           "receipts/S905-1.txt",
                           "rules/review.annual.xml",
                           "rules/bank-holidays.csv"}) {
    EXPECT_THAT(all, Contains(Key(file)));
  }
  EXPECT_THAT(pages::invalid(bag_ / "data/trail.xml"), IsEmpty());
  make("two");
  EXPECT_EQ(contents(work_.path / "one.zip"), contents(work_.path / "two.zip"));
  EXPECT_EQ(pages::run(fmt::format("cd '{}' && sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt",
                                   bag_.string()))
                .code,
            0);
  EXPECT_THAT(verified("one"), IsEmpty());
  // Cosigned since, it is another bundle: never two of one number with other bytes.
  const auto number = make("three").number;
  pg::Connection owner(database_.conninfo(), "tests");
  {
    pg::Transaction transaction(owner, pg::Access::read_write);
    pg::Administration(owner).run_script(
        "cosigning", fmt::format("INSERT INTO answerable.cosignature VALUES ('905', 1, {}, 'witness.example/w', E'— "
                                 "witness.example/w {}\\n', now())",
                                 checkpoint_.size, base64(std::vector<std::byte>(76))));
    transaction.commit();
  }
  {
    pg::Transaction transaction(owner, pg::Access::read_only);
    checkpoint_ = ledger::find_checkpoint(transaction, "905").value();
  }
  EXPECT_NE(make("four").number, number);
  EXPECT_NE(contents(work_.path / "four.zip"), contents(work_.path / "one.zip"));
  EXPECT_THAT(verified("four"), IsEmpty());
}

TEST_F(BundleCase, ExhibitsAreTheBytesThatWereSent) {
  const auto all = files("one");
  std::map<std::string, std::vector<std::string>> by_id;
  for (const auto& row : rows(all.at("exhibits.csv"))) by_id.emplace(row[4], row);
  ASSERT_THAT(by_id, Contains(Key("REV-1B")));
  EXPECT_THAT(all.at(by_id.at("REV-1B")[1]),
              ::testing::StartsWith(R"(<review xmlns="urn:answerable:review:1" id="REV-1B" corrects="REV-1">)"));
  EXPECT_EQ(hex(sha256(as_bytes(all.at(by_id.at("REV-1B")[1])))), by_id.at("REV-1B")[10]);
  EXPECT_EQ(by_id.at("REV-1B")[11], "no");
  EXPECT_EQ(all.at(by_id.at("DOC-1")[12]), letter_words) << "as a file of its own";
  EXPECT_THAT(by_id.at("DOC-1")[12], HasSubstr("-content.txt"));
  EXPECT_THAT(by_id.at("DOC-2")[12], HasSubstr("-content.jpg"));
  EXPECT_THAT(by_id.at("AGR-1")[1], HasSubstr("agreements/"));
  EXPECT_THAT(by_id.at("POL-1")[1], HasSubstr("policies/"));
  EXPECT_THAT(by_id, Not(Contains(Key("PER-2")))) << "a record of somebody else's";
}

TEST_F(BundleCase, OthersNamedInAnAgreementAreKeptBackUnasked) {
  const auto all = files("one");
  for (const auto& [path, bytes] : all) EXPECT_THAT(bytes, Not(HasSubstr("9990000026"))) << path;
  const auto notes = rows(all.at("redactions.csv"));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0][2], "namedPerson");
  EXPECT_EQ(notes[0][4], "third-party");
  EXPECT_EQ(notes[0][5], "") << "nobody asked for it";
}

TEST_F(BundleCase, SaysWhatIsMissingAndWhoWasAsked) {
  const auto all = files("one");
  const auto missing = rows(all.at("missing.csv"));
  const auto record =
      std::ranges::find_if(missing, [](const auto& row) { return row[0] == "review-record" && !row[10].empty(); });
  ASSERT_NE(record, missing.end()) << all.at("missing.csv");
  EXPECT_EQ((*record)[1], "not-supplied");
  EXPECT_EQ((*record)[5], "ods:RH5");
  EXPECT_EQ((*record)[10], "2025-02-04");
  EXPECT_EQ((*record)[11], "Complaints team");
  EXPECT_EQ((*record)[15], "unavailable");
  EXPECT_EQ((*record)[16], "2025-02-07");
  EXPECT_THAT(all.at("index.html"), HasSubstr("Complaints team asked Somerset Partnership NHS Foundation Trust"));
}

TEST_F(BundleCase, PutsAnswersAndExhibitsBesideTheOmbudsmansQuestions) {
  const auto all = files("one");
  const auto& page = all.at("enquiry.html");
  EXPECT_THAT(page, HasSubstr("When was the plan last reviewed?"));
  EXPECT_THAT(page, HasSubstr("No answer received"));
  std::string exhibit;
  for (const auto& row : rows(all.at("exhibits.csv"))) {
    if (row[4] == "REV-1B") exhibit = row[1];
  }
  EXPECT_THAT(page, HasSubstr("href=\"" + exhibit + "\""));
}

TEST_F(BundleCase, CertificateIsLeftBlankAndSaysHowSureTheLawIs) {
  const auto page = files("one").at("certificate.html");
  for (const char* word : {"Name", "Office held", "Signature", "Date", "section 9", "public authority", "Unverified"})
    EXPECT_THAT(page, HasSubstr(word));
}

/// Each column that csv-metadata.json tells of, in order, is there; values are of their datatypes; keys hold.
TEST_F(BundleCase, TablesAreAsTheirMetadataSays) {
  const auto all = files("one");
  const auto metadata = nlohmann::json::parse(all.at("csv-metadata.json"));
  std::size_t cells = 0;
  std::map<std::string, std::map<std::string, std::set<std::string>>> values;
  for (const auto& table : metadata["tables"]) {
    const auto& csv = all.at(table["url"]);
    const auto& columns = table["tableSchema"]["columns"];
    std::string header;
    for (const auto& column : columns) header += (header.empty() ? "" : ",") + column["name"].get<std::string>();
    EXPECT_EQ(csv.substr(0, csv.find('\r')), header);
    std::set<std::string> keys;
    for (const auto& row : rows(csv)) {
      ASSERT_EQ(row.size(), columns.size()) << table["url"];
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].empty()) continue;
        const auto& type = columns[i]["datatype"];
        const std::string base = type.is_string() ? type : type["base"];
        const std::string pattern = base == "integer"  ? "-?[0-9]+"
                                    : base == "date"   ? "[0-9]{4}-[0-9]{2}-[0-9]{2}"
                                    : type.is_object() ? type["format"].get<std::string>()
                                                       : "";
        std::istringstream parts(row[i]);
        for (std::string part; columns[i].contains("separator") ? bool(parts >> part) : part.empty(); ++cells) {
          if (!columns[i].contains("separator")) part = row[i];
          EXPECT_TRUE(pattern.empty() || std::regex_match(part, std::regex(pattern)))
              << table["url"] << ' ' << columns[i]["name"] << ": " << part;
        }
        values[table["url"]][columns[i]["name"]].insert(row[i]);
        if (columns[i]["name"] == table["tableSchema"].value("primaryKey", "")) {
          EXPECT_TRUE(keys.insert(row[i]).second) << table["url"] << ": " << row[i] << " twice";
        }
      }
    }
  }
  EXPECT_GT(cells, 500U);
  std::size_t references = 0;
  for (const auto& table : metadata["tables"]) {
    for (const auto& key : table["tableSchema"].value("foreignKeys", nlohmann::json::array())) {
      const auto& there = values[key["reference"]["resource"]][key["reference"]["columnReference"]];
      for (const auto& value : values[table["url"]][key["columnReference"]]) {
        EXPECT_TRUE(there.contains(value)) << table["url"] << ' ' << key.dump() << ": " << value;
        ++references;
      }
    }
  }
  EXPECT_GT(references, 20U);
}

/// No package of Debian's brings W3C's prov.xsd (it was run by hand): what it asks that can go wrong here.
TEST_F(BundleCase, ProvenanceIsAsProvXmlHasIt) {
  files("one");
  const auto root = xml::load_document(bag_ / "data/provenance.xml", {});
  const std::map<std::string, std::vector<std::string>> order{
      {"entity", {"label", "location", "type"}},
      {"activity", {"startTime", "endTime", "label", "location", "type"}},
      {"agent", {"label", "location", "type"}},
      {"organization", {"label", "location", "type"}},
      {"softwareAgent", {"label", "location", "type"}},
      {"wasGeneratedBy", {"entity", "activity"}},
      {"used", {"activity", "entity"}},
      {"wasAssociatedWith", {"activity", "agent"}},
      {"wasAttributedTo", {"entity", "agent"}},
      {"actedOnBehalfOf", {"delegate", "responsible", "activity", "label", "type"}},
      {"wasDerivedFrom", {"generatedEntity", "usedEntity", "activity", "generation", "usage", "label", "type"}},
      {"wasInfluencedBy", {"influencee", "influencer"}}};
  const std::string prov = "http://www.w3.org/ns/prov#";
  ASSERT_EQ(root.ns, prov);
  ASSERT_EQ(root.name, "document");
  std::set<std::string> ids, kinds;
  for (const auto& it : root.children) {
    if (const auto* id = it.attribute("{" + prov + "}id")) {
      EXPECT_TRUE(ids.insert(*id).second) << *id << " twice";
      EXPECT_TRUE(std::regex_match(*id, std::regex("b:[A-Za-z][A-Za-z0-9._-]*"))) << *id << " is no qualified name";
    }
  }
  std::size_t references = 0;
  for (const auto& it : root.children) {
    kinds.insert(it.name);
    ASSERT_TRUE(order.contains(it.name)) << it.name;
    const auto& allowed = order.at(it.name);
    std::size_t at = 0;
    for (const auto& child : it.children) {
      if (child.ns != prov) {
        at = allowed.size();  // others' elements come last
        continue;
      }
      const auto place = std::find(allowed.begin() + static_cast<std::ptrdiff_t>(at), allowed.end(), child.name);
      ASSERT_NE(place, allowed.end()) << child.name << " does not stand there in " << it.name;
      at = static_cast<std::size_t>(place - allowed.begin());
      if (const auto* ref = child.attribute("{" + prov + "}ref")) {
        EXPECT_TRUE(ids.contains(*ref)) << *ref;
        ++references;
      }
    }
  }
  for (const auto& [name, children] : order) EXPECT_THAT(kinds, Contains(name));
  EXPECT_GT(references, 50U);
}

}  // namespace
}  // namespace answerable::bundle
