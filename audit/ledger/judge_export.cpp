#include <fmt/format.h>

#include <algorithm>

#include "audit/ledger/judging.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

class Export {
 public:
  explicit Export(Judging& judging) : judging_(judging), result_(judging.result()) {}

  void judge() {
    for (const auto& file : judging_.source().files()) {
      if (file.path.starts_with("data/") && file.path != names::checkpoint && file.path != names::checkpoints &&
          file.path != names::keys && file.path != names::leaves)
        judging_.error(file.path, "An export has no such file");
    }
    judging_.at(names::checkpoints, [&] { read_former(); });
    for (const auto& kept : judging_.kept_apart())
      wanted_.push_back({kept.checkpoint.size, kept.checkpoint.root, names::kept_apart});
    const auto& last = judging_.checkpoint().checkpoint;
    wanted_.push_back({last.size, last.root, names::checkpoint});
    std::ranges::stable_sort(wanted_, {}, &Wanted::size);
    judging_.at(names::leaves, [&] { read_leaves(); });
  }

 private:
  /// A root that has to come out.
  struct Wanted {
    std::uint64_t size{};
    Digest root{};
    std::string_view path;
  };
  static constexpr std::size_t longest_text = 1 << 20;
  static constexpr std::uint64_t most_malformed = 100;

  /// The checkpoints between the lines `---`.
  void read_former() {
    std::string note;
    judging_.each_line(names::checkpoints, [&](std::string_view line) {
      if (line == "---") return take_former(note);
      note.append(line) += '\n';
      if (note.size() > longest_text) throw Wrong("A checkpoint is far too long");
    });
    take_former(note);
    // There it may have been cosigned since.
    const auto& newest = judging_.checkpoint().note;
    const bool all_there = std::ranges::all_of(last_.signatures, [&](const Signature& signature) {
      return std::ranges::find(newest.signatures, signature) != newest.signatures.end();
    });
    if (last_.text != newest.text || !all_there)
      throw Wrong(fmt::format("Its last is not {}: one of them is older, or was put in its place", names::checkpoint),
                  judging_.signed_note(), format_note(last_));
  }

  void take_former(std::string& note) {
    judging_.at(names::checkpoints, [&] {
      const auto read = read_checkpoint(note);
      last_ = read.note;
      const auto& [origin, size, root, extensions] = read.checkpoint;
      if (origin != judging_.checkpoint().checkpoint.origin)
        throw Wrong("It holds a checkpoint of another ledger", judging_.checkpoint().checkpoint.origin, origin);
      if (!wanted_.empty() && size < wanted_.back().size)
        throw Wrong("The checkpoints are not in the order they were signed in",
                    fmt::format("{} leaves or more", wanted_.back().size), std::to_string(size));
      // Nobody can have been shown two trees of one size honestly.
      if (!wanted_.empty() && size == wanted_.back().size && root != wanted_.back().root)
        throw Wrong(fmt::format("The ledger was forked: two checkpoints of {} leaves have different roots", size),
                    base64(wanted_.back().root), base64(root));
      // Who signed it does not matter further: its root has to come out of the leaves that are signed for now.
      (void)check_signed(read, judging_.known(), judging_.known());
      wanted_.push_back({size, root, names::checkpoints});
    });
    note.clear();
  }

  void read_leaves() {
    compare_roots();
    std::string text;
    judging_.each_line(names::leaves, [&](std::string_view line) {
      if (line.starts_with("answerable-leaf/") && !text.empty()) take_leaf(text);
      text.append(line) += '\n';
      if (text.size() > longest_text) throw Wrong(fmt::format("Leaf {} is far too long", tree_.size()));
    });
    if (!text.empty()) take_leaf(text);
    if (malformed_ > most_malformed)
      judging_.error(names::leaves, fmt::format("{} more leaves are not as they must be", malformed_ - most_malformed));
    for (; next_ < wanted_.size(); ++next_)
      judging_.error(wanted_[next_].path,
                     fmt::format("It was signed for {} leaves, and there are fewer: leaves were taken away, or this is "
                                 "an older export",
                                 wanted_[next_].size),
                     fmt::format("{} leaves", wanted_[next_].size), fmt::format("{} leaves", tree_.size()));
    const auto signed_for = judging_.checkpoint().checkpoint.size;
    if (tree_.size() > signed_for)
      throw Wrong("It has more leaves than the checkpoint was signed for: leaves were added",
                  fmt::format("{} leaves", signed_for), fmt::format("{} leaves", tree_.size()));
  }

  void take_leaf(std::string& text) {
    const auto index = tree_.size();
    tree_.append(hasher_.hash(text));
    try {
      judging_.belongs(parse_leaf_text(text));
    } catch (const std::runtime_error& problem) {  // Malformed, Wrong
      if (++malformed_ <= most_malformed)
        judging_.error(names::leaves, fmt::format("Leaf {}: {}", index, problem.what()));
    }
    text.clear();
    ++result_.leaves;
    compare_roots();
  }

  /// With those that were signed for as many leaves as there are now.
  void compare_roots() {
    const auto root = next_ < wanted_.size() && wanted_[next_].size == tree_.size() ? tree_.root() : Digest{};
    for (; next_ < wanted_.size() && wanted_[next_].size == tree_.size(); ++next_) {
      const auto& wanted = wanted_[next_];
      if (wanted.root == root) {
        if (wanted.path == names::checkpoints) ++result_.checkpoints;
        if (!differs_) good_ = wanted.size;
        continue;
      }
      judging_.error(wanted.path,
                     fmt::format("The {} leaves there are do not give the root that was signed for them{}", wanted.size,
                                 differs_ ? "" : where(wanted.size)),
                     base64(wanted.root), base64(root));
      differs_ = true;
    }
  }

  /// Between the last root that came out and the first that did not lies what was changed.
  std::string where(std::uint64_t size) const {
    return good_ == 0 ? fmt::format(": one or more of leaves 0 to {} differ", size - 1)
                      : fmt::format(": the first {} are as they were, one or more of leaves {} to {} differ", good_,
                                    good_, size - 1);
  }

  Judging& judging_;
  BundleJudgement& result_;
  std::vector<Wanted> wanted_;  ///< by size
  std::size_t next_{};
  Note last_;  ///< of the former checkpoints
  Frontier tree_;
  intake::LeafHasher hasher_;
  std::uint64_t malformed_{}, good_{};
  bool differs_{};
};

}  // namespace

void judge_export(Judging& judging) {
  Export(judging).judge();
}

}  // namespace answerable::ledger
