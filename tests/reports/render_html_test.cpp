#include "reports/render/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "reports/render/document.hpp"
#include "tests/reports/render_sample.hpp"

namespace answerable::render {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.push_back((*it)[(*it).size() > 1 ? 1 : 0]);
  return found;
}

Document page_with(Block block) {
  Document document;
  document.title = "T";
  document.blocks.push_back(std::move(block));
  return document;
}

std::string body_of(const std::string& page) {
  return page.substr(page.find("<body>"));
}

TEST(Html, EscapesWhateverComesInAsText) {
  const std::string hostile = "<script>alert('x')</script> & \"quoted\"";
  Document document = page_with(Paragraph{
      {hostile, strong(hostile), code(hostile), tag(hostile), link_to(hostile, "https://example.org/?a=\"><script>")}});
  document.title = document.subtitle = document.footer_left = document.as_of_line = hostile;
  document.blocks.push_back(Heading{2, hostile, ""});
  document.blocks.push_back(Contents{});
  Table table;
  table.caption = hostile;
  table.columns = {{hostile}};
  table.rows.push_back({{{hostile}}});
  document.blocks.push_back(table);
  const std::string page = html(document);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("alert('x')")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"));
  EXPECT_THAT(page, HasSubstr("href=\"https://example.org/?a=&quot;&gt;&lt;script&gt;\""));
}

TEST(Html, ShowsControlCharactersBadBytesAndOverridesAsReplacements) {
  const std::string page =
      html(page_with(Paragraph{{"a\x01"
                                "b\xFF"
                                "c\u202E"
                                "d\x1B[2Je\r\nf"}}));
  EXPECT_THAT(page, HasSubstr("<p>a\uFFFDb\uFFFDc\uFFFDd\uFFFD[2Je<br>f</p>"));
}

TEST(Html, LinksLeadToAnchorsAddressesAndFilesAndNowhereElse) {
  const auto linked = [](const std::string& target) {
    Document document = page_with(Heading{2, "Here", "here"});
    document.blocks.push_back(Paragraph{{link_to("text", target)}});
    return html(document).find("<p><a href=") != std::string::npos;
  };
  for (const char* good : {"#here", "https://example.org/", "mailto:a@example.org", "records/17.xml"})
    EXPECT_TRUE(linked(good)) << good;
  for (const char* bad :
       {"#nowhere", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x",
        "//example.org/", "/etc/passwd", "\\\\example.org\\x", "java\nscript:alert(1)", "file:///etc/passwd", ""}) {
    EXPECT_FALSE(linked(bad)) << bad;
  }
}

TEST(Html, IsSelfContainedAndRunsNothing) {
  const std::string page = html(sample_document());
  EXPECT_THAT(page, HasSubstr("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\""));
  EXPECT_TRUE(matches(page, "<(script|link|img|iframe|object|form)\\b").empty());
  EXPECT_TRUE(matches(page, "(url\\(|@import|\\ssrc=|\\son[a-z]+=)").empty());
}

TEST(Html, HasTheLandmarksAScreenReaderLooksFor) {
  const std::string page = html(sample_document());
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>\n<html lang=\"en-GB\">"));
  for (const char* one :
       {"<title>", "<h1>", "<header>", "<main id=\"page-main\">", "<footer>", "<nav ", "href=\"#page-main\""}) {
    EXPECT_EQ(page.find(one), page.rfind(one)) << one;
    EXPECT_NE(page.find(one), std::string::npos) << one;
  }
}

TEST(Html, EveryIdIsUniqueAndEveryInternalLinkLeadsSomewhere) {
  const std::string page = html(sample_document());
  const auto ids = matches(page, " id=\"([^\"]*)\"");
  const std::set<std::string> unique(ids.begin(), ids.end());
  EXPECT_EQ(ids.size(), unique.size());
  const auto links = matches(page, "href=\"#([^\"]*)\"");
  EXPECT_GE(links.size(), 7U);
  for (const std::string& target : links) EXPECT_TRUE(unique.contains(target)) << target;
  for (const std::string& target : matches(page, "aria-labelledby=\"([^\"]*)\""))
    EXPECT_TRUE(unique.contains(target)) << target;
}

TEST(Html, EveryTableHasACaptionAndEveryHeaderCellAScope) {
  const std::string page = body_of(html(sample_document()));
  EXPECT_EQ(matches(page, "<table>").size(), 1U);
  EXPECT_EQ(matches(page, "<table>\\s*<caption id=").size(), 1U);
  EXPECT_EQ(matches(page, "<th\\b").size(), matches(page, "<th scope=\"(col|row)\"").size());
  EXPECT_EQ(matches(page, "scope=\"row\"").size(), 21U);
}

TEST(Html, HeadingsDoNotSkipLevels) {
  const std::string page = body_of(html(sample_document()));
  int before = 0;
  for (const std::string& level : matches(page, "<h([1-6])")) {
    EXPECT_LE(std::stoi(level), before + 1);
    before = std::stoi(level);
  }
  EXPECT_EQ(before, 2);
}

TEST(Html, ElementsAreClosedInTheOrderTheyWereOpened) {
  const std::string page = html(sample_document());
  const std::regex tag_pattern("<(/?)([a-z][a-z0-9]*)");
  std::vector<std::string> open;
  for (std::sregex_iterator it(page.begin(), page.end(), tag_pattern), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || name == "br") continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), name);
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Html, ContentsNestAsTheHeadingsDo) {
  Document document = page_with(Contents{"", 4});
  for (const auto& [level, text] : std::vector<std::pair<int, const char*>>{{2, "A"}, {3, "B"}, {4, "C"}, {2, "D"}})
    document.blocks.push_back(Heading{level, text, ""});
  std::string page = body_of(html(document));
  std::erase(page, '\n');
  EXPECT_THAT(page, HasSubstr("<ol><li><a href=\"#a\">A</a><ol><li><a href=\"#b\">B</a><ol><li><a "
                              "href=\"#c\">C</a></li></ol></li></ol></li>"
                              "<li><a href=\"#d\">D</a></li></ol></nav>"));
}

TEST(Html, SaysGapInWords) {
  const std::string page = body_of(html(sample_document(7)));
  EXPECT_EQ(matches(page, ">GAP</strong>").size(), 2U) << "one callout and one row";
  EXPECT_THAT(page, HasSubstr("<tr class=\"gap\""));
}

TEST(Html, SaysSoWhenATableIsEmpty) {
  Table table;
  table.caption = "Evidence contradicted";
  table.columns = {{"Document"}, {"Why"}};
  EXPECT_THAT(html(page_with(table)), HasSubstr("<td colspan=\"2\">None.</td>"));
}

TEST(Html, EqualDocumentsGiveEqualBytes) {
  EXPECT_EQ(html(sample_document(50)), html(sample_document(50)));
}

TEST(Html, TheWriterRefusesWhatWouldNotBeBalanced) {
  Html closed_too_often;
  EXPECT_THROW(closed_too_often.close(), std::logic_error);
  Html left_open;
  left_open.open("p");
  EXPECT_THROW(std::move(left_open).finish(), std::logic_error);
}

TEST(Document, RefusesWhatCannotBeReadAloud) {
  EXPECT_THROW(outline(Document{}), std::invalid_argument) << "no title";
  EXPECT_THROW(outline(page_with(Heading{3, "Skips level 2", ""})), std::invalid_argument);
  EXPECT_THROW(outline(page_with(Heading{1, "A second h1", ""})), std::invalid_argument);
  EXPECT_THROW(outline(page_with(Heading{2, "Bad anchor", "a b"})), std::invalid_argument);
  EXPECT_THROW(outline(page_with(Heading{2, "Reserved anchor", "page-main"})), std::invalid_argument);
  Document twice = page_with(Heading{2, "A", "same"});
  twice.blocks.push_back(Callout{Callout::Kind::note, "B", {}, "same"});
  EXPECT_THROW(outline(twice), std::invalid_argument);
  Table table;
  table.columns = {{"A"}, {"B"}};
  EXPECT_THROW(outline(page_with(table)), std::invalid_argument) << "no caption";
  table.caption = "C";
  EXPECT_NO_THROW(outline(page_with(table)));
  table.rows.push_back({{{"one cell"}}});
  EXPECT_THROW(outline(page_with(table)), std::invalid_argument) << "a cell is missing";
}

TEST(Document, GivesHeadingsAnchorsThatNeverCollide) {
  Document document = page_with(Heading{2, "What the council knew", ""});
  document.blocks.push_back(Heading{2, "What the council knew", ""});
  document.blocks.push_back(Heading{2, "Later", "what-the-council-knew-2"});
  document.blocks.push_back(Heading{2, "2015", ""});
  document.blocks.push_back(Heading{2, "\u0416", ""});
  std::vector<std::string> anchors;
  for (const auto& heading : outline(document).headings) anchors.push_back(heading.anchor);
  EXPECT_THAT(anchors, testing::ElementsAre("what-the-council-knew", "what-the-council-knew-3",
                                            "what-the-council-knew-2", "part-2015", "part"));
}

}  // namespace
}  // namespace answerable::render
