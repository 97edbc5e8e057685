#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "audit/engine/store.hpp"
#include "audit/ledger/sequence.hpp"
#include "ingest/base64.hpp"
#include "ingest/intake/intake.hpp"
#include "ingest/locations.hpp"
#include "ingest/pg/connection.hpp"
#include "ingest/xml/kinds.hpp"
#include "reports/bundle/bundle.hpp"
#include "reports/pages/lookups.hpp"
#include "tests/reports/trail_files.hpp"
#include "tests/support/database.hpp"

namespace answerable::bundle {

using pages::contents;
using pages::Folder;

/// A council whose trust reviews a plan late and cannot show it; a daughter who cares and whose name is all over it; a
/// complaint, an ombudsman's letter, documents sent within records. Judged, and sealed.
class BundleCase : public ::testing::Test {
 protected:
  static constexpr const char* adult = "<person scheme=\"nhs-number\">9990000018</person>";
  static constexpr const char* council = R"(<sender scheme="cassr" code="905">Somerset County Council</sender>)";
  static constexpr const char* trust =
      R"(<sender scheme="ods" code="RH5">Somerset Partnership NHS Foundation Trust</sender>)";
  static constexpr const char* letter_words = "Dear Ms Example, your daughter Bea tells us that all is well.";

  BundleCase() : kinds_(xml::Kinds::load(share_folder() / "schemas")), catalogue_(engine::Catalogue::load(kinds_)) {
    const auto letter = base64(as_bytes(std::string_view(letter_words)));
    const auto scan = base64(as_bytes(std::string_view("\xFF\xD8\xFF\xE0 no program reads this", 27)));
    send(
        council, "2023-07-03",
        fmt::format(
            R"(<agreement xmlns="urn:answerable:agreement:1" id="AGR-1"><reference>S79-REVIEWS</reference><type>s79</type>
<party scheme="ods" code="RH5">Somerset Partnership NHS Foundation Trust</party><functions>review</functions><extent>named</extent>
<namedPerson scheme="nhs-number">9990000018</namedPerson><namedPerson scheme="nhs-number">9990000026</namedPerson><from>2023-04-01</from></agreement>
<person xmlns="urn:answerable:person:1" id="PER-1">{0}<identifier scheme="council">40881</identifier><name>Ada Example</name><dateOfBirth>1950-03</dateOfBirth></person>
<person xmlns="urn:answerable:person:1" id="PER-2"><person scheme="council">40882</person><name>Bea Example</name></person>
<person xmlns="urn:answerable:person:1" id="PER-3"><person scheme="nhs-number">9990000026</person><name>Cy Sample</name></person>
<relationship xmlns="urn:answerable:relationship:1" id="REL-1">{0}<role>carer</role><otherPerson scheme="council">40882</otherPerson><name>Bea Example</name><from>2010</from></relationship>
<careAndSupportPlan xmlns="urn:answerable:care-and-support-plan:1" id="PLN-1">{0}<type>care-and-support</type><agreed>2023-06-01</agreed><copy><to>adult</to><on>2023-06-05</on></copy></careAndSupportPlan>
<policy xmlns="urn:answerable:policy:1" id="POL-1"><type>retention</type><title>How soon we assess</title><adopted>2022-12-01</adopted><from>2023-01-01</from></policy>)",
            adult));
    send(
        trust, "2024-11-04",
        fmt::format(
            R"(<review xmlns="urn:answerable:review:1" id="REV-1">{0}<performedBy><worker>W-77 Hilda Made-Up</worker><role>care co-ordinator</role></performedBy><type>plan</type><completed>2024-09</completed><outcome>No change, said B&#101;a Example on the telephone.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>
<document xmlns="urn:answerable:document:1" id="DOC-1">{0}<is>clinic-letter</is><title>Clinic letter</title><created>2024-09-02</created><mediaType>text/plain</mediaType><content>{1}</content></document>
<document xmlns="urn:answerable:document:1" id="DOC-2">{0}<is>image</is><title>Scan of a note</title><created>2024-09-03</created><mediaType>image/jpeg</mediaType><content>{2}</content></document>
<document xmlns="urn:answerable:document:1" id="DOC-3">{0}<is>case-note</is><title>Advice of counsel on the merits</title><created>2024-09-04</created><note>Counsel thinks that the council will lose this case.</note></document>)",
            adult, letter, scan),
        "<agreement>S79-REVIEWS</agreement>");
    send(
        trust, "2024-12-02",
        fmt::format(
            R"(<review xmlns="urn:answerable:review:1" id="REV-1B" corrects="REV-1">{0}<performedBy><worker>W-77 Hilda Made-Up</worker></performedBy><type>plan</type><completed>2024-10</completed><outcome>No change.</outcome>
<evidence><item>review-record</item><state>not-supplied</state></evidence></review>)",
            adult),
        "<agreement>S79-REVIEWS</agreement>");
    send(
        council, "2025-02-10",
        fmt::format(
            R"(<complaint xmlns="urn:answerable:complaint:1" id="COMP-1">{0}<reference>C-25-7</reference><from>carer</from><complainant>BEA  EXAMPLE</complainant>
<concerns>council-function</concerns><about>review</about><received><on>2025-02-03</on><by scheme="cassr" code="905">Somerset County Council</by></received></complaint>
<recordRequest xmlns="urn:answerable:record-request:1" id="REQ-1">{0}<what>review-record</what><from scheme="ods" code="RH5">Somerset Partnership NHS Foundation Trust</from><forRecord sender="ods:RH5">REV-1B</forRecord>
<requested><on>2025-02-04</on><by>Complaints team</by></requested><due>2025-02-18</due><unavailable><on>2025-02-07</on><reason>None could be found</reason></unavailable><outcome>unavailable</outcome></recordRequest>
<ombudsman xmlns="urn:answerable:ombudsman:1" id="OMB-1">{0}<case>C-25-7</case><body>lgsco</body><theirReference>25 999 001</theirReference><enquiry><on>2025-03-03</on><due>2025-03-31</due>
<question><number>1</number><asks>When was the plan last reviewed?</asks><answer>In October 2024, as the trust says.</answer><shownBy sender="ods:RH5">REV-1B</shownBy></question>
<question><number>2</number><asks>What was the record of it?</asks></question></enquiry></ombudsman>)",
            adult));
    pg::Connection audit(database_.conninfo(), "tests", "answerable_audit");
    engine::audit(audit, catalogue_, "905", parse_day("2025-03-31").value());
    std::vector<ledger::StoredKey> keys;
    const ledger::Keys folder(keys_.path / "keys");
    (void)folder.make("905");
    checkpoint_ = ledger::seal(audit, "905", folder.of("905")).checkpoint.value();
  }

  void send(const char* sender, const char* on, const std::string& records, const std::string& header = "") {
    pg::Connection connection(database_.conninfo(), "tests", "answerable_ingest");
    xml::Limits limits;
    limits.workers = 1;
    xml::FileReader reader(kinds_, limits);
    std::istringstream file(fmt::format(
        R"(<submission xmlns="urn:answerable:submission:1"><header><messageId>M-{}</messageId>{}<authority scheme="cassr" code="905">Somerset County Council</authority>{}
<createdAt>{}T09:00:00Z</createdAt><sourceSystem>test</sourceSystem></header><records>{}</records></submission>)",
        ++messages_, sender, header, on, records));
    intake::Options options;
    options.received_at = Instant(parse_day(on).value()) + std::chrono::hours(12);
    const auto answer = intake::submit(connection, reader, file, options);
    ASSERT_TRUE(std::holds_alternative<intake::Receipt>(answer))
        << std::get<intake::Refusal>(answer).faults.front().problem;
    const auto& receipt = std::get<intake::Receipt>(answer);
    ASSERT_EQ(receipt.held, 0) << receipt.faults.front().field << ": " << receipt.faults.front().problem;
  }

  RedactionRequest request(const std::string& items) {
    const auto file = work_.path / "redaction.xml";
    std::ofstream(file)
        << R"(<redaction xmlns="urn:answerable:redaction:1" by="Made Up, complaints manager" on="2025-04-01">)" << items
        << "</redaction>";
    return read_redaction_request(file, share_folder() / "schemas");
  }

  Made make(const std::string& name, std::optional<RedactionRequest> keep_back = {}) {
    pg::Connection connection(database_.conninfo(), "tests", "answerable_desk");
    const auto found = pages::find_people(connection, "nhs-number", "9990000018", "905");
    Request asked{.about = {.authority = "905",
                            .subject = found.at(0).subject,
                            .case_reference = "C-25-7",
                            .as_of = parse_day("2025-03-31").value(),
                            .known_at = {}},
                  .keep_back = std::move(keep_back),
                  .by = "A. Officer",
                  .purpose = "complaint"};
    return make_bundle(connection, catalogue_, kinds_, asked, checkpoint_, work_.path / (name + ".zip"));
  }

  /// Makes and unpacks it. \return every file below data/
  std::map<std::string, std::string> files(const std::string& name, std::optional<RedactionRequest> keep_back = {}) {
    make(name, std::move(keep_back));
    const auto into = work_.path / name;
    const auto ran =
        pages::run(fmt::format("unzip -q '{}' -d '{}'", (work_.path / (name + ".zip")).string(), into.string()));
    EXPECT_EQ(ran.code, 0) << ran.output;
    bag_ = std::filesystem::directory_iterator(into)->path();
    std::map<std::string, std::string> out;
    for (const auto& it : std::filesystem::recursive_directory_iterator(bag_ / "data")) {
      if (it.is_regular_file()) out.emplace(it.path().lexically_relative(bag_ / "data").string(), contents(it.path()));
    }
    return out;
  }

  std::string verified(const std::string& name) {
    const auto ran = pages::run(fmt::format("python3 '{}/reports/bundle/verify.py' '{}'", ANSWERABLE_SOURCE,
                                            (work_.path / (name + ".zip")).string()));
    return ran.code == 0 ? "" : ran.output;
  }

  testing::TestDatabase database_;
  Folder keys_, work_;
  xml::Kinds kinds_;
  engine::Catalogue catalogue_;
  ledger::KeptCheckpoint checkpoint_;
  std::filesystem::path bag_;
  int messages_{};
};

}  // namespace answerable::bundle
