#include "audit/cli/verify_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit/cli/ledger_desk.hpp"
#include "audit/ledger/consistency.hpp"
#include "audit/ledger/judge_bundle.hpp"
#include "audit/ledger/keeping.hpp"
#include "ingest/cli/output.hpp"
#include "ingest/locations.hpp"
#include "ingest/xml/kinds.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

struct VerifyAsked : LedgerAsked {
  bool ledger{};
  std::string file, receipt, original, consistency;
  std::vector<std::string> vkeys;
};

std::string difference_text(const ledger::Difference& d) {
  std::string out = fmt::format("  ledger {}, {}", d.ledger, d.what);
  if (d.index >= 0) out += fmt::format(" (leaf {})", d.index);
  if (!d.field.empty()) out += ": " + d.field;
  out += '\n';
  if (!d.found.empty()) out += fmt::format("    is         {}\n", d.found);
  if (!d.expected.empty()) out += fmt::format("    should be  {}\n", d.expected);
  if (d.signed_at_size >= 0)
    out += fmt::format("    changed after the checkpoint of {} leaves was signed, {}\n", grouped(d.signed_at_size),
                       iso(d.signed_at));
  return out;
}

ordered_json difference_json(const ledger::Difference& d) {
  ordered_json out{{"ledger", d.ledger},
                   {"leaf", d.index < 0 ? ordered_json(nullptr) : ordered_json(d.index)},
                   {"what", d.what},
                   {"field", d.field},
                   {"found", d.found},
                   {"expected", d.expected},
                   {"signed_at_size", nullptr},
                   {"signed_at", nullptr}};
  if (d.signed_at_size >= 0) {
    out["signed_at_size"] = d.signed_at_size;
    out["signed_at"] = iso(d.signed_at);
  }
  return out;
}

std::vector<ledger::VerifierKey> parse_vkeys(const std::vector<std::string>& texts) {
  std::vector<ledger::VerifierKey> keys;
  for (const auto& text : texts) try {
      keys.push_back(ledger::parse_vkey(text));
    } catch (const ledger::Malformed& problem) {
      throw Failure(usage, fmt::format("--key {}: {}", text, problem.what()));
    }
  return keys;
}

/// What was found, and what cannot be told; whether it holds.
int tell(const Common& common, const ledger::Judgement& judgement, std::string checked, ordered_json document) {
  if (common.json) {
    document["holds"] = judgement.holds();
    document["findings"] = ordered_json::array();
    for (const auto& f : judgement.findings)
      document["findings"].push_back({{"severity", f.severity == bag::Severity::error ? "error" : "warning"},
                                      {"path", f.path},
                                      {"problem", f.problem},
                                      {"expected", f.expected},
                                      {"found", f.found}});
    document["cannot_tell"] = judgement.cannot_tell;
    print_json(document);
    return judgement.holds() ? done : findings;
  }
  for (const auto& f : judgement.findings) {
    checked += fmt::format("  {}{}{}\n", f.path, f.path.empty() ? "" : ": ", f.problem);
    if (!f.expected.empty()) checked += fmt::format("    should be  {}\n", f.expected);
    if (!f.found.empty()) checked += fmt::format("    is         {}\n", f.found);
  }
  for (const auto& one : judgement.cannot_tell) checked += fmt::format("Cannot be told: {}\n", one);
  print(printable(checked + (judgement.holds() ? "Everything holds.\n" : "It does not hold.\n")));
  return judgement.holds() ? done : findings;
}

std::string whole_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Failure(usage, fmt::format("{} cannot be read", path));
  return text;
}

int verify_receipt(const Common& common, const VerifyAsked& asked) {
  const auto text = whole_file(asked.receipt);
  std::ifstream original;
  if (!asked.original.empty()) {
    original.open(asked.original, std::ios::binary);
    if (!original) throw Failure(usage, fmt::format("{} cannot be read", asked.original));
  }
  const auto judgement =
      ledger::judge_receipt(text, asked.original.empty() ? nullptr : &original, parse_vkeys(asked.vkeys));
  return tell(common, judgement,
              fmt::format("Receipt {} ({}): {} sent message {}, received {}, {}.\n", judgement.receipt, judgement.state,
                          judgement.sender, judgement.message, judgement.received, judgement.records),
              {{"receipt", judgement.receipt}, {"state", judgement.state}});
}

int verify_bundle(const Common& common, const VerifyAsked& asked) {
  const auto judgement = [&] {
    try {
      return ledger::judge_bundle(asked.file, {.trusted = parse_vkeys(asked.vkeys), .kept_apart = {}});
    } catch (const std::runtime_error& problem) {
      throw Failure(usage, fmt::format("{}: {}", asked.file, problem.what()));
    }
  }();
  return tell(
      common, judgement,
      fmt::format(
          "{}: {} of {}, {} files. {} leaves proved, {} contents as they were ({} in part), {} receipts, "
          "{} former checkpoints.\n",
          asked.file, judgement.identifier, judgement.council, grouped(static_cast<std::int64_t>(judgement.files)),
          grouped(static_cast<std::int64_t>(judgement.leaves)), grouped(static_cast<std::int64_t>(judgement.contents)),
          judgement.in_part, judgement.receipts, judgement.checkpoints),
      {{"file", asked.file},
       {"format", judgement.format},
       {"identifier", judgement.identifier},
       {"leaves", judgement.leaves},
       {"contents", judgement.contents},
       {"receipts", judgement.receipts}});
}

int verify_consistency(const Common& common, const VerifyAsked& asked) {
  const auto judgement = ledger::judge_consistency(whole_file(asked.consistency), parse_vkeys(asked.vkeys));
  return tell(common, judgement,
              fmt::format("{} {}: from the checkpoint of {} leaves to that of {}.\n", asked.consistency,
                          judgement.origin, judgement.from, judgement.to),
              {{"origin", judgement.origin}, {"from", judgement.from}, {"to", judgement.to}});
}

int verify_asked(const Common& common, const VerifyAsked& asked) {
  if (!asked.consistency.empty()) return verify_consistency(common, asked);
  if (!asked.receipt.empty()) return verify_receipt(common, asked);
  if (!asked.file.empty()) return verify_bundle(common, asked);
  return verify_ledger(common, asked);
}

}  // namespace

int verify_ledger(const Common& common, const LedgerAsked& asked) {
  LedgerDesk desk(common, asked);
  const auto kinds = xml::Kinds::load(share_folder() / "schemas");
  xml::FileReader reader(kinds, ledger::no_limits());
  ordered_json document{{"ledgers", ordered_json::array()}};
  std::size_t differences = 0;
  for (const auto& authority : desk.authorities()) {
    std::unique_ptr<ProgressBar> bar;
    const auto progress = [&](std::int64_t done_so_far, std::int64_t all) {
      if (!bar) bar = std::make_unique<ProgressBar>("council " + authority, static_cast<std::uint64_t>(all));
      bar->show(static_cast<std::uint64_t>(done_so_far));
    };
    const auto result = ledger::verify_and_keep(
        desk.connection(), [&] { return desk.another(); }, reader, desk.keys(), authority, progress);
    bar.reset();
    differences += result.differences.size();
    std::int64_t leaves = 0, checkpoints = 0;
    for (const auto& one : result.ledgers) {
      leaves += one.leaves;
      checkpoints += one.checkpoints;
    }
    if (common.json) {
      ordered_json one{{"authority", authority},     {"leaves", leaves},
                       {"checkpoints", checkpoints}, {"kept_apart", result.kept_apart},
                       {"waiting", result.waiting},  {"records", result.records},
                       {"facts", result.facts},      {"differences", ordered_json::array()}};
      for (const auto& d : result.differences) one["differences"].push_back(difference_json(d));
      document["ledgers"].push_back(std::move(one));
      continue;
    }
    std::string out = fmt::format(
        "Council {}: {} leaves recomputed from what is stored, {} checkpoints, {} records read again and {} rows "
        "compared with them.\n",
        authority, grouped(leaves), grouped(checkpoints), grouped(result.records), grouped(result.facts));
    if (result.kept_apart == 0)
      out +=
          "No checkpoint was kept apart from the database (in the keys folder): that an older one was put back could "
          "not be seen.\n";
    if (result.waiting > 0)
      out += fmt::format("{} more wait for `answerable checkpoint`: no signature covers them yet.\n",
                         grouped(result.waiting));
    if (result.differences.empty())
      out += "Everything is as it was signed.\n";
    else
      out += fmt::format("{} not as it was:\n",
                         result.differences.size() == 1
                             ? "1 thing is"
                             : grouped(static_cast<std::int64_t>(result.differences.size())) + " things are");
    constexpr std::size_t most = 50;
    for (std::size_t i = 0; i < std::min(result.differences.size(), most); ++i)
      out += difference_text(result.differences[i]);
    if (result.differences.size() > most) out += "  … --format json lists them all\n";
    print(printable(out));
  }
  if (common.json) print_json(document);
  return differences == 0 ? done : findings;
}

void add_verify_command(Program& program) {
  const auto asked = std::make_shared<VerifyAsked>();
  auto& command =
      program.add("verify", "Recompute the ledger from what is stored, or judge a bundle: is all as it was signed?",
                  [asked](const Common& common) { return verify_asked(common, *asked); });
  asked->add_to(command);
  auto* which = command.add_option_group("what");
  which->add_flag("--ledger", asked->ledger,
                  "The ledger in the database: leaves, trees, signatures, and what was made of the records");
  which->add_option("FILE", asked->file, "A sealed bundle or export, or the folder it was unpacked to");
  auto* receipt = which->add_option("--receipt", asked->receipt, "A receipt")->type_name("FILE");
  which
      ->add_option("--consistency", asked->consistency,
                   "What `answerable ledger consistency` wrote: did the ledger only grow between two checkpoints?")
      ->type_name("FILE");
  which->require_option(1);
  command.add_option("--file", asked->original, "What was sent, to compare with the receipt")
      ->type_name("FILE")
      ->needs(receipt);
  command
      .add_option("--key", asked->vkeys,
                  "The council's verifier key, from its own publication (and a witness's); without it the keys in a "
                  "bundle are believed")
      ->type_name("VKEY");
}

}  // namespace answerable::cli
