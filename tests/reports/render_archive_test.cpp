#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "reports/pages/document.hpp"
#include "reports/render/document.hpp"
#include "reports/render/pdf.hpp"
#include "tests/reports/pdf_archive.hpp"
#include "tests/reports/render_sample.hpp"
#include "tests/reports/trail_sample.hpp"

namespace answerable::render {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Document with(Block block) {
  Document document;
  document.title = "T";
  document.blocks.push_back(std::move(block));
  return document;
}

std::vector<std::string> violations(const Document& document) {
  return pdfa_violations(PdfObjects(pdf(document)));
}

TEST(PdfArchive, ADocumentWithEveryKindOfBlockMeetsWhatIsChecked) {
  EXPECT_THAT(violations(sample_document(20)), IsEmpty());
}

TEST(PdfArchive, ALongDocumentMeetsWhatIsChecked) {
  EXPECT_THAT(violations(sample_document(600)), IsEmpty());
}

TEST(PdfArchive, AnAuditTrailMeetsWhatIsCheckedAndNamesItsCouncil) {
  const auto trail = pages::sample_trail(40);
  const PdfObjects file(pdf(pages::document(trail)));
  EXPECT_THAT(pdfa_violations(file), IsEmpty());
  EXPECT_EQ(file.at(file.at(file.trailer(), "/Info"), "/Author"), "u:" + trail.council);
}

TEST(PdfArchive, ADocumentThatSaysLittleMeetsWhatIsChecked) {
  EXPECT_THAT(violations(with(Paragraph{{"Nothing more."}})), IsEmpty());
}

TEST(PdfArchive, TextsFromRecordsCannotSpoilIt) {
  for (const char* text :
       {"private \uE000 and \U000F0001", "\uFEFFmark", "\uFFFE", "no-break\u00A0space and soft\u00ADhyphen",
        "\u0395\u03BB\u03BB\u03B7\u03BD\u03B9\u03BA\u03AC \u041A\u0438\u0457\u0432 \u017B\u00F3\u0142\u0107",
        "fi ffl \uFB01", "e\u0301 combining", "\u200Bzero\u200Dwidth", "/Span << /MCID 0 >> BDC ) \\ ( EMC", "\x01\xFF",
        "a\nb\n\nc", "\u2028line", "\U0001F600", "<&>'\"", "\u4E2D\u6587"}) {
    Document document = with(Heading{2, text, ""});
    document.subtitle = document.author = document.footer_left = text;
    document.title += text;
    document.blocks.push_back(Paragraph{{text, strong(text), emphasis(text), code(text), tag(text)}});
    EXPECT_THAT(violations(document), IsEmpty()) << text;
  }
}

TEST(PdfArchive, ShapesThatStrainTheTreeMeetWhatIsChecked) {
  Table empty{.caption = "Evidence contradicted", .columns = {{"Document"}, {"Why"}}};
  Document document = with(empty);
  Callout inner{Callout::Kind::gap, "Inner", {empty}, ""};
  for (int i = 0; i < 100; ++i) inner.body.push_back(Paragraph{{"text"}});
  document.blocks.push_back(Callout{Callout::Kind::finding, "Outer", {inner, BulletList{{{"item"}}}}, ""});
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += "line\n";
  Table tall{.caption = "C", .columns = {{"A"}, {"B"}}};
  tall.rows.push_back({.cells = {{lines}, {link_to("a link of many lines " + lines, "https://example.org/")}}});
  document.blocks.push_back(tall);
  document.blocks.push_back(BulletList{});
  document.blocks.push_back(DefinitionList{});
  EXPECT_THAT(violations(document), IsEmpty());
}

// The check itself: what each change to a sound file is found to break.

struct Spoiling {
  const char* found;
  std::function<void(PdfObjects&)> spoil;
};

void PrintTo(const Spoiling& spoiling, std::ostream* out) {
  *out << spoiling.found;
}

json& object(PdfObjects& pdf, const json& reference) {
  json& entry = pdf.objects.at("obj:" + reference.get<std::string>());
  return entry.contains("stream") ? entry.at("stream").at("dict") : entry.at("value");
}
json& root(PdfObjects& pdf) {
  return object(pdf, pdf.trailer().at("/Root"));
}
json& first(PdfObjects& pdf, const char* key, const char* value) {
  for (auto& [name, entry] : pdf.objects.items()) {
    json& dictionary = entry.contains("stream") ? entry.at("stream").at("dict") : entry.at("value");
    if (dictionary.is_object() && dictionary.value(key, json()) == value) return dictionary;
  }
  throw std::runtime_error(std::string("none has ") + value);
}
json& data(PdfObjects& pdf, const json& reference) {
  return pdf.objects.at("obj:" + reference.get<std::string>()).at("stream").at("data");
}
json& page(PdfObjects& pdf) {
  return object(pdf, pdf.pages().front());
}

class PdfArchiveCheck : public testing::TestWithParam<Spoiling> {};

TEST_P(PdfArchiveCheck, FindsWhatIsSpoilt) {
  static const PdfObjects sound(pdf(sample_document(20)));
  PdfObjects spoilt = sound;
  GetParam().spoil(spoilt);
  EXPECT_THAT(pdfa_violations(spoilt), Contains(HasSubstr(GetParam().found)));
}

const Spoiling spoilings[]{
    {"6.1.2: the header", [](PdfObjects& pdf) { pdf.bytes[0] = ' '; }},
    {"6.1.2: the comment", [](PdfObjects& pdf) { pdf.bytes[11] = 'x'; }},
    {"6.1.3: something", [](PdfObjects& pdf) { pdf.bytes += "more"; }},
    {"6.1.7.1: 'endstream'", [](PdfObjects& pdf) { pdf.bytes[pdf.bytes.find("endstream") - 1] = 'x'; }},
    {"6.1.3: no file", [](PdfObjects& pdf) { pdf.objects["trailer"]["value"].erase("/ID"); }},
    {"6.1.3: the file is", [](PdfObjects& pdf) { pdf.objects["trailer"]["value"]["/Encrypt"] = "9 0 R"; }},
    {"6.1.7.2", [](PdfObjects& pdf) { pdf.bytes.replace(pdf.bytes.find("/FlateDecode"), 12, "/LZWDecode  "); }},
    {"6.1.13: a string", [](PdfObjects& pdf) { root(pdf)["/Lang"] = "u:" + std::string(40000, 'x'); }},
    {"6.1.13: a whole", [](PdfObjects& pdf) { page(pdf)["/StructParents"] = 3000000000; }},
    {"the catalogue has /OpenAction", [](PdfObjects& pdf) { root(pdf)["/OpenAction"] = "9 0 R"; }},
    {"6.7.2.2", [](PdfObjects& pdf) { root(pdf).erase("/MarkInfo"); }},
    {"6.7.4", [](PdfObjects& pdf) { root(pdf).erase("/Lang"); }},
    {"12.2", [](PdfObjects& pdf) { root(pdf).erase("/ViewerPreferences"); }},
    {"12.4.2", [](PdfObjects& pdf) { root(pdf).erase("/PageLabels"); }},
    {"6.2.3: not one", [](PdfObjects& pdf) { root(pdf).erase("/OutputIntents"); }},
    {"6.2.3: the output intent is not", [](PdfObjects& pdf) { root(pdf)["/OutputIntents"][0]["/S"] = "/GTS_PDFX"; }},
    {"6.2.3: the profile is no",
     [](PdfObjects& pdf) { data(pdf, root(pdf)["/OutputIntents"][0]["/DestOutputProfile"]) = std::string(400, 'A'); }},
    {"6.6.2.1: no metadata", [](PdfObjects& pdf) { root(pdf).erase("/Metadata"); }},
    {"6.6.2.1: no packet", [](PdfObjects& pdf) { data(pdf, root(pdf)["/Metadata"]) = "AAAA"; }},
    {"6.6.3: the titles", [](PdfObjects& pdf) { object(pdf, pdf.trailer().at("/Info"))["/Title"] = "u:Another"; }},
    {"6.6.3: the authors", [](PdfObjects& pdf) { object(pdf, pdf.trailer().at("/Info")).erase("/Author"); }},
    {"6.6.3: the dates",
     [](PdfObjects& pdf) { object(pdf, pdf.trailer().at("/Info"))["/CreationDate"] = "u:D:20261121201504Z"; }},
    {"6.3.1", [](PdfObjects& pdf) { first(pdf, "/Subtype", "/Link")["/Subtype"] = "/Movie"; }},
    {"6.3.2", [](PdfObjects& pdf) { first(pdf, "/Subtype", "/Link").erase("/F"); }},
    {"6.5.1: a link",
     [](PdfObjects& pdf) {
       first(pdf, "/Subtype", "/Link")["/A"] = {{"/S", "/JavaScript"}};
     }},
    {"6.2.10", [](PdfObjects& pdf) { page(pdf)["/Group"] = json::object(); }},
    {"6.2.5, 6.2.10",
     [](PdfObjects& pdf) {
       object(pdf, page(pdf)["/Resources"])["/ExtGState"] = {{"/a0", {{"/ca", 0.5}}}};
     }},
    {"6.2.2: resources", [](PdfObjects& pdf) { object(pdf, page(pdf)["/Resources"])["/XObject"] = json::object(); }},
    {"6.2.11.4.1: not embedded", [](PdfObjects& pdf) { first(pdf, "/Type", "/FontDescriptor").erase("/FontFile2"); }},
    {"6.2.11.7.2: no Unicode", [](PdfObjects& pdf) { first(pdf, "/Subtype", "/Type0").erase("/ToUnicode"); }},
    {"6.2.11.3.2", [](PdfObjects& pdf) { first(pdf, "/Subtype", "/CIDFontType2").erase("/CIDToGIDMap"); }},
    {"6.2.11.3: not", [](PdfObjects& pdf) { first(pdf, "/Subtype", "/Type0")["/Encoding"] = "/Identity-V"; }},
    {"6.2.11.5",
     [](PdfObjects& pdf) {
       for (auto& widths : first(pdf, "/Subtype", "/CIDFontType2")["/W"])
         if (widths.is_array()) widths[0] = widths[0].get<double>() + 20;
     }},
    {"6.7.3.3", [](PdfObjects& pdf) { root(pdf).erase("/StructTreeRoot"); }},
    {"6.7.3: a mark is not", [](PdfObjects& pdf) { first(pdf, "/S", "/P")["/K"] = json::array(); }},
    {"6.7.3: a link is not", [](PdfObjects& pdf) { first(pdf, "/S", "/Link")["/K"].erase(1); }},
    {"6.7.3: content of", [](PdfObjects& pdf) { first(pdf, "/S", "/P")["/S"] = "/Caption"; }},
    {"6.7.3.4", [](PdfObjects& pdf) { first(pdf, "/S", "/P")["/S"] = "/Poem"; }},
    {"14.7.2", [](PdfObjects& pdf) { first(pdf, "/S", "/P")["/P"] = "1 0 R"; }},
    {"headings skip", [](PdfObjects& pdf) { first(pdf, "/S", "/H3")["/S"] = "/H4"; }},
    {"not one heading", [](PdfObjects& pdf) { first(pdf, "/S", "/H1")["/S"] = "/P"; }},
    {"no scope", [](PdfObjects& pdf) { first(pdf, "/S", "/TH").erase("/A"); }},
    {"differ in length",
     [](PdfObjects& pdf) {
       json& cells = first(pdf, "/S", "/TR")["/K"];
       cells.erase(cells.size() - 1);
     }},
    {"14.7.4.4", [](PdfObjects& pdf) { page(pdf)["/StructParents"] = 1; }},
};

INSTANTIATE_TEST_SUITE_P(EachRequirement, PdfArchiveCheck, testing::ValuesIn(spoilings));

}  // namespace
}  // namespace answerable::render
