#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "audit/ledger/checkpoint.hpp"
#include "audit/ledger/note.hpp"
#include "audit/ledger/proof_file.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

/// The example of C2SP signed-note.
constexpr std::string_view example_vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view example_note =
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

PrivateKey key(unsigned char number) {
  std::array<std::byte, 32> seed{};
  seed[0] = std::byte{number};
  return PrivateKey::from_seed(seed);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at == text.npos) throw std::logic_error("nothing to replace");
  return text.replace(at, what.size(), with);
}

TEST(LedgerNote, TheExampleOfTheSpecificationVerifies) {
  const VerifierKey foo = parse_vkey(example_vkey);
  EXPECT_EQ(foo.name, "example.com/foo");
  EXPECT_EQ(foo.id(), 0x530d903aU);
  EXPECT_EQ(format_vkey(foo), example_vkey);
  const Note note = parse_note(example_note);
  EXPECT_EQ(note.text, "This is an example message.\n");
  EXPECT_EQ(verify_note(note, std::vector{foo}).at(0).key, foo);
  EXPECT_EQ(parse_note(format_note(note)), note);
}

RC_GTEST_PROP(LedgerNote, RoundTripsAndAnyFlippedBitIsFound, ()) {
  const PrivateKey mine = key(1);
  const Signer signer{"council.example/905", mine};
  const std::vector known{signer.verifier(SignatureType::ed25519)};
  std::string text = "first line\n\n";
  for (const int c : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0x20, 0x7F))) text += static_cast<char>(c);
  text += "\n";
  const Note note{text, {sign(signer, text)}};
  const std::string written = format_note(note);
  RC_ASSERT(parse_note(written) == note);
  RC_ASSERT(verify_note(note, known).size() == 1U);
  const auto at = *rc::gen::inRange<std::size_t>(0, written.size());
  std::string changed = written;
  changed[at] = static_cast<char>(changed[at] ^ (1 << *rc::gen::inRange(0, 8)));
  bool found = false;
  try {
    verify_note(parse_note(changed), known);
  } catch (const Malformed&) {
    found = true;
  } catch (const NotVerified&) {
    found = true;
  }
  RC_ASSERT(found);
}

TEST(LedgerNote, MalformedOnesAreRefused) {
  const PrivateKey mine = key(1);
  const std::string text = "line\n";
  const std::string good = format_note({text, {sign({"a.example", mine}, text)}});
  ASSERT_NO_THROW(parse_note(good));
  const std::string signature = good.substr(good.find("\u2014"));
  const std::string encoded = signature.substr(signature.rfind(' ') + 1, signature.size() - signature.rfind(' ') - 2);
  const auto with = [&](const std::string& line) { return text + "\n" + line; };
  const std::vector<std::pair<std::string, std::string>> bad{
      {"nothing", ""},
      {"no signature", "line\n\n"},
      {"no blank line", text + signature},
      {"no text", signature},
      {"no line feed at the end", good.substr(0, good.size() - 1)},
      {"a hyphen for the dash", with("- a.example " + encoded + "\n")},
      {"no space behind the dash", with("\u2014a.example " + encoded + "\n")},
      {"no name", with("\u2014  " + encoded + "\n")},
      {"a plus in the name", with("\u2014 a+b " + encoded + "\n")},
      {"a no-break space in the name", with("\u2014 a\u00A0b " + encoded + "\n")},
      {"two spaces", with("\u2014 a.example  " + encoded + "\n")},
      {"a space at the end", with("\u2014 a.example " + encoded + " \n")},
      {"no signature bytes", with("\u2014 a.example " + base64(std::vector<std::byte>(4)) + "\n")},
      {"base64 without padding", with("\u2014 a.example AAAAAAA\n")},
      {"base64 with spare bits", with("\u2014 a.example AAAAAAB=\n")},
      {"base64 of the URL alphabet", with("\u2014 a.example AAAA-_AA\n")},
      {"not base64", with("\u2014 a.example AA\u00E9\n")},
      {"something behind the signatures", good + "more\n"},
      {"a carriage return", replaced(good, "line\n", "line\r\n")},
      {"a tab", replaced(good, "line\n", "li\tne\n")},
      {"a zero byte", replaced(good, "line\n", std::string_view("li\0ne\n", 6))},
      {"not UTF-8", replaced(good, "line\n", "l\xFFne\n")},
      {"overlong UTF-8", replaced(good, "line\n", "l\xC0\xAFne\n")},
      {"a surrogate", replaced(good, "line\n", "l\xED\xA0\x80ne\n")},
      {"too long", std::string(1 << 20, 'x') + good},
  };
  for (const auto& [what, note] : bad) EXPECT_THROW(parse_note(note), Malformed) << what;

  std::string many = text + "\n";
  for (int i = 0; i < 64; ++i) many += signature;
  EXPECT_NO_THROW(parse_note(many));
  EXPECT_THROW(parse_note(many + signature), Malformed);
  EXPECT_THROW(sign({"a b", mine}, text), std::invalid_argument);
  EXPECT_THROW(sign({"a", mine}, "no line feed"), std::invalid_argument);
}

TEST(LedgerNote, UnknownSignersArePassedOverAndKnownOnesMustBeRight) {
  const PrivateKey mine = key(1), yours = key(2);
  const Signer a{"a.example", mine}, b{"b.example", yours}, other_a{"a.example", yours};
  const std::vector known{a.verifier(SignatureType::ed25519)};
  const std::string text = "line\n";
  EXPECT_EQ(verify_note({text, {sign(b, text), sign(other_a, text), sign(a, text)}}, known).size(), 1U);
  EXPECT_THROW(verify_note({text, {sign(b, text), sign(other_a, text)}}, known), NotVerified);
  EXPECT_THROW(verify_note({text, {}}, known), NotVerified);
  EXPECT_THROW(verify_note({text, {sign(a, text)}}, {}), NotVerified);
  EXPECT_TRUE(verify_note({text, {sign(b, text)}}, known, 0).empty());
  // One good and one bad signature of the same key: the note is refused.
  EXPECT_THROW(verify_note({text, {sign(a, text), sign(a, "other\n")}}, known), NotVerified);
  EXPECT_THROW(verify_note({text, {sign(a, "other\n")}}, known, 0), NotVerified);
}

TEST(LedgerNote, VerifierKeysThatDoNotFitAreRefused) {
  const std::string good{example_vkey};
  for (const auto& bad :
       {std::string{}, std::string{"example.com/foo"}, std::string{"a+b"}, replaced(good, "530d903a", "530d903b"),
        replaced(good, "530d903a", "530D903A"), replaced(good, "530d903a", "30d903a"), replaced(good, "foo", "fob"),
        replaced(good, "3U2k", "3U2k "), replaced(good, "+Ae", "+Ag"), good + "AAAA", good.substr(0, good.size() - 4),
        replaced(good, "example.com/foo", ""), replaced(good, "example.com/foo", "example com")})
    EXPECT_THROW(parse_vkey(bad), Malformed) << bad;
}

TEST(LedgerCheckpoint, FormatAndStrictParse) {
  const Checkpoint checkpoint{"example.com/behind-the-sofa", 20852163,
                              *parse_base64_digest("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")};
  const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  EXPECT_EQ(format_checkpoint(checkpoint), text);
  EXPECT_EQ(parse_checkpoint(text), checkpoint);
  Checkpoint extended = checkpoint;
  extended.extensions = {"follows example.com/2025", "more"};
  EXPECT_EQ(parse_checkpoint(format_checkpoint(extended)), extended);
  EXPECT_EQ(parse_checkpoint(replaced(text, "20852163", "9223372036854775807")).size, 9223372036854775807U);
  EXPECT_EQ(parse_checkpoint(replaced(text, "20852163", "0")).size, 0U);
  for (const std::string& bad :
       {std::string{}, std::string{"origin\n1\n"}, text.substr(0, text.size() - 1), "\n" + text, text + "\n",
        text + "\nmore\n", replaced(text, "20852163", "020852163"), replaced(text, "20852163", "+1"),
        replaced(text, "20852163", "-0"), replaced(text, "20852163", "00"), replaced(text, "20852163", " 1"),
        replaced(text, "20852163", "1 "), replaced(text, "20852163", "9223372036854775808"),
        replaced(text, "20852163", "0x10"), replaced(text, "q2I=", "q2J="), replaced(text, "q2I=", "q2I"),
        replaced(text, "CsUYap", "")})
    EXPECT_THROW(parse_checkpoint(bad), Malformed) << bad;
  EXPECT_THROW(format_checkpoint({"", 1, {}}), std::invalid_argument);
  EXPECT_THROW(format_checkpoint({"a\nb", 1, {}}), std::invalid_argument);
}

TEST(LedgerCheckpoint, CosignaturesSayWhenAndCountTowardsTheQuorum) {
  const PrivateKey mine = key(1), yours = key(2), third = key(3);
  const Signer log{"council.example/905", mine}, witness{"audit.example", yours}, second{"audit2.example", third};
  const std::string text = format_checkpoint({"council.example/905", 7, leaf_hash({})});
  Note note{text, {sign(log, text), cosign(witness, text, 1679315147)}};
  Trust trust{.origin = "council.example/905",
              .log = {log.verifier(SignatureType::ed25519)},
              .witnesses = {witness.verifier(SignatureType::cosignature), second.verifier(SignatureType::cosignature)},
              .quorum = 1};
  EXPECT_EQ(parse_vkey(format_vkey(trust.witnesses[0])), trust.witnesses[0]);
  const SignedCheckpoint opened = open_checkpoint(format_note(note), trust);
  EXPECT_EQ(opened.checkpoint.size, 7U);
  EXPECT_EQ(opened.log.size(), 1U);
  ASSERT_EQ(opened.witnesses.size(), 1U);
  EXPECT_EQ(opened.witnesses[0].cosigned, 1679315147);
  trust.quorum = 2;
  EXPECT_THROW(open_checkpoint(format_note(note), trust), NotVerified);
  trust.quorum = 0;
  Trust elsewhere = trust;
  elsewhere.origin = "council.example/906";
  EXPECT_THROW(open_checkpoint(format_note(note), elsewhere), NotVerified);
  // A key of one type does not vouch for a signature of the other.
  Trust mixed = trust;
  mixed.log = trust.witnesses;
  mixed.log[0].type = SignatureType::ed25519;
  EXPECT_THROW(open_checkpoint(format_note(note), mixed), NotVerified);
  for (std::size_t i = 0; i < note.signatures[1].bytes.size(); ++i) {
    Note changed = note;
    changed.signatures[1].bytes[i] ^= std::byte{1};
    EXPECT_THROW(open_checkpoint(format_note(changed), trust), NotVerified) << i;
  }
}

TEST(LedgerProofFile, RoundTripsVerifiesAndRefuses) {
  const PrivateKey mine = key(1);
  const Signer log{"council.example/905", mine};
  std::vector<Digest> nodes{leaf_hash(as_bytes("a")), leaf_hash(as_bytes("b")), leaf_hash(as_bytes("c"))};
  const Digest left = node_hash(nodes[0], nodes[1]);
  const std::string text = format_checkpoint({"council.example/905", 3, node_hash(left, nodes[2])});
  ProofFile proof{.index = 1, .path = {nodes[0], nodes[2]}, .checkpoint = format_note({text, {sign(log, text)}})};
  const Trust trust{.origin = "council.example/905", .log = {log.verifier(SignatureType::ed25519)}};
  const std::string written = format_proof(proof);
  EXPECT_EQ(written, "c2sp.org/tlog-proof@v1\nindex 1\n" + base64(nodes[0]) + "\n" + base64(nodes[2]) + "\n\n" +
                         proof.checkpoint);
  EXPECT_EQ(parse_proof(written), proof);
  EXPECT_EQ(verify_proof(proof, nodes[1], trust).checkpoint.size, 3U);
  EXPECT_THROW(verify_proof(proof, nodes[0], trust), NotVerified);
  ProofFile moved = proof;
  moved.index = 0;
  EXPECT_THROW(verify_proof(moved, nodes[1], trust), NotVerified);
  proof.extra = {std::byte{1}, std::byte{2}};
  EXPECT_EQ(parse_proof(format_proof(proof)), proof);

  const std::string hash = base64(nodes[0]) + "\n";
  std::string long_path;
  for (int i = 0; i < 64; ++i) long_path += hash;
  for (const std::string& bad :
       {std::string{}, replaced(written, "@v1", "@v2"), replaced(written, "index 1", "index 01"),
        replaced(written, "index 1", "index  1"), replaced(written, "index 1\n", ""),
        replaced(written, "index 1", "extra \nindex 1"), replaced(written, "index 1", "extra AB==\nindex 1"),
        replaced(written, "index 1", "index 1\nextra AQI="), replaced(written, hash, "AAAA\n"),
        replaced(written, hash, long_path), replaced(written, "\n", "\r\n"), written.substr(0, 30)})
    EXPECT_THROW(parse_proof(bad), Malformed) << bad;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string changed = written;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    try {
      verify_proof(parse_proof(changed), nodes[1], trust);
      ADD_FAILURE() << "byte " << i << " changed and not found";
    } catch (const Malformed&) {
    } catch (const NotVerified&) {
    }
  }
}

}  // namespace
}  // namespace answerable::ledger
