// Bundles, exports and receipts that were changed by somebody who made the manifests fit: only the ledger shows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <optional>
#include <sstream>

#include "audit/ledger/judge_bundle.hpp"
#include "tests/audit/golden_ledger.hpp"

namespace answerable::ledger {
namespace {

using testing::Files;
using testing::Golden;
using testing::GoldenLeaf;
using ::testing::IsEmpty;
using testing::MemorySource;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at == text.npos) throw std::logic_error("nothing to replace");
  return text.replace(at, what.size(), with);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + '\n');
  return lines;
}
std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += line;
  return all;
}

std::string told(const Judgement& judgement) {
  std::string all;
  for (const auto& f : judgement.findings)
    all += fmt::format("{}: {} [{} | {}]\n", f.path, f.problem, f.expected, f.found);
  return all;
}

BundleJudgement judged(const Files& payload, const JudgeOptions& options = {}) {
  return judge_bundle(MemorySource(Golden::bag_of(payload)), options);
}

void expect_named(const Judgement& judgement, std::string_view path, std::string_view problem) {
  const bool named = std::ranges::any_of(judgement.findings, [&](const bag::Finding& f) {
    return f.path == path && f.problem.find(problem) != f.problem.npos;
  });
  EXPECT_TRUE(named) << "nothing about " << path << " that says '" << problem << "':\n" << told(judgement);
}

class JudgeBundle : public ::testing::Test {
 protected:
  /// A golden bundle in which one file is another, or (nothing) gone.
  Files with(const std::string& path, std::optional<std::string> content) const {
    auto payload = bundle_;
    if (content)
      payload[path] = *std::move(content);
    else
      payload.erase(path);
    return payload;
  }
  Files with_rows(const std::vector<std::string>& rows) const { return with("data/ledger/leaves.csv", joined(rows)); }

  Golden golden_;
  Files bundle_ = golden_.bundle_payload();
  std::vector<GoldenLeaf> leaves_ = golden_.leaves();
};

TEST_F(JudgeBundle, names_contents_that_are_not_what_their_leaf_stands_for) {
  expect_named(judged(with("data/exhibits/EX-001.xml", "<case id=\"CASE-2\"/>")), "data/exhibits/EX-001.xml",
               "the commitment differs");
  expect_named(judged(with("data/exhibits/EX-002.xml", replaced(bundle_["data/exhibits/EX-002.xml"], "plan", "none"))),
               "data/exhibits/EX-002.xml", "the commitment differs");
  expect_named(judged(with("data/exhibits/EX-002.xml", leaves_[1].content)), "data/exhibits/EX-002.xml",
               "does not say in its place what was kept back");
  expect_named(judged(with("data/exhibits/EX-003-content.txt", "Another plan.")), "data/exhibits/EX-003-content.txt",
               "does not stand in data/exhibits/EX-003.xml");
  expect_named(judged(with("data/exhibits/EX-004.xml", "<made-up/>")), "data/exhibits/EX-004.xml",
               "is the content of a leaf");
  expect_named(judged(with("data/ledger/content/5", replaced(leaves_[5].content, "RH5", "RH6"))),
               "data/ledger/content/5", "the commitment differs");
}

TEST_F(JudgeBundle, names_every_file_that_is_gone) {
  for (const auto& [path, content] : bundle_) {
    const auto result = judged(with(path, std::nullopt));
    const bool needed =
        path != "data/index.html" && path != "data/exhibits/EX-003-content.txt" && !path.starts_with("data/receipts/");
    EXPECT_EQ(result.holds(), !needed) << path << "\n" << told(result);
    if (path == "data/ledger/pieces/1")
      expect_named(result, "data/exhibits/EX-002.xml", "missing");
    else if (needed)
      expect_named(result, path, "missing");
  }
}

TEST_F(JudgeBundle, names_what_was_added) {
  expect_named(judged(with("data/ledger/leaf/9", leaves_[9].text)), "data/ledger/leaf/9", "belongs to no row");
  expect_named(judged(with("data/ledger/content/9", leaves_[9].content)), "data/ledger/content/9", "belongs to no row");
  expect_named(judged(with("data/ledger/more", "")), "data/ledger/more", "belongs to no row");
  expect_named(judged(with("more.txt", "x")), "more.txt", "no such file beside data/");
  auto exported = golden_.export_payload();
  exported["data/index.html"] = "x";
  expect_named(judged(exported), "data/index.html", "An export has no such file");
}

TEST_F(JudgeBundle, names_rows_out_of_place) {
  const auto rows = lines_of(bundle_["data/ledger/leaves.csv"]);
  const std::string table = "data/ledger/leaves.csv";
  expect_named(judged(with_rows({rows[0], rows[2], rows[1], rows[3]})), table, "do not rise");
  expect_named(judged(with_rows({rows[0], rows[1], rows[1], rows[2]})), table, "do not rise");
  expect_named(judged(with_rows({rows[0], rows[2], rows[3]})), "data/ledger/leaf/0", "belongs to no row");
  expect_named(judged(with_rows({rows[1], rows[2]})), table, "does not have its header");
  expect_named(judged(with(table, "")), table, "It is empty");
  expect_named(judged(with_rows({rows[0], replaced(rows[1], "leaf/0", "leaf/1")})), table, "does not name its files");
  expect_named(judged(with_rows({rows[0], replaced(rows[1], ",data/exhibits/EX-001.xml,", ",,")})), table,
               "does not name its files");
  expect_named(judged(with_rows({rows[0], rows[1].substr(0, rows[1].rfind(',')) + "\n"})), table, "six fields");
  expect_named(judged(with(table, joined(rows).substr(0, joined(rows).size() - 1))), table, "line feed");
  expect_named(judged(with_rows({rows[0], rows[1], replaced(rows[3], "EX-003", "EX-001")})), "data/exhibits/EX-001.xml",
               "content of two leaves, 0 and 2");
  expect_named(judged(with_rows({rows[0], replaced(rows[1], "data/exhibits/EX-001.xml", "data/ledger/leaf/0")})),
               "data/ledger/leaf/0", "cannot be the content");
}

TEST_F(JudgeBundle, names_proofs_that_were_swapped_or_are_of_another_time) {
  auto swapped = bundle_;
  std::swap(swapped["data/ledger/proof/0"], swapped["data/ledger/proof/2"]);
  expect_named(judged(swapped), "data/ledger/proof/0", "proves another leaf");
  expect_named(judged(swapped), "data/ledger/proof/2", "proves another leaf");
  const auto other_path = replaced(bundle_["data/ledger/proof/0"], "index 0", "index 2");
  expect_named(judged(with("data/ledger/proof/2", other_path)), "data/ledger/proof/2", "does not lead from leaf 2");
  const auto older = golden_.former()[1];
  expect_named(judged(with("data/ledger/proof/0", Golden::proof(leaves_, 0, 7, older))), "data/ledger/proof/0",
               "is not under data/ledger/checkpoint");
  expect_named(judged(with("data/ledger/checkpoint", older)), "data/ledger/proof/0",
               "is not under data/ledger/checkpoint");
}

TEST_F(JudgeBundle, names_parts_kept_back_dishonestly) {
  const auto kept = lines_of(bundle_["data/ledger/pieces/1"]);
  ASSERT_EQ(kept.size(), 4U);
  const auto first = kept[0].substr(0, kept[0].rfind(' '));
  const auto in_pieces = [&](const std::vector<std::string>& lines, std::string_view problem) {
    expect_named(judged(with("data/ledger/pieces/1", joined(lines))), "data/exhibits/EX-002.xml", problem);
  };
  in_pieces({first + " 40\n", kept[2], kept[3]}, "does not end where a piece ends");
  in_pieces({first + " 5\n", kept[1], kept[2], kept[3]}, "does not end where a piece ends");
  in_pieces({kept[0], kept[1], kept[2], replaced(kept[3], "\n", "9\n")}, "shorter than its pieces");
  in_pieces({kept[0], kept[1], kept[2], kept[3], kept[3]}, "shorter than its pieces");
  in_pieces({kept[0], kept[1], kept[2], kept[3], first + " 0\n"}, "neither of a piece that is shown");
  in_pieces({kept[0], kept[1], kept[2]}, "goes on behind its last piece");
  in_pieces({"hidden " + std::string(64, '0') + " because\n"}, "neither of a piece that is shown");
  in_pieces({replaced(kept[0], "shown", "known"), kept[1]}, "neither of a piece that is shown");
  in_pieces({kept[0], kept[1], replaced(kept[2], "hidden", "hidden ")}, "neither of a piece that is shown");
  // Pieces that are all shown prove the same, but say that something is kept back.
  std::vector<std::size_t> ends;
  intake::piece_ends(leaves_[1].content, ends);
  const auto salts = intake::piece_salts(leaves_[1].salt, ends.size());
  std::string all;
  for (std::size_t i = 0; i < ends.size(); ++i)
    all += fmt::format("shown {} {}\n", hex(salts[i]), ends[i] - (i == 0 ? 0 : ends[i - 1]));
  auto shown = with("data/ledger/pieces/1", all);
  shown["data/exhibits/EX-002.xml"] = leaves_[1].content;
  expect_named(judged(shown), "data/exhibits/EX-002.xml", "Nothing in it is kept back");
}

TEST_F(JudgeBundle, believes_the_keys_it_is_given) {
  expect_named(judged(bundle_, {.trusted = {golden_.stranger_key()}, .kept_apart = {}}), "data/ledger/checkpoint",
               "No key that is believed signed it");
  // One made wholly anew by somebody else holds in itself: only the council's key shows it.
  const auto note = golden_.checkpoint(leaves_, leaves_.size(), {&golden_.stranger()}, false);
  auto forged = golden_.export_payload(leaves_, {note}, note);
  forged["data/ledger/keys"] = format_vkey(golden_.stranger_key()) + "\n";
  EXPECT_EQ(told(judged(forged)), "");
  expect_named(judged(forged, {.trusted = {golden_.first_key()}, .kept_apart = {}}), "data/ledger/checkpoint",
               "No key that is believed signed it");
  // A key under another ledger's name is not this ledger's.
  auto other_name = golden_.first_key();
  other_name.name = "answerable/905/2";
  expect_named(judged(bundle_, {.trusted = {other_name}, .kept_apart = {}}), "data/ledger/checkpoint",
               "No key that is believed signed it");
}

class JudgeExport : public JudgeBundle {
 protected:
  BundleJudgement of(std::span<const GoldenLeaf> leaves) const {
    return judged(golden_.export_payload(leaves, golden_.former(), golden_.newest()));
  }
  BundleJudgement of(const std::vector<std::string>& notes) const {
    return judged(golden_.export_payload(leaves_, notes, notes.back()));
  }
  /// The same ledger but for one leaf.
  std::vector<GoldenLeaf> another_history() const {
    auto other = leaves_;
    other[1].text = replaced(other[1].text, "id REV-1", "id REV-7");
    return other;
  }
};

TEST_F(JudgeExport, names_leaves_changed_moved_dropped_and_added) {
  expect_named(of(another_history()), "data/ledger/checkpoints", "one or more of leaves 0 to 2 differ");
  auto late = leaves_;
  late[8].text = replaced(late[8].text, "event read/17", "event read/18");
  expect_named(of(late), "data/ledger/checkpoint", "do not give the root that was signed");
  expect_named(of(late), "data/ledger/checkpoints",
               "the first 7 are as they were, one or more of leaves 7 to 10 differ");
  auto moved = leaves_;
  std::swap(moved[3], moved[4]);
  expect_named(of(moved), "data/ledger/checkpoints",
               "the first 3 are as they were, one or more of leaves 3 to 6 differ");
  auto dropped = leaves_;
  dropped.erase(dropped.begin() + 9);
  expect_named(of(dropped), "data/ledger/checkpoint", "signed for 11 leaves, and there are fewer");
  auto added = leaves_;
  added.push_back(added[8]);
  expect_named(of(added), "data/ledger/leaves", "leaves were added");
  auto malformed = leaves_;
  malformed[4].text = replaced(malformed[4].text, "faults S905-12", "faults S906-12");
  expect_named(of(malformed), "data/ledger/leaves", "Leaf 4: line 3 of the leaf");
}

TEST_F(JudgeExport, names_a_fork_and_a_roll_back) {
  const auto notes = golden_.former();
  const auto fork = golden_.checkpoint(another_history(), 7);
  expect_named(of({notes[0], notes[1], fork, notes[2]}), "data/ledger/checkpoints", "forked");
  expect_named(of({notes[0], fork, notes[2]}), "data/ledger/checkpoints", "one or more of leaves 3 to 6 differ");
  expect_named(of({notes[1], notes[0], notes[2]}), "data/ledger/checkpoints", "not in the order");
  expect_named(judged(golden_.export_payload(leaves_, notes, notes[1])), "data/ledger/checkpoints",
               "Its last is not data/ledger/checkpoint");
  // Rolled back or forked as a whole it holds in itself; a checkpoint kept apart shows it.
  const std::span first_three(leaves_.data(), 3);
  const auto rolled = golden_.export_payload(first_three, {notes[0]}, notes[0]);
  EXPECT_EQ(told(judged(rolled)), "");
  expect_named(judged(rolled, {.trusted = {}, .kept_apart = {notes[1]}}), "the checkpoint kept apart",
               "signed for 7 leaves, and there are fewer");
  const auto others = another_history();
  const std::vector<std::string> other_notes{golden_.checkpoint(others, 7), golden_.checkpoint(others, 11)};
  const auto forked = golden_.export_payload(others, other_notes, other_notes.back());
  EXPECT_EQ(told(judged(forked)), "");
  expect_named(judged(forked, {.trusted = {}, .kept_apart = {notes[0]}}), "the checkpoint kept apart",
               "do not give the root that was signed");
  expect_named(judged(forked, {.trusted = {}, .kept_apart = {notes[2]}}), "the checkpoint kept apart", "forked");
  expect_named(judged(bundle_, {.trusted = {}, .kept_apart = {other_notes[1]}}), "the checkpoint kept apart", "forked");
}

class JudgeReceipt : public JudgeBundle {
 protected:
  ReceiptJudgement of(const std::string& text) const {
    return judge_receipt(text, nullptr, std::vector{golden_.first_key()});
  }
};

TEST_F(JudgeReceipt, is_for_one_file_and_signed_by_the_council) {
  const auto text = golden_.receipt("sequenced");
  std::istringstream other("<another/>");
  expect_named(judge_receipt(text, &other, std::vector{golden_.first_key()}), "file",
               "not the file this receipt is for");
  expect_named(judge_receipt(text, nullptr, {}), "receipt", "without the council's key");
  expect_named(judge_receipt(text, nullptr, std::vector{golden_.stranger_key()}), "receipt", "No key that is believed");
  expect_named(of(replaced(text, "state sequenced", "state published")), "receipt", "nobody outside the council");
  expect_named(of(replaced(text, "state sequenced", "state received")), "receipt", "Its state is not what it holds");
  expect_named(of(replaced(text, "2 stored", "3 stored")), "receipt", "Its records is not that in its content");
  expect_named(of(replaced(text, "\"ods:RH5", "\"ods:RH6")), "receipt", "");
}

TEST_F(JudgeReceipt, hostile_content_is_a_finding) {
  const auto text = golden_.receipt("received");
  const auto content = leaves_[5].content;
  for (const auto& bad : {std::string(200000, '['), std::string("7"), std::string("{\"receipt\":1}"),
                          std::string("\xff"), replaced(content, "{", "{\"receipt\":\"S905-12\",")})
    EXPECT_FALSE(of(replaced(text, content, bad)).holds()) << bad.substr(0, 60);
  expect_named(of(replaced(text, content, replaced(content, "{", "{\"receipt\":\"S905-12\","))), "receipt",
               "says one thing twice");
}

TEST_F(JudgeReceipt, in_a_bundle_is_of_the_same_ledger) {
  const std::string path = "data/receipts/S905-12.txt";
  expect_named(judged(with("data/receipts/S905-13.txt", bundle_[path])), "data/receipts/S905-13.txt",
               "the receipt of another number");
  // The same submission in another tree of the size of the bundle's.
  auto others = leaves_;
  others[1].text = replaced(others[1].text, "id REV-1", "id REV-7");
  const auto received = golden_.receipt("received");
  const auto forked = replaced(received, "state received", "state sequenced") + "\n" +
                      Golden::proof(others, 5, 11, golden_.checkpoint(others, 11));
  expect_named(judged(with(path, forked)), path, "forked");
  const auto waiting = judged(with(path, received));
  EXPECT_TRUE(waiting.holds()) << told(waiting);
  EXPECT_THAT(waiting.cannot_tell,
              ::testing::Contains(::testing::HasSubstr("whether S905-12 came to be in the ledger")));
}

/// tests/support/make_golden.py was written from the format documents by somebody who did not know this program.
TEST(JudgeFromOutside, holds_what_was_made_from_the_documents_alone) {
  const bag::testing::Folder folder;
  const auto ran = bag::testing::run(
      fmt::format("python3 {}/tests/support/make_golden.py {}", ANSWERABLE_SOURCE, folder.path().string()));
  ASSERT_EQ(ran.code, 0) << ran.out;
  const std::vector keys{parse_vkey(bag::testing::slurp(folder / "vkey")),
                         parse_vkey(bag::testing::slurp(folder / "witness.vkey"))};
  for (const auto* const name : {"bundle.zip", "ledger.zip"})
    EXPECT_EQ(told(judge_bundle(folder / name, {.trusted = keys, .kept_apart = {}})), "") << name;
  for (const auto* const name : {"receipt.txt", "received.txt", "published.txt"}) {
    std::istringstream sent(bag::testing::slurp(folder / "sent.xml"));
    EXPECT_EQ(told(judge_receipt(bag::testing::slurp(folder / name), &sent, keys)), "") << name;
  }
}

}  // namespace
}  // namespace answerable::ledger
