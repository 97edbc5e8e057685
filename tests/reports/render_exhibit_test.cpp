#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render/document.hpp"
#include "reports/render/html.hpp"
#include "tests/reports/pdf_archive.hpp"
#include "tests/reports/render_sample.hpp"

namespace answerable::render {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A letter that is handed over and a plan that is not, both referred to, and the list at the end.
Document with_exhibits() {
  Document document;
  document.title = "Chronology";
  document.exhibits = {{.number = "EX-001",
                        .title = "Letter to the mother",
                        .description = "Letter, as the trust sent it",
                        .file = "exhibits/EX-001-letter.txt",
                        .sha256 = parse_digest(hash),
                        .record = 17},
                       {.number = "EX-002", .title = "Care plan", .description = "Named in record 18"}};
  document.blocks.push_back(
      Paragraph{{"Stopped by letter (", exhibit("EX-001"), "), against the plan (", exhibit("EX-002"), ")."}});
  document.blocks.push_back(Heading{2, "Exhibits", ""});
  document.blocks.push_back(ExhibitList{});
  return document;
}

TEST(Exhibits, LeadOnAPageToTheFileOrElseToTheList) {
  const std::string page = html(with_exhibits());
  EXPECT_THAT(page, HasSubstr("(<a href=\"exhibits/EX-001-letter.txt\">EX-001</a>)"));
  EXPECT_THAT(page, HasSubstr("(<a href=\"#exhibit-ex-002\">EX-002</a>)"));
  EXPECT_THAT(page,
              HasSubstr("<tr class=\"normal\" id=\"exhibit-ex-001\"><th scope=\"row\" class=\"left\">EX-001</th>"));
  EXPECT_THAT(page, HasSubstr("<strong>Letter to the mother</strong><br>Letter, as the trust sent it</td>"
                              "<td class=\"right\">17</td>"));
  EXPECT_THAT(page, HasSubstr(fmt::format("SHA-256 <code>{}</code>", hash)));
  EXPECT_THAT(page, HasSubstr("Not handed over."));
}

TEST(Exhibits, LeadOnPaperToTheList) {
  const PdfObjects file(pdf(with_exhibits()));
  EXPECT_THAT(pdfa_violations(file), IsEmpty());
  std::vector<std::string> links;
  for (const auto& reference : file.at(file.at(file.pages().at(0)), "/Annots")) {
    const auto& annotation = file.at(reference);
    links.push_back(annotation.at("/Contents"));
    EXPECT_EQ(file.at(annotation, "/Dest").at(0), file.pages().at(0));
  }
  EXPECT_THAT(links, testing::ElementsAre("u:EX-001", "u:EX-002"));
}

TEST(Exhibits, WithoutAListArePlainTextOnPaper) {
  const Document with_list = with_exhibits();
  Document document = with_list;
  document.blocks = {};
  with_list.blocks.each([&](const Block& block) {
    if (!std::holds_alternative<ExhibitList>(block)) document.blocks.push_back(block);
  });
  const PdfObjects file(pdf(document));
  EXPECT_FALSE(file.at(file.pages().at(0)).contains("/Annots"));
  EXPECT_THAT(html(document), HasSubstr("against the plan (EX-002)."));
}

TEST(Exhibits, CannotLeadOutOfTheBundle) {
  for (const char* path : {"javascript:alert(1)", "/etc/passwd", "//example.org/", "https://example.org/\"><script>"}) {
    Document document = with_exhibits();
    document.exhibits = {{.number = "EX-001", .title = "Letter", .description = "", .file = path},
                         {.number = "EX-002", .title = "Care plan", .description = ""}};
    const std::string page = html(document);
    EXPECT_THAT(page, Not(HasSubstr("<script"))) << path;
    EXPECT_THAT(page, Not(HasSubstr("href=\"j"))) << path;
    EXPECT_THAT(page, Not(HasSubstr("href=\"/"))) << path;
  }
}

TEST(Exhibits, ThatAreNotThereOrNotToBeToldApartAreRefused) {
  Document missing = with_exhibits();
  missing.blocks.push_back(Callout{Callout::Kind::note, "N", {Paragraph{{exhibit("EX-003")}}}, ""});
  EXPECT_THAT([&] { outline(missing); }, testing::ThrowsMessage<std::invalid_argument>(HasSubstr("'EX-003'")));
  Document twice = with_exhibits();
  twice.exhibits.push_back({.number = "ex-001", .title = "Another", .description = ""});
  EXPECT_THAT([&] { outline(twice); }, testing::ThrowsMessage<std::invalid_argument>(HasSubstr("'ex-001'")));
  Document odd = with_exhibits();
  odd.exhibits.push_back({.number = "EX 1", .title = "Another", .description = ""});
  EXPECT_THROW(outline(odd), std::invalid_argument);
  Document two_lists = with_exhibits();
  two_lists.blocks.push_back(ExhibitList{});
  EXPECT_THROW(outline(two_lists), std::invalid_argument);
}

}  // namespace
}  // namespace answerable::render
