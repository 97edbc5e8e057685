// What is kept back is kept back everywhere, and what is shown is still proved.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>

#include "ingest/xml/document.hpp"
#include "reports/bundle/kept_words.hpp"
#include "reports/bundle/pieces.hpp"
#include "reports/bundle/redaction.hpp"
#include "tests/reports/bundle_case.hpp"

namespace answerable::bundle {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

std::string small(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The text as it may lie in a file: as it is, in base64 at any of three places, in hexadecimal digits.
std::vector<std::string> disguises(const std::string& word) {
  std::vector<std::string> out{small(word), hex(as_bytes(word))};
  for (std::size_t shift = 0; shift < 3; ++shift) {
    auto text = base64(as_bytes(std::string(shift, 'x') + word));
    // Only the characters that no neighbour has a bit in.
    const auto from = shift == 0 ? 0U : shift + 1;
    out.push_back(text.substr(from, (shift + word.size()) * 8 / 6 - from));
  }
  return out;
}

/// Without salts and hashes: five digits of a number may stand in one by chance.
std::string without_digests(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_not_of("0123456789abcdef", at), text.size());
    if (end - at < 32) out.append(text, at, end - at);
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

class BundleRedaction : public BundleCase {
 protected:
  /// None of the words is anywhere in the bundle, in no disguise.
  void expect_nowhere(const std::map<std::string, std::string>& all, const std::vector<std::string>& words) {
    auto searched = all;
    for (const auto& [path, bytes] : all) {
      if (!path.ends_with(".pdf")) continue;
      const auto ran = pages::run(fmt::format("pdftotext -raw '{}' - | tr '\\n' ' '", (bag_ / "data" / path).string()));
      ASSERT_EQ(ran.code, 0);
      ASSERT_THAT(ran.output, HasSubstr("Ada Example")) << "the text of the PDF can be read";
      searched.emplace(path + " (text)", ran.output);
    }
    for (const auto& [path, bytes] : searched) {
      const auto low = without_digests(small(bytes));
      for (const auto& word : words) {
        const auto as = disguises(word);
        EXPECT_THAT(low, Not(HasSubstr(as[0]))) << path;
        for (std::size_t i = 1; i < as.size(); ++i) EXPECT_THAT(bytes, Not(HasSubstr(as[i]))) << path << ": " << word;
      }
    }
  }
};

TEST_F(BundleRedaction, APersonIsNamedNowhereAndWhatIsShownIsStillProved) {
  const auto keep_back = request(
      R"(<person reason="third-party"><identifier scheme="council">40882</identifier><name>Bea</name></person>)");
  const auto all = files("kept", keep_back);
  expect_nowhere(all, {"Bea Example", "40882", "daughter Bea"});
  EXPECT_THAT(verified("kept"), IsEmpty()) << "the pieces still give the leaves' commitments";
  EXPECT_THAT(all.at("trail.html"), HasSubstr("[kept back: third-party]"));
  EXPECT_THAT(all, Not(Contains(Key(HasSubstr("-content.")))))
      << "the letter names her, and no program can read the scan";
  const auto whole = files("whole");
  EXPECT_THAT(whole.at("trail.html"), HasSubstr("Bea Example")) << "she is named where nothing is kept back";
  std::size_t pieces = 0;
  for (const auto& [path, bytes] : all) {
    if (!path.starts_with("ledger/pieces/")) continue;
    ++pieces;
    EXPECT_THAT(bytes, HasSubstr("hidden "));
  }
  EXPECT_EQ(pieces, 6U) << "the agreement, relationship, first review, complaint and two documents";
  const auto notes = all.at("redactions.csv");
  EXPECT_THAT(notes, HasSubstr("Made Up, complaints manager"));
  EXPECT_THAT(notes, HasSubstr("complainant"));
}

TEST_F(BundleRedaction, ADocumentThatSomebodyReadIsShown) {
  const auto all = files("kept", request(R"(<person reason="third-party"><name>Bea Example</name></person>
<checked sender="ods:RH5" id="DOC-2"/>)"));
  EXPECT_THAT(all, Contains(Key(HasSubstr("-content.jpg"))));
  EXPECT_THAT(all, Contains(Key(HasSubstr("-content.txt")))) << "it says only Bea, and only Bea Example was asked for";
}

TEST_F(BundleRedaction, AWholeRecordLeavesOnlyThatThereIsOne) {
  const auto all = files("kept", request(R"(<record reason="legal-privilege" sender="ods:RH5" id="DOC-3"/>)"));
  expect_nowhere(all, {"Counsel thinks that the council will lose this case", "Advice of counsel"});
  EXPECT_THAT(all.at("chronology.csv"), HasSubstr("This record is kept back."));
  EXPECT_THAT(all.at("exhibits.csv"), HasSubstr("DOC-3"));
  EXPECT_THAT(verified("kept"), IsEmpty());
  EXPECT_THAT(files("whole").at("trail.html"), HasSubstr("Advice of counsel"));
}

TEST_F(BundleRedaction, AFieldIsKeptBackWhereverItsWordsAreMet) {
  const auto all =
      files("kept",
            request(R"(<field reason="confidential-source" sender="ods:RH5" id="REV-1B" path="performedBy/worker"/>)"));
  expect_nowhere(all, {"Hilda Made-Up", "W-77"});
  EXPECT_THAT(all.at("chronology.csv"), HasSubstr("[kept back: confidential-source]"));
  EXPECT_THAT(verified("kept"), IsEmpty());
  EXPECT_THAT(files("whole").at("chronology.csv"), HasSubstr("Hilda Made-Up"));
}

TEST_F(BundleRedaction, WhatIsNotThereIsRefusedWithASentence) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"(<person reason="third-party"><name>Zed Nobody</name></person>)",
       "Line 1 of the request asks to keep back what is nowhere"},
      {R"(<record reason="security" sender="ods:RH5" id="REV-9"/>)",
       "Record REV-9 of ods:RH5 is asked to be kept back, and is no record"},
      {R"(<record reason="security" sender="cassr:905" id="PER-2"/>)", "is no record of this bundle"},
      {R"(<field reason="security" sender="ods:RH5" id="REV-1B" path="note"/>)", "there is no such field"},
      {R"(<field reason="security" sender="ods:RH5" id="REV-1B" path="outcome">All is well</field>)",
       "no such field with those words"},
      {R"(<field reason="security" sender="ods:RH5" id="REV-1B" path="completed"/>)", "Keep back the whole record"},
      {R"(<field reason="security" sender="ods:RH5" id="REV-1B" path="type"/>)", "a code"},
      {R"(<person reason="third-party"><name>ada example</name></person>)", "names the person this bundle is about"},
  };
  for (const auto& [items, said] : wrong) {
    try {
      make("refused", request(items));
      ADD_FAILURE() << items;
    } catch (const RedactionRefused& why) {
      EXPECT_THAT(why.what(), HasSubstr(said)) << items;
    }
    EXPECT_FALSE(std::filesystem::exists(work_.path / "refused.zip"));
  }
  EXPECT_THROW(request(R"(<person reason="third-party"/>)"), xml::Invalid) << "who?";
  EXPECT_THROW(request(R"(<record reason="because" sender="a:b" id="c"/>)"), xml::Invalid) << "no reason of the list";
}

TEST(KeptWords, AreFoundHoweverTheyAreTyped) {
  KeptWords words;
  words.add("Zoë O'Brien", Reason::third_party, 0);
  words.add("9990000042", Reason::third_party, 1);
  for (const char* text : {"Zoë O'Brien", "ZOE  O\u2019BRIEN", "zoe\u0308 o'brien", "x: Zoë\n O'Brien.",
                           "(Zo\u00ADë O'Brien)", "999 000 0042", "999-000-0042", "(9990000042)"})
    EXPECT_TRUE(words.find(text)) << text;
  for (const char* text : {"Zoëlla O'Brien", "Zoë O'Briens", "19990000042", "999000004", "Zoë"})
    EXPECT_FALSE(words.find(text)) << text;
  for (const char* text :
       {"Zo&#235; O&#39;Brien", "Zo&#xEB; O&apos;Brien", R"("Zo\u00eb O'Brien")", "Zoë&nbsp;O'Brien"})
    EXPECT_TRUE(words.find_in_file(text)) << text;
  std::string text = "Call Zoë  O\u2019Brien (999 000 0042), not Zoë.";
  EXPECT_EQ(words.replace(text).size(), 2U);
  EXPECT_EQ(text, "Call [kept back: third-party] ([kept back: third-party]), not Zoë.");
}

TEST(Pieces, FieldsAreFoundAsAReaderOfXmlSeesThem) {
  const std::string record =
      "<r:a xmlns:r='u' id=\"A&amp;1\"><!-- </b> --><r:b>one<![CDATA[ & two]]> &#51;</r:b><c><d e='>' scheme='s' "
      "code='c'/></c></r:a>";
  const auto all = fields(record);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].path, "");
  EXPECT_EQ(all[0].attributes, (std::vector<std::string>{"A&1"}));
  EXPECT_EQ(all[0].end, record.size());
  EXPECT_EQ(all[1].path, "b");
  EXPECT_EQ(all[1].text, "one & two 3");
  EXPECT_EQ(record.substr(all[1].begin, all[1].end - all[1].begin), "<r:b>one<![CDATA[ & two]]> &#51;</r:b>");
  EXPECT_EQ(all[3].path, "c/d");
  EXPECT_TRUE(all[3].named_by_code);
}

TEST(Pieces, WhatIsShownAndTheHashesOfTheRestGiveTheCommitment) {
  const std::string record = R"(<review id="REV-1"><type>plan</type><note>Secret</note><by/></review>)";
  intake::Salt salt{};
  intake::LeafHasher hasher;
  Cover cover(record);
  const auto all = fields(record);
  EXPECT_EQ(cover.hide(all[2].begin, all[2].end, Reason::security), 1U);
  EXPECT_EQ(cover.shown(), R"(<review id="REV-1"><type>plan</type><!-- kept back: security --><by/></review>)");
  Sha256 hash;
  std::istringstream lines(cover.proof(salt, hasher));
  const auto salts = intake::piece_salts(salt, cover.pieces());
  std::size_t i = 0;
  for (std::string how, value, rest; lines >> how >> value >> rest; ++i) {
    if (how == "hidden") {
      EXPECT_EQ(rest, "security");
      hash.update(parse_digest(value).value());
    } else {
      EXPECT_EQ(value, hex(salts[i]));
      EXPECT_EQ(rest, std::to_string(cover.piece(i).size()));
      hash.update(hasher.piece_hash(salts[i], cover.piece(i)));
    }
  }
  EXPECT_EQ(i, cover.pieces());
  EXPECT_EQ(hash.finish(), hasher.commitment(salt, record));
}

}  // namespace
}  // namespace answerable::bundle
