#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "ingest/intake/faults.hpp"
#include "ingest/intake/keys.hpp"
#include "ingest/intake/leaf.hpp"
#include "ingest/intake/receipt.hpp"

namespace answerable::intake {
namespace {

std::string format_document() {
  std::ifstream in(ANSWERABLE_SOURCE "/schemas/formats/leaf.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

Salt counted() {
  Salt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::byte>(i);
  return salt;
}

/// The format document, and that it says this.
void expect_told(const std::string& text) {
  static const std::string document = format_document();
  EXPECT_NE(document.find(text), std::string::npos) << text;
}

// The document's hashes were computed by another program (Python's hashlib) and with openssl and sha256sum.
TEST(IntakeLeaf, AgreesWithTheTestVectorsOfItsFormat) {
  LeafHasher hasher;
  Leaf leaf{.authority = "905",
            .number = 7,
            .kind = "review",
            .version = 1,
            .sender = "ods:RH5",
            .id = "REV-1",
            .submission = "S905-12",
            .received_at = *parse_instant("2026-11-21T20:15:03.123456Z")};
  const std::string_view content = R"(<review id="REV-1"><type>plan</type><by/></review>)";
  std::vector<std::size_t> ends;
  piece_ends(content, ends);
  ASSERT_EQ(ends, (std::vector<std::size_t>{36, 41, 50}));
  const auto salts = piece_salts(counted(), 3);
  for (std::size_t i = 0, start = 0; i < 3; start = ends[i++])
    expect_told("`" + std::string(content.substr(start, ends[i] - start)) + "` | `" + hex(salts[i]) + "` | `" +
                hex(hasher.piece_hash(salts[i], content.substr(start, ends[i] - start))) + "` |");
  leaf.commitment = hasher.commitment(counted(), content);
  expect_told("```\n" + leaf_text(leaf) + "```\n\nLeaf hash: `" + hex(hasher.hash(leaf)) + "`");

  const auto read =
      leaf_text("905", "event read/17", leaf.received_at, hasher.commitment(counted(), R"({"by":"Made Up"})"));
  expect_told("```\n" + read + "```\n\nLeaf hash: `" + hex(hasher.hash(read)) + "`");

  leaf.format = 1;
  leaf.commitment = hasher.commitment_1(counted(), R"(<review id="REV-1"/>)");
  expect_told("```\n" + leaf_text(leaf) + "```\n\nLeaf hash: `" + hex(hasher.hash(leaf)) + "`");
}

TEST(IntakeLeaf, PiecesEndBehindEndTagsAndEmptyElements) {
  const auto pieces = [](std::string_view content) {
    std::vector<std::size_t> ends;
    piece_ends(content, ends);
    std::vector<std::string> all;
    for (std::size_t i = 0, start = 0; i < ends.size(); start = ends[i++])
      all.emplace_back(content.substr(start, ends[i] - start));
    return all;
  };
  using All = std::vector<std::string>;
  EXPECT_EQ(pieces(""), All{""});
  EXPECT_EQ(pieces("plain"), All{"plain"});
  EXPECT_EQ(pieces("<a>1</a><b/> tail"), (All{"<a>1</a>", "<b/>", " tail"}));
  EXPECT_EQ(pieces("</a/>/>"), (All{"</a/>", "/>"}));
  EXPECT_EQ(pieces("<a x=\"/>\">1</a >"), (All{"<a x=\"/>", "\">1</a >"})) << "bytes, not XML";
  EXPECT_EQ(pieces("</a"), All{"</a"});
  EXPECT_EQ(pieces("</></>"), (All{"</>", "</>"}));
}

TEST(IntakeLeaf, SaltsDiffer) {
  Salt before = make_salt();
  for (int i = 0; i < 1000; ++i) {
    const Salt next = make_salt();
    EXPECT_NE(next, before);
    before = next;
  }
}

TEST(IntakeKeys, AreThoseOfTheReferenceCode) {
  // vectors_sip128 of the reference implementation: key 00…0f, messages of 0, 1 and 15 bytes 00, 01, …
  const std::array<std::uint64_t, 2> secret{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  std::string message;
  for (char c = 0; c < 15; ++c) message.push_back(c);
  EXPECT_EQ(siphash128(secret, ""), (Key{0xe6a825ba047f81a3, 0x930255c71472f66d}));
  EXPECT_EQ(siphash128(secret, message.substr(0, 1)), (Key{0x44af996bd8c187da, 0x45fc229b11597634}));
  EXPECT_EQ(siphash128(secret, message), (Key{0x11a8b03399e99354, 0xd9c3cf970fec087e}));
}

TEST(IntakeReceipt, IdsReadBackAndNothingElseDoes) {
  const auto id = parse_receipt_id("S905-12");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->authority, "905");
  EXPECT_EQ(id->submission, 12);
  EXPECT_EQ(id->text(), "S905-12");
  for (const char* wrong : {"", "S", "905-12", "S-12", "S905-", "S905-x", "S905-12x", "S905-0", "S905--1", "S90512"})
    EXPECT_FALSE(parse_receipt_id(wrong)) << wrong;
}

TEST(IntakeFaults, GroupTheSameMistakeWithCountAndFirstExamples) {
  std::vector<Fault> faults;
  for (int i = 1; i <= 5; ++i)
    faults.push_back({.severity = Severity::query, .code = "period.act-outside", .line = i, .field = "review"});
  faults.push_back({.code = "value.date", .line = 9, .field = "review/completed"});
  faults.push_back({.code = "value.date", .line = 10, .field = "review/started"});
  faults.push_back({.code = "value.date", .line = 11, .field = "review/started"});
  const auto groups = group_faults(faults);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].field, "review/started");
  EXPECT_EQ(groups[0].count, 2U);
  EXPECT_EQ(groups[1].field, "review/completed");
  EXPECT_EQ(groups[2].count, 5U);
  ASSERT_EQ(groups[2].examples.size(), 3U);
  EXPECT_EQ(groups[2].examples[2].line, 3);
}

}  // namespace
}  // namespace answerable::intake
