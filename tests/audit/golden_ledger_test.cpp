// The golden ledger: made anew without any difference, and every changed byte of it found, by both verifiers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cctype>
#include <fstream>
#include <future>
#include <sstream>

#include "audit/bag/sealed_zip_reader.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "tests/audit/golden_ledger.hpp"

namespace answerable::ledger {
namespace {

using bag::testing::Folder;
using bag::testing::slurp;
using bag::testing::spit;
using testing::bundle_folder;
using testing::export_folder;
using testing::Files;
using testing::Golden;
using testing::golden_folder;
using ::testing::IsEmpty;
using testing::MemorySource;

std::vector<std::string> told(const Judgement& judgement) {
  std::vector<std::string> all;
  for (const auto& f : judgement.findings)
    all.push_back(fmt::format("{}: {} [{} | {}]", f.path, f.problem, f.expected, f.found));
  return all;
}

bool names(const Judgement& judgement, std::string_view path) {
  return std::ranges::any_of(judgement.findings, [&](const bag::Finding& f) {
    return f.severity == bag::Severity::error && f.path == path && !f.problem.empty();
  });
}

/// Of a letter, the bit that makes it a capital or a small one: what a careless reader of base64 would not see.
char flipped(char byte, std::size_t i) {
  const auto c = static_cast<unsigned char>(byte);
  const bool letter = c < 128 && std::isalpha(c) != 0;
  return static_cast<char>(c ^ (letter ? 0x20U : 1U << i % 5));
}

/// Everything made of the golden parts, by its path below tests/audit/golden.
Files all_made(const Golden& golden, const Folder& folder) {
  Files made;
  std::string sums;
  for (const auto& [name, payload] :
       {std::pair{export_folder, golden.export_payload()}, std::pair{bundle_folder, golden.bundle_payload()}}) {
    for (const auto& [path, content] : Golden::bag_of(payload)) made[name + "/" + path] = content;
    const auto zip = slurp(Golden::seal(folder / (name + ".zip"), payload));
    sums += fmt::format("{}  {}.zip\n", hex(sha256(as_bytes(zip))), name);
  }
  made["SHA256SUMS"] = sums;
  for (const auto* const state : {"received", "sequenced", "published"})
    made[fmt::format("receipts/{}.txt", state)] = golden.receipt(state);
  return made;
}

TEST(GoldenLedger, is_rebuilt_with_no_difference) {
  const Golden golden;
  const Folder folder;
  const auto made = all_made(golden, folder);
  Files committed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(golden_folder)) {
    const auto path = entry.path().lexically_relative(golden_folder).string();
    const bool part = path == "README.md" || path == "leaves.csv" || path == "sent.xml" || path == "plan.txt" ||
                      path.starts_with("contents/");
    if (entry.is_regular_file() && !part) committed[path] = slurp(entry.path());
  }
  EXPECT_EQ(golden.leaves().size(), 11U);
  if (made == committed) return;
  const auto anew = std::filesystem::path(ANSWERABLE_BIN).parent_path() / "golden";
  for (const auto& [path, content] : made) {
    spit(anew / path, content);
    EXPECT_TRUE(committed.contains(path) && committed.at(path) == content)
        << path << " came out otherwise: see " << anew;
  }
  for (const auto& [path, content] : committed) EXPECT_TRUE(made.contains(path)) << path << " is not made any more";
}

TEST(GoldenLedger, holds_sealed_and_unpacked) {
  const Golden golden;
  const Folder folder;
  const JudgeOptions keys{.trusted = {golden.first_key(), golden.witness_key()}, .kept_apart = {golden.former()[1]}};
  const auto zip = Golden::seal(folder / "ledger.zip", golden.export_payload());
  for (const auto& path : {zip, golden_folder / export_folder}) {
    const auto result = judge_bundle(path, keys);
    EXPECT_THAT(told(result), IsEmpty());
    EXPECT_TRUE(result.holds());
    EXPECT_EQ(result.format, "ledger/1");
    EXPECT_EQ(result.identifier, export_folder);
    EXPECT_EQ(result.council, "Somerset County Council");
    EXPECT_EQ(result.leaves, 11U);
    EXPECT_EQ(result.checkpoints, 3U);
    EXPECT_EQ(result.signed_by.size(), 3U);
    EXPECT_EQ(result.cannot_tell.size(), 1U) << ::testing::PrintToString(result.cannot_tell);
  }
  const auto bundle = Golden::seal(folder / "bundle.zip", golden.bundle_payload());
  for (const auto& path : {bundle, golden_folder / bundle_folder}) {
    const auto result = judge_bundle(path, keys);
    EXPECT_THAT(told(result), IsEmpty());
    EXPECT_EQ(result.format, "bundle/1");
    EXPECT_EQ(result.leaves, 6U);
    EXPECT_EQ(result.contents, 5U);
    EXPECT_EQ(result.in_part, 1U);
    EXPECT_EQ(result.receipts, 1U);
    EXPECT_EQ(result.beside, 1U) << "the page";
    EXPECT_EQ(result.checkpoint->size, 11U);
    EXPECT_EQ(judge_bundle(path).cannot_tell.size(), 4U) << "whose keys, the witness, the page, the truth";
  }
}

TEST(GoldenLedger, holds_for_the_independent_verifier_and_for_sha256sum) {
  const Golden golden;
  const auto verify = fmt::format("python3 {}/reports/bundle/verify.py ", ANSWERABLE_SOURCE);
  const auto keys =
      fmt::format(" --key '{}' --key '{}'", format_vkey(golden.first_key()), format_vkey(golden.witness_key()));
  for (const auto& name : {export_folder, bundle_folder}) {
    const auto folder = (golden_folder / name).string();
    const auto ran = bag::testing::run(verify + folder + keys);
    EXPECT_EQ(ran.code, 0) << ran.out;
    const auto sums =
        bag::testing::run(fmt::format("cd {} && sha256sum --strict --quiet -c manifest-sha256.txt "
                                      "tagmanifest-sha256.txt",
                                      folder));
    EXPECT_EQ(sums.code, 0) << sums.out;
  }
  for (const auto* const state : {"received", "sequenced", "published"}) {
    const auto ran = bag::testing::run(fmt::format("{}--receipt {}/receipts/{}.txt --file {}/sent.xml{}", verify,
                                                   golden_folder.string(), state, golden_folder.string(), keys));
    EXPECT_EQ(ran.code, 0) << ran.out;
  }
}

/// Which file of the bag a byte of the ZIP belongs to; "" when it is one of the container's own.
std::string file_at(const bag::SealedZipReader& zip, std::size_t offset) {
  for (const auto& entry : zip.entries()) {
    const auto start = entry.offset + bag::local_header(entry).bytes().size();
    if (offset >= start && offset < start + entry.size) return entry.path.substr(entry.path.find('/') + 1);
  }
  return "";
}

void every_flip_is_named_by_both(const Files& payload) {
  const Folder folder;
  const auto file = Golden::seal(folder / "it.zip", payload);
  const auto whole = slurp(file);
  spit(folder / "copy.zip", whole);
  auto other = std::async(std::launch::async, [copy = folder / "copy.zip"] {
    return bag::testing::run(
        fmt::format("python3 {}/tests/support/every_flip.py {}", ANSWERABLE_SOURCE, copy.string()));
  });
  const bag::SealedZipReader zip(file);
  std::string missed;
  std::fstream io(file, std::ios::binary | std::ios::in | std::ios::out);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto put = [&](char byte) { io.seekp(static_cast<std::streamoff>(i)).put(byte).flush(); };
    put(flipped(whole[i], i));
    const auto in = file_at(zip, i);
    const auto result = judge_bundle(file);
    if (!names(result, in.empty() ? "it.zip" : in)) {
      missed += fmt::format("{}\n", i);
      ADD_FAILURE() << "byte " << i << ", in '" << in << "': " << ::testing::PrintToString(told(result));
    }
    put(whole[i]);
  }
  EXPECT_TRUE(judge_bundle(file).holds());
  const auto [code, out] = other.get();
  EXPECT_EQ(code, 0);
  EXPECT_EQ(out, missed + fmt::format("{} bytes\n", whole.size())) << "the other verifier";
}

TEST(GoldenLedger, every_flipped_byte_of_the_sealed_export_is_named_by_both_verifiers) {
  every_flip_is_named_by_both(Golden().export_payload());
}
TEST(GoldenLedger, every_flipped_byte_of_the_sealed_bundle_is_named_by_both_verifiers) {
  every_flip_is_named_by_both(Golden().bundle_payload());
}

/// Whoever changes a file can write the manifests anew: what proves the records does not rest on them.
void every_flip_sealed_anew_is_found(const Files& payload) {
  ASSERT_TRUE(judge_bundle(MemorySource(Golden::bag_of(payload))).holds());
  for (const auto& [path, content] : payload) {
    if (path == "data/index.html") continue;  // a page: no signature covers it, and the verifiers say so
    for (std::size_t i = 0; i < content.size(); ++i) {
      auto changed = payload;
      changed[path][i] = flipped(content[i], i);
      EXPECT_FALSE(judge_bundle(MemorySource(Golden::bag_of(changed))).holds()) << path << ", byte " << i;
    }
  }
}

TEST(GoldenLedger, every_flipped_byte_of_an_export_sealed_anew_is_found) {
  every_flip_sealed_anew_is_found(Golden().export_payload());
}
TEST(GoldenLedger, every_flipped_byte_of_a_bundle_sealed_anew_is_found) {
  every_flip_sealed_anew_is_found(Golden().bundle_payload());
}

TEST(GoldenLedger, a_file_cut_off_or_gone_on_with_is_found) {
  const Golden golden;
  const Folder folder;
  for (const auto& payload : {golden.export_payload(), golden.bundle_payload()}) {
    const auto file = Golden::seal(folder / "it.zip", payload);
    const auto whole = slurp(file);
    for (const auto* const more : {"x", "PK\5\6"}) {
      spit(file, whole + more);
      EXPECT_TRUE(names(judge_bundle(file), "it.zip"));
      spit(file, more + whole);
      EXPECT_TRUE(names(judge_bundle(file), "it.zip"));
    }
    spit(file, whole + whole);
    EXPECT_TRUE(names(judge_bundle(file), "it.zip"));
    for (std::size_t size = 0; size < whole.size(); size += 97) {
      spit(file, whole.substr(0, size));
      EXPECT_TRUE(names(judge_bundle(file), "it.zip")) << size;
    }
  }
}

TEST(GoldenLedger, every_flipped_byte_of_a_receipt_is_found) {
  const Golden golden;
  const std::vector keys{golden.first_key(), golden.witness_key()};
  for (const auto* const state : {"received", "sequenced", "published"}) {
    const auto text = golden.receipt(state);
    std::istringstream sent(golden.sent());
    const auto good = judge_receipt(text, &sent, keys);
    EXPECT_THAT(told(good), IsEmpty());
    EXPECT_EQ(good.receipt, "S905-12");
    EXPECT_EQ(good.state, state);
    for (std::size_t i = 0; i < text.size(); ++i) {
      auto changed = text;
      changed[i] = flipped(text[i], i);
      std::istringstream file(golden.sent());
      EXPECT_FALSE(judge_receipt(changed, &file, keys).holds()) << state << ", byte " << i;
    }
    for (std::size_t size = 0; size < text.size(); ++size) {
      // What is left of a receipt whose proof was cut off is one that is not sequenced yet, but for its state.
      EXPECT_FALSE(judge_receipt(text.substr(0, size), nullptr, keys).holds()) << state << ", cut off at " << size;
    }
    EXPECT_FALSE(judge_receipt(text + "\n", nullptr, keys).holds());
  }
}

}  // namespace
}  // namespace answerable::ledger
