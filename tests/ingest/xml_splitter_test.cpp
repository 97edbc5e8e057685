#include "ingest/xml/splitter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "xml_reading.hpp"

namespace answerable::xml {
namespace {

struct Split {
  std::string refused;  ///< code@line:column
  std::string problem;
  std::string head, joined, tail;
  std::vector<std::string> records;
  std::vector<Position> starts;
  bool submission{};
};

/// \param piece how many bytes the file gives at a time
Split split(const std::string& file, std::size_t piece = 1 << 20, SplitCaps caps = {}) {
  Split made;
  std::size_t at = 0;
  Splitter splitter(
      [&](char* to, std::size_t size) {
        const auto n = std::min({size, piece, file.size() - at});
        std::copy_n(file.data() + at, n, to);
        at += n;
        return n;
      },
      caps);
  try {
    splitter.read_head();
    made.submission = splitter.is_submission();
    made.head = made.joined = splitter.head();
    while (const auto chunk = splitter.next()) {
      std::size_t done = 0;
      for (const auto& cut : chunk->records) {
        made.records.push_back(chunk->bytes.substr(done + cut.lead, cut.length));
        made.starts.push_back(cut.start);
        done += cut.lead + cut.length;
      }
      EXPECT_EQ(done, chunk->bytes.size());
      made.joined += chunk->bytes;
    }
    made.tail = splitter.tail();
    made.joined += made.tail;
    if (!made.submission) splitter.whole();
  } catch (const Refusal& it) {
    made.refused = fmt::format("{}@{}:{}", it.fault.code, it.fault.line, it.fault.column);
    made.problem = it.fault.problem;
  }
  return made;
}

using testing::submission;

/// Random well-formed content with all that could lead a scanner astray.
class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}
  std::string lead() {
    static const std::vector<std::string> leads{
        "", "\n", "  \r\n\t", "<!-- <review> - - >] é -->", "<?pi <a> ?>", "<!-- > ' \" -->\n"};
    return pick(leads) + pick(leads);
  }
  std::string record() { return element(0); }

 private:
  std::string pick(const std::vector<std::string>& from) { return from[random_() % from.size()]; }
  std::string element(int depth) {
    const auto name = pick({"a", "p:b", "records", "submission", "long.name-1"});
    static const std::vector<std::string> attributes{"",           " x=\"1 > 0\"",         " x='/>'",
                                                     " x = \"'\"", "\n y='\"' z=\"&lt;\"", " x=''"};
    const auto start = "<" + name + (depth == 0 ? " xmlns:p='urn:p'" : "") + pick(attributes);
    if (random_() % 4 == 0) return start + pick({"/>", " />"});
    std::string inside;
    const auto parts = random_() % 4;
    for (unsigned i = 0; i < parts; ++i) {
      inside += depth < 5 && random_() % 2 == 0
                    ? element(depth + 1)
                    : pick({"text", "€ 𝄞", "]] >", "<![CDATA[</a><b>]]]]>", "<!-- </records> -->", "<?x </a> ?>",
                            "&#10;&amp;", "\r\n", "'\"", "a > b"});
    }
    return start + ">" + inside + "</" + name + pick({">", " >"});
  }
  std::mt19937 random_;
};

TEST(XmlSplitter, PiecesJoinToTheFileAndRecordsAreTheOnesWritten) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Writer writer(seed);
    std::vector<std::string> records;
    std::string inside;
    for (unsigned i = 0; i < seed % 9; ++i) {
      inside += writer.lead();
      records.push_back(writer.record());
      inside += records.back();
    }
    const auto file = submission(inside + writer.lead());
    SplitCaps caps;
    caps.chunk = 1 + seed * 7;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
      const auto made = split(file, piece, caps);
      ASSERT_EQ(made.refused, "") << made.problem << "\n" << file;
      ASSERT_TRUE(made.submission);
      ASSERT_EQ(made.joined, file);
      ASSERT_EQ(made.records, records) << file;
      for (std::size_t i = 0; i < records.size(); ++i) {
        Position expected;
        expected.advance(std::string_view(file).substr(0, made.starts[i].byte));
        ASSERT_EQ(made.starts[i], expected);
        ASSERT_EQ(file.substr(made.starts[i].byte, records[i].size()), records[i]);
      }
    }
  }
}

TEST(XmlSplitter, FindsTheSameRecordsAsXerces) {
  // No record here is of a known kind, so each is told of with one fault; what counts is that the parser finds as many.
  for (unsigned seed = 1; seed < 60; ++seed) {
    Writer writer(seed * 31);
    std::string inside;
    for (unsigned i = 0; i < seed % 7; ++i) inside += writer.lead() + writer.record();
    const auto made = testing::read(submission(inside));
    ASSERT_FALSE(made.outcome.refused) << made.outcome.faults.front().problem << inside;
    ASSERT_EQ(made.outcome.records, seed % 7);
    ASSERT_EQ(made.heard.bytes, submission(inside));
  }
}

TEST(XmlSplitter, ColumnsCountCharacters) {
  const auto made = split(submission("<!-- é€𝄞 --><a/>"));
  ASSERT_EQ(made.starts.size(), 1U);
  EXPECT_EQ(made.starts[0].line, 4);
  EXPECT_EQ(made.starts[0].column, 13);
}

TEST(XmlSplitter, PositionsAreThoseOfCountingByHand) {
  std::mt19937 random(3);
  static const std::vector<std::string> pieces{"\n", "a", "\v", "\x8a", "é", "€", "𝄞", "\r", "\t", "\x0b", "J"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (auto n = random() % 60; n > 0; --n) text += pieces[random() % pieces.size()];
    Position place{0, 3, 5};
    place.advance(text);
    int line = 3, column = 5;
    for (const char c : text) {
      if (c == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
        ++column;
      }
    }
    ASSERT_EQ(place, (Position{text.size(), line, column})) << text;
  }
}

TEST(XmlSplitter, KnowsTheEnvelopeByItsNamespaceWhateverThePrefix) {
  const std::string file =
      "<?xml version='1.0'?><!-- x --><s:submission "
      "xmlns:s='urn:answerable:submission:1'><s:header/><s:records><a/></s:records></s:submission>";
  const auto made = split(file);
  EXPECT_TRUE(made.submission);
  EXPECT_EQ(made.records, std::vector<std::string>{"<a/>"});
  EXPECT_FALSE(split("<submission><records><a/></records></submission>").submission);
  EXPECT_FALSE(split("<s:submission xmlns='urn:answerable:submission:1' xmlns:s='urn:x'/>").submission);
}

TEST(XmlSplitter, TakesEmptyAndMissingRecords) {
  for (const auto* file : {"<submission xmlns='urn:answerable:submission:1'><records/></submission>",
                           "<submission xmlns='urn:answerable:submission:1'/>",
                           "<submission xmlns='urn:answerable:submission:1'><records></records></submission>"}) {
    const auto made = split(file);
    EXPECT_EQ(made.refused, "");
    EXPECT_EQ(made.joined, file);
    EXPECT_TRUE(made.records.empty());
  }
}

struct Bad {
  const char* name;
  std::string file, expected;
};

TEST(XmlSplitter, RefusesEncodings) {
  const auto with = [](std::string_view bytes) { return submission(fmt::format("<a>{}</a>", bytes)); };
  const std::vector<Bad> all{
      {"latin-1", with("caf\xE9"), "encoding.not-utf-8@4:7"},
      {"overlong", with("\xC0\xAF"), "encoding.not-utf-8@4:4"},
      {"overlong of three", with("\xE0\x80\xAF"), "encoding.not-utf-8@4:4"},
      {"surrogate", with("\xED\xA0\x80"), "encoding.not-utf-8@4:4"},
      {"above U+10FFFF", with("\xF4\x90\x80\x80"), "encoding.not-utf-8@4:4"},
      {"lone continuation", with("\x80"), "encoding.not-utf-8@4:4"},
      {"cut off at the end", submission("<a/>") + "\xE2\x82", "encoding.not-utf-8@6:1"},
      {"control character", with("a\x01"), "xml.character@4:5"},
      {"U+FFFF", with("\xEF\xBF\xBF"), "xml.character@4:4"},
      {"UTF-16 with a mark", std::string("\xFF\xFE<\0s\0", 6), "encoding.not-utf-8@1:1"},
      {"UTF-16 without", std::string("<\0s\0", 4), "encoding.not-utf-8@1:1"},
      {"declared latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>" + submission(""), "encoding.not-utf-8@1:1"},
      {"XML 1.1", "<?xml version='1.1'?>" + submission(""), "xml.version@1:1"},
      {"not ASCII though it says so", "<?xml version='1.0' encoding='us-ascii'?>" + with("é"),
       "encoding.not-ascii@4:4"},
  };
  for (const auto& it : all) EXPECT_EQ(split(it.file).refused, it.expected) << it.name;
  EXPECT_EQ(split("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>" + with("é")).refused, "");
  EXPECT_EQ(split("<?xml version='1.0' encoding='US-ASCII'?>" + with("e")).refused, "");
}

TEST(XmlSplitter, RefusesDoctypesWhereverTheyMayStand) {
  const auto file = submission("<a/>");
  EXPECT_EQ(split("<!DOCTYPE submission>" + file).refused, "xml.doctype@1:1");
  EXPECT_EQ(
      split("<?xml version='1.0'?>\n<!-- x -->\n <!DOCTYPE submission SYSTEM 'file:///etc/passwd'>" + file).refused,
      "xml.doctype@3:2");
  EXPECT_EQ(split("<!doctype submission>" + file).refused, "xml.doctype@1:1");
  EXPECT_EQ(split("\xEF\xBB\xBF<!DOCTYPE a>" + file).refused.substr(0, 11), "xml.doctype");
  EXPECT_EQ(split(file + "<!DOCTYPE a>").refused, "xml.doctype@6:1");
  EXPECT_EQ(split(submission("<a><!DOCTYPE a></a>")).refused, "xml.doctype@4:4");
  EXPECT_EQ(split("<!DOCTYPE html><html/>").refused, "xml.doctype@1:1");
  EXPECT_EQ(split(submission("<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>")).refused, "");
}

TEST(XmlSplitter, RefusesWhatIsCutOffOrBrokenWhereItSeesIt) {
  const auto file = submission("<a b='c'>text</a><!-- x -->");
  // The last tag closes the document; without any byte before its ">" the file is cut off.
  for (std::size_t length = 1; length + 2 < file.size(); ++length) {
    const auto made = split(file.substr(0, length), 5);
    const bool whole_elsewhere = !made.submission || made.tail.size() + made.head.size() <= length;
    EXPECT_TRUE(!made.refused.empty() || whole_elsewhere) << length;
  }
  EXPECT_EQ(split(submission("<a b=\"x\n<c/>")).refused, "xml.not-well-formed@5:1");
  EXPECT_EQ(split(submission("<a <b/>")).refused, "xml.not-well-formed@4:4");
  EXPECT_EQ(split(submission("<![CDATA[ x")).refused.substr(0, 19), "xml.not-well-formed");
  EXPECT_EQ(split("").refused, "file.empty@1:1");
  EXPECT_EQ(split("   ").refused, "xml.not-well-formed@1:1");
}

TEST(XmlSplitter, RefusesBombs) {
  std::string deep, shut;
  for (int i = 0; i < 100; ++i) {
    deep += "<a>";
    shut += "</a>";
  }
  EXPECT_EQ(split(submission(deep + shut)).refused.substr(0, 9), "cap.depth");
  std::string many = "<a";
  for (int i = 0; i < 300; ++i) many += fmt::format(" b{}=''", i);
  EXPECT_EQ(split(submission(many + "/>")).refused, "cap.attributes@4:1");
  EXPECT_EQ(split(submission("<" + std::string(300, 'n') + "/>")).refused, "cap.name@4:1");
  EXPECT_EQ(split(submission("<a " + std::string(300, 'n') + "='1'/>")).refused, "cap.name@4:1");
  EXPECT_EQ(split(submission("<a>" + std::string(9 << 20, 'x') + "</a>")).refused, "cap.record@4:1");
  EXPECT_EQ(split(submission("<a x='" + std::string(10 << 20, 'x') + "'/>")).refused.substr(0, 10), "cap.record");
  EXPECT_EQ(split(submission("<!--" + std::string(10 << 20, 'x') + "--><a/>")).refused.substr(0, 10), "cap.record");
  EXPECT_EQ(split(submission(std::string(10 << 20, ' ') + "<a/>")).refused.substr(0, 10), "cap.record");
  EXPECT_EQ(split("<submission xmlns='urn:answerable:submission:1'><!--" + std::string(1 << 20, 'x') +
                  "--><records/></submission>")
                .refused,
            "cap.head@1:1");
}

}  // namespace
}  // namespace answerable::xml
