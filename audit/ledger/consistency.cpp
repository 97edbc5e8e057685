#include "audit/ledger/consistency.hpp"

#include <fmt/format.h>

#include "audit/bag/names.hpp"
#include "audit/ledger/judging.hpp"
#include "audit/ledger/lines.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

constexpr std::string_view consistency_line = "answerable-consistency/1", divider = "\n---\n";

void check_growth(const ConsistencyFile& file, const Checkpoint& from, const Checkpoint& to) {
  if (from.origin != to.origin) throw Wrong("Its checkpoints are of two ledgers", from.origin, to.origin);
  if (from.size == 0 || from.size > to.size)
    throw Wrong("Its first checkpoint is not the smaller one", fmt::format("1 to {} leaves", to.size),
                fmt::format("{}", from.size));
  if (!verify_consistency(from.size, to.size, file.path, from.root, to.root))
    throw Wrong(
        fmt::format("It does not show that the {} leaves begin with those {}: leaves were changed, moved or "
                    "taken away in between, or the proof is of others",
                    to.size, from.size));
}

}  // namespace

std::string format_consistency(const ConsistencyFile& file) {
  auto text = fmt::format("{}\n", consistency_line);
  for (const Digest& hash : file.path) text += base64(hash) + "\n";
  return text + "\n" + file.from + std::string(divider.substr(1)) + file.to;
}

ConsistencyFile parse_consistency(std::string_view text) {
  Lines lines("the consistency file", text);
  if (lines.next() != consistency_line) lines.expected(consistency_line);
  ConsistencyFile file{.path = read_hashes(lines)};
  const auto notes = lines.rest();
  const auto end = notes.find(divider);
  if (end == notes.npos) lines.refuse("behind the hashes stand two checkpoints with a line --- between them");
  file.from = notes.substr(0, end + 1);
  file.to = notes.substr(end + divider.size());
  return file;
}

ConsistencyJudgement judge_consistency(std::string_view text, std::span<const VerifierKey> keys) {
  ConsistencyJudgement result;
  result.cannot_tell.emplace_back("that what was recorded was true: only that nothing was changed in between");
  find_at(result.findings, "consistency", [&] {
    const auto file = parse_consistency(text);
    const auto from = read_checkpoint(file.from), to = read_checkpoint(file.to);
    result.origin = bag::printable(to.checkpoint.origin);
    result.from = from.checkpoint.size;
    result.to = to.checkpoint.size;
    result.checkpoint = to.checkpoint;
    check_growth(file, from.checkpoint, to.checkpoint);
    if (keys.empty())
      throw Wrong("Its signatures cannot be checked without the council's key, which the council publishes");
    result.signed_by = check_signed(to, keys, keys);
    const auto before = check_signed(from, keys, keys);
    if (before.size() < from.note.signatures.size() || result.signed_by.size() < to.note.signatures.size())
      result.cannot_tell.emplace_back(
          "whether the other signatures of its checkpoints (a witness's?) are good: their keys were not given");
  });
  return result;
}

}  // namespace answerable::ledger
