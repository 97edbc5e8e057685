#include "reports/render/pdf.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <tuple>

#include "reports/render/document.hpp"
#include "tests/reports/render_sample.hpp"

namespace answerable::render {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// A PDF on disk, looked at with the tools a stranger would use.
class PdfFile {
 public:
  explicit PdfFile(const Document& document)
      : path_(std::filesystem::temp_directory_path() / fmt::format("answerable-render-{}.pdf", ::getpid())) {
    std::ofstream(path_, std::ios::binary) << pdf(document);
  }
  ~PdfFile() { std::filesystem::remove(path_); }
  PdfFile(const PdfFile&) = delete;
  PdfFile& operator=(const PdfFile&) = delete;

  /// What the command prints, "{}" in it being the file. Fails the test unless the command succeeds.
  std::string ask(const std::string& command) const {
    std::string with_file = command;
    with_file.replace(with_file.find("{}"), 2, path_.string());
    std::FILE* pipe = ::popen((with_file + " 2>&1").c_str(), "r");
    std::string output;
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;) output.append(part.data(), n);
    const int status = ::pclose(pipe);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << with_file << "\n" << output;
    return output;
  }

  std::string text() const { return ask("pdftotext -layout {} -"); }
  int pages() const {
    std::smatch found;
    const std::string info = ask("pdfinfo {}");
    return std::regex_search(info, found, std::regex("Pages: +([0-9]+)")) ? std::stoi(found[1]) : 0;
  }

 private:
  std::filesystem::path path_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++times;
  return times;
}

Document paper_with(Block block) {
  Document document;
  document.title = "T";
  document.blocks.push_back(std::move(block));
  return document;
}

TEST(Pdf, IsSoundTaggedA4AndSaysWhatItIs) {
  const PdfFile file(sample_document());
  EXPECT_THAT(file.ask("qpdf --check {}"), HasSubstr("No syntax or stream encoding errors"));
  const std::string info = file.ask("pdfinfo {}");
  for (const char* line :
       {"Title: +Audit trail: Alan Example", "Tagged: +yes", "Page size: .*A4", "Author: +Exampleshire County Council",
        "Metadata Stream: +yes", "JavaScript: +no", "CreationDate: .*Nov 21 20:15:03 2026"}) {
    EXPECT_THAT(info, ContainsRegex(line));
  }
  const std::string catalogue = file.ask("qpdf --qdf --object-streams=disable {} -");
  EXPECT_THAT(catalogue, HasSubstr("/Lang (en-GB)"));
  EXPECT_THAT(catalogue, HasSubstr("/DisplayDocTitle true"));
  EXPECT_THAT(catalogue, HasSubstr("/Marked true"));
}

TEST(Pdf, EqualDocumentsGiveEqualBytes) {
  EXPECT_EQ(pdf(sample_document(60)), pdf(sample_document(60)));
}

TEST(Pdf, EmbedsEveryFontWithItsUnicodeMap) {
  const std::string fonts = PdfFile(sample_document()).ask("pdffonts {} | tail -n +3");
  EXPECT_THAT(fonts, HasSubstr("LiberationSans-Bold"));
  std::istringstream lines(fonts);
  for (std::string line; std::getline(lines, line);)
    EXPECT_THAT(line, ContainsRegex("yes +yes +yes +[0-9]+ +0")) << line;
}

TEST(Pdf, HasTheStructureOfTheDocument) {
  const std::string tree = PdfFile(sample_document(20)).ask("pdfinfo -struct-text {}");
  EXPECT_EQ(count(tree, "  H1 (block)"), 1U);
  EXPECT_EQ(count(tree, "  H2 (block)"), 4U) << "three headings and the contents";
  EXPECT_EQ(count(tree, "  H3 (block)"), 1U);
  EXPECT_EQ(count(tree, "TOCI\n"), 4U);
  EXPECT_EQ(count(tree, "Table (block)"), 1U);
  EXPECT_EQ(count(tree, "Caption"), 1U);
  EXPECT_EQ(count(tree, "TR\n"), 22U);
  EXPECT_EQ(count(tree, "/Scope /Column"), 5U);
  EXPECT_EQ(count(tree, "/Scope /Row"), 21U);
  EXPECT_EQ(count(tree, "Link (inline)"), 7U) << "three in the text, four in the contents";
  EXPECT_THAT(tree, HasSubstr("\"Audit trail: Alan Example\""));
  EXPECT_THAT(tree, Not(HasSubstr("Page 1 of"))) << "running heads and feet are artifacts";
}

TEST(Pdf, EveryMarkBelongsToAnElementOrIsAnArtifact) {
  const std::string content = PdfFile(sample_document(100)).ask("qpdf --qdf --object-streams=disable {} -");
  EXPECT_EQ(count(content, " BDC") + count(content, "/Artifact BMC"), count(content, "EMC"));
  EXPECT_THAT(content, HasSubstr("/Artifact BMC"));
  EXPECT_THAT(content, Not(HasSubstr("/Span << /MCID")));
}

TEST(Pdf, LongTablesGoOnWithTheirHeaderRepeatedAndReadOnce) {
  const PdfFile file(sample_document(600));
  const int pages = file.pages();
  EXPECT_GT(pages, 12);
  const std::string text = file.text();
  // The sample's first two pages hold no table.
  EXPECT_EQ(count(text, "Happened"), static_cast<std::size_t>(pages - 2));
  EXPECT_EQ(count(text, "Audit trail: Alan Example"), static_cast<std::size_t>(pages));
  for (int page = 1; page <= pages; ++page) EXPECT_THAT(text, HasSubstr(fmt::format("Page {} of {}\n", page, pages)));
  EXPECT_EQ(count(text, "Example NHS Trust"), 600U);
  // pdfinfo makes the output intent anew for each element, which takes its time.
  const PdfFile shorter(sample_document(45));
  EXPECT_GT(count(shorter.text(), "Happened"), 1U);
  EXPECT_EQ(count(shorter.ask("pdfinfo -struct-text {}"), "\"Happened\""), 1U);
}

TEST(Pdf, ContentsNameThePagesTheHeadingsAreOn) {
  Document document = paper_with(Contents{});
  for (int i = 1; i <= 5; ++i) {
    document.blocks.push_back(PageBreak{});
    document.blocks.push_back(Heading{2, fmt::format("Part {}", i), ""});
  }
  const PdfFile file(document);
  EXPECT_EQ(file.pages(), 6);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_THAT(file.ask("pdftotext -layout -f 1 -l 1 {} -"), ContainsRegex(fmt::format("Part {} +{}\n", i, i + 1)));
    EXPECT_THAT(file.ask(fmt::format("pdftotext -f {0} -l {0} {{}} -", i + 1)), HasSubstr(fmt::format("Part {}\n", i)));
  }
}

TEST(Pdf, ALongDocumentGetsContentsUnasked) {
  const auto parts = [](int count) {
    Document document;
    document.title = "T";
    document.blocks.push_back(Paragraph{{"Before all parts."}});
    for (int i = 1; i <= count; ++i) {
      document.blocks.push_back(Heading{2, fmt::format("Part {}", i), ""});
      document.blocks.push_back(PageBreak{});
    }
    document.blocks.push_back(Paragraph{{"End."}});
    return document;
  };
  const PdfFile of_three(parts(2));
  EXPECT_EQ(of_three.pages(), 3);
  EXPECT_THAT(of_three.text(), Not(HasSubstr("Contents")));
  const PdfFile of_four(parts(3));
  EXPECT_EQ(of_four.pages(), 4);
  EXPECT_THAT(of_four.text(), ContainsRegex("Before all parts.\n+ *Contents\n+Part 1 +1\nPart 2 +2\nPart 3 +3\n"));
  Document asked = parts(3);
  asked.blocks.push_back(Contents{});
  EXPECT_EQ(count(PdfFile(asked).text(), "Contents"), 1U);
}

TEST(Pdf, PagesAreLabelledAndHeadingsAreBookmarks) {
  const std::string content =
      PdfFile(sample_document()).ask("qpdf --json=1 --json-key=pagelabels --json-key=outlines {}");
  const auto json = nlohmann::json::parse(content);
  EXPECT_EQ(json.at("pagelabels").at(0).at("label").at("/S"), "/D");
  const auto& outlines = json.at("outlines");
  ASSERT_EQ(outlines.size(), 3U);
  EXPECT_EQ(outlines[1].at("title"), "Findings");
  EXPECT_EQ(outlines[1].at("kids").at(0).at("title"), "How it was judged");
  EXPECT_EQ(outlines[2].at("destpageposfrom1"), 3);
}

TEST(Pdf, SaysGapInWords) {
  EXPECT_EQ(count(PdfFile(sample_document(7)).text(), "GAP"), 2U);
}

TEST(Pdf, SaysSoWhenATableIsEmpty) {
  Table table;
  table.caption = "Evidence contradicted";
  table.columns = {{"Document"}, {"Why"}};
  EXPECT_THAT(PdfFile(paper_with(table)).text(), HasSubstr("None."));
}

TEST(Pdf, WrapsLongWordsAndLosesNothing) {
  const std::string word(400, 'x');
  Table table;
  table.caption = "C";
  table.columns = {{"A"}, {"B"}};
  table.rows.push_back({{{word}, {"short"}}});
  Document document = paper_with(Paragraph{{word}});
  document.blocks.push_back(table);
  const PdfFile file(document);
  EXPECT_EQ(count(file.text(), "x"), 800U);
  EXPECT_EQ(count(file.ask("pdftotext -x 0 -y 0 -W 560 -H 842 -r 72 {} -"), "x"), 800U) << "nothing beyond the margin";
}

TEST(Pdf, ARowTallerThanAPageGoesOnOverPages) {
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += fmt::format("line-{};\n", i);
  Table table;
  table.caption = "C";
  table.columns = {{"A"}, {"B"}};
  table.rows.push_back({{{lines}, {"short"}}});
  const PdfFile file(paper_with(table));
  EXPECT_GE(file.pages(), 3);
  const std::string text = file.text();
  for (int i = 0; i < 200; ++i) EXPECT_EQ(count(text, fmt::format("line-{};", i)), 1U) << i;
}

/// Where each word of the text begins and ends, in points.
std::vector<std::tuple<std::string, double, double>> places(const PdfFile& file) {
  const std::string all = file.ask("pdftotext -bbox {} -");
  const std::regex word(R"re(<word xMin="([0-9.]+)" [^>]*xMax="([0-9.]+)"[^>]*>([^<]+)</word>)re");
  std::vector<std::tuple<std::string, double, double>> out;
  for (std::sregex_iterator it(all.begin(), all.end(), word), end; it != end; ++it)
    out.emplace_back((*it)[3], std::stod((*it)[1]), std::stod((*it)[2]));
  return out;
}

TEST(Pdf, WordsSetOneByOneStandWhereTheyStandTogether) {
  const std::string text = "To AVA: records 14 and 668 of 7849, F-VMVP-668C-PT93; “no reasons” – Tell Wy’s café.";
  const auto apart = places(PdfFile(paper_with(Paragraph{{text, strong(" Not said."), plain(" End.")}})));
  // With a letter that joins its neighbours at the end, all of it is set together.
  const auto together =
      places(PdfFile(paper_with(Paragraph{{text, strong(" Not said."), plain(" End. \u0628\u0628")}})));
  ASSERT_GT(apart.size(), 18U);
  ASSERT_GE(together.size(), apart.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    const auto& [word, from, to] = apart[i];
    const auto& [same, same_from, same_to] = together[i];
    if (word != same) break;  // what stands at the foot
    EXPECT_NEAR(from, same_from, 1.0) << word;
    EXPECT_NEAR(to, same_to, 1.0) << word;
    ++compared;
  }
  EXPECT_GT(compared, 18U);
}

TEST(Pdf, ShowsOtherScripts) {
  const std::string text =
      PdfFile(
          paper_with(Paragraph{
              {"\u017B\u00F3\u0142\u0107 \u0395\u03BB\u03BB\u03B7\u03BD\u03B9\u03BA\u03AC \u041A\u0438\u0457\u0432"}}))
          .text();
  EXPECT_THAT(
      text,
      HasSubstr("\u017B\u00F3\u0142\u0107 \u0395\u03BB\u03BB\u03B7\u03BD\u03B9\u03BA\u03AC \u041A\u0438\u0457\u0432"));
}

TEST(Pdf, ATextCannotPassForAMark) {
  const std::string forged = "/Span << /MCID 0 >> BDC ) \\ ( EMC";
  const PdfFile file(paper_with(Paragraph{{forged}}));
  EXPECT_THAT(file.text(), HasSubstr(forged));
  EXPECT_THAT(file.ask("qpdf --check {}"), HasSubstr("No syntax or stream encoding errors"));
}

TEST(Pdf, LinksLeadToAnchorsAndAddressesOnly) {
  Document document = paper_with(Heading{2, "Here", "here"});
  document.blocks.push_back(Paragraph{{link_to("a", "#here"), " ", link_to("b", "https://example.org/"), " ",
                                       link_to("c", "javascript:alert(1)"), " ", link_to("d", "#nowhere"), " ",
                                       link_to("e", "records/1.xml")}});
  const std::string content = PdfFile(document).ask("qpdf --qdf --object-streams=disable {} -");
  EXPECT_EQ(count(content, "/Subtype /Link"), 2U);
  EXPECT_THAT(content, HasSubstr("/URI (https://example.org/)"));
  EXPECT_THAT(content, Not(HasSubstr("javascript")));
}

TEST(Pdf, CalloutsNestAndGoOnOverPages) {
  Callout inner{Callout::Kind::gap, "Inner", {}, ""};
  for (int i = 0; i < 100; ++i) inner.body.push_back(Paragraph{{fmt::format("paragraph-{};", i)}});
  Callout outer{Callout::Kind::finding, "Outer", {inner, Paragraph{{"after"}}}, ""};
  const PdfFile file(paper_with(outer));
  EXPECT_GE(file.pages(), 3);
  EXPECT_EQ(count(file.text(), "paragraph-"), 100U);
}

}  // namespace
}  // namespace answerable::render
