#include "audit/ledger/export.hpp"

#include <fmt/format.h>

#include "audit/bag/bag_writer.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"

namespace answerable::ledger {
namespace {

constexpr pg::Statement council_named{"ledger.council_named",
                                      "SELECT name FROM answerable.authority WHERE authority = $1"};

/// The texts of the leaves under the checkpoint, as they are made from their rows.
void write_leaves(pg::Transaction& transaction, const std::string& authority, const KeptCheckpoint& checkpoint,
                  bag::BagWriter& bag) {
  Frontier tree;
  for (const auto& segment : segments_of(transaction, authority, checkpoint.ledger)) {
    if (segment.first >= checkpoint.size) break;
    each_leaf(transaction, authority, segment, [&](const Leaf& leaf) {
      bag.write(as_bytes(leaf.text));
      tree.append(leaf.hash);
    });
  }
  if (tree.root() != checkpoint.root)
    throw std::runtime_error(fmt::format(
        "Ledger {} of council {} cannot be exported: its leaves no longer give the root that was signed for "
        "{} leaves. `answerable verify --ledger` names what was changed",
        checkpoint.ledger, authority, checkpoint.size));
}

}  // namespace

std::string export_name(const std::string& authority, int ledger) {
  return fmt::format("answerable-{}-ledger-{}", authority, ledger);
}

KeptCheckpoint export_ledger(pg::Transaction& transaction, const std::string& authority, int ledger, bag::Sink& sink) {
  auto newest = find_checkpoint(transaction, authority, ledger);
  if (!newest)
    throw std::runtime_error(
        fmt::format("Council {} has no signed ledger yet: `answerable checkpoint` makes and signs one", authority));
  const auto council = transaction.run_one(council_named, authority);
  bag::BagWriter bag(sink, {{"Source-Organization", std::string(council.text(0, 0))},
                            {"External-Identifier", export_name(authority, newest->ledger)},
                            {"Bagging-Date", iso(london_day(newest->signed_at))},
                            {"Answerable-Format", "ledger/1"},
                            {"Answerable-Checkpoint", fmt::format("{} {} {}", origin(authority, newest->ledger),
                                                                  newest->size, base64(newest->root))}});
  bag.add("data/ledger/checkpoint", newest->note);
  bag.begin("data/ledger/checkpoints");
  bool first = true;
  for (const auto& checkpoint : checkpoints(transaction, authority, newest->ledger)) {
    if (checkpoint.size > newest->size) break;
    if (!first) bag.write(as_bytes("---\n"));
    bag.write(as_bytes(checkpoint.note));
    first = false;
  }
  bag.end();
  bag.begin("data/ledger/keys");
  for (const auto& key : known_keys(transaction, authority, newest->ledger))
    bag.write(as_bytes(format_vkey(key) + '\n'));
  bag.end();
  bag.begin("data/ledger/leaves");
  write_leaves(transaction, authority, *newest, bag);
  bag.end();
  bag.finish();
  return *std::move(newest);
}

}  // namespace answerable::ledger
