#include "audit/cli/ledger_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/bag/sealed_zip_writer.hpp"
#include "audit/cli/ledger_desk.hpp"
#include "audit/ledger/export.hpp"
#include "audit/ledger/kept_apart.hpp"
#include "audit/ledger/leaves.hpp"
#include "audit/ledger/witness.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/cli/verbs.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

constexpr pg::Statement add_cosignature{
    "ledger.add_cosignature",
    "INSERT INTO answerable.cosignature (authority, ledger, size, witness, line, received_at)"
    " VALUES ($1, $2, $3, $4, $5, statement_timestamp()) ON CONFLICT DO NOTHING"};
constexpr pg::Statement cosigned_before{
    "ledger.cosigned_before",
    "SELECT coalesce(max(size), 0) FROM answerable.cosignature WHERE authority = $1 AND ledger = $2 AND witness = $3"};
constexpr pg::Statement last_verification{
    "ledger.last_verification",
    "SELECT at, size, differences FROM answerable.verification WHERE authority = $1 ORDER BY at DESC LIMIT 1"};

struct CheckpointAsked : LedgerAsked {
  std::vector<std::string> witnesses;
};

struct WitnessAt {
  std::string url;
  ledger::VerifierKey key;
};

WitnessAt parse_witness(const std::string& text) {
  // A vkey holds no "=": its base64 is of 33 bytes.
  const auto equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0)
    throw Failure(usage, fmt::format("--witness {}: expected URL=VKEY, where the witness listens and its key", text));
  try {
    return {text.substr(0, equals), ledger::parse_vkey(std::string_view{text}.substr(equals + 1))};
  } catch (const ledger::Malformed& problem) {
    throw Failure(usage, fmt::format("--witness {}: {}", text, problem.what()));
  }
}

/// Has a checkpoint cosigned and keeps the cosignatures.
void witness(LedgerDesk& desk, const std::string& authority, const ledger::KeptCheckpoint& checkpoint,
             const WitnessAt& at) {
  std::vector<ledger::Signature> lines;
  {
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    const auto before = transaction.run_one(cosigned_before, authority, std::int32_t{checkpoint.ledger}, at.key.name);
    ledger::TileReader tiles(ledger::tile_source(transaction, authority, checkpoint.ledger));
    lines = ledger::submit_to_witness(at.url, checkpoint.note, std::span(&at.key, 1),
                                      static_cast<std::uint64_t>(before.int64(0, 0)), [&](std::uint64_t size) {
                                        return ledger::consistency_proof(
                                            size, static_cast<std::uint64_t>(checkpoint.size), std::ref(tiles));
                                      });
  }
  pg::Transaction transaction(desk.connection(), pg::Access::read_write);
  for (const auto& line : lines)
    transaction.run(add_cosignature, authority, std::int32_t{checkpoint.ledger}, checkpoint.size, line.name,
                    ledger::format_signature(line));
  transaction.commit();
}

int run_checkpoint(const Common& common, const CheckpointAsked& asked) {
  std::vector<WitnessAt> witnesses;
  for (const auto& text : asked.witnesses) witnesses.push_back(parse_witness(text));
  LedgerDesk desk(common, asked);
  ordered_json document{{"checkpoints", ordered_json::array()}};
  for (const auto& authority : desk.authorities()) {
    const auto sealed = desk.seal(authority);
    if (!sealed.checkpoint) continue;
    for (const auto& at : witnesses) witness(desk, authority, *sealed.checkpoint, at);
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    const auto kept = ledger::find_checkpoint(transaction, authority).value();
    if (common.json) {
      document["checkpoints"].push_back({{"authority", authority},
                                         {"origin", ledger::origin(authority, kept.ledger)},
                                         {"added", sealed.added},
                                         {"size", kept.size},
                                         {"root", hex(kept.root)},
                                         {"signed_at", iso(kept.signed_at)},
                                         {"note", kept.note}});
    } else {
      print(fmt::format("Council {}: {} added, {} in the ledger, signed {}\n\n{}\n", authority,
                        sealed.added == 1 ? "1 leaf" : grouped(sealed.added) + " leaves", grouped(kept.size),
                        iso(kept.signed_at), kept.note));
    }
  }
  if (common.json)
    print_json(document);
  else if (desk.authorities().empty())
    print("Nothing has been taken in yet: there is nothing to sign.\n");
  return done;
}

int show_ledger(const Common& common, const LedgerAsked& asked) {
  LedgerDesk desk(common, asked);
  ordered_json document{{"councils", ordered_json::array()}};
  std::string out;
  for (const auto& authority : desk.authorities()) {
    pg::Transaction transaction(desk.connection(), pg::Access::read_only);
    std::int64_t waiting = 0;
    for (const auto& segment : ledger::segments_waiting(transaction, authority)) waiting += segment.count;
    const auto newest = ledger::find_checkpoint(transaction, authority);
    const auto verification = transaction.run(last_verification, authority);
    ordered_json one{{"authority", authority}, {"waiting", waiting}, {"keys", ordered_json::array()}};
    out += fmt::format("Council {}\n", authority);
    if (newest) {
      one["checkpoint"] = {{"origin", ledger::origin(authority, newest->ledger)},
                           {"size", newest->size},
                           {"root", hex(newest->root)},
                           {"signed_at", iso(newest->signed_at)}};
      out += fmt::format("  ledger       {}\n  leaves       {}, signed {}\n", ledger::origin(authority, newest->ledger),
                         grouped(newest->size), iso(newest->signed_at));
      for (const auto& key : ledger::known_keys(transaction, authority, newest->ledger)) {
        one["keys"].push_back(ledger::format_vkey(key));
        out += fmt::format("  key          {}\n", ledger::format_vkey(key));
      }
    }
    out += fmt::format("  waiting      {}\n", waiting == 1 ? "1 leaf" : grouped(waiting) + " leaves");
    if (verification.rows() == 0) {
      one["verified"] = nullptr;
      out += "  verified     never: `answerable verify --ledger` recomputes all of it\n";
    } else {
      one["verified"] = {{"at", iso(verification.instant(0, 0))},
                         {"size", verification.int64(0, 1)},
                         {"differences", verification.int64(0, 2)}};
      out += fmt::format(
          "  verified     {}, {} leaves, {}\n", iso(verification.instant(0, 0)), grouped(verification.int64(0, 1)),
          verification.int64(0, 2) == 0 ? "nothing differed" : grouped(verification.int64(0, 2)) + " differences");
    }
    document["councils"].push_back(std::move(one));
  }
  if (common.json)
    print_json(document);
  else
    print(out.empty() ? "Nothing has been taken in yet: there is no ledger.\n" : out);
  return done;
}

int close(const Common& common, const LedgerAsked& asked) {
  LedgerDesk desk(common, asked);
  const auto& authority = desk.authority();
  const auto before = desk.seal(authority).checkpoint;
  ledger::Sealed begun;
  try {
    begun = ledger::close_ledger(desk.connection(), authority, desk.keys_of(authority));
  } catch (const std::invalid_argument& problem) {
    throw Failure(usage, problem.what());
  }
  pg::Transaction transaction(desk.connection(), pg::Access::read_only);
  const int old = begun.checkpoint->ledger - 1;
  const auto last = ledger::find_checkpoint(transaction, authority, old).value();
  ledger::keep_apart(desk.keys().folder(), authority, old, last.note);
  ledger::keep_apart(desk.keys().folder(), authority, begun.checkpoint->ledger, begun.checkpoint->note);
  if (common.json) {
    print_json({{"closed", ledger::origin(authority, old)},
                {"size", last.size},
                {"note", last.note},
                {"begun", ledger::origin(authority, begun.checkpoint->ledger)}});
  } else {
    print(fmt::format("{} is closed with {} leaves. {} begins; its first leaf holds this checkpoint:\n\n{}",
                      ledger::origin(authority, old), grouped(last.size),
                      ledger::origin(authority, begun.checkpoint->ledger), last.note));
  }
  return done;
}

int export_it(const Common& common, const LedgerAsked& asked, int ledger, const std::string& output) {
  LedgerDesk desk(common, asked);
  const auto& authority = desk.authority();
  pg::Transaction transaction(desk.connection(), pg::Access::read_only, pg::Isolation::repeatable_read);
  const auto newest = ledger::find_checkpoint(transaction, authority, ledger);
  if (!newest) throw Failure(usage, "There is no checkpoint yet: `answerable checkpoint` makes it.");
  bag::SealedZipWriter zip(output, ledger::export_name(authority, newest->ledger));
  const auto under = ledger::export_ledger(transaction, authority, newest->ledger, zip);
  if (common.json) {
    print_json({{"origin", ledger::origin(authority, under.ledger)}, {"size", under.size}, {"file", output}});
  } else {
    print(fmt::format("{} with {} leaves, under its checkpoint of {}.\n{}\n", ledger::origin(authority, under.ledger),
                      grouped(under.size), iso(under.signed_at), output));
  }
  return done;
}

int change_key(const Common& common, const LedgerAsked& asked, bool retire, bool lost) {
  LedgerDesk desk(common, asked);
  const auto& authority = desk.authority();
  if (retire) {
    desk.keys().retire_former(authority);
  } else {
    const bool none = desk.keys().of(authority).empty();
    if (lost != none)
      throw Failure(usage, lost ? fmt::format("The key is not lost: it is in {}.", desk.keys().folder().string())
                                : "There is no key to change: `answerable checkpoint` makes the first, and `answerable "
                                  "ledger key --lost` says that the former is lost.");
    (void)desk.keys().make(authority);
  }
  const auto sealed = desk.seal(authority);
  const auto signing = desk.keys().of(authority);
  ordered_json vkeys = ordered_json::array();
  std::string out = retire ? "The former key's private half is gone; what it signed stays valid. Signing from now on:\n"
                           : "A new key signs beside the former one. Publish it; when everybody has it, `answerable "
                             "ledger key --retire` ends the change. Signing from now on:\n";
  for (const auto& key : signing) {
    const auto vkey = ledger::format_vkey(
        {ledger::origin(authority, sealed.checkpoint->ledger), ledger::SignatureType::ed25519, key.key.public_key()});
    vkeys.push_back({{"vkey", vkey}, {"file", key.file.string()}});
    out += fmt::format("  {}\n", vkey);
  }
  common.json ? print_json({{"keys", vkeys}}) : print(out);
  return done;
}

}  // namespace

void add_checkpoint_command(Program& program) {
  const auto asked = std::make_shared<CheckpointAsked>();
  auto& command = program.add("checkpoint", "Give what was taken in its place in the signed ledger, and sign it",
                              [asked](const Common& common) { return run_checkpoint(common, *asked); });
  asked->add_to(command);
  command
      .add_option("--witness", asked->witnesses,
                  "Have it cosigned by somebody outside: where the witness listens, and its key (`answerable witness`)")
      ->type_name("URL=VKEY");
}

void add_ledger_words(Verbs& ledger) {
  const auto shown = std::make_shared<LedgerAsked>(), closed = std::make_shared<LedgerAsked>(),
             keyed = std::make_shared<LedgerAsked>();
  shown->add_to(ledger.add("show", "Size, checkpoint, keys, what waits, and when it was last verified",
                           [shown](const Common& common) { return show_ledger(common, *shown); }));
  closed->add_to(ledger.add("close", "End the ledger (a year, say) and begin the next, which names its last checkpoint",
                            [closed](const Common& common) { return close(common, *closed); }));
  const auto exported = std::make_shared<LedgerAsked>();
  const auto number = std::make_shared<int>(0);
  const auto output = std::make_shared<std::string>();
  auto& out = ledger.add(
      "export", "Write all leaves and checkpoints, without any content: whoever has it can check all",
      [exported, number, output](const Common& common) { return export_it(common, *exported, *number, *output); });
  exported->add_to(out);
  out.add_option("--ledger", *number, "Which one, counted from 1 (default: the newest)")->check(CLI::PositiveNumber);
  out.add_option("--output", *output, "The sealed ZIP to write")->type_name("FILE.zip")->required();
  add_consistency_word(ledger);
  const auto retire = std::make_shared<bool>(false), lost = std::make_shared<bool>(false);
  auto& key =
      ledger.add("key", "Change the signing key: the new one signs beside the former until that is retired",
                 [keyed, retire, lost](const Common& common) { return change_key(common, *keyed, *retire, *lost); });
  keyed->add_to(key);
  key.add_flag("--retire", *retire, "End the change: only the newest key signs from now on");
  key.add_flag("--lost", *lost,
               "The former key is lost: what it signed stays valid, and nothing links it to the new one");
}

}  // namespace answerable::cli
