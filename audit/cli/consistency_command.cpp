#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/cli/ledger_commands.hpp"
#include "audit/cli/ledger_desk.hpp"
#include "audit/ledger/consistency.hpp"
#include "audit/ledger/tree.hpp"
#include "ingest/base64.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/verbs.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

struct ConsistencyAsked : LedgerAsked {
  int ledger{};
  std::int64_t from{}, to{};  ///< of `to`, 0: the newest
  std::string output;
};

ledger::KeptCheckpoint checkpoint_of(pg::Transaction& transaction, const std::string& authority, int ledger,
                                     std::optional<std::int64_t> size) {
  if (const auto found = ledger::find_checkpoint(transaction, authority, ledger, size)) return *found;
  if (!size) throw Failure(usage, "There is no checkpoint yet: `answerable checkpoint` makes it.");
  const auto newest = ledger::find_checkpoint(transaction, authority, ledger);
  if (!newest) throw Failure(usage, fmt::format("There is no ledger {} of council {}.", ledger, authority));
  std::string sizes;
  for (const auto& it : ledger::checkpoints(transaction, authority, newest->ledger))
    sizes += (sizes.empty() ? "" : ", ") + std::to_string(it.size);
  throw Failure(usage, fmt::format("No checkpoint of {} was signed at {} leaves. There are those of {} leaves.",
                                   ledger::origin(authority, newest->ledger), *size, sizes));
}

int show_consistency(const Common& common, const ConsistencyAsked& asked) {
  LedgerDesk desk(common, asked);
  const auto& authority = desk.authority();
  pg::Transaction transaction(desk.connection(), pg::Access::read_only, pg::Isolation::repeatable_read);
  const auto to =
      checkpoint_of(transaction, authority, asked.ledger, asked.to == 0 ? std::nullopt : std::optional(asked.to));
  const auto from = checkpoint_of(transaction, authority, to.ledger, asked.from);
  if (from.size > to.size)
    throw Failure(usage, fmt::format("--from {} is the larger one: a ledger only grows. Ask from {} to {}.", from.size,
                                     to.size, from.size));
  ledger::TileReader tiles(ledger::tile_source(transaction, authority, to.ledger));
  const ledger::ConsistencyFile file{
      .path = ledger::consistency_proof(static_cast<std::uint64_t>(from.size), static_cast<std::uint64_t>(to.size),
                                        std::ref(tiles)),
      .from = from.note,
      .to = to.note};
  const auto text = ledger::format_consistency(file);
  const auto origin = ledger::origin(authority, to.ledger);
  if (!asked.output.empty()) {
    std::ofstream out(asked.output, std::ios::binary);
    out << text;
    if (!out.flush()) throw Failure(usage, fmt::format("{} cannot be written", asked.output));
  }
  if (common.json) {
    ordered_json proof = ordered_json::array();
    for (const auto& hash : file.path) proof.push_back(base64(hash));
    print_json({{"origin", origin},
                {"from", {{"size", from.size}, {"root", base64(from.root)}, {"note", from.note}}},
                {"to", {{"size", to.size}, {"root", base64(to.root)}, {"note", to.note}}},
                {"proof", proof},
                {"file", asked.output.empty() ? ordered_json(nullptr) : ordered_json(asked.output)}});
  } else if (asked.output.empty()) {
    print(text);
  } else {
    print(fmt::format("{}: the {} leaves signed {} begin with the {} signed {}.\n{}\n", origin, grouped(to.size),
                      iso(to.signed_at), grouped(from.size), iso(from.signed_at), asked.output));
  }
  return done;
}

}  // namespace

void add_consistency_word(Verbs& ledger) {
  const auto asked = std::make_shared<ConsistencyAsked>();
  auto& command =
      ledger.add("consistency", "Show that the ledger only grew between two checkpoints, to whoever holds them",
                 [asked](const Common& common) { return show_consistency(common, *asked); });
  asked->add_to(command);
  command.add_option("--ledger", asked->ledger, "Which one, counted from 1 (default: the newest)")
      ->check(CLI::PositiveNumber);
  command.add_option("--from", asked->from, "Leaves of the earlier checkpoint")->check(CLI::PositiveNumber)->required();
  command.add_option("--to", asked->to, "Leaves of the later one (default: the newest)")->check(CLI::PositiveNumber);
  command.add_option("--output", asked->output, "Write the proof, which `answerable verify --consistency` judges")
      ->type_name("FILE");
}

}  // namespace answerable::cli
