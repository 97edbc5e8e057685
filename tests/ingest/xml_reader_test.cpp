#include "ingest/xml/file_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "xml_reading.hpp"

namespace answerable::xml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read;
using testing::review;
using testing::submission;
namespace fs = std::filesystem;

const Fault& only(const testing::Read& made) {
  static const Fault none;
  EXPECT_EQ(made.heard.records.size(), 1U);
  if (made.heard.records.size() != 1) return none;
  EXPECT_EQ(made.heard.records[0].faults.size(), 1U) << ::testing::PrintToString(made.codes());
  return made.heard.records[0].faults.empty() ? none : made.heard.records[0].faults[0];
}

/// One review with one mistake; the fault for it.
Fault fault_of(std::string_view rest) {
  return only(read(submission(review("REV-1", rest))));
}

TEST(XmlReader, TellsEnvelopeRecordsAndEveryByte) {
  const auto file = "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n" +
                    submission("<!-- a -->" + review("REV-1", "<type>plan</type><due>2013-11</due>") + "\n<!-- z -->");
  const auto made = read(file);
  ASSERT_THAT(made.codes(), IsEmpty());
  EXPECT_FALSE(made.outcome.refused);
  EXPECT_EQ(made.outcome.bytes, file.size());
  EXPECT_EQ(made.outcome.records, 1U);
  EXPECT_EQ(hex(made.outcome.sha256), hex(sha256(as_bytes(file))));
  EXPECT_EQ(made.heard.bytes, file);
  EXPECT_FALSE(made.heard.misplaced);
  ASSERT_EQ(made.heard.envelopes.size(), 1U);
  const auto& envelope = made.heard.envelopes[0];
  EXPECT_EQ(envelope.message_id, "M-1");
  EXPECT_EQ(envelope.sender, (OrganisationRef{"ods", "RH5", "Somerset Partnership"}));
  EXPECT_EQ(envelope.authority.key(), "cassr:905");
  EXPECT_EQ(iso(envelope.created_at), "2024-06-01T08:30:00.000000Z");
  const auto& record = made.heard.records[0];
  EXPECT_EQ(record.kind, "review");
  EXPECT_EQ(record.id, "REV-1");
  EXPECT_EQ(record.line, 5);
  EXPECT_EQ(record.column, 11);
  EXPECT_THAT(made.heard.bodies[0], HasSubstr("<review "));
}

TEST(XmlReader, MakesEntriesEvidenceAndReferencesByTheKindsTimeline) {
  const auto made = read(submission(review(
      "REV-1",
      "<performedBy><organisation scheme=\"ods\" code=\"RH5\">Trust</organisation><worker>w1</worker></performedBy>"
      "<type>plan\n  direct-payment</type><plan sender=\"ods:RXX\">CSP-1</plan><due>2013-11</due>"
      "<requested><on>2013</on><by>carer</by></requested><started>2013-12-01</started>"
      "<involvement><who>adult</who><state>attended</state></involvement>"
      "<copy><to>adult</to><on>2013-12-09</on><how>post</how></copy>"
      "<evidence><item>review-record</item><state>absent</state><search><by>S</by><where>RiO</where><on>2014-01-02</"
      "on></search></evidence>")));
  ASSERT_THAT(made.codes(), IsEmpty());
  const auto& record = made.heard.records.at(0);
  EXPECT_EQ(record.function, "review");
  EXPECT_EQ(record.subject, (std::vector<IdentifierRef>{{"nhs-number", "9990000018"}}));
  EXPECT_FALSE(record.defines_subject);
  EXPECT_EQ(record.performer->key(), "ods:RH5");
  ASSERT_EQ(record.entries.size(), 4U);
  EXPECT_EQ(record.entries[0].act, "review.due");
  EXPECT_EQ(iso(record.entries[0].when), "2013-11");
  EXPECT_EQ(record.entries[0].attributes, (AttributeList{{"type", "plan direct-payment"},
                                                         {"plan", "CSP-1"},
                                                         {"evidence-states", "absent"},
                                                         {"involved.adult", "attended"}}));
  EXPECT_EQ(iso(record.entries[1].when), "2013");
  EXPECT_EQ(record.entries[3].act, "review.copied");
  EXPECT_EQ(record.entries[3].attributes, (AttributeList{{"type", "plan direct-payment"},
                                                         {"plan", "CSP-1"},
                                                         {"evidence-states", "absent"},
                                                         {"to", "adult"},
                                                         {"how", "post"},
                                                         {"involved.adult", "attended"}}));
  ASSERT_EQ(record.references.size(), 1U);
  EXPECT_EQ(record.references[0].id, "CSP-1");
  EXPECT_EQ(record.references[0].sender, "ods:RXX");
  EXPECT_EQ(record.references[0].field, "review/plan");
  EXPECT_EQ(record.references[0].line, 7);
  EXPECT_EQ(record.references[0].column, 24);
  ASSERT_EQ(record.evidence.size(), 1U);
  EXPECT_EQ(record.evidence[0].state, "absent");
  EXPECT_EQ(iso(*record.evidence[0].searched_on), "2014-01-02");
}

TEST(XmlReader, SaysWhatIsMissing) {
  const auto fault = fault_of("<due>2013-11</due>");
  EXPECT_EQ(fault.code, "element.missing");
  EXPECT_EQ(fault.field, "review/type");
  EXPECT_EQ(fault.line, 4);
  EXPECT_EQ(fault.column, 1);
  EXPECT_EQ(fault.record_id, "REV-1");
  EXPECT_THAT(fault.problem, HasSubstr("type is missing in review"));
  EXPECT_THAT(fault.expected, HasSubstr("What is reviewed"));
  EXPECT_THAT(fault.mend, HasSubstr("<type>initial</type>"));
}

TEST(XmlReader, SaysWhichElementIsUnknownAndWhichWasMeant) {
  const auto fault = fault_of("<type>plan</type>\n  <complete>2013-12-05</complete>");
  EXPECT_EQ(fault.code, "element.unknown");
  EXPECT_EQ(fault.field, "review/complete");
  EXPECT_EQ(fault.line, 7);
  EXPECT_EQ(fault.column, 3);
  EXPECT_THAT(fault.mend, HasSubstr("<completed>"));
}

TEST(XmlReader, SaysWhatIsOutOfOrderOrThereTwice) {
  const auto late = fault_of("<type>plan</type><completed>2013-12-05</completed><started>2013-12-01</started>");
  EXPECT_EQ(late.code, "element.unexpected");
  EXPECT_EQ(late.field, "review/started");
  EXPECT_EQ(late.sent, "2013-12-01");
  const auto twice = fault_of("<type>plan</type><due>2013</due><due>2014</due>");
  EXPECT_EQ(twice.code, "element.unexpected");
  EXPECT_EQ(twice.sent, "2014");
}

TEST(XmlReader, ExplainsDatesAsTheyWereMeant) {
  auto fault = fault_of("<type>plan</type><due>5/12/2013</due>");
  EXPECT_EQ(fault.code, "value.date");
  EXPECT_EQ(fault.field, "review/due");
  EXPECT_EQ(fault.sent, "5/12/2013");
  EXPECT_EQ(fault.column, 18);
  EXPECT_THAT(fault.mend, HasSubstr("2013-12-05 if 5 December 2013"));
  fault = fault_of("<type>plan</type><due>2013-02-30</due>");
  EXPECT_EQ(fault.code, "value.date");
  EXPECT_THAT(fault.problem, HasSubstr("no such day"));
  fault = fault_of("<type>plan</type><due>2013-12-05T00:00:00</due>");
  EXPECT_THAT(fault.mend, HasSubstr("2013-12-05."));
  fault = fault_of("<type>plan</type><due>soon</due>");
  EXPECT_EQ(fault.code, "value.date");
  fault = fault_of("<type>plan</type><due> </due>");
  EXPECT_EQ(fault.code, "value.empty");
}

TEST(XmlReader, ListsTheWordsAllowed) {
  auto fault = fault_of("<type>plan</type><changed>Yes</changed>");
  EXPECT_EQ(fault.code, "value.choice");
  EXPECT_EQ(fault.sent, "Yes");
  EXPECT_THAT(fault.expected, HasSubstr("yes, no, not-recorded"));
  EXPECT_THAT(fault.mend, HasSubstr("Write yes"));
  fault = fault_of("<type>plan annual</type>");
  EXPECT_EQ(fault.code, "value.choice");
  EXPECT_THAT(fault.problem, HasSubstr("“annual”"));
  EXPECT_THAT(fault.expected, HasSubstr("aftercare-117"));
}

TEST(XmlReader, ExplainsLengthsPatternsAndEmptyValues) {
  auto fault = fault_of("<type>plan</type><outcome>" + std::string(251, 'x') + "</outcome>");
  EXPECT_EQ(fault.code, "value.too-long");
  EXPECT_THAT(fault.problem, HasSubstr("251"));
  EXPECT_THAT(fault.expected, HasSubstr("At most 250"));
  fault = fault_of("<type>plan</type><plan>CSP 1!</plan>");
  EXPECT_EQ(fault.code, "value.pattern");
  EXPECT_EQ(fault.sent, "CSP 1!");
  fault = fault_of("<type/>");
  EXPECT_EQ(fault.code, "value.empty");
  EXPECT_EQ(fault.field, "review/type");
}

TEST(XmlReader, ExplainsChoices) {
  const auto consent = [](std::string_view rest) {
    return only(
        read(submission(fmt::format("<consent xmlns=\"urn:answerable:consent:1\" id=\"C1\"><person "
                                    "scheme=\"nhs-number\">9990000018</person><about>sharing</about>{}</consent>",
                                    rest))));
  };
  auto fault = consent("");
  EXPECT_EQ(fault.code, "element.missing");
  EXPECT_THAT(fault.expected, HasSubstr("One of: given, refused, withdrawn, preferred."));
  fault =
      only(read(submission("<visit xmlns=\"urn:answerable:visit:1\" id=\"V1\"><person "
                           "scheme=\"nhs-number\">9990000018</person><missed reason=\"provider\"/></visit>")));
  EXPECT_EQ(fault.code, "element.missing");
  EXPECT_EQ(fault.field, "visit/planned");
  EXPECT_THAT(fault.expected, HasSubstr("What the rota said"));
}

TEST(XmlReader, ExplainsAttributes) {
  auto made = read(submission(
      "<review xmlns=\"urn:answerable:review:1\" id=\"R 1\" ident=\"2\"><person>1</person><type>plan</type></review>"));
  EXPECT_THAT(made.codes(), ElementsAre("attribute.value@4:1", "attribute.unknown@4:1", "attribute.missing@4:60"));
  const auto& faults = made.heard.records.at(0).faults;
  EXPECT_EQ(faults[0].field, "review/@id");
  EXPECT_EQ(faults[0].sent, "R 1");
  EXPECT_EQ(faults[1].field, "review/@ident");
  EXPECT_EQ(faults[2].field, "review/person/@scheme");
}

TEST(XmlReader, FindsTextBetweenElements) {
  const auto fault = fault_of("<type>plan</type>stray<due>2013</due>");
  EXPECT_EQ(fault.code, "text.unexpected");
  const auto between = read(submission("stray"));
  EXPECT_TRUE(between.outcome.refused);
  EXPECT_THAT(between.codes(), ElementsAre(HasSubstr("text.unexpected")));
}

TEST(XmlReader, SaysEveryMistakeOfAFileInOneRound) {
  const auto made = read(submission(review("R1", "<typ>plan</typ>\n<due>soon</due>\n<changed>perhaps</changed>") +
                                    review("R2", "<type>plan</type>") +
                                    review("R3", "<type>x</type><evidence><item>review-record</item></evidence>")));
  EXPECT_FALSE(made.outcome.refused);
  EXPECT_THAT(made.codes(), ElementsAre("element.missing@4:1", "element.unknown@6:1", "value.date@7:1",
                                        "value.choice@8:1", "value.choice@16:1", "element.missing@16:15"));
  EXPECT_THAT(made.heard.records.at(1).faults, IsEmpty());
}

TEST(XmlReader, NamesTheKindsThereAre) {
  auto fault = only(read(submission("<reviw xmlns=\"urn:answerable:reviw:1\" id=\"R1\"/>")));
  EXPECT_EQ(fault.code, "namespace.unknown-kind");
  EXPECT_EQ(fault.record_id, "R1");
  EXPECT_THAT(fault.expected, HasSubstr("review"));
  EXPECT_THAT(fault.mend, HasSubstr("urn:answerable:review:1"));
  fault = only(read(submission("<review id=\"R1\"><type>plan</type></review>")));
  EXPECT_EQ(fault.code, "namespace.unknown-kind");
  EXPECT_THAT(fault.problem, HasSubstr("xmlns"));
  fault = only(read(submission("<review xmlns=\"\" id=\"R1\"/>")));
  EXPECT_EQ(fault.code, "namespace.unknown-kind");
  fault = only(read(submission("<revue xmlns=\"urn:answerable:review:1\" id=\"R1\"/>")));
  EXPECT_EQ(fault.code, "element.unknown");
  EXPECT_THAT(fault.mend, HasSubstr("<review "));
}

TEST(XmlReader, ChecksIdentifiersOnce) {
  const auto made = read(submission(
      "<review xmlns=\"urn:answerable:review:1\" id=\"R1\"><person scheme=\"nhs-number\">999 000 0018</person>"
      "<performedBy><organisation scheme=\"ods\" "
      "code=\"rh5\">x</organisation></performedBy><type>plan</type></review>"));
  EXPECT_THAT(made.codes(), ElementsAre("nhs-number.format@4:49", "ods.format@4:111"));
  EXPECT_EQ(made.heard.records.at(0).faults[0].sent, "999 000 0018");
  EXPECT_EQ(made.heard.records.at(0).faults[1].field, "review/performedBy/organisation/@code");
}

TEST(XmlReader, ChecksOrderAndTheFuture) {
  auto fault = fault_of("<type>plan</type><started>2013-12-06</started><completed>2013-12-05</completed>");
  EXPECT_EQ(fault.code, "date.order");
  EXPECT_EQ(fault.severity, Severity::error);
  EXPECT_THAT(fault.problem, HasSubstr("2013-12-05"));
  EXPECT_THAT(fault.problem, HasSubstr("2013-12-06"));
  EXPECT_THAT(fault.problem, HasSubstr("cannot be completed before it was started"));
  fault = fault_of(
      "<type>plan</type><requested><on>2013-12-06</on><by>carer</by></requested><started>2013-12-05</started>");
  EXPECT_EQ(fault.severity, Severity::query);
  // Possibly in order is in order: 2013-12 may be the 1st.
  EXPECT_THAT(
      read(submission(review("R", "<type>plan</type><started>2013-12</started><completed>2013-12-01</completed>")))
          .codes(),
      IsEmpty());
  fault = fault_of("<type>plan</type><completed>2033-12-05</completed>");
  EXPECT_EQ(fault.code, "date.future");
  EXPECT_EQ(fault.severity, Severity::query);
  EXPECT_THAT(
      read(submission(review("R", "<type>plan</type><due>2033-12-05</due><completed>2026-11-22</completed>"))).codes(),
      IsEmpty());
}

TEST(XmlReader, RefusesAFileWithAWrongHeaderAndStillSaysAllElse) {
  auto file = submission(review("R1", "<typ>plan</typ>"));
  file.replace(file.find("code=\"RH5\""), 10, "code=\"rh5\"");
  file.replace(file.find("RiO 7"), 5, "");
  const auto made = read(file);
  EXPECT_TRUE(made.outcome.refused);
  EXPECT_THAT(made.heard.envelopes, IsEmpty());
  EXPECT_THAT(made.heard.records, IsEmpty());
  EXPECT_TRUE(made.has("ods.format"));
  EXPECT_TRUE(made.has("value.empty"));
  EXPECT_TRUE(made.has("element.unknown"));
  file = submission("");
  file.replace(file.find("scheme=\"cassr\" code=\"905\""), 25, "scheme=\"ods\" code=\"RH5\"");
  EXPECT_THAT(read(file).codes(), ElementsAre(HasSubstr("authority.scheme@2")));
  EXPECT_THAT(read("<submission xmlns=\"urn:answerable:submission:1\"><records/></submission>").codes(),
              ElementsAre("element.missing@1:1"));
  EXPECT_THAT(read("<submission xmlns=\"urn:answerable:submission:1\"/>").codes(),
              ElementsAre("element.missing@1:1", "element.missing@1:1"));
}

TEST(XmlReader, RefusesWhatIsIllFormedButTellsOfTheRecordsBefore) {
  const auto made = read(submission(review("R1", "<typ>plan</typ>") +
                                    "<review xmlns='urn:answerable:review:1' id='R2'>\n<person></persn></review>"));
  EXPECT_TRUE(made.outcome.refused);
  EXPECT_EQ(made.heard.records.size(), 1U);
  EXPECT_TRUE(made.has("element.unknown"));
  ASSERT_EQ(made.outcome.faults.size(), 1U);
  EXPECT_EQ(made.outcome.faults[0].code, "xml.not-well-formed");
  EXPECT_EQ(made.outcome.faults[0].line, 9);
  EXPECT_GE(made.outcome.faults[0].column, 9);
  EXPECT_LE(made.outcome.faults[0].column, 18);
  EXPECT_EQ(hex(made.outcome.sha256), std::string(64, '0'));
}

TEST(XmlReader, RefusesIllFormedTailsAndForeignRoots) {
  EXPECT_TRUE(read(submission("") + "<more/>").has("xml.not-well-formed"));
  EXPECT_TRUE(read(submission("") + "text").has("xml.not-well-formed"));
  EXPECT_THAT(read(submission("") + "<!-- comment -->\n<?pi?>").codes(), IsEmpty());
  EXPECT_THAT(read("<html><body></body></html>").codes(), ElementsAre("root.unknown@1:1"));
  EXPECT_THAT(read("<html>\n<body></html>").codes(), ElementsAre(HasSubstr("xml.not-well-formed@2:")));
  EXPECT_TRUE(read(submission(review("R", "<type>&nbsp;</type>"))).has("xml.not-well-formed"));
  auto swapped = submission("");
  swapped.replace(swapped.find("</records>"), 10, "</recorrs>");
  EXPECT_TRUE(read(swapped).outcome.refused);
}

TEST(XmlReader, CapsAreClearRefusals) {
  const auto with = [](auto change) {
    auto limits = testing::limits();
    change(limits);
    FileReader reader(testing::kinds(), limits);
    return read(submission(review("R1", "<type>plan</type>") + review("R2", "<type>plan</type>") +
                           review("R3", "<type>plan</type>")),
                reader);
  };
  auto made = with([](Limits& it) { it.max_bytes = 100; });
  EXPECT_TRUE(made.outcome.refused);
  EXPECT_TRUE(made.has("cap.bytes"));
  EXPECT_THAT(made.outcome.faults.at(0).mend, HasSubstr("--max-bytes"));
  made = with([](Limits& it) { it.max_records = 2; });
  EXPECT_TRUE(made.outcome.refused);
  EXPECT_THAT(made.outcome.faults.at(0).mend, HasSubstr("--max-records"));
  made = with([](Limits& it) { it.max_time = std::chrono::seconds{0}; });
  EXPECT_TRUE(made.outcome.refused);
  EXPECT_TRUE(made.has("cap.time"));
  EXPECT_FALSE(with([](Limits&) {}).outcome.refused);
}

TEST(XmlReader, ManyChunksComeInFileOrder) {
  std::string inside;
  for (int i = 0; i < 4000; ++i)
    inside += review(fmt::format("R{}", i), "<type>plan</type>" + std::string(i % 7 == 0 ? "<due>soon</due>" : ""));
  const auto file = submission(inside);
  const auto made = read(file);
  ASSERT_EQ(made.heard.records.size(), 4000U);
  EXPECT_EQ(made.heard.bytes, file);
  for (int i = 0; i < 4000; ++i) {
    const auto& record = made.heard.records[static_cast<std::size_t>(i)];
    ASSERT_EQ(record.id, fmt::format("R{}", i));
    ASSERT_EQ(record.ordinal, static_cast<std::uint64_t>(i));
    ASSERT_EQ(record.line, 4 + i * 4);
    ASSERT_EQ(record.faults.size(), i % 7 == 0 ? 1U : 0U);
    if (i % 7 == 0) {
      ASSERT_EQ(record.faults[0].line, 6 + i * 4);
    }
  }
}

TEST(XmlReader, GoodExamplesOfEveryKindHaveNoFaults) {
  for (const auto& kind : testing::kinds().all()) {
    bool entries = false;
    for (const auto& it : fs::directory_iterator(kind.folder / "examples")) {
      if (!it.path().filename().string().starts_with("good-")) continue;
      std::ifstream in(it.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      const auto made = read(bytes);
      EXPECT_FALSE(made.outcome.refused) << it.path();
      EXPECT_THAT(made.codes(), IsEmpty()) << it.path();
      for (const auto& record : made.heard.records)
        entries = entries || (record.kind == kind.name && !record.entries.empty());
    }
    EXPECT_TRUE(entries) << "no good example of " << kind.name << " makes a timeline entry";
  }
}

}  // namespace
}  // namespace answerable::xml
