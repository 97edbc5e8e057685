#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "reports/render/csv.hpp"
#include "reports/render/terminal.hpp"
#include "reports/render/text.hpp"
#include "reports/render/xml.hpp"

namespace answerable::render {
namespace {

std::string csv_cell(std::string_view cell) {
  std::ostringstream out;
  Csv csv(out, {"a", "b"});
  csv.row({"", cell});
  const std::string text = out.str();
  return text.substr(text.find('\n') + 2, text.size() - text.find('\n') - 4);
}

TEST(Csv, WritesRowsAsRfc4180HasThem) {
  std::ostringstream out;
  Csv csv(out, {"name", "said"});
  csv.row({"Alan, Example", "he said \"no\""});
  csv.row({"two\nlines", "\u017B\u00F3\u0142\u0107"});
  EXPECT_EQ(out.str(),
            "name,said\r\n\"Alan, Example\",\"he said \"\"no\"\"\"\r\n\"two\nlines\",\u017B\u00F3\u0142\u0107\r\n");
}

TEST(Csv, NoCellCanRunInASpreadsheet) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("+44 20"), "'+44 20");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("-2+3+cmd|' /C calc'!A0"), "'-2+3+cmd|' /C calc'!A0");
  EXPECT_EQ(csv_cell("\t=1"), "'\t=1");
  EXPECT_EQ(csv_cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(csv_cell("-12.50"), "-12.50");
  EXPECT_EQ(csv_cell("-"), "'-");
  EXPECT_EQ(csv_cell("-1."), "'-1.");
  EXPECT_EQ(csv_cell("a=1"), "a=1");
}

TEST(Csv, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(csv_cell(std::string_view("a\xFF\0b", 4)), "a\uFFFD\uFFFDb");
}

TEST(Csv, RefusesRowsOfAnotherWidth) {
  std::ostringstream out;
  Csv csv(out, {"a", "b"});
  EXPECT_THROW(csv.row({"1"}), std::invalid_argument);
  EXPECT_THROW(csv.row({"1", "2", "3"}), std::invalid_argument);
  EXPECT_EQ(out.str(), "a,b\r\n");
  EXPECT_THROW(Csv(out, std::initializer_list<std::string_view>{}), std::invalid_argument);
}

TEST(Csv, AnEmptyCellAloneIsStillARow) {
  std::ostringstream out;
  Csv csv(out, {"a"});
  csv.row({""});
  EXPECT_EQ(out.str(), "a\r\n\"\"\r\n");
}

TEST(Xml, WritesWhatItIsTold) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("trail")
      .attribute("xmlns", "urn:x")
      .open("person")
      .attribute("id", "1")
      .close()
      .element("name", "Alan")
      .close()
      .finish();
  EXPECT_EQ(out.str(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<trail xmlns=\"urn:x\">\n  <person id=\"1\"/>\n  "
            "<name>Alan</name>\n</trail>\n");
}

TEST(Xml, EscapesTextAndAttributesAndReplacesWhatXmlForbids) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a")
      .attribute("b", "<\"&'\n\t>")
      .text(std::string_view("]]> <b> & \r \x01 \xFF \0 \xEF\xBF\xBF", 21))
      .close()
      .finish();
  EXPECT_THAT(
      out.str(),
      testing::HasSubstr(
          "<a b=\"&lt;&quot;&amp;'&#10;&#9;&gt;\">]]&gt; &lt;b&gt; &amp; &#13; \uFFFD \uFFFD \uFFFD \uFFFD</a>"));
}

TEST(Xml, RefusesWhatWouldNotBeWellFormed) {
  std::ostringstream out;
  XmlWriter xml(out);
  EXPECT_THROW(xml.open("a b"), std::invalid_argument);
  EXPECT_THROW(xml.open("1"), std::invalid_argument);
  EXPECT_THROW(xml.open("a:b:c"), std::invalid_argument);
  EXPECT_THROW(xml.text("outside"), std::logic_error);
  EXPECT_THROW(xml.close(), std::logic_error);
  EXPECT_THROW(xml.finish(), std::logic_error);
  xml.open("a");
  EXPECT_THROW(xml.finish(), std::logic_error);
  xml.text("t");
  EXPECT_THROW(xml.open("b"), std::logic_error);
  EXPECT_THROW(xml.attribute("c", "d"), std::logic_error);
  xml.close().finish();
  EXPECT_THROW(xml.open("second"), std::logic_error);
}

TEST(Terminal, AlignsByWhatIsSeen) {
  const std::array<TerminalColumn, 3> columns{{{"Id"}, {"Count", true}, {"Name"}}};
  const std::vector<std::vector<std::string>> rows{
      {"\u017B\u00F3\u0142\u0107", "7", "x"}, {"a", "12", "\u6F22\u5B57"}, {"e\u0301", "3", ""}};
  EXPECT_EQ(table(columns, rows),
            "Id    Count  Name\n"
            "----  -----  ----\n"
            "\u017B\u00F3\u0142\u0107      7  x\n"
            "a        12  \u6F22\u5B57\n"
            "e\u0301         3\n");
}

TEST(Terminal, WrapsTheLastColumnAtWords) {
  const std::array<TerminalColumn, 2> columns{{{"K"}, {"V"}}};
  const std::vector<std::vector<std::string>> rows{{"k", "one two three four five six seven"},
                                                   {"l", std::string(25, 'x')}};
  EXPECT_EQ(table(columns, rows, 23),
            "K  V\n"
            "-  --------------------\n"
            "k  one two three four\n"
            "   five six seven\n"
            "l  xxxxxxxxxxxxxxxxxxxx\n"
            "   xxxxx\n");
}

TEST(Terminal, LetsNoEscapeSequenceThrough) {
  const std::array<TerminalColumn, 1> columns{{{"A"}}};
  const std::vector<std::vector<std::string>> rows{{"\x1B[31mred\nnext\u009B"}};
  EXPECT_EQ(table(columns, rows), "A\n--------------\n\uFFFD[31mred next\uFFFD\n");
}

TEST(Terminal, SaysWhenThereIsNothing) {
  const std::array<TerminalColumn, 2> columns{{{"A"}, {"B"}}};
  EXPECT_EQ(table(columns, {}), "A  B\n-  -\n(none)\n");
  const std::vector<std::vector<std::string>> short_row{{"1"}};
  EXPECT_THROW(table(columns, short_row), std::invalid_argument);
}

TEST(Text, TakesOneCodePointOrOneBadByte) {
  // RFC 3629: overlong forms, surrogates, beyond U+10FFFF, cut short, a stray continuation byte.
  for (const std::string_view bad :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xF8\x88"}) {
    std::string_view rest = bad;
    EXPECT_EQ(next_code_point(rest), U'\uFFFD');
    EXPECT_EQ(rest.size() + 1, bad.size());
  }
  for (const char32_t good : {U'a', U'\u00E9', U'\u20AC', U'\uFFFD', U'\U0001F600', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, good);
    std::string_view rest = text;
    EXPECT_EQ(next_code_point(rest), good);
    EXPECT_TRUE(rest.empty());
  }
}

}  // namespace
}  // namespace answerable::render
